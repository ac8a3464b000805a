"""What is allowed about bills and their payment, at the bounds of each rule. R: E."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from billing import reckoning, rules
from tests.rules.refused import code
from workplace_console.common import days

ONE = days.ONE_DAY
MONDAY = date(2026, 5, 11)
HOLIDAYS = {MONDAY}


def test_banks_work_on_weekdays_that_are_no_holidays() -> None:
    week = [MONDAY + n * ONE for n in range(7)]
    works = [rules.is_business_day(day, holidays=HOLIDAYS) for day in week]
    assert works == [False, True, True, True, True, False, False]
    assert rules.next_business_day(date(2026, 5, 9), holidays=HOLIDAYS) == date(2026, 5, 12)
    assert rules.next_business_day(date(2026, 5, 12), holidays=HOLIDAYS) == date(2026, 5, 12)


def test_a_bill_is_due_on_the_next_such_day_of_a_month() -> None:
    due = {"day_of_month": 12, "holidays": set()}
    assert rules.due_day(date(2026, 5, 11), **due) == date(2026, 5, 12)
    assert rules.due_day(date(2026, 5, 12), **due) == date(2026, 6, 12)
    assert rules.due_day(date(2026, 12, 13), **due) == date(2027, 1, 12)


def test_a_card_is_tried_four_times_on_business_days() -> None:
    due = {"due_on": MONDAY, "holidays": set()}
    may = rules.may_attempt
    assert may(refused=0, today=MONDAY, **due)
    assert may(refused=3, today=MONDAY, **due)
    assert not may(refused=4, today=MONDAY, **due)
    assert not may(refused=0, today=MONDAY - 3 * ONE, **due)
    assert not may(refused=0, today=MONDAY + 5 * ONE, **due)


@pytest.mark.parametrize(
    ("late", "reminder"),
    [
        *[(-1, None), (0, None), (1, 1), (6, 1), (7, 7), (13, 7), (14, 14), (29, 14), (30, 30)],
        *[(31, 30), (59, 30), (60, 60), (89, 60), (90, 90)],
    ],
)
def test_reminders(late: int, reminder: int | None) -> None:
    assert rules.reminder(due_on=MONDAY, today=MONDAY + late * ONE) == reminder


def test_a_transfer_is_some_money_of_the_last_year() -> None:
    def check(amount: int, ago: int) -> str:
        received = MONDAY - timedelta(days=ago)
        return code(rules.check_transfer, amount=amount, received_on=received, today=MONDAY)

    assert check(1, 0) == check(rules.MOST_WON, 366) == ""
    assert check(0, 0) == check(rules.MOST_WON + 1, 0) == "amount_out_of_range"
    assert check(1, 367) == check(1, -1) == "bad_received_on"


def test_a_depositor_is_a_name_a_bank_would_show() -> None:
    assert code(rules.check_depositor, "") == code(rules.check_depositor, "가" * 40) == ""
    for name in ("가" * 41, "a\nb"):
        assert code(rules.check_depositor, name) == "bad_depositor"


def test_a_refund_is_no_more_than_there_is() -> None:
    check = rules.check_refund
    assert code(check, amount=1, refundable=1) == code(check, amount=5, refundable=5) == ""
    assert code(check, amount=1, refundable=0) == "nothing_to_refund"
    for amount in (0, 6):
        assert code(check, amount=amount, refundable=5) == "refund_out_of_range"


def test_a_credit_is_no_more_than_is_left() -> None:
    for supply, refused in [(0, True), (1, False), (9, False), (10, True)]:
        assert bool(code(rules.check_credit, supply=supply, supply_left=9)) == refused
    assert rules.credit_vat(supply=15, supply_left=25, vat_left=2) == 1
    assert rules.credit_vat(supply=25, supply_left=25, vat_left=2) == 2


def test_a_budget_speaks_at_80_and_100_percent_once_each() -> None:
    for amount, refused in [(0, True), (1, False), (10**12, False), (10**12 + 1, True)]:
        assert bool(code(rules.check_budget, amount)) == refused
    reached = rules.reached
    assert [reached(budget=100, amount=n) for n in (79, 80, 99, 100)] == [
        *([], [80], [80], [80, 100]),
    ]
    assert reached(budget=10**6, amount=10**6 - 1) == [80]
    told = {"told_actual": (), "told_projected": ()}
    assert rules.news(budget=100, actual=80, projected=120, **told) == ([80], [100])
    told = {"told_actual": (80,), "told_projected": (100,)}
    assert rules.news(budget=100, actual=80, projected=120, **told) == ([], [])


def test_vat_is_rounded_down_and_added() -> None:
    found = reckoning.with_vat(19)
    assert (found.supply, found.vat, found.total) == (19, 1, 20)
