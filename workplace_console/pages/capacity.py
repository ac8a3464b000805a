"""용량 추가, 용량 반납: a dialog over 상품 관리, or a page of its own. R: D4, D5."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from billing import previews
from products import operations, rules
from products import queries as products
from products.choices import Item
from products.forms import CapacityForm
from products.queries import Capacity
from products.rules import Term
from workplace_console.common import days, sizes, words
from workplace_console.pages.refusals import refusals, why_not
from workplace_console.pages.request import ConsoleRequest

BESIDE: Final = dict.fromkeys(("tb_out_of_range", "nothing_to_return", "capacity_in_use"), "tb")


@dataclass(frozen=True)
class Act:
    """What is done with a number of TB; `sign` says whether there are more or fewer of them."""

    sign: int
    title: Promise
    verb: Promise
    hint: Promise
    told: Promise
    do: Callable[..., int]


ADD: Final = Act(
    sign=1,
    title=gettext_lazy("용량 추가"),
    verb=gettext_lazy("추가"),
    hint=gettext_lazy("1 TB 단위로 추가합니다. 필요 없으면 언제든 반납할 수 있습니다."),
    told=gettext_lazy("%(tb)s TB를 추가했습니다. 추가 용량은 %(held)s TB입니다."),
    do=operations.add_capacity,
)
RETURN: Final = Act(
    sign=-1,
    title=gettext_lazy("용량 반납"),
    verb=gettext_lazy("반납"),
    hint=gettext_lazy("반납하면 용량이 바로 줄어듭니다. 오늘까지는 요금을 셉니다."),
    told=gettext_lazy("%(tb)s TB를 반납했습니다. 추가 용량은 %(held)s TB입니다."),
    do=operations.return_capacity,
)


def capacity_add(request: ConsoleRequest) -> HttpResponse:
    return _page(request, ADD)


def capacity_return(request: ConsoleRequest) -> HttpResponse:
    return _page(request, RETURN)


def _page(request: ConsoleRequest, act: Act) -> HttpResponse:
    """The number, what it comes to, and then doing it; once, however often it is sent."""
    term = rules.check_paid(request.standing)
    form = CapacityForm(_given(request), initial={"tb": 1})
    if request.method == "POST" and form.is_valid() and _act(request, act, form):
        return redirect("product", request.company.pk)
    now = products.capacity(request.company.pk, request.today)
    if act is RETURN:
        rules.check_held(tb=1, held=now.added_tb)
    context = {
        "form": form,
        "act": act,
        "preview": _preview(request, act, form, now, term),
        "may_write": request.may("capacity_add"),
        "this_month": words.month(request.today),
        "next_month": words.month(days.last_of_month(request.today) + days.ONE_DAY),
    }
    return render(request, "console/capacity.html", context)


def _given(request: ConsoleRequest) -> Any:
    if request.method == "POST":
        return request.POST
    return request.GET if "tb" in request.GET else None


def _act(request: ConsoleRequest, act: Act, form: CapacityForm) -> bool:
    with refusals(form, **BESIDE), transaction.atomic():
        if form.claim(request.company.pk):
            tb = form.cleaned_data["tb"]
            held = act.do(company_id=request.company.pk, tb=tb, today=request.today, by=request.by)
            messages.success(request, act.told % {"tb": tb, "held": held})
        return True
    return False


@dataclass(frozen=True)
class Preview:
    """What so many TB come to; won without VAT. `why_not` is set where the rules refuse it."""

    before: str
    after: str
    percent_before: int
    percent_after: int
    difference: int
    days: str
    monthly: int
    held: int
    in_all: int
    why_not: str


def _preview(
    request: ConsoleRequest, act: Act, form: CapacityForm, now: Capacity, term: Term
) -> Preview | None:
    """None while the number is not in order."""
    tb = form.typed()
    if tb is None:
        return None
    today, change = request.today, act.sign * tb
    first = today if act is ADD else today + days.ONE_DAY
    price = products.price(item=Item.CAPACITY, plan=None, cycle=None, day=today) or 0
    (difference,) = previews.capacity(
        request.company.pk,
        added=(now.counted_tb, now.added_tb),
        changes=[change],
        contracts=term.contracts,
        today=today,
    )
    after = now.total + change * sizes.TB
    return Preview(
        before=sizes.whole_gb(now.total),
        after=sizes.whole_gb(max(after, 0)),
        percent_before=sizes.percent(now.used, now.total),
        percent_after=sizes.percent(now.used, max(after, 1)),
        difference=difference,
        days=words.period(first, max(first, days.last_of_month(today))),
        monthly=change * price,
        held=now.added_tb + change,
        in_all=(now.added_tb + change) * price,
        why_not=_why_not(act, tb, now),
    )


def _why_not(act: Act, tb: int, now: Capacity) -> str:
    if act is ADD:
        return ""
    return why_not(rules.check_return, tb=tb, held=now.added_tb, used=now.used, capacity=now.total)
