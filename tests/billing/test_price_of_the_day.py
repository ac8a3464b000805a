"""A day is charged at the price in force on it: not the next one, nor the one before. R: E11."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from billing.models import DayCharge, Invoice
from products import operations as products
from products.choices import Cycle, Item, Plan
from tests.companies import BY, paid
from workplace_console import daily

DAY = date(2026, 4, 29)


@pytest.mark.django_db
def test_each_day_has_its_own_price() -> None:
    paid("acme", on=DAY, accounts=1)
    for number, price in enumerate((6000, 7000), start=1):
        products.set_price(
            item=Item.SEAT,
            plan=Plan.WORKPLACE,
            cycle=Cycle.MONTHLY,
            starts_on=DAY + timedelta(days=number),
            unit_price=price,
            today=DAY,
            by=BY,
        )

    daily.run(until=DAY + timedelta(days=4))

    charged = DayCharge.objects.order_by("day").values_list("unit_price", flat=True)
    assert list(charged) == [5000, 6000, 7000, 7000]


@pytest.mark.django_db
def test_a_line_and_its_vat_are_rounded_down_once() -> None:
    """Two accounts for two days of thirty: ⌊ 4 × 5,000 ÷ 30 ⌋ = 666, and 66 of VAT. R: E2, E5."""
    paid("acme", on=DAY, accounts=2)

    daily.run(until=date(2026, 5, 1))

    bill = Invoice.objects.get(payer="acme")
    assert (bill.supply, bill.vat, bill.total) == (666, 66, 732)
    assert [line.amount for line in bill.lines.all()] == [666]
