"""사업자등록번호 by its check digit: known ones pass, and no single wrong digit does. R: E12."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupco.rules import business_number
from workplace_console.common.refusal import Refused

# Published by their owners, at the foot of their own pages.
KNOWN = ("124-81-00998", "220-81-62517", "120-81-47521", "102-81-42945")
WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def is_refused(text: str) -> bool:
    try:
        business_number(text)
    except Refused as no:
        return no.code == "bad_business_number"
    return False


def with_check_digit(nine: str) -> str:
    """As the tax office makes one, said here a second time."""
    total = sum(int(digit) * weight for digit, weight in zip(nine, WEIGHTS, strict=True))
    total += int(nine[8]) * 5 // 10
    return nine + str(-total % 10)


@pytest.mark.parametrize("number", KNOWN)
def test_real_ones_pass_with_dashes_and_without(number: str) -> None:
    digits = number.replace("-", "")

    assert business_number(number) == business_number(f" {digits} ") == digits


def test_every_number_with_its_check_digit_passes_and_no_single_wrong_digit_does(
    examples: Any,
) -> None:
    """Each weight, and what the ninth digit adds, takes ten digits to ten remainders."""

    @settings(max_examples=examples(few=60, deep=5000))
    @given(st.text("0123456789", min_size=9, max_size=9))
    def try_it(nine: str) -> None:
        good = with_check_digit(nine)
        assert business_number(good) == good
        for place, right in enumerate(good):
            for wrong in set("0123456789") - {right}:
                assert is_refused(good[:place] + wrong + good[place + 1 :])

    try_it()


@pytest.mark.parametrize(
    "text",
    ["", "1234567890", "123456789", "12345678911", "１２３４５６７８９１", "abcdefghij", "\x00"],
)
def test_anything_else_is_refused(text: str) -> None:
    assert is_refused(text)
