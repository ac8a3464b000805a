"""What is shown as coming is what is then billed, to the won. R: E6."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import event, given, settings

from billing import outlook, queries, reckoning
from billing.models import DayCharge
from billing.reckoning import COLUMNS as WRITTEN
from billing.reckoning import Line
from groupco.forms import read_roster
from products import operations
from products import queries as products
from products.choices import Cycle, Item, Plan
from tests import companies
from tests.billing.stories import (
    Story,
    company_ids,
    join_one,
    live,
    next_month,
    owed,
    register,
    stories,
    undone,
)
from tests.companies import BY
from workplace_console import daily
from workplace_console.common import days, sql

pytestmark = pytest.mark.django_db

COLUMNS = WRITTEN.split(", ")


def would_be(first: date, last: date, today: date) -> list[tuple[object, ...]]:
    values = outlook.values(
        company_ids(),
        first=first,
        last=last,
        today=today,
        contracts=products.contract_starts(),
    )
    return sorted(sql.rows(outlook.ROWS, **values))


def charged() -> list[tuple[object, ...]]:
    return sorted(DayCharge.objects.values_list(*COLUMNS))


def assert_charged_as_foreseen(story: Story) -> None:
    """Days that are over, read off the facts; and the rest of the month before it is charged."""
    first, today = story.scenario.start, story.today
    assert would_be(first, today - days.ONE_DAY, today) == charged()

    end = days.last_of_month(today)
    foreseen = would_be(first, end, today)
    event(f"charged days: {min(len(foreseen), 1)}")
    daily.run(until=next_month(today), grace_days=0)
    assert foreseen == charged()


def monthly_bills(issued_on: date) -> dict[str, list[Line]]:
    """What invoices of a day bill of the month that is over, by payer."""
    month = (days.first_of_month(issued_on - days.ONE_DAY), issued_on - days.ONE_DAY)
    return {
        statement.invoice.payer: [
            line for line in statement.lines if (line.period_from, line.period_to) == month
        ]
        for statement in queries.statements()
        if statement.invoice.issued_on == issued_on
    }


def assert_billed_as_projected(story: Story) -> None:
    today = story.today
    outlooks = {payer: queries.outlook(payer, today=today) for payer in company_ids()}
    month = (days.first_of_month(today), days.last_of_month(today))
    rows = list(DayCharge.objects.all())
    for payer, seen in outlooks.items():
        own = [row for row in rows if row.payer == payer]
        so_far = owed(row for row in own if (row.period_from, row.period_to) == month)
        assert seen.so_far == so_far == queries.estimate(payer, today=today)
        assert seen.accrued == owed(row for row in own if row.cycle == 2 and row.period_to >= today)
        assert len(seen.daily) == days.length(*month)
        assert list(seen.daily) == sorted(seen.daily)
        assert seen.daily[-1] == reckoning.sums(seen.projected).supply
        if today.day > 1:
            assert seen.daily[today.day - 2] == reckoning.sums(so_far).supply

    daily.run(until=next_month(today), grace_days=0)
    bills = monthly_bills(next_month(today))
    for payer, seen in outlooks.items():
        assert seen.projected == bills.get(payer, [])
        event(f"lines: {min(len(seen.projected), 3)}")


@pytest.mark.parametrize("batch", [1, 2])  # so that both cores have something to do
def test_the_night_charges_what_was_foreseen(batch: int, examples) -> None:
    @settings(max_examples=examples(few=3, deep=100))
    @given(stories())
    def run(story: Story) -> None:
        with undone():
            live(story)
            assert_charged_as_foreseen(story)

    run()


def test_the_night_charges_what_was_foreseen_in_contract_years(examples) -> None:
    @settings(max_examples=examples(few=2, deep=30))
    @given(stories(long_percent=100))
    def run(story: Story) -> None:
        with undone():
            live(story)
            assert_charged_as_foreseen(story)

    run()


@pytest.mark.parametrize("batch", [1, 2])
def test_the_month_is_billed_as_projected_when_nothing_changes(batch: int, examples) -> None:
    @settings(max_examples=examples(few=3, deep=100))
    @given(stories())
    def run(story: Story) -> None:
        with undone():
            live(story)
            assert_billed_as_projected(story)

    run()


def test_the_month_is_billed_as_projected_in_contract_years(examples) -> None:
    @settings(max_examples=examples(few=2, deep=30))
    @given(stories(long_percent=100))
    def run(story: Story) -> None:
        with undone():
            live(story)
            assert_billed_as_projected(story)

    run()


def outlook_at(today: date, payer: str = "acme") -> queries.Outlook:
    daily.run(until=today)
    return queries.outlook(payer, today=today)


def test_who_comes_and_leaves_by_plan_is_foreseen() -> None:
    companies.paid("acme", accounts=0)
    roster = b"""employee,registered_on,excluded_on
