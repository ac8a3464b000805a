"""Lists are cut into pages; nothing is counted, one row more than shown says that there is more."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

PAGE: Final = 25
LAST: Final = 10_000


def page_number(request: HttpRequest) -> int:
    """The page that the address names, from 1; what is no page is the first."""
    text = request.GET.get("page", "")
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        return 1
    return min(max(int(text), 1), LAST)
