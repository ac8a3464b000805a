"""A document as the answer to `?format=`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpResponse

from workplace_console.common.refusal import Refused, gettext_noop
from workplace_console.documents import pdf, spreadsheet
from workplace_console.documents.model import Document

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRITERS: Final[dict[str, tuple[str, Callable[[Document], bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", spreadsheet.csv),
    "xlsx": (XLSX, spreadsheet.xlsx),
    "pdf": ("application/pdf", pdf.pdf),
}


def download(document: Document, asked: str) -> HttpResponse:
    """The document, to be saved. Refused: format_unknown."""
    if asked not in WRITERS:
        raise Refused(
            "format_unknown",
            gettext_noop("{asked} 형식은 없습니다. csv, xlsx, pdf 가운데에서 고르세요."),
            asked=asked[:20],
        )
    content_type, write = WRITERS[asked]
    name = f"{document.name}.{asked}"
    return HttpResponse(
        write(document),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
