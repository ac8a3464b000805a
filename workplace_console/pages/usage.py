"""서비스 이용 내역 and 상세 내역: from an amount down to its days. R: E6, E7."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from billing import queries as billing
from billing import reckoning
from billing.queries import DayUse
from billing.reckoning import Line, Sums
from groupco import queries as groups
from groupco.queries import Movement
from products.choices import Cycle, Item
from workplace_console.common import days, words
from workplace_console.documents.download import download
from workplace_console.documents.model import Document
from workplace_console.pages import lines, papers, why
from workplace_console.pages.dashboard import so_far_in_words
from workplace_console.pages.request import ConsoleRequest

# So many names are told of those who came or left on a day; the others are counted.
NAMES: Final = 3


def usage(request: ConsoleRequest) -> HttpResponse:
    """One month's amount, line by line; the running one by default. R: E6, E9."""
    months = _months(request)
    first, error = _chosen(request.GET.get("month"), months)
    is_running = first == months[0]
    month = _running(request) if is_running else _past(request, first)
    if "format" in request.GET and not error:
        return download(_paper(request, month), request.GET["format"])
    context: dict[str, Any] = {
        "first": first,
        "months": months,
        "error": error,
        "is_running": is_running,
        "query": f"&month={first:%Y-%m}",
        **_nothing(request, first),
        "lines": lines.rows(month.lines, month.names),
        "annual": lines.rows(month.accrued, month.names),
        "elsewhere": lines.rows(month.elsewhere, month.names),
        "paid_by": month.paid_by,
        "sums": reckoning.sums(month.lines),
        "projected": month.projected,
        "invoice": month.invoice,
        "so_far": so_far_in_words(request.today),
    }
    return render(request, "console/usage.html", context)


@dataclass(frozen=True)
class Month:
    """A month of the company's, running or over. `paid_by` is who pays what is `elsewhere`."""

    first: date
    lines: Sequence[Line]
    accrued: Sequence[Line]
    elsewhere: Sequence[Line]
    names: Mapping[str, str]
    paid_by: str | None
    projected: Sums | None = None
    invoice: str | None = None


def _running(request: ConsoleRequest) -> Month:
    outlook = billing.outlook(request.company.pk, today=request.today)
    return Month(
        first=days.first_of_month(request.today),
        lines=outlook.so_far,
        accrued=outlook.accrued,
        elsewhere=outlook.elsewhere,
        names=outlook.names,
        paid_by=outlook.names.get(outlook.paid_by or ""),
        projected=reckoning.sums(outlook.projected),
    )


def _past(request: ConsoleRequest, first: date) -> Month:
    use = billing.month(request.company.pk, first=first)
    every = (*use.lines, *use.accrued, *use.elsewhere)
    names = groups.company_names({name for line in every for name in (line.company, line.payer)})
    return Month(
        first=first,
        lines=use.lines,
        accrued=use.accrued,
        elsewhere=use.elsewhere,
        names=names,
        paid_by=next((names.get(line.payer, line.payer) for line in use.elsewhere), None),
        invoice=use.invoice,
    )


def _paper(request: ConsoleRequest, month: Month) -> Document:
    is_running = month.projected is not None
    last = days.last_of_month(month.first)
    return papers.month(
        request.company,
        first=month.first,
        until=_until(request) if is_running else words.period(month.first, last),
        billed=month.lines,
        accrued=month.accrued,
        elsewhere=month.elsewhere,
        names=month.names,
        total=_("청구 예정 금액") if is_running else _("청구 금액"),
        today=request.today,
    )


def _until(request: ConsoleRequest) -> str:
    """The days that the running month's lines are of; none on the 1st. R: E6."""
    if request.today.day == 1:
        return words.NOTHING
    return words.period(days.first_of_month(request.today), request.today - days.ONE_DAY)


def _months(request: ConsoleRequest) -> list[date]:
    """The months there is something to show for, newest first: since the company came, at most."""
    return days.months(request.standing.trial_starts_on, request.today)[::-1]


def _chosen(text: str | None, months: Sequence[date]) -> tuple[date, str]:
    """The month that was asked for, and a sentence where there is none such."""
    if not text:
        return months[0], ""
    try:
        month = days.parse(f"{text}-01")
    except ValueError:
        return months[0], _("달을 2026-03처럼 적으세요.")
    if month not in months:
        return months[0], _("%(first)s부터 %(last)s 사이에서 고르세요.") % {
            "first": words.month(months[-1]),
            "last": words.month(months[0]),
        }
    return month, ""


def _nothing(request: ConsoleRequest, first: date) -> dict[str, str]:
    """Why there may be no amount."""
    term = request.standing.term
    if term is None or term.contract_from > days.last_of_month(first):
        why = _("무료 체험에는 요금이 없습니다. 유료 이용의 첫날부터 여기에 쌓입니다.")
    elif request.today.day == 1 and first == request.today:
        why = _("집계 전입니다. 오늘 쓴 만큼은 내일부터 보입니다.")
    elif term.cycle is Cycle.ANNUAL:
        why = _("연간 계약은 계약 연도가 끝날 때 청구합니다. 지금까지 쌓인 금액은 위에 있습니다.")
    else:
        why = _("이 달에는 등록된 사용자가 없었습니다.")
    return {"nothing": _("청구할 항목이 없습니다"), "why_nothing": why}


