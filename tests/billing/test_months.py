"""From an invoice down to its months, days and people. R: E5, E7."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from hypothesis import event, given, settings

from billing import queries
from billing.models import DayCharge
from groupco import queries as groups
from groupco.forms import read_roster
from groupco.models import Payer
from groupco.queries import Movement
from products import operations
from products.choices import Cycle
from tests import companies
from tests.billing.stories import (
    Story,
    company_ids,
    join_one,
    live,
    next_month,
    owed,
    stories,
    undone,
)
from tests.companies import BY
from workplace_console import daily
from workplace_console.common import days

pytestmark = pytest.mark.django_db

JANUARY = date(2026, 1, 1)


def months_until(first: date, today: date) -> list[date]:
    found = [days.first_of_month(first)]
    while next_month(found[-1]) <= today:
        found.append(next_month(found[-1]))
    return found


def assert_traced(story: Story, payer: str) -> None:
    """Every won of every line is found again in its days, and on the invoice of its month."""
    rows = list(DayCharge.objects.filter(payer=payer))
    elsewhere = list(DayCharge.objects.filter(company=payer).exclude(payer=payer))
    parts: defaultdict[tuple[Any, ...], int] = defaultdict(int)
    for first in months_until(story.scenario.start, story.today):
        last = days.last_of_month(first)
        use = queries.month(payer, first=first)
        charged = [row for row in rows if row.day <= last and row.period_to >= first]
        assert use.lines == owed(
            row for row in charged if row.period_from == first and is_monthly(row)
        )
        assert use.accrued == owed(row for row in charged if not is_monthly(row))
        paid_by_another = [row for row in elsewhere if row.day <= last and row.period_to >= first]
        assert use.elsewhere == owed(
            row for row in paid_by_another if row.period_from == first or not is_monthly(row)
        )

        uses = queries.day_uses(payer, first=first, last=last)
        assert sorted((use.day, use.company, use.quantity) for use in uses) == sorted(
            (row.day, row.company, row.quantity)
            for row in (*charged, *paid_by_another)
            if row.day >= first
        )
        assert all(use.amount >= 0 for use in uses)
        for day_use in uses:
            parts[day_use.line] += day_use.amount
        for line in (*use.lines, *use.accrued, *use.elsewhere):
            event("line")
            key = (line.payer, line.company, line.item, line.plan, line.cycle, line.unit_price)
            assert parts[(*key, line.period_from, line.period_to)] == line.amount

        if use.invoice:
            bill = queries.invoice(payer, use.invoice)
            assert bill is not None
            assert [line for line in bill.lines if not line.is_annual] == use.lines
        assert bool(use.invoice) == (bool(use.lines) and next_month(first) <= story.today)


def is_monthly(row: DayCharge) -> bool:
    return row.cycle != Cycle.ANNUAL


@pytest.mark.parametrize("long_percent", [0, 100])
def test_the_days_add_up_to_the_lines_and_the_lines_to_the_bill(
    long_percent: int, examples
) -> None:
    number = examples(few=2, deep=30) if long_percent else examples(few=3, deep=80)

    @settings(max_examples=number)
    @given(stories(long_percent=long_percent))
    def run(story: Story) -> None:
        with undone():
            live(story)
            for payer in company_ids():
                assert_traced(story, payer)

    run()


class TestMovements:
    def test_who_came_and_who_left_by_day(self) -> None:
        companies.paid("acme", accounts=0)
        companies.trial("other", accounts=1)
        roster = """employee,name,registered_on,excluded_on
