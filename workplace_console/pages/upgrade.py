"""업그레이드: today's plan beside the higher ones, to the won. R: C1, C2, C3, C4, C5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from billing import previews
from products import operations, rules
from products import queries as products
from products.choices import Plan
from products.forms import UpgradeForm
from products.queries import Capacity
from products.rules import Term
from workplace_console.common import days, sizes, words
from workplace_console.pages import gauge
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest

WITHDRAW: Final = "withdraw"


def upgrade(request: ConsoleRequest) -> HttpResponse:
    """The plans side by side; refused in trial, and on Collabo with a word to ask support."""
    term = rules.check_paid(request.standing)
    higher = [plan for plan in Plan if plan > term.plan]
    form = UpgradeForm(_given(request), plans=higher, initial={"plan": _first(higher)})
    if request.method == "POST":
        if _act(request, form):
            return redirect("product", request.company.pk)
    elif not request.standing.upgrade:
        rules.check_upgrade(request.standing, plan=Plan.COLLABO_PLUS)
    context: dict[str, Any] = {
        "form": form,
        "pending": request.standing.upgrade,
        "term": term,
        "tomorrow": request.today + days.ONE_DAY,
        "may_write": request.may("upgrade"),
        "this_month": words.month(request.today),
        "next_month": words.month(days.last_of_month(request.today) + days.ONE_DAY),
    }
    if not request.standing.upgrade:
        context["offers"] = _offers(request, form, term, higher)
    return render(request, "console/upgrade.html", context)


def _first(plans: Sequence[Plan]) -> str:
    return plans[0].code if plans else ""


def _given(request: ConsoleRequest) -> Any:
    if request.method == "POST":
        return request.POST
    return request.GET if "plan" in request.GET else None


def _act(request: ConsoleRequest, form: UpgradeForm) -> bool:
    """Apply, or withdraw what is pending; once, however often it is sent."""
    common: dict[str, Any] = {
        "company_id": request.company.pk,
        "today": request.today,
        "by": request.by,
    }
    is_withdrawal = request.POST.get("act") == WITHDRAW
    if not is_withdrawal and not form.is_valid():
        return False
    with refusals(form), transaction.atomic():
        if form.claim(request.company.pk):
            done = _withdraw(common) if is_withdrawal else _apply(form, common)
            messages.success(request, done)
        return True
    return False


def _withdraw(common: dict[str, Any]) -> str:
    operations.withdraw_upgrade(**common)
    return _("업그레이드 신청을 취소했습니다. 지금 상품을 그대로 씁니다.")


def _apply(form: UpgradeForm, common: dict[str, Any]) -> str:
    phase = operations.request_upgrade(plan=form.cleaned_data["plan"], **common)
    return _("업그레이드를 신청했습니다. %(day)s 0시부터 %(plan)s입니다.") % {
        "day": words.day(phase.starts_on),
        "plan": Plan(phase.plan).label,
    }


@dataclass(frozen=True)
class Offer:
    """A plan as a column: today's first. Won without VAT; `more` are against today's plan."""

    code: str
    label: str
    is_now: bool
    is_chosen: bool
    price: int | None
    price_more: int
    capacity: str
    capacity_how: str
    line_works: str
    has_mail: bool
    month: int
    month_more: int
    whole: int
    whole_more: int


def _offers(
    request: ConsoleRequest, form: UpgradeForm, term: Term, higher: Sequence[Plan]
) -> list[Offer]:
    now = products.capacity(request.company.pk, request.today)
    prices = products.seat_prices(request.today)
    then = previews.upgrades(request.company.pk, plans=higher, term=term, today=request.today)
    now_price = prices.get((term.plan, term.cycle)) or 0
    chosen = form["plan"].value()
    found = []
    for plan, month in zip((term.plan, *higher), then, strict=True):
        price = prices.get((plan, term.cycle)) or 0
        found.append(
            Offer(
                code=plan.code,
                label=str(plan.label),
                is_now=plan is term.plan,
                is_chosen=plan.code == chosen,
                price=price,
                price_more=price - now_price,
                capacity=sizes.whole_gb(_shared(plan, now)),
                capacity_how=_how(plan, now),
                line_works=gauge.line_works(plan, now.accounts),
                has_mail=plan is not Plan.WORKPLACE,
                month=month,
                month_more=month - then[0],
                whole=price * now.accounts,
                whole_more=(price - now_price) * now.accounts,
            )
        )
    return found


def _shared(plan: Plan, now: Capacity) -> int:
    return rules.shared_capacity(plan, accounts=now.accounts, added_tb=now.added_tb)


def _how(plan: Plan, now: Capacity) -> str:
    """512 GB + 121 GB + 2 TB. R: D1."""
    parts = [sizes.in_words(rules.BASE_CAPACITY[plan]), f"{words.number(now.accounts)} GB"]
    if now.added_tb:
        parts.append(f"{words.number(now.added_tb)} TB")
    return " + ".join(gauge.bound(part) for part in parts)
