"""A group's invoice is divided among its companies to the won."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.reckoning import Line, split, sums, with_vat
from products.choices import Cycle, Item, Plan

DAY = date(2026, 1, 1)


def line(company: str, amount: int) -> Line:
    return Line(
        "lead", company, Item.SEAT, Plan.WORKPLACE, Cycle.MONTHLY, 1, DAY, DAY, amount, 1, amount
    )


@pytest.mark.parametrize(
    ("supplies", "vats"),
    [
        # 15 + 19 + 16 = 50: VAT 5; alone they would pay 1 each, and lose 5, 9 and 6.
        ({"a": 15, "b": 19, "c": 16}, {"a": 1, "b": 2, "c": 2}),
        # The same loss: by id.
        ({"b": 5, "a": 5}, {"a": 1, "b": 0}),
        # Of 30, 3: who loses 9 gets the won that is over, not who pays most.
        ({"a": 21, "b": 9}, {"a": 2, "b": 1}),
        ({"a": 100}, {"a": 10}),
        ({"a": 0, "b": 9}, {"a": 0, "b": 0}),
    ],
)
def test_worked_out_by_hand(supplies: dict[str, int], vats: dict[str, int]) -> None:
    parts = split(line(company, supply) for company, supply in supplies.items())

    assert {company: part.vat for company, part in parts.items()} == vats
    assert {company: part.supply for company, part in parts.items()} == supplies


@given(
    st.lists(st.tuples(st.sampled_from("abcdefg"), st.integers(0, 10**12)), min_size=1, max_size=20)
)
def test_the_parts_add_up_and_nobody_bears_more_than_a_won_of_another(
    amounts: list[tuple[str, int]],
) -> None:
    lines = [line(company, amount) for company, amount in amounts]
    parts, whole = split(lines), sums(lines)

    assert sum(part.supply for part in parts.values()) == whole.supply
    assert sum(part.vat for part in parts.values()) == whole.vat
    assert all(0 <= part.vat - part.supply // 10 <= 1 for part in parts.values())


def test_a_total_is_the_supply_amount_with_its_vat() -> None:
    assert sums([line("a", 105), line("b", 4)]) == with_vat(109)
    assert with_vat(109).total == 109 + 10
