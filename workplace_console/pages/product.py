"""상품 관리 and 유료 전환. R: B1–B7."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from billing import previews, reckoning
from billing import queries as billing
from billing.previews import ConversionPreview
from billing.queries import Offers
from groupco import queries as groups
from groupco.choices import Topic
from products import operations, rules
from products import queries as products
from products.choices import Cycle, Plan, State
from products.forms import ConversionForm
from workplace_console.common import days, sizes, words
from workplace_console.pages import gauge, lines
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest

RESERVE: Final = "reserve"
CHANGE: Final = "change"
WITHDRAW: Final = "withdraw"

# Which field a refusal of the rules is about; all others are about the application as a whole.
BESIDE: Final = {"reservation_out_of_range": "start"}


def product(request: ConsoleRequest) -> HttpResponse:
    """상품 관리: what the company has, since when, and what can be done with it. R: C3, D1, D2."""
    standing = request.standing
    term = standing.term or standing.reserved
    now = products.capacity(request.company.pk, request.today)
    reports = products.storage_days(request.company.pk, gauge.since(request.today), request.today)
    context = {
        "term": term,
        "plan_label": term.plan.label if term else Plan.WORKPLACE.label,
        "now": now,
        "gauge": gauge.shared(now),
        "trend": gauge.trend(reports, now, request.today),
        "line_works": gauge.line_works(standing.plan, now.accounts),
        "line_works_url": settings.LINE_WORKS_URL,
        "can_convert": standing.state in (State.TRIAL, State.RESERVED),
        "may_convert": request.may("convert"),
        "is_paid": standing.term is not None,
        # R: C3. From Collabo on there is no button; support does it.
        "can_upgrade": standing.plan is Plan.WORKPLACE,
    }
    return render(request, "console/product.html", context)


def convert(request: ConsoleRequest) -> HttpResponse:
    """유료 전환: apply, change, withdraw, each with its price before it is done. R: B2–B5."""
    form = ConversionForm(_given(request), initial=_initial(request.standing))
    if request.method == "POST" and _act(request, form):
        return redirect("product", request.company.pk)
    standing, preview = request.standing, _preview(request, form)
    start = preview.start if preview else None
    offers = billing.offers(request.company.pk, request.today)
    context = {
        "form": form,
        "plans": _plans(offers, form),
        "cycles": _cycles(form),
        "preview": preview,
        "rows": price_rows(preview) if preview else [],
        "free_days": max(days.length(start, standing.trial_ends_on), 0) if start else 0,
        "is_today": start == request.today,
        "told": _recipients(request),
        "blocked_on": standing.trial_ends_on + days.ONE_DAY,
        "gone_on": deletion_after_trial(standing),
        "reserved": standing.reserved,
        "is_late": standing.can_convert_late,
        "is_open": standing.state in (State.TRIAL, State.RESERVED) or standing.can_convert_late,
        "may_convert": request.may("convert"),
        "has_method": offers.has_method,  # R: B3
        "steps": _steps(standing.state),
    }
    return render(request, "console/convert.html", context)


def deletion_after_trial(standing: rules.Standing) -> date:
    """The day on which the data of a trial goes that nothing paid follows. R: B6, G3."""
    if standing.deletion_on:
        return standing.deletion_on
    return rules.deletion_day(
        standing.trial_ends_on + days.ONE_DAY, grace_days=settings.DELETION_GRACE_DAYS
    )


def _recipients(request: ConsoleRequest) -> Sequence[str]:
    """Whom the mail about it will go to. R: B4."""
    company_id = request.company.pk
    return groups.told_addresses([company_id], about=Topic.CONTRACT)[company_id]


def _given(request: ConsoleRequest) -> Any:
    """What was typed: an application, or values to be shown a price for."""
    if request.method == "POST":
        return request.POST
    return request.GET if "start" in request.GET else None


def _initial(standing: rules.Standing) -> dict[str, object]:
    """What is reserved; else the lowest plan, by the month, as late as may be. R: B3."""
    if reserved := standing.reserved:
        return {
            "plan": reserved.plan.code,
            "cycle": reserved.cycle.code,
            "start": reserved.starts_on,
        }
    return {
        "plan": Plan.WORKPLACE.code,
        "cycle": Cycle.MONTHLY.code,
        "start": rules.reservable(standing)[1],
    }


def _act(request: ConsoleRequest, form: ConversionForm) -> bool:
    """Do what the button says; without one, change what is reserved, else reserve. Once, however
    often it is sent."""
    act = request.POST.get("act") or (CHANGE if request.standing.reserved else RESERVE)
    common: dict[str, Any] = {
        "company_id": request.company.pk,
        "today": request.today,
        "by": request.by,
    }
    if act != WITHDRAW and not form.is_valid():
        return False
    with refusals(form, **BESIDE), transaction.atomic():
        if form.claim(request.company.pk):
            done = _withdraw(common) if act == WITHDRAW else _apply(act, form, common)
            messages.success(request, done)
        return True
    return False


def _withdraw(common: dict[str, Any]) -> str:
    operations.withdraw_reservation(**common)
    return _("유료 전환 예약을 취소했습니다. 무료 체험은 계속됩니다.")


def _apply(act: str, form: ConversionForm, common: dict[str, Any]) -> str:
    do = operations.change_reservation if act == CHANGE else operations.reserve
    phase = do(**common, **form.terms())
    return _told(phase.starts_on, common["today"])


def _told(start: date, today: date) -> str:
    if start == today:
        return _("오늘부터 유료로 이용합니다.")
    return _("%(day)s에 유료 이용을 시작하도록 예약했습니다.") % {"day": words.day(start)}


@dataclass(frozen=True)
class Step:
    """How far the company has come on its way from the trial."""

    label: str
    is_done: bool
    is_current: bool


def _steps(state: State) -> list[Step]:
    words_of = [_("체험 중"), _("전환 신청"), _("예약됨"), _("유료 이용")]
    here = {State.TRIAL: 1, State.EXPIRED: 1, State.RESERVED: 2}.get(state, 3)
    return [Step(label, at < here, at == here) for at, label in enumerate(words_of)]


@dataclass(frozen=True)
class Price:
    amount: int | None
    per: str


@dataclass(frozen=True)
class Offer:
    """A choice of the form with what has to be known to make it."""

    code: str
    label: str
    is_chosen: bool
    what: str = ""
    prices: Sequence[Price] = ()


def _plans(offers: Offers, form: ConversionForm) -> list[Offer]:
    chosen, prices = form["plan"].value(), offers.prices
    return [
        Offer(
            plan.code,
            str(plan.label),
            plan.code == chosen,
            _what(plan),
            [
                Price(prices.get((plan, Cycle.MONTHLY)), _("사용자당 월")),
                Price(prices.get((plan, Cycle.ANNUAL)), _("사용자당 연")),
            ],
        )
        for plan in Plan
    ]


def _what(plan: Plan) -> str:
    """What a plan has, in a line. R: D1."""
    base = sizes.in_words(rules.BASE_CAPACITY[plan])
    text = _("공용 용량 %(base)s + 사용자당 1 GB") % {"base": base}
    if line_works := rules.line_works_capacity(plan):
        text += " · " + _("메일과 메신저 · LINE WORKS %(tb)s TB + 사용자당 1 GB") % {
            "tb": line_works // sizes.TB
        }
    else:
        text = _("인사, 회계, 워크플로우") + " · " + text
    return text


def _cycles(form: ConversionForm) -> list[Offer]:
    chosen = form["cycle"].value()
    return [Offer(cycle.code, str(cycle.label), cycle.code == chosen) for cycle in Cycle]


def _preview(request: ConsoleRequest, form: ConversionForm) -> ConversionPreview | None:
    """What the application would cost; None while the form is not in order."""
    asked = form if form.is_bound else ConversionForm(_initial(request.standing))
    first, last = rules.reservable(request.standing)
    if not asked.is_valid() or not first <= asked.cleaned_data["start"] <= last:
        return None
    return previews.conversion(request.company.pk, **asked.terms(), today=request.today)


@dataclass(frozen=True)
class PreviewRow:
    label: str
    how: str
    amount: int


def price_rows(preview: ConversionPreview) -> list[PreviewRow]:
    """The steps from the trial to a full period, each with how it comes about."""
    full = PreviewRow(
        _("첫 계약 연도")
        if preview.is_annual
        else _("%(month)s부터 매월") % {"month": words.month(preview.full_period[0])},
        _("%(day)s에 청구합니다") % {"day": words.day(preview.full_period[1] + days.ONE_DAY)},
        preview.sums.supply,
    )
    if preview.is_annual:
        return [full]
    first = PreviewRow(
        _("%(month)s 요금") % {"month": words.month(preview.start)},
        " + ".join(map(lines.formula, preview.first)) or words.period(*preview.first_period),
        reckoning.sums(preview.first).supply,
    )
    return [first, full]
