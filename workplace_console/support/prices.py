"""단가: by day; staff of billing sets those of days to come. R: A6, E11."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from groupco.choices import StaffRole
from products import operations
from products import queries as products
from products.choices import Cycle, Item, Plan
from products.models import Price
from workplace_console.common import words
from workplace_console.pages import password_again
from workplace_console.pages.refusals import refusals
from workplace_console.support.base import Act, Fact, Records, Task, WordFilter, column
from workplace_console.support.forms import NothingToFill, PriceForm, UnitPriceForm
from workplace_console.support.request import StaffRequest

SET: Final = Act("set", gettext_lazy("단가 등록"))
CHANGE: Final = Act("change", gettext_lazy("변경"))
WITHDRAW: Final = Act("withdraw", gettext_lazy("철회"), is_grave=True)

BESIDE: Final = {
    "price_of_nothing": "item",
    "price_too_early": "starts_on",
    "price_out_of_range": "unit_price",
}


def plan_in_words(price: Price) -> str:
    return Plan(price.plan).label if price.plan else words.NOTHING


def cycle_in_words(price: Price) -> str:
    return str(Cycle(price.cycle).label) if price.cycle else words.NOTHING


def price_in_words(price: Price) -> str:
    """R: E11. The real prices are not public: all are examples, wherever they stand."""
    return _("%(won)s (예시)") % {"won": words.won(price.unit_price)}


class ItemFilter(WordFilter):
    title = gettext_lazy("항목")
    parameter_name = "item"
    column = "item"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(item.value), item.label) for item in Item]


class Prices(Records):
    of = Price
    title = pgettext_lazy("many", "단가")
    one = gettext_lazy("단가")
    creates = gettext_lazy("단가 등록")
    says = gettext_lazy(
        "모든 단가는 예시이며 부가세 별도입니다. 사용자는 한 명당 한 달 또는 한 해, "
        "추가 용량은 1 TB당 한 달 값입니다."
    )
    writers = frozenset({StaffRole.BILLING})
    ordering = ("item", "plan", "cycle", "-starts_on")
    filters = (ItemFilter,)
    list_display = (
        column(gettext_lazy("항목"), lambda p: Item(p.item).label),
        column(gettext_lazy("상품"), plan_in_words),
        column(gettext_lazy("결제 주기"), cycle_in_words),
        column(gettext_lazy("시행일"), lambda p: words.day(p.starts_on)),
        column(gettext_lazy("단가"), price_in_words),
        column(gettext_lazy("상태"), lambda p: p.state),
    )

    def complete(self, rows: list[Any], request: Any) -> None:
        in_force = {price.pk for price in products.prices_in_force(request.today)}
        for price in rows:
            price.state = (
                _("예정")
                if price.starts_on > request.today
                else _("적용 중")
                if price.pk in in_force
                else _("지난 단가")
            )

    def facts(self, request: StaffRequest, row: Price) -> list[Fact]:
        return [
            Fact(_("항목"), Item(row.item).label),
            Fact(_("상품"), plan_in_words(row)),
            Fact(_("결제 주기"), cycle_in_words(row)),
            Fact(_("시행일"), words.day(row.starts_on)),
            Fact(_("단가"), price_in_words(row)),
        ]

    def create(self, request: StaffRequest) -> HttpResponse:
        if request.method == "POST" and (asked := password_again.ask_if_stale(request)):
            return asked
        form = PriceForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            with refusals(form, **BESIDE):
                operations.set_price(**form.cleaned_data, today=request.today, by=request.by)
            if not form.errors:
                messages.success(request, _("단가를 등록했습니다."))
                return redirect(self.list_url())
        says = _("같은 날의 단가가 이미 있으면 새 값으로 바꿉니다. 지난 날의 요금은 그대로입니다.")
        task = Task(SET.label, form, [SET], says)
        return self.drawn(request, "support/record.html", title=SET.label, task=task)

    def page(self, request: StaffRequest, row: Price) -> HttpResponse:
        """A price to come can be changed and withdrawn until its day; others are only read."""
        if request.method == "POST":
            return password_again.ask_if_stale(request) or self._act(request, row)
        return self._page(request, row, UnitPriceForm(initial={"unit_price": row.unit_price}))

    def _act(self, request: StaffRequest, row: Price) -> HttpResponse:
        is_withdrawn = request.POST.get("act") == WITHDRAW.value
        form = NothingToFill(request.POST) if is_withdrawn else UnitPriceForm(request.POST)
        if form.is_valid():
            with refusals(form, price_out_of_range="unit_price"):
                self._do(request, row, form.cleaned_data, is_withdrawn=is_withdrawn)
            if not form.errors:
                told = _("단가를 철회했습니다.") if is_withdrawn else _("단가를 바꿨습니다.")
                messages.success(request, told)
                return redirect(self.list_url())
        return self._page(request, row, form)

    def _do(
        self, request: StaffRequest, row: Price, given: dict[str, Any], *, is_withdrawn: bool
    ) -> None:
        if is_withdrawn:
            operations.withdraw_price(price_id=row.pk, today=request.today, by=request.by)
            return
        operations.set_price(
            item=Item(row.item),
            plan=Plan(row.plan) if row.plan else None,
            cycle=Cycle(row.cycle) if row.cycle else None,
            starts_on=row.starts_on,
            unit_price=given["unit_price"],
            today=request.today,
            by=request.by,
        )

    def _page(self, request: StaffRequest, row: Price, form: Any) -> HttpResponse:
        is_to_come = row.starts_on > request.today
        task = None
        if self.may_write(request) and (is_to_come or form.errors):
            says = _("시행일이 되기 전까지 바꾸거나 철회할 수 있습니다.")
            task = Task(_("단가 변경"), form, [CHANGE, WITHDRAW], says)
        return self.shown(request, row, task, name=words.day(row.starts_on))
