"""사용자 관리, what could be spared: accounts nobody uses, persons who hold several. R: H4.

The same pages serve the console and, without won, the workplace admins at their company's host.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from billing import previews
from groupco import queries as groups
from groupco import rules
from groupco.rules import Holder, Likeness, Same
from products import queries as products
from products.choices import Cycle, Item
from workplace_console.pages.paging import PAGE, page_number
from workplace_console.pages.request import CompanyRequest

IDLE: Final = "idle"
DUPLICATES: Final = "duplicates"


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_current: bool


def tabs(request: CompanyRequest, show: str = "") -> list[Tab]:
    """All accounts, and those that could be spared."""
    accounts = request.link("accounts")
    labels = {"": _("전체"), IDLE: _("쓰지 않는 계정"), DUPLICATES: _("중복 의심")}
    return [
        Tab(label, f"{accounts}?show={name}" if name else accounts, name == show)
        for name, label in labels.items()
    ]


def spare(request: CompanyRequest, show: str) -> HttpResponse:
    """One of the two lists, with what it costs; chosen ones go on to be excluded."""
    page = page_number(request)
    found = _idle(request, page) if show == IDLE else _duplicates(request, page)
    context = {
        "base": request.base_template,
        "show": show,
        "tabs": tabs(request, show),
        "page": page,
        "has_next": page * PAGE < found.of,
        "found": found,
        "saved": _saved(request, found.count),
        "idle_days": rules.IDLE_DAYS,
        "known_from": request.company.use_known_from,
        "all_chosen": request.GET.get("all") == "1",
        "may_write": request.may("accounts"),
        "accounts_url": request.link("accounts"),
        "exclude_url": request.link("accounts_exclude"),
    }
    return render(request, "console/accounts_spare.html", context)


@dataclass(frozen=True)
class Row:
    """An account of a list; one to be kept is no choice to make."""

    holder: Holder
    is_kept: bool = False


@dataclass(frozen=True)
class Found:
    """A page of a list: parts of rows, each with what its accounts have in common; how many there
    are `of` the things listed, and how many accounts they could do without (`count`)."""

    parts: Sequence[tuple[str, Sequence[Row]]]
    of: int
    count: int
    is_known: bool = True


def _idle(request: CompanyRequest, page: int) -> Found:
    if not rules.knows_idle(request.company.use_known_from, request.today):
        return Found([], 0, 0, is_known=False)
    holders, count = groups.idle(
        request.company.pk, request.today, skip=(page - 1) * PAGE, most=PAGE
    )
    return Found([("", [Row(holder) for holder in holders])] if holders else [], count, count)


def _duplicates(request: CompanyRequest, page: int) -> Found:
    same = groups.same_persons(request.company.pk, request.today)
    shown = same[(page - 1) * PAGE : page * PAGE]
    return Found(
        [(_in_words(one), list(_rows(one))) for one in shown],
        len(same),
        sum(len(one.spare) for one in same),
    )


def _rows(same: Same) -> Iterable[Row]:
    for place, holder in enumerate(same.holders):
        yield Row(holder, is_kept=place == 0)


def _in_words(same: Same) -> str:
    words = {
        Likeness.EMAIL: _("같은 이메일"),
        Likeness.NUMBER: _("같은 이름, 0이나 기호만 다른 사번"),
        Likeness.MAILBOX: _("같은 이름, 도메인만 다른 이메일"),
    }
    told = [
        words[likeness]
        for likeness in same.likenesses
        # The same address is in the same mailbox.
        if likeness is not Likeness.MAILBOX or Likeness.EMAIL not in same.likenesses
    ]
    return " · ".join(told)


@dataclass(frozen=True)
class Saved:
    """Won that so many accounts fewer save, VAT excluded: until the month's end, and a month."""

    until_month_end: int
    a_month: int


def _saved(request: CompanyRequest, count: int) -> Saved | None:
    """None where no won are shown, or nothing is paid."""
    term = request.standing.term
    if term is None or not count or not request.shows_won:
        return None
    company, today = request.company.pk, request.today
    (change,) = previews.headcount(
        company, changes=(-count,), contracts=term.contracts, today=today
    )
    price = products.price(item=Item.SEAT, plan=term.plan, cycle=term.cycle, day=today) or 0
    a_month = count * price // (12 if term.cycle is Cycle.ANNUAL else 1)
    return Saved(-change, a_month)
