"""A quote is the bills of a company that does just that, to the won. R: E2, E3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.models import Invoice
from billing.quotes import quote
from products import operations
from products.choices import Cycle, Item, Plan
from products.models import Price
from tests.billing.stories import undone
from tests.companies import BY, trial
from workplace_console import daily

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Imagined:
    plan: Plan
    cycle: Cycle
    start: date
    accounts: int
    tb: int
    price_on: date

    def asked(self) -> dict[str, object]:
        names = ("plan", "cycle", "start", "accounts", "tb")
        return {name: getattr(self, name) for name in names}


@st.composite
def imagined(draw: st.DrawFn) -> Imagined:
    start = draw(
        st.sampled_from([date(2024, 2, 29), date(2025, 12, 31), date(2023, 2, 1)])
        | st.dates(date(2023, 1, 1), date(2025, 12, 31))
    )
    return Imagined(
        plan=draw(st.sampled_from(Plan)),
        cycle=draw(st.sampled_from(Cycle)),
        start=start,
        accounts=draw(st.integers(0, 40)),
        tb=draw(st.integers(0, 3)),
        price_on=start + timedelta(days=draw(st.integers(-5, 370))),
    )


def billed(story: Imagined, until: date) -> list[tuple[date, int, int]]:
    """Issue day, supply amount and VAT of what the company is really sent."""
    trial("acme", on=story.start, accounts=story.accounts)
    operations.reserve(
        company_id="acme",
        plan=story.plan,
        cycle=story.cycle,
        start=story.start,
        today=story.start,
        by=BY,
    )
    if story.tb:
        operations.add_capacity(company_id="acme", tb=story.tb, today=story.start, by=BY)
    daily.run(until=until)
    found = Invoice.objects.order_by("issued_on").values_list("issued_on", "supply", "vat")
    return list(found)


def test_a_quote_is_the_bills_that_follow(examples) -> None:
    @settings(max_examples=examples(few=2, deep=75))
    @given(imagined())
    def run(story: Imagined) -> None:
        with undone():
            for item, plan, cycle in (
                (Item.SEAT, story.plan, story.cycle),
                (Item.CAPACITY, None, None),
            ):
                Price.objects.create(
                    item=item, plan=plan, cycle=cycle, unit_price=7_777, starts_on=story.price_on
                )

            shown = quote(**story.asked())

            until = max(bill.issued_on for bill in shown.bills)
            quoted = [(bill.issued_on, bill.supply, bill.vat) for bill in shown.bills]
            months = [story.start.replace(day=1)]
            while len(months) < 13:
                months.append((months[-1] + timedelta(days=31)).replace(day=1))
            sent = billed(story, until)
            # Of the thirteenth month only the contract year is part of the quote.
            assert sorted(row for row in quoted if row[1]) == sent
            assert {row[0] for row in quoted} >= set(months[1:])

    run()


def test_a_year_by_the_month_and_by_the_year() -> None:
    monthly = quote(
        plan=Plan.WORKPLACE, cycle=Cycle.MONTHLY, start=date(2026, 1, 1), accounts=10, tb=1
    )
    annual = quote(
        plan=Plan.WORKPLACE, cycle=Cycle.ANNUAL, start=date(2026, 1, 16), accounts=10, tb=0
    )

    # 12 × (10 × 5,000 + 90,000); a year of ten at 50,000, billed on the day after it.
    assert (monthly.supply, monthly.vat, monthly.total) == (1_680_000, 168_000, 1_848_000)
    assert len(monthly.bills) == 12
    assert len(annual.bills) == 13
    last = annual.bills[-1]
    assert (last.issued_on, last.supply) == (date(2027, 1, 16), 500_000)
    assert annual.total == 550_000
    assert annual.bills[0].accrued == 500_000 * 16 // 365
    assert annual.offers[Plan.WORKPLACE, Cycle.ANNUAL] == 500_000
    assert annual.offers[Plan.COLLABO_PLUS, Cycle.ANNUAL] == 1_200_000


def test_nobody_and_nothing_costs_nothing() -> None:
    empty = quote(
        plan=Plan.WORKPLACE, cycle=Cycle.MONTHLY, start=date(2026, 1, 1), accounts=0, tb=0
    )

    assert (empty.total, len(empty.bills)) == (0, 12)


def test_one_statement(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        quote(plan=Plan.COLLABO, cycle=Cycle.ANNUAL, start=date(2026, 1, 5), accounts=1, tb=1)
