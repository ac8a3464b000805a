"""예산: what a month may cost, how far it has come, and what was told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from billing import operations, rules
from billing import queries as billing
from billing.models import BudgetAlert
from billing.queries import BudgetNow, Spent
from workplace_console.common import days, words
from workplace_console.common.forms import ConsoleForm, CountField
from workplace_console.pages.gauge import Segment
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest


class BudgetForm(ConsoleForm):
    """Won, with VAT; left empty there is no budget."""

    amount = CountField(
        label=lazy("월 예산(원)"),
        first=1,
        last=rules.MOST_BUDGET,
        sentence=lazy("월 예산은 {first}원부터 {last}원 사이로 적으세요."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].required = False
        self.fields["amount"].help_text = _("부가세를 넣은 금액입니다. 비우면 예산을 없앱니다.")


@dataclass(frozen=True)
class Threshold:
    """A threshold, and when it was told."""

    percent: int
    amount: int
    actual_on: date | None
    projected_on: date | None


def budget(request: ConsoleRequest) -> HttpResponse:
    company_id, today = request.company.pk, request.today
    now = billing.budget(company_id, today=today)
    form = BudgetForm(
        request.POST if request.method == "POST" else None,
        initial={"amount": now.amount if now else None},
    )
    if form.is_valid():
        with refusals(form, budget_out_of_range="amount"):
            operations.set_budget(
                company_id=company_id,
                amount=form.cleaned_data["amount"],
                today=today,
                by=request.by,
            )
        if not form.errors:
            messages.success(request, _("예산을 저장했습니다."))
            return redirect("budget", company_id)
    month = days.first_of_month(today)
    spent = billing.spent([company_id], month=month, today=today).get(company_id, Spent())
    context = {
        "form": form,
        "month": month,
        "spent": spent,
        "now": now,
        "gauge": gauge_of(now.amount, spent) if now else None,
        "thresholds": _thresholds(now) if now else [],
        "may_write": request.may("budget"),
    }
    return render(request, "console/budget.html", context)


@dataclass(frozen=True)
class Gauge:
    """How much of the budget is spent, and how much is expected, as one bar."""

    sentence: str
    segments: Sequence[Segment]
    limit: str
    percent: int
    expected: int
    left: int
    over: int


def gauge_of(budget: int, spent: Spent) -> Gauge:
    """A budget in won with VAT, and what the month has spent of it and will."""
    scale = max(budget, spent.projected, spent.actual)
    percent, expected = spent.actual * 100 // budget, spent.projected * 100 // budget
    tone = "s-bad" if percent >= 100 else "s-warn" if percent >= 80 else "s1"
    more = max(spent.projected - spent.actual, 0)
    segments = [Segment("0", _share(spent.actual, scale), tone)]
    segments += [Segment(_share(spent.actual, scale), _share(more, scale), "plan")] if more else []
    return Gauge(
        sentence=_("월 예산 %(budget)s 가운데 %(spent)s 사용, 월말 예상 %(projected)s")
        % {
            "budget": words.won(budget),
            "spent": words.won(spent.actual),
            "projected": words.won(spent.projected),
        },
        segments=segments,
        limit=_share(budget, scale),
        percent=percent,
        expected=expected,
        left=max(budget - spent.actual, 0),
        over=max(spent.actual - budget, 0),
    )


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.2f}"


def _thresholds(now: BudgetNow) -> list[Threshold]:
    told = {(told.kind, told.percent): told.on for told in now.told}
    return [
        Threshold(
            percent,
            -(-now.amount * percent // 100),
            told.get((BudgetAlert.Kind.ACTUAL, percent)),
            told.get((BudgetAlert.Kind.PROJECTED, percent)),
        )
        for percent in rules.THRESHOLDS
    ]