p1,김서연,2026-01-01,2026-01-20
p2,,2026-01-20,
p3,박지우,2026-01-03,2026-02-02
""".encode()
        rows = read_roster(roster, company_id="acme")
        operations.import_accounts(company_id="acme", rows=rows, today=JANUARY, by=BY)

        found = groups.movements("acme", date(2026, 1, 2), date(2026, 1, 31))

        assert found == [
            Movement(date(2026, 1, 3), has_come=True, who="박지우"),
            Movement(date(2026, 1, 20), has_come=True, who="p2"),
            Movement(date(2026, 1, 20), has_come=False, who="김서연"),
        ]

    def test_they_explain_the_quantities(self) -> None:
        """The count of a day is that of the day before, with who came and without who left then."""
        companies.paid("acme", accounts=4)
        operations.exclude_newest(company_id="acme", count=2, today=JANUARY, by=BY)
        daily.run(until=date(2026, 1, 3))
        operations.register_new_persons(company_id="acme", count=5, today=date(2026, 1, 3), by=BY)
        daily.run(until=date(2026, 1, 5))

        uses = queries.day_uses("acme", first=JANUARY, last=date(2026, 1, 31))
        moves = groups.movements("acme", JANUARY, date(2026, 1, 31))

        assert [(use.day.day, use.quantity) for use in uses] == [(1, 4), (2, 2), (3, 7), (4, 7)]
        assert [(move.day.day, move.has_come) for move in moves].count((1, False)) == 2
        assert [(move.day.day, move.has_come) for move in moves].count((3, True)) == 5


class TestInvoices:
    def test_only_the_payers_own_newest_first(self) -> None:
        """R: A4."""
        companies.paid("acme")
        companies.paid("other")
        daily.run(until=date(2026, 3, 1))

        found = [invoice.number for invoice in queries.invoices("acme", skip=0, most=50)]

        assert found == ["acme-202603-1", "acme-202602-1"]
        assert queries.invoices("acme", skip=1, most=50)[0].number == "acme-202602-1"
        assert queries.invoice("acme", "acme-202602-1") is not None
        assert queries.invoice("acme", "other-202602-1") is None
        assert queries.invoice("acme", "nothing") is None

    def test_a_company_that_another_pays_for_has_none(self) -> None:
        """R: F3, F8."""
        companies.paid("lead")
        companies.paid("acme")
        join_one("acme", "lead", JANUARY)
        daily.run(until=date(2026, 2, 1))

        assert queries.invoices("acme", skip=0, most=50) == []
        month = queries.month("acme", first=JANUARY)
        uses = queries.day_uses("acme", first=JANUARY, last=date(2026, 1, 31))
        assert month.lines == month.accrued == []
        assert [(line.payer, line.amount) for line in month.elsewhere] == [("lead", 5000)]
        assert {use.payer for use in uses} == {"lead"}
        assert sum(use.amount for use in uses) == 5000
        bill = queries.invoice("lead", "lead-202602-1")
        assert bill is not None
        assert [line.company for line in bill.lines] == ["acme", "lead"]

    def test_a_month_stays_whole_when_a_company_on_its_invoice_is_gone(self) -> None:
        """The law keeps charges longer than the company and who paid for it. R: G3."""
        companies.paid("lead")
        companies.paid("acme")
        join_one("acme", "lead", JANUARY)
        daily.run(until=date(2026, 2, 1))
        before = queries.month("lead", first=JANUARY)

        Payer.objects.filter(company="acme").delete()

        assert queries.month("lead", first=JANUARY) == before
        assert [line.company for line in before.lines] == ["acme", "lead"]


def test_as_many_statements_however_many_companies_and_accounts(
    django_assert_num_queries,
) -> None:
    companies.paid("lead")
    for number in range(7):
        company = companies.paid(f"member{number}", accounts=9, cycle=Cycle(number % 2 + 1))
        join_one(company, "lead", JANUARY)
    daily.run(until=date(2026, 2, 1))

    with django_assert_num_queries(2):
        assert len(queries.month("lead", first=JANUARY).lines) == 5
    with django_assert_num_queries(1):
        assert len(queries.day_uses("lead", first=JANUARY, last=date(2026, 1, 31))) == 8 * 31
    with django_assert_num_queries(1):
        assert queries.invoice("lead", "lead-202602-1") is not None
    with django_assert_num_queries(1):
        queries.invoices("lead", skip=0, most=50)
    with django_assert_num_queries(1):
        groups.movements("lead", JANUARY, date(2026, 1, 31))
