"""A real organisation's eight years of joins and leaves, billed for two years, to the won.

The figures are counted a second time by tests/reckoning/roster.py, which imports nothing of the
project; nine of them are known from outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg2
import pytest

from billing import queries as billing
from billing.models import DayCharge
from groupco.forms import read_roster
from groupco.models import Account
from groupco.operations import Person
from groupco.rules import Held, RosterRow
from products import operations as products
from products.choices import Cycle, Plan
from tests import databases
from tests.reckoning import roster
from workplace_console import daily
from workplace_console.common import days
from workplace_console.common.audit import Actor
from workplace_console.signup import sign_up

ROSTER = Path(__file__).parent.parent / "data" / "org-roster" / "accounts.csv"
COMPANIES = ("kubernetes", "kubernetes-sigs", "etcd-io")
SIGN_UP, PAID_FROM, UNTIL = date(2023, 12, 15), date(2024, 1, 1), date(2026, 1, 1)
LEAD, FORMED_ON = "kubernetes", date(2024, 3, 15)
PRICE = 5_000
BY = Actor.command("test")

KNOWN = {
    date(2024, 1, 1): (8_857_096, 5_884_193, 27_419),
    date(2024, 2, 1): (7_493_448, 5_319_655, 172_586),
    date(2025, 11, 1): (5_499_166, 4_767_166, 265_000),
}


def months(until: date = UNTIL) -> list[date]:
    """The first days of the months that are over by a day."""
    firsts = [date(year, month, 1) for year in (2024, 2025) for month in range(1, 13)]
    return [first for first in firsts if first < until]


def independent_count() -> dict[tuple[str, date], int]:
    spans = roster.read(ROSTER)
    return {
        (company, month): roster.supply(spans, company, month.year, month.month, PRICE)
        for company in COMPANIES
        for month in months()
    }


def test_the_independent_count_knows_the_figures_from_outside() -> None:
    counted = independent_count()

    for month, figures in KNOWN.items():
        assert tuple(counted[company, month] for company in COMPANIES) == figures


@pytest.mark.django_db
@pytest.mark.parametrize(
    "until", [date(2024, 5, 1), pytest.param(UNTIL, marks=pytest.mark.thorough)], ids=str
)
def test_months_lived_day_by_day_by_a_group_of_five(until: date) -> None:
    """Each morning the daily jobs; then that day's joins and leaves, as they were known then.

    From the day on which the group is formed, kubernetes pays for all. R: F1, F3.
    """
    spans = roster.read(ROSTER)
    content = ROSTER.read_bytes()
    rows = {id: read_roster(content, company_id=id) for id in roster.companies(spans)}
    for company in rows:
        begin(company, known_by(rows[company], SIGN_UP))

    for day in days.each(SIGN_UP, until):
        assert daily.run(until=day).parked == 0
        if day == FORMED_ON:
            members = [company for company in rows if company != LEAD]
            products.form_group(company_id=LEAD, members=members, today=day, by=BY)
        if SIGN_UP < day < until:
            for company in rows:
                live(company, rows[company], day)

    counted = roster.group_lines(spans, LEAD, FORMED_ON, months(until), PRICE)
    statements = billing.statements()
    billed = {
        (line.payer, line.company, line.period_from): (line.quantity_days, line.amount)
        for statement in statements
        for line in statement.lines
    }
    assert billed == counted
    for statement in statements:
        supply = sum(line.amount for line in statement.lines)
        assert (statement.invoice.supply, statement.invoice.vat) == (supply, supply // 10)
    assert_traced(counted, spans, until)


def begin(company: str, rows: list[RosterRow]) -> None:
    """Sign up with the people known then, and reserve the first paid day."""
    sign_up(company_id=company, name=company, today=SIGN_UP, by=BY)
    products.import_accounts(company_id=company, rows=rows, today=SIGN_UP, by=BY)
    products.reserve(
        company_id=company,
        plan=Plan.WORKPLACE,
        cycle=Cycle.MONTHLY,
        start=PAID_FROM,
        today=SIGN_UP,
        by=BY,
    )


def assert_traced(
    lines: dict[tuple[str, str, date], tuple[int, int]], spans: list[roster.Row], until: date
) -> None:
    """Every line is found again in its days: as many people as counted, and its won. R: E7."""
    for payer in {payer for payer, _company, _month in lines}:
        for month in months(until):
            amounts: dict[str, int] = {}
            uses = billing.day_uses(payer, first=month, last=days.last_of_month(month))
            for use in uses:
                if use.payer == payer:
                    assert use.quantity == roster.persons_on(spans, use.company, use.day)
                    amounts[use.company] = amounts.get(use.company, 0) + use.amount
            assert amounts == {
                company: amount
                for (who, company, when), (_quantity, amount) in lines.items()
                if (who, when) == (payer, month)
            }


@pytest.mark.django_db
def test_every_day_charged_is_a_day_counted() -> None:
    company = "etcd-io"
    rows = read_roster(ROSTER.read_bytes(), company_id=company)
    begin(company, rows)

    daily.run(until=date(2025, 1, 1))

    spans = roster.read(ROSTER)
    charged = dict(DayCharge.objects.values_list("day", "quantity"))
    assert charged == {
        day: persons
        for day in days.each(PAID_FROM, date(2024, 12, 31))
        if (persons := roster.persons_on(spans, company, day))
    }


@pytest.mark.thorough
def test_all_of_it_from_the_command_line(database: str) -> None:
    def run(*arguments: str, today: date) -> str:
        done = databases.manage(*arguments, database=database, today=today.isoformat())
        assert done.returncode == 0, done.stderr
        return done.stdout

    for company in COMPANIES:
        run("create_company", company, "--admin", "admin@example.com", today=SIGN_UP)
        run("import_accounts", company, str(ROSTER), today=SIGN_UP)
        again = run("import_accounts", company, str(ROSTER), today=SIGN_UP)
        assert "새 사원 0명, 새 등록 0건, 바뀐 등록 0건" in again
        run(
            "convert",
            company,
            *("--plan", "workplace", "--cycle", "monthly", "--start", "2024-01-01"),
            today=SIGN_UP,
        )

    run("run_daily", today=UNTIL)
    run("run_daily", today=UNTIL)

    assert dict(billed_in(database)) == independent_count()


def billed_in(database: str) -> Iterator[tuple[tuple[str, date], int]]:
    """What the invoices of a database say: payer and month, supply amount."""
    connection = psycopg2.connect(dbname=database, **databases.address())
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT payer, period_from, supply FROM billing_invoice")
            for payer, month, supply in cursor.fetchall():
                yield (payer, month), supply
    finally:
        connection.close()


def known_by(rows: list[RosterRow], day: date) -> list[RosterRow]:
    """The roster as it stood on a day: no later joins, no later leaves."""
    return [
        RosterRow(
            row.line,
            row.number,
            Held(
                row.held.registered_on,
                row.held.excluded_on
                if row.held.excluded_on and row.held.excluded_on <= day
                else None,
            ),
        )
        for row in rows
        if row.held.registered_on <= day
    ]


def live(company: str, rows: list[RosterRow], day: date) -> None:
    """What happens in a company on one day."""
    join = [Person(row.number) for row in rows if row.held.registered_on == day]
    leave = [row.number for row in rows if row.held.excluded_on == day]
    if join:
        products.register_accounts(company_id=company, persons=join, today=day, by=BY)
    if leave:
        accounts = Account.objects.filter(
            company_id=company, employee__number__in=leave, excluded_on=None
        ).values_list("pk", flat=True)
        products.exclude_accounts(company_id=company, account_ids=list(accounts), today=day, by=BY)
