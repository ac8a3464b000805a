"""견적: what a year would cost, month by month, before anything is decided. R: E2, E3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from billing import quotes
from billing.quotes import Bill, Quote
from products import queries as products
from products.choices import Cycle, Plan, State
from products.forms import QuoteForm
from workplace_console.common import days, words
from workplace_console.documents.download import download
from workplace_console.pages import papers
from workplace_console.pages.request import ConsoleRequest


def quote(request: ConsoleRequest) -> HttpResponse:
    """A form whose answer stands beside it; the address holds what was asked. R: E9."""
    as_it_is = _as_it_is(request)
    # What was asked for, over the company as it is. A field that was sent empty is empty.
    form = QuoteForm({**as_it_is, **request.GET.dict()}, today=request.today)
    found = quotes.quote(**form.imagined()) if form.is_valid() else None
    if "format" in request.GET and found:
        paper = papers.quote(
            request.company, found, _rows(found), facts=_facts(form), today=request.today
        )
        return download(paper, request.GET["format"])
    query = request.GET.copy()
    query.pop("format", None)
    context = {
        "form": form,
        "quote": found,
        "compared": _compared(form, found, as_it_is) if found and _has_plan(request) else None,
        "rows": _rows(found) if found else [],
        "offers": _offers(form, found) if found else [],
        "query": f"&{query.urlencode()}" if query else "",
    }
    return render(request, "console/quote.html", context)


def _has_plan(request: ConsoleRequest) -> bool:
    """Paid use, or one to come: a trial that nothing follows costs nothing and ends."""
    return bool(request.standing.coming or request.standing.term)


def _as_it_is(request: ConsoleRequest) -> dict[str, Any]:
    standing, today = request.standing, request.today
    term = standing.coming or standing.term
    if standing.state in (State.TRIAL, State.RESERVED):
        start = term.starts_on if term else standing.trial_ends_on
    else:
        start = days.last_of_month(today) + days.ONE_DAY
    now = products.capacity(request.company.pk, today)
    return {
        "plan": (term.plan if term else Plan.WORKPLACE).code,
        "cycle": (term.cycle if term else Cycle.MONTHLY).code,
        "start": start.isoformat(),
        "accounts": now.accounts,
        "tb": now.added_tb,
    }


@dataclass(frozen=True)
class Compared:
    """By how many won, VAT included, a year and its first bill are more than as things are."""

    year: int
    first: int
    month: str


def _compared(form: QuoteForm, quote: Quote, as_it_is: dict[str, Any]) -> Compared | None:
    """With going on as it is from the same day; None where that is what was asked, and where a
    contract year stands against twelve months of the calendar."""
    now = QuoteForm({**as_it_is, "start": form["start"].value()}, today=form.today)
    if not now.is_valid() or now.imagined() == form.imagined():
        return None
    if now.imagined()["cycle"] != form.imagined()["cycle"]:
        return None
    found = quotes.quote(**now.imagined())
    first = quote.bills[0]
    return Compared(
        year=quote.total - found.total,
        first=first.total - found.bills[0].total,
        month=words.month(first.first),
    )


@dataclass(frozen=True)
class Row:
    """A bill in words."""

    label: str
    how: str
    bill: Bill


def _rows(quote: Quote) -> list[Row]:
    return [_row(bill, quote) for bill in quote.bills]


def _row(bill: Bill, quote: Quote) -> Row:
    if (bill.first, bill.last) == quote.year:
        return Row(_("계약 연도 요금"), words.period(bill.first, bill.last), bill)
    how = ""
    if bill.first.day > 1:
        how = words.period(bill.first, bill.last)
    elif bill.accrued:
        how = _("연간 계약 %(won)s 누적") % {"won": words.won(bill.accrued)}
    return Row(words.month(bill.first), how, bill)


@dataclass(frozen=True)
class Offer:
    """A plan in a year, by each cycle; won, VAT excluded."""

    label: str
    monthly: int
    annual: int
    is_monthly: bool
    is_annual: bool

    @property
    def saved(self) -> int:
        """What paying by the year saves."""
        return self.monthly - self.annual


def _offers(form: QuoteForm, quote: Quote) -> Sequence[Offer]:
    chosen = form.cleaned_data["plan"], form.cleaned_data["cycle"]
    return [
        Offer(
            str(plan.label),
            quote.offers.get((plan, Cycle.MONTHLY), 0),
            quote.offers.get((plan, Cycle.ANNUAL), 0),
            chosen == (plan, Cycle.MONTHLY),
            chosen == (plan, Cycle.ANNUAL),
        )
        for plan in Plan
    ]


def _facts(form: QuoteForm) -> dict[str, str]:
    data = form.cleaned_data
    return {
        _("요금제"): str(data["plan"].label),
        _("결제 주기"): str(data["cycle"].label),
        _("시작일"): words.day(data["start"]),
        _("사용자 수"): words.number(data["accounts"]),
        _("추가 용량(TB)"): words.number(data["tb"]),
    }