p1,2026-01-01,2026-01-20
p2,2026-01-11,
"""
    rows = read_roster(roster, company_id="acme")
    operations.import_accounts(company_id="acme", rows=rows, today=companies.NEW_YEAR, by=BY)

    (line,) = outlook_at(date(2026, 1, 5)).projected

    assert line.quantity_days == 20 + 21
    daily.run(until=date(2026, 2, 1))
    assert monthly_bills(date(2026, 2, 1)) == {"acme": [line]}


def test_a_price_of_a_day_to_come_is_foreseen() -> None:
    companies.paid("acme", accounts=3)
    operations.set_price(
        item=Item.SEAT,
        plan=Plan.WORKPLACE,
        cycle=Cycle.MONTHLY,
        starts_on=date(2026, 1, 21),
        unit_price=6_000,
        today=companies.NEW_YEAR,
        by=BY,
    )

    found = outlook_at(date(2026, 1, 5)).projected

    assert [(line.unit_price, line.quantity_days) for line in found] == [(5000, 60), (6000, 33)]


def test_a_reserved_term_is_foreseen_and_the_trial_costs_nothing() -> None:
    companies.trial("acme", accounts=2)
    operations.reserve(
        company_id="acme",
        plan=Plan.COLLABO,
        cycle=Cycle.MONTHLY,
        start=date(2026, 1, 30),
        today=companies.NEW_YEAR,
        by=BY,
    )

    found = outlook_at(date(2026, 1, 5))

    assert found.so_far == []
    assert [line.amount for line in found.projected] == [2 * 2 * 8_000 // 31]


def test_nothing_yet_on_the_first() -> None:
    companies.paid("acme", accounts=2)

    found = outlook_at(date(2026, 2, 1))

    assert found.so_far == []
    assert reckoning.sums(found.projected) == reckoning.Sums(10_000, 1_000)
    assert found.accounts == 2


class TestAccrued:
    """R: E3."""

    def test_until_the_year_ends_and_not_on_the_day_it_is_billed(self) -> None:
        companies.paid("acme", accounts=1, cycle=Cycle.ANNUAL)

        found = outlook_at(date(2026, 12, 31))
        assert [line.amount for line in found.accrued] == [364 * 50_000 // 365]
        assert found.projected == []

        assert outlook_at(date(2027, 1, 1)).accrued == []
        assert [s.invoice.supply for s in queries.statements("acme")] == [50_000]

    def test_from_29_february_on(self) -> None:
        """The first contract year ends on 27 February of the common year after."""
        companies.paid("acme", on=date(2024, 2, 29), accounts=1, cycle=Cycle.ANNUAL)

        assert [line.quantity_days for line in outlook_at(date(2025, 2, 27)).accrued] == [364]
        (line,) = outlook_at(date(2025, 3, 1)).accrued
        assert (line.period_from, line.period_to) == (date(2025, 2, 28), date(2026, 2, 27))

    def test_stays_with_who_paid_at_the_time(self) -> None:
        """R: F3. Another pays for the company now; the days before stay its own."""
        companies.paid("acme", accounts=1, cycle=Cycle.ANNUAL)
        companies.paid("lead")
        daily.run(until=date(2026, 3, 1))
        join_one("acme", "lead", date(2026, 3, 1))

        own, of_lead = outlook_at(date(2026, 7, 1)), queries.outlook("lead", today=date(2026, 7, 1))

        assert [line.quantity_days for line in own.accrued] == [31 + 28]
        assert [line.quantity_days for line in of_lead.accrued] == [31 + 30 + 31 + 30]


def test_a_company_sees_no_days_that_another_pays_for() -> None:
    """R: F3, A4."""
    for company in ("acme", "lead", "other"):
        companies.paid(company)
    join_one("acme", "lead", date(2026, 1, 11))

    of = {payer: outlook_at(date(2026, 1, 21), payer) for payer in ("acme", "lead", "other")}

    quantities = {
        payer: [(line.company, line.quantity_days) for line in found.projected]
        for payer, found in of.items()
    }
    assert quantities == {
        "acme": [("acme", 10)],
        "lead": [("acme", 21), ("lead", 31)],
        "other": [("other", 31)],
    }


def test_two_statements_however_many_companies_and_accounts(django_assert_num_queries) -> None:
    companies.paid("lead")
    for number in range(7):
        company = companies.paid(f"member{number}", accounts=9, cycle=Cycle(number % 2 + 1))
        join_one(company, "lead", companies.NEW_YEAR)
    register("lead", 300, companies.NEW_YEAR)
    daily.run(until=date(2026, 1, 10))

    with django_assert_num_queries(2):
        found = queries.outlook("lead", today=date(2026, 1, 10))

    assert len(found.projected) + len(found.accrued) == 8
