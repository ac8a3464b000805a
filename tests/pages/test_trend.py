"""청구 내역 추세: six closed months, whatever the history. R: E8."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from billing.trend import trend
from groupco.choices import Role
from products import operations as products
from products.choices import Cycle, Item, Plan
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily

pytestmark = pytest.mark.django_db

SEATS = (Item.SEAT, Cycle.MONTHLY)
YEARLY = (Item.SEAT, Cycle.ANNUAL)
CAPACITY = (Item.CAPACITY, None)


def owner(company: str, today: date, settings: Any) -> Client:
    settings.CONSOLE_TODAY = today
    return people.signed_in(people.admin(company, Role.OWNER, today=today))


def rows(page: str) -> list[list[str]]:
    """The table's rows, cell by cell."""
    body = page[page.rindex("<tbody>") : page.rindex("</tbody>")]
    cells = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in body.split("</tr>")[:-1]
    ]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def test_one_month_of_history_stands_below_five_months_of_nothing(settings: Any) -> None:
    today = date(2026, 5, 4)
    paid("acme", on=date(2026, 4, 1), accounts=3)
    daily.run(until=today)

    shown = rows(owner("acme", today, settings).get("/c/acme/usage/trend/").content.decode())

    # 3 × 5,000 won for the whole of April; VAT 1,500.
    assert [row[0] for row in shown] == [
        *("2025년 11월", "2025년 12월"),
        *("2026년 1월", "2026년 2월", "2026년 3월", "2026년 4월"),
    ]
    nothing = ["0원", "0원", "0원", "0원"]
    assert [row[1:5] for row in shown[:5]] == [nothing] * 5
    assert shown[5][1:] == [
        *("15,000원", "0원", "1,500원", "16,500원", "+16,500원", "15,000원", "3", "0")
    ]


def test_of_three_years_the_last_six_closed_months_are_shown(settings: Any) -> None:
    today = date(2026, 4, 2)
    paid("acme", on=date(2023, 3, 1), accounts=2, cycle=Cycle.ANNUAL)
    daily.run(until=date(2025, 12, 1))
    products.add_capacity(company_id="acme", tb=1, today=date(2025, 12, 1), by=BY)
    daily.run(until=today)

    months = trend("acme", today=today)

    assert [f"{month.first:%Y-%m}" for month in months] == [
        *("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03")
    ]
    # The contract year ended on 28 February: 2 × 50,000 won, on the invoice of 1 March.
    assert [month.billed.get(YEARLY, 0) for month in months] == [0, 0, 0, 0, 100_000, 0]
    assert [month.billed.get(CAPACITY, 0) for month in months] == [0, 0, *[90_000] * 4]
    assert [month.vat for month in months] == [0, 0, 9_000, 9_000, 19_000, 9_000]
    # 100,000 won a year accrue day by day: ⌊100,000 × days so far ÷ 365⌋, month for month.
    ends = [100_000 * days // 365 for days in (214, 245, 275, 306, 337, 365)]
    accrued = [later - earlier for earlier, later in pairwise(ends)]
    assert [month.used[YEARLY] for month in months] == [*accrued, 100_000 * 31 // 365]
    assert [month.seats for month in months] == [2] * 6
    assert [month.tb for month in months] == [0, 0, 1, 1, 1, 1]
    page = owner("acme", today, settings).get("/c/acme/usage/trend/").content.decode()
    assert [row[4] for row in rows(page)] == [
        *("0원", "0원", "99,000원", "99,000원", "209,000원", "99,000원")
    ]


def test_a_member_sees_what_it_used_and_its_representative_what_was_billed() -> None:
    formed, today = date(2026, 3, 16), date(2026, 5, 4)
    paid("lead", on=date(2026, 3, 1), accounts=3)
    paid("member", on=date(2026, 3, 1), accounts=2, plan=Plan.COLLABO)
    daily.run(until=formed)
    products.form_group(company_id="lead", members=["member"], today=formed, by=BY)
    daily.run(until=today)

    (*_, march, april) = trend("member", today=today)
    (*_, lead_april) = trend("lead", today=today)

    # Fifteen days of March were the member's own; the rest, and April, are the representative's.
    assert march.billed == {SEATS: 2 * 8_000 * 15 // 31}
    assert march.used[SEATS] == 2 * 8_000 * 15 // 31 + 2 * 8_000 * 16 // 31
    assert (april.total, april.used[SEATS], april.seats) == (0, 16_000, 2)
    assert lead_april.billed == {SEATS: 15_000 + 16_000}


def test_a_final_invoice_belongs_to_the_month_it_ended(settings: Any) -> None:
    from workplace_console.termination import terminate

    ended = date(2026, 4, 10)
    paid("acme", on=date(2026, 3, 1), accounts=3)
    daily.run(until=ended)
    terminate(company_id="acme", today=ended, by=BY)
    daily.run(until=date(2026, 5, 2))

    (*_, march, april) = trend("acme", today=date(2026, 5, 2))

    assert (march.supply, april.supply) == (15_000, 3 * 5_000 * 10 // 30)


def test_a_company_in_trial_is_told_why_there_is_nothing(settings: Any) -> None:
    trial("fresh", on=date(2026, 4, 1))

    page = owner("fresh", date(2026, 4, 2), settings).get("/c/fresh/usage/trend/").content.decode()

    assert "청구한 금액이 없습니다" in page
    assert len(rows(page)) == 6
