"""Billing lines as a page shows them: what, how it comes about, how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from billing.reckoning import Line
from products.choices import Cycle, Item
from workplace_console.common import days, words


@dataclass(frozen=True)
class Row:
    """A line in words. `amount` is in won, VAT excluded."""

    company: str
    company_name: str
    item: Item
    what: str
    plan: str
    quantity_days: int
    unit_price: int
    how: str
    amount: int
    is_annual: bool
    # The month whose days show how it comes about; of a contract year, the last one.
    month: date
    # The day an annual line will be on an invoice: the one after its contract year. R: E3.
    billed_on: date


def rows(
    lines: Iterable[Line], names: Mapping[str, str], *, until: date = days.OPEN_END
) -> list[Row]:
    """Lines in their order; `names` are companies' names by id, `until` their last possible day."""
    return [_row(line, names.get(line.company, line.company), until) for line in lines]


def _row(line: Line, company_name: str, until: date) -> Row:
    return Row(
        company=line.company,
        company_name=company_name,
        item=line.item,
        what=str(line.item.label),
        plan=plan_in_words(line),
        quantity_days=line.quantity_days,
        unit_price=line.unit_price,
        how=formula(line),
        amount=line.amount,
        is_annual=line.cycle is Cycle.ANNUAL,
        month=days.first_of_month(min(line.period_to, until)),
        billed_on=line.period_to + days.ONE_DAY,
    )


def plan_in_words(line: Line) -> str:
    if line.plan is None or line.cycle is None:
        return _("TB 단위, 월")
    return f"{line.plan.label}, {line.cycle.label}"


def formula(line: Line) -> str:
    """How the amount comes about, rounded down: 2,637명·일 × 5,000원 ÷ 30일. R: E2, E3."""
    return share(line.item, line.quantity_days, line.unit_price, line.days_in_period)


def share(item: Item, quantity: int, unit_price: int, days_in_period: int) -> str:
    """So much of a price: what is counted, a price for the whole period, the days it has."""
    counted = _("%(n)s명·일") if item is Item.SEAT else _("%(n)s TB·일")
    return _("%(quantity)s × %(price)s ÷ %(days)s일") % {
        "quantity": counted % {"n": words.number(quantity)},
        "price": words.won(unit_price),
        "days": words.number(days_in_period),
    }
