"""Sizes in words: what is shown of a whole adds up to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workplace_console.common import sizes

BYTES = st.integers(min_value=0, max_value=200 * sizes.TB)


@given(st.lists(BYTES, max_size=6))
def test_parts_in_whole_gb_add_up_and_each_is_off_by_less_than_one(parts: list[int]) -> None:
    whole = sizes.whole_gb_parts(parts)

    assert sum(whole) == sum(parts) // sizes.GB
    assert all(abs(gb * sizes.GB - size) < sizes.GB for gb, size in zip(whole, parts, strict=True))


def test_who_loses_most_gets_one_back() -> None:
    assert sizes.whole_gb_parts([sizes.GB * 19 // 10, sizes.GB * 12 // 10, sizes.GB]) == [2, 1, 1]
