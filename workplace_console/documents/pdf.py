"""PDF of a document: A4, the Korean font inside, set by typst from templates/documents.

Everything reaches the template as JSON: what stands in a company's name is text there, never
markup.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from workplace_console.common import words
from workplace_console.documents.model import Cell, Column, Document, Part, Sum, Table

TEMPLATE: Final = "documents/document.typ"
# Readable by tools for those who don't see it.
STANDARD: Final = "ua-1"


def pdf(document: Document) -> bytes:
    """The same document twice is the same bytes."""
    made = typst.compile(
        (Path(settings.BASE_DIR) / "templates" / TEMPLATE).read_bytes(),
        font_paths=_fonts(),
        sys_inputs={"document": json.dumps(_document(document), ensure_ascii=False)},
        format="pdf",
        pdf_standards=[STANDARD],
        timestamp=datetime.combine(document.made_on, datetime.min.time(), UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError(f"one document, not {type(made)}")
    return made


@functools.cache
def _fonts() -> typst.Fonts:
    """Noto Sans CJK out of its package; reading it takes longer than a page does."""
    found = find_spec("manimgx_fonts_cjk")
    if found is None or found.origin is None:
        raise LookupError("manimgx_fonts_cjk is not installed")
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[Path(found.origin).parent],
    )


def _document(document: Document) -> dict[str, Any]:
    return {
        "lang": (get_language() or "ko")[:2],
        "title": document.title,
        "subtitle": document.subtitle,
        "made_on": words.day(document.made_on),
        "parties": [vars(party) for party in document.parties],
        "facts": list((document.facts or {}).items()),
        "tables": [_table(table) for table in document.tables],
        "notes": list(document.notes),
        "page": _("쪽"),
    }


def _table(table: Table) -> dict[str, Any]:
    shown = [column for column in table.columns if column.on_paper]
    return {
        "name": table.name,
        "text": table.text,
        "columns": [{"title": column.title} for column in shown],
        "numeric": [_is_numeric(table, number) for number in _on_paper(table.columns)],
        "parts": [_part(part, table.columns) for part in table.parts],
        "sums": _sums(table.sums),
    }


def _part(part: Part, columns: Sequence[Column]) -> dict[str, Any]:
    return {
        "title": part.title,
        "text": part.text,
        "rows": [
            [_in_words(row[number], columns[number]) for number in _on_paper(columns)]
            for row in part.rows
        ],
        "sums": _sums(part.sums),
    }


def _on_paper(columns: Sequence[Column]) -> Iterator[int]:
    return (number for number, column in enumerate(columns) if column.on_paper)


def _is_numeric(table: Table, number: int) -> bool:
    """A column is set to the right when what stands in it are numbers."""
    cells = [row[number] for part in table.parts for row in part.rows]
    return any(isinstance(cell, int) for cell in cells)


def _sums(sums: Sequence[Sum]) -> list[tuple[str, str]]:
    return [(label, words.won(amount)) for label, amount in sums]


def _in_words(cell: Cell, column: Column) -> str:
    if cell is None:
        return words.NOTHING
    if column.is_won and isinstance(cell, int):
        return words.won(cell)
    return words.in_words(cell)
