"""What a company is offered, and whether it has said how it would pay. R: B2, B3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from products.choices import Cycle, Item, Plan
from workplace_console.common import days, sql

OFFERS: Final = f"""
    SELECT DISTINCT ON (plan, cycle) plan, cycle, unit_price,
           EXISTS (SELECT FROM billing_paymentmethod
                   WHERE company = %(company)s AND ends_on = '{days.OPEN_END}')
    FROM products_price WHERE item = {Item.SEAT.value} AND starts_on <= %(day)s
    ORDER BY plan, cycle, starts_on DESC"""


@dataclass(frozen=True)
class Offers:
    """Seat prices in won by plan and cycle, and whether the company has a payment method."""

    prices: Mapping[tuple[Plan, Cycle], int]
    has_method: bool


def offers(company: str, day: date) -> Offers:
    """The seat prices of a day, for a company; one statement."""
    rows = sql.rows(OFFERS, company=company, day=day)
    prices = {(Plan(plan), Cycle(cycle)): price for plan, cycle, price, _has in rows}
    return Offers(prices, any(has for *_price, has in rows))
