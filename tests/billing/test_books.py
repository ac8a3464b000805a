"""Counting the books a second way: silent when all is well, and naming whatever is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from billing import books
from billing import operations as billing
from groupco.models import Account
from products import operations as products
from products.choices import Cycle, Plan
from tests.billing.stories import undone
from tests.companies import BY, paid
from tests.reckoning.scenarios import scenarios
from workplace_console import daily
from workplace_console.common import sql
from workplace_console.common.models import Notice
from workplace_console.simulation import play
from workplace_console.simulation.scenario import Malformed, read
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

MARCH = date(2026, 3, 1)
TODAY = date(2026, 5, 12)


@pytest.fixture
def lived() -> None:
    """Lead pays for itself and two others; TB come and go; one upgrades, one ends."""
    paid("lead", on=MARCH, accounts=5)
    paid("year", on=MARCH, accounts=3, cycle=Cycle.ANNUAL)
    paid("gone", on=MARCH, accounts=2)
    acts = {
        date(2026, 3, 10): lambda day: products.add_capacity(
            company_id="lead", tb=3, today=day, by=BY
        ),
        date(2026, 3, 20): lambda day: products.form_group(
            company_id="lead", members=["year", "gone"], today=day, by=BY
        ),
        date(2026, 4, 7): lambda day: products.return_capacity(
            company_id="lead", tb=1, today=day, by=BY
        ),
        date(2026, 4, 9): lambda day: products.request_upgrade(
            company_id="year", plan=Plan.COLLABO, today=day, by=BY
        ),
        date(2026, 4, 11): lambda day: products.register_new_persons(
            company_id="year", count=4, today=day, by=BY
        ),
        date(2026, 4, 13): lambda day: products.exclude_newest(
            company_id="lead", count=2, today=day, by=BY
        ),
        date(2026, 5, 3): lambda day: terminate(company_id="gone", today=day, by=BY),
    }
    for number in range((TODAY - MARCH).days + 1):
        day = MARCH + timedelta(days=number)
        daily.run(until=day)
        if act := acts.get(day):
            act(day)


def test_nothing_differs_when_nothing_is_wrong(lived: None) -> None:
    assert books.differences(today=TODAY) == []
    assert billing.check_books(today=TODAY) == 0


# What somebody might do to the database by hand, and where it must be named.
WRONGS = {
    "UPDATE billing_daycharge SET quantity = 6 WHERE company = 'lead' AND item = 1 "
    "AND day = '2026-04-12'": "lead 2026-04-12 사용자",
    "DELETE FROM billing_daycharge WHERE company = 'year' AND day = '2026-05-02'": (
        "year 2026-05-02 사용자"
    ),
    "UPDATE billing_daycharge SET unit_price = 1 WHERE company = 'lead' AND item = 2 "
    "AND day = '2026-05-04'": "lead 2026-05-04 추가 용량",
    "UPDATE billing_daycharge SET payer = company WHERE company = 'year' AND day = '2026-05-05'": (
        "year 2026-05-05 사용자"
    ),
    "UPDATE billing_daycharge SET plan = 1 WHERE company = 'year' AND day = '2026-04-10'": (
        "year 2026-04-10 사용자"
    ),
    "INSERT INTO billing_daycharge (day, company, item, quantity, unit_price, payer, period_from, "
    "period_to) VALUES ('2026-05-04', 'year', 2, 1, 90000, 'lead', '2026-05-01', '2026-05-31')": (
        "year 2026-05-04 추가 용량"
    ),
    "UPDATE groupco_account SET registered_on = '2026-04-12' WHERE registered_on = '2026-04-11'": (
        "year 2026-04-11 사용자"
    ),
    "DELETE FROM billing_invoiceline WHERE company = 'gone' AND invoice_id = "
    "(SELECT id FROM billing_invoice WHERE number = 'lead-202605-1')": (
        "gone lead 청구서 없음 사용자"
    ),
    "UPDATE billing_invoiceline SET quantity_days = quantity_days + 30, "
    "amount = (quantity_days + 30) * unit_price / days_in_period "
    "WHERE company = 'lead' AND item = 1 AND invoice_id = "
    "(SELECT id FROM billing_invoice WHERE number = 'lead-202605-1')": (
        "lead lead 청구서 lead-202605-1 사용자"
    ),
    "UPDATE billing_invoice SET supply = supply + 1, total = total + 1 "
    "WHERE number = 'lead-202605-1'": "lead lead-202605-1",
    "UPDATE billing_invoice SET vat = vat - 1, total = total - 1 "
    "WHERE number = 'lead-202605-1'": "lead lead-202605-1",
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_whatever_is_wrong_is_named(lived: None, wrong: str) -> None:
    assert sql.changed(wrong) > 0

    found = books.differences(today=TODAY)

    assert WRONGS[wrong] in [f"{difference.company} {difference.where}" for difference in found]
    assert all(difference.recorded != difference.expected for difference in found)


def test_a_running_contract_year_waits_while_its_first_month_of_tb_is_billed() -> None:
    """Both periods start on the same day, and only one of them has an invoice yet."""
    paid("year", on=MARCH, accounts=3, cycle=Cycle.ANNUAL)
    products.add_capacity(company_id="year", tb=1, today=MARCH, by=BY)

    daily.run(until=date(2026, 4, 9))

    assert books.differences(today=date(2026, 4, 9)) == []


@pytest.mark.parametrize("cycle", Cycle)
def test_who_begins_and_ends_today_has_a_bill_that_agrees_today(cycle: Cycle) -> None:
    paid("gone", on=MARCH, accounts=2, cycle=cycle)
    terminate(company_id="gone", grace_days=0, today=MARCH, by=BY)

    assert sql.column("SELECT quantity_days FROM billing_invoiceline") == [2]
    assert books.differences(today=MARCH) == []


def test_staff_are_told_once_a_day(lived: None) -> None:
    Account.objects.filter(company="lead").latest("pk").delete()

    number = billing.check_books(today=TODAY)
    billing.check_books(today=TODAY)

    told = Notice.objects.filter(kind="books_differ")
    assert number == told.count() > 0


def test_another_company_is_not_looked_at_when_one_is_asked_for(lived: None) -> None:
    sql.changed("UPDATE billing_daycharge SET quantity = 9 WHERE day = '2026-05-04'")

    found = books.differences(today=TODAY, company="lead")

    assert {difference.company for difference in found} == {"lead"}


@pytest.fixture
def no_companies(db: None) -> Iterator[None]:
    with undone():
        yield


def test_random_histories_leave_books_that_agree(no_companies: None, examples) -> None:
    @settings(max_examples=examples(few=6, deep=100))
    @given(scenarios(long_percent=10))
    def run(data: dict[str, Any]) -> None:
        scenario = read(data)
        with undone():
            play.set_prices(list(scenario.prices or play.catalogue()))
            try:
                play.live(scenario)
            except Malformed:
                return
            assert books.differences(today=scenario.until) == []

    run()
