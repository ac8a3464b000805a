"""CSV as Korean Excel opens it: UTF-8 with a mark at the start, and no cell that is a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import translation
from django.utils.translation import get_language

# With what a spreadsheet lets a formula begin, in full width too; blanks and what is not to be seen
# before it are dropped by some.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
UNSEEN = " \u00a0\u3000\u200b\u200e\u200f\u2060\ufeff"


class _Echo:
    """Gives what is written back to the writer's caller."""

    def write(self, text: str) -> str:
        return text


def cell(text: str) -> str:
    """A text that a spreadsheet takes for a text; `plain` is the way back."""
    return f"'{text}" if _needs_mark(text) else text


def plain(text: str) -> str:
    """What `cell` was made of."""
    return text[1:] if text[:1] == "'" and _needs_mark(text[1:]) else text


def _needs_mark(text: str) -> bool:
    return text.startswith("'") or text.lstrip(UNSEEN).startswith(FORMULA)


def lines(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(heading)
    for row in rows:
        yield writer.writerow([cell(text) for text in row])


def download(
    name: str, *, heading: Sequence[str], rows: Iterable[Sequence[str]]
) -> StreamingHttpResponse:
    """An answer that is saved as a file; its rows are made while it is sent."""
    return StreamingHttpResponse(
        _spoken(lines(heading, rows), get_language() or settings.LANGUAGE_CODE),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _spoken(rows: Iterator[str], language: str) -> Iterator[str]:
    """Each row in the language of the page, which is over by the time that rows are made."""
    while True:
        with translation.override(language):
            row = next(rows, None)
        if row is None:
            return
        yield row
