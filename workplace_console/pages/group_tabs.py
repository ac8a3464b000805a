"""The tabs of a group's pages. R: F2, F4, F6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from workplace_console.pages.request import ConsoleRequest

TABS: Final[Sequence[tuple[str, Promise]]] = (
    ("group", lazy("그룹사 정보")),
    ("group_scope", lazy("그룹사 표시범위")),
    ("group_order", lazy("그룹사 순서")),
)


@dataclass(frozen=True)
class Tab:
    label: Promise
    url: str
    is_current: bool


def tabs(request: ConsoleRequest, here: str) -> list[Tab]:
    """All of them, with links into the company at hand."""
    return [Tab(label, request.link(name), name == here) for name, label in TABS]
