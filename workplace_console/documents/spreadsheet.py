"""CSV and XLSX of a document, as Korean Excel opens them: numbers are numbers, texts are texts."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _

from workplace_console.common import csv_file
from workplace_console.documents.model import Cell, Document, Table

# Nothing of the data is ever taken for a formula, a link or a number.
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
WIDEST: Final = 400  # pixels
NUMBER: Final = "#,##0"
DAY: Final = "yyyy-mm-dd"


def csv(document: Document) -> bytes:
    """The first table: UTF-8 with a mark at the start."""
    table = document.tables[0]
    rows = (["" if cell is None else str(cell) for cell in row] for row in table.flat())
    return "".join(csv_file.lines(table.heading(), rows)).encode()


def xlsx(document: Document) -> bytes:
    """A sheet for each table, then one that says what the document is."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties(
            {
                "title": document.title,
                "created": datetime.combine(document.made_on, datetime.min.time(), UTC),
            }
        )
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF3F6"}),
            int: book.add_format({"num_format": NUMBER}),
            date: book.add_format({"num_format": DAY}),
            str: book.add_format(),
        }
        for table in document.tables:
            _write(book.add_worksheet(table.name), table, formats)
        _tell(book.add_worksheet(_("정보")), document, formats)
    return target.getvalue()


def _write(sheet: Any, table: Table, formats: dict[Any, Any]) -> None:
    heading = table.heading()
    _row(sheet, 0, heading, formats, head=True)
    number = 0
    for number, row in enumerate(table.flat(), start=1):
        _row(sheet, number, row, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(number, 1), len(heading) - 1)
    sheet.autofit(WIDEST)


def _tell(sheet: Any, document: Document, formats: dict[Any, Any]) -> None:
    for number, row in enumerate(_about(document)):
        _row(sheet, number, row, formats)
    sheet.autofit(WIDEST)


def _about(document: Document) -> Iterator[list[Cell]]:
    yield [document.title, document.subtitle]
    for name, value in (document.facts or {}).items():
        yield [name, value]
    for party in document.parties:
        yield [party.role, " · ".join(party.lines)]
    for note in document.notes:
        yield [note]


def _row(
    sheet: Any,
    number: int,
    cells: Sequence[Cell],
    formats: dict[Any, Any],
    *,
    head: bool = False,
) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, int):
            sheet.write_number(number, column, cell, formats[int])
        elif isinstance(cell, date):
            sheet.write_datetime(number, column, cell, formats[date])
        elif cell is not None:
            sheet.write_string(number, column, cell, formats["head" if head else str])
