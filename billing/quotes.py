"""견적: what a year would cost a company that is only imagined; reckoned as the bill will be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from billing import reckoning
from billing.outlook import MONTH_FROM, MONTH_TO, PRICE
from products import rules as product_rules
from products.choices import Cycle, Item, Plan
from workplace_console.common import days, sql

Offer = tuple[Plan, Cycle]


@dataclass(frozen=True)
class Bill:
    """An invoice that would be issued; won. `accrued` is what an annual contract has come to by
    the month's end, which a later one bills."""

    first: date
    last: date
    seats: int
    capacity: int
    accrued: int = 0

    @property
    def issued_on(self) -> date:
        return self.last + days.ONE_DAY

    @property
    def supply(self) -> int:
        return self.seats + self.capacity

    @property
    def vat(self) -> int:
        return reckoning.with_vat(self.supply).vat

    @property
    def total(self) -> int:
        return self.supply + self.vat


@dataclass(frozen=True)
class Quote:
    """The bills of twelve calendar months, the first from the start on, and of the contract year if
    that ends later; and what the same accounts come to in a year on each plan and cycle."""

    bills: Sequence[Bill]
    year: tuple[date, date]
    offers: Mapping[Offer, int]

    @property
    def supply(self) -> int:
        return sum(bill.supply for bill in self.bills)

    @property
    def vat(self) -> int:
        return sum(bill.vat for bill in self.bills)

    @property
    def total(self) -> int:
        return self.supply + self.vat


IMAGINED: Final = f"""
    SELECT day, '' AS payer, '' AS company, known.item, nullif(known.plan, 0) AS plan,
           nullif(known.cycle, 0) AS cycle, known.quantity, price.unit_price,
           CASE known.cycle WHEN {Cycle.ANNUAL.value} THEN %(first)s::date ELSE {MONTH_FROM} END
               AS period_from,
           CASE known.cycle WHEN {Cycle.ANNUAL.value} THEN %(last)s::date ELSE {MONTH_TO} END
               AS period_to
    FROM (SELECT generate_series(%(first)s::date, %(last)s::date, '1 day')::date AS day) AS each_day
    CROSS JOIN (
        SELECT {Item.SEAT.value}, plan, cycle, %(accounts)s::int
        FROM unnest(%(plans)s::int[]) AS plan CROSS JOIN unnest(%(cycles)s::int[]) AS cycle
        UNION ALL
        SELECT {Item.CAPACITY.value}, 0, 0, %(tb)s::int
    ) AS known (item, plan, cycle, quantity)
    {PRICE}
    WHERE known.quantity > 0"""

BY_MONTH: Final = f"""
    SELECT date_trunc('month', day)::date, item, plan, cycle, sum(amount)
    FROM ({reckoning.parts_sql(IMAGINED)}) AS part GROUP BY 1, 2, 3, 4"""


def quote(*, plan: Plan, cycle: Cycle, start: date, accounts: int, tb: int) -> Quote:
    """A year from `start` on with so many accounts and added TB on every day of it. R: E2, E3.

    At the prices in force and known to come; one statement. `accounts` and `tb` are 0 or more.
    """
    year = product_rules.contract_year(start, start)
    rows = sql.rows(
        BY_MONTH,
        first=start,
        last=year[1],
        accounts=accounts,
        tb=tb,
        plans=[each.value for each in Plan],
        cycles=[each.value for each in Cycle],
    )
    seats: defaultdict[Offer, dict[date, int]] = defaultdict(dict)
    capacity: dict[date, int] = {}
    for month, _item, its_plan, its_cycle, amount in rows:
        found = seats[Plan(its_plan), Cycle(its_cycle)] if its_plan else capacity
        found[month] = int(amount)
    own = seats[plan, cycle]
    if cycle is Cycle.ANNUAL:
        bills = _annual(own, capacity, year)
    else:
        bills = [
            Bill(first, last, own.get(month, 0), capacity.get(month, 0))
            for month, first, last in _months(start)
        ]
    return Quote(bills, year, {offer: sum(found.values()) for offer, found in seats.items()})


def _annual(
    seats: Mapping[date, int], capacity: Mapping[date, int], year: tuple[date, date]
) -> list[Bill]:
    """Capacity by the month, seats at the end of the contract year: with the last month's bill if
    it ends with that month. R: E3."""
    total, accrued, bills = sum(seats.values()), 0, []
    for month, first, last in _months(year[0]):
        accrued += seats.get(month, 0)
        due = total if last == year[1] else 0
        bills.append(Bill(first, last, due, capacity.get(month, 0), 0 if due else accrued))
    if bills[-1].last != year[1]:
        bills.append(Bill(*year, total, 0))
    return bills


def _months(start: date) -> list[tuple[date, date, date]]:
    """Twelve calendar months: the first day of each, and its days from the start on."""
    months = days.months(start, start.replace(day=1, year=start.year + 1))[:12]
    return [(month, max(start, month), days.last_of_month(month)) for month in months]
