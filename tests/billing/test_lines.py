"""The lines of a bill: their order, and what each says it is for. R: E5."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from billing.reckoning import Line, in_order
from products.choices import Cycle, Item, Plan

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def line(
    company: str,
    item: Item,
    plan: Plan | None,
    cycle: Cycle | None,
    unit_price: int = 100,
    first: date = MARCH,
) -> Line:
    return Line("lead", company, item, plan, cycle, unit_price, first, first, 1, 31, unit_price)


IN_ORDER = [
    line("a", Item.SEAT, Plan.WORKPLACE, Cycle.MONTHLY),
    line("a", Item.SEAT, Plan.WORKPLACE, Cycle.MONTHLY, first=APRIL),
    line("a", Item.SEAT, Plan.WORKPLACE, Cycle.MONTHLY, 101),
    line("a", Item.SEAT, Plan.COLLABO, Cycle.ANNUAL, 90),
    line("a", Item.CAPACITY, None, Cycle.MONTHLY, 80),
    line("b", Item.SEAT, Plan.WORKPLACE, Cycle.MONTHLY, 70),
]


def test_lines_stand_by_company_item_plan_price_and_period() -> None:
    for shuffled in permutations(IN_ORDER):
        assert in_order(shuffled) == IN_ORDER


@pytest.mark.parametrize(
    ("of", "says", "is_annual"),
    [
        (line("a", Item.SEAT, Plan.WORKPLACE, Cycle.MONTHLY), "사용자 WORKPLACE 월", False),
        (line("a", Item.SEAT, Plan.WORKPLACE, Cycle.ANNUAL), "사용자 WORKPLACE 연", True),
        (line("a", Item.CAPACITY, None, None), "추가 용량", False),
        (line("a", Item.CAPACITY, None, Cycle.MONTHLY), "추가 용량", False),
    ],
)
def test_a_line_says_what_it_is_for(of: Line, says: str, *, is_annual: bool) -> None:
    assert of.what == says
    assert of.is_annual is is_annual