@dataclass(frozen=True)
class Day:
    """A day of a line in words."""

    day: date
    quantity: int
    unit_price: int
    changes: str
    amount: int


@dataclass(frozen=True)
class Part:
    """A line of the month, day by day."""

    anchor: str
    # Its first day, for what it is a line of.
    use: DayUse
    company_name: str
    title: str
    how: str
    # 왜 이 금액인가요? The rules it follows, with its figures.
    why: Sequence[str]
    is_annual: bool
    billed_on: date
    paid_by: str
    # The months of a contract year that have begun; of a month's line none.
    months: Sequence[date]
    days: Sequence[Day]
    amount: int
    sum_label: str


def usage_month(request: ConsoleRequest, month: date) -> HttpResponse:
    """Day by day: quantity × price, who came and who left. R: E7."""
    first, last = month, days.last_of_month(month)
    if first not in _months(request):
        raise Http404
    uses = billing.day_uses(request.company.pk, first=first, last=last)
    names = groups.company_names({name for use in uses for name in (use.company, use.payer)})
    moved = _moved(groups.movements(request.company.pk, first, last))
    parts = [
        _part(list(found), names, moved, request)
        for _line, found in groupby(uses, key=lambda use: use.line)
    ]
    if "format" in request.GET:
        paper = papers.day_by_day(request.company, first=first, parts=parts, today=request.today)
        return download(paper, request.GET["format"])
    context = {"first": first, "parts": _anchored(parts), **_nothing(request, first)}
    return render(request, "console/usage_month.html", context)


def _anchored(parts: Iterable[Part]) -> list[Part]:
    """An address leads to the first line of a company and item."""
    seen: set[str] = set()
    found = []
    for number, part in enumerate(parts):
        anchor = part.anchor if part.anchor not in seen else f"{part.anchor}-{number}"
        seen.add(anchor)
        found.append(Part(**{**vars(part), "anchor": anchor}))
    return found


def _part(
    uses: Sequence[DayUse],
    names: dict[str, str],
    moved: dict[date, str],
    request: ConsoleRequest,
) -> Part:
    own = request.company.pk
    use, amount = uses[0], sum(use.amount for use in uses)
    # R: F8. Who came and left is told of one's own company, beside the seats they took.
    has_names = use.company == own and use.item is Item.SEAT
    plan = f"{use.plan.label}, {use.cycle.label}" if use.plan and use.cycle else ""
    is_annual = use.cycle is Cycle.ANNUAL
    company_name = names.get(use.company, use.company)
    return Part(
        anchor=f"{use.company}-{use.item.code}",
        use=use,
        company_name=company_name,
        title=f"{company_name} · {use.item.label} {plan}".rstrip(),
        how=why.formula(uses),
        why=why.sentences(uses),
        is_annual=is_annual,
        billed_on=use.period_to + days.ONE_DAY,
        paid_by="" if use.payer == own else names.get(use.payer, use.payer),
        months=_months_of(use, request) if is_annual else (),
        days=[
            Day(
                use.day,
                use.quantity,
                use.unit_price,
                moved.get(use.day, "") if has_names else "",
                use.amount,
            )
            for use in uses
        ],
        amount=amount,
        sum_label=_("이 달에 쌓인 금액") if is_annual else _("합계"),
    )


def _months_of(use: DayUse, request: ConsoleRequest) -> list[date]:
    """The months of a contract year up to this one, to leaf through."""
    known = _months(request)
    last = min(use.period_to, request.today)
    return [
        month
        for month in reversed(known)
        if month <= last and days.last_of_month(month) >= use.period_from
    ]


def _moved(moves: Iterable[Movement]) -> dict[date, str]:
    """Who came and who left on each day, in words. Who leaves still counts that day. R: E4."""
    came: defaultdict[date, list[str]] = defaultdict(list)
    left: defaultdict[date, list[str]] = defaultdict(list)
    for move in moves:
        (came if move.has_come else left)[move.day].append(move.who)
    return {
        day: " · ".join(
            _("%(what)s %(who)s") % {"what": what, "who": _who(found[day])}
            for what, found in ((pgettext("done", "등록"), came), (pgettext("done", "제외"), left))
            if day in found
        )
        for day in {*came, *left}
    }


def _who(names: Sequence[str]) -> str:
    told, more = ", ".join(names[:NAMES]), len(names) - NAMES
    if more <= 0:
        return told
    return ngettext("%(told)s 외 %(n)s명", "%(told)s 외 %(n)s명", more) % {
        "told": told,
        "n": words.number(more),
    }
