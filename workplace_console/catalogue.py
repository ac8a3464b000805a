"""The translation catalogue: Korean is the source, English is kept complete. R: H3.

GNU gettext is not needed: Babel, a development package, reads and writes the files.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

Id: TypeAlias = str | tuple[str, ...]

PO: Final = Path("workplace_console/locale/en/LC_MESSAGES/django.po")
SOURCES: Final = ("workplace_console", "groupco", "products", "billing")
KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def found() -> Iterator[tuple[str, Id, str | None]]:
    """Every text that a reader may meet, the file that it stands in, and what it is said of where
    English needs more than one word for a Korean one."""
    root = settings.BASE_DIR
    for app in SOURCES:
        for path in sorted((root / app).rglob("*.py")):
            yield from _texts("python", path.read_bytes(), path.relative_to(root))
    for path in sorted((root / "templates").rglob("*.html")):
        as_code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield from _texts("javascript", as_code.encode(), path.relative_to(root))


def _texts(method: str, code: bytes, path: Path) -> Iterator[tuple[str, Id, str | None]]:
    for _line, message, _comments, context in extract(
        method, io.BytesIO(code), keywords=KEYWORDS, options={"encoding": "utf-8"}
    ):
        if message and (isinstance(message, tuple) or message.strip()):
            yield str(path), message, context


def fresh() -> Catalog:
    """The catalogue as it should be: every text that is found, with the translation there is."""
    known = _read()
    catalog = Catalog(locale="en", project="WORKPLACE Console", fuzzy=False)
    catalog.header_comment = "# The English of WORKPLACE Console. Written by `manage.py catalogue`."
    for path, message, context in found():
        old = known.get(message, context)
        string = old.string if old else ""
        catalog.add(message, string, locations=[(path, 0)], context=context)
    return catalog


def missing(catalog: Catalog) -> list[str]:
    """The texts that have no English yet."""
    return [str(message.id) for message in catalog if message.id and not _english(message)]


def _english(message: Message) -> bool:
    """Whether a text, and its plural if it has one, is translated."""
    strings: Any = message.string
    return bool(strings) if isinstance(strings, str) else all(strings)


def as_po(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=100, sort_output=True, omit_header=False)
    lines = file.getvalue().decode().splitlines(keepends=True)
    # Days and tool versions would make every run a change.
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator')
    return "".join(line for line in lines if not line.startswith(dated)).encode()


def as_mo(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    dateless = _reread(as_po(catalog))
    dateless.creation_date = dateless.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(file, dateless)
    return file.getvalue()


def _read() -> Catalog:
    path = settings.BASE_DIR / PO
    return _reread(path.read_bytes() if path.exists() else b"")


def _reread(content: bytes) -> Catalog:
    return read_po(io.BytesIO(content), locale="en")
