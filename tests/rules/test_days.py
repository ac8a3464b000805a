"""The calendar, at its edges."""

from __future__ import annotations

from datetime import date

import pytest

from workplace_console.common import days


def test_a_month_has_a_first_and_a_last_day() -> None:
    assert days.first_of_month(date(2026, 2, 28)) == date(2026, 2, 1)
    assert days.last_of_month(date(2026, 2, 1)) == date(2026, 2, 28)
    assert days.last_of_month(date(2028, 2, 1)) == date(2028, 2, 29)
    assert days.last_of_month(date(2026, 12, 31)) == date(2026, 12, 31)


def test_a_range_counts_both_its_ends() -> None:
    one, two = date(2026, 2, 28), date(2026, 3, 1)
    assert days.length(one, one) == 1
    assert days.length(one, two) == 2
    assert days.length(two, one) == 0
    assert list(days.each(one, two)) == [one, two]
    assert list(days.each(one, one)) == [one]
    assert list(days.each(two, one)) == []


def test_months_are_those_that_a_range_touches() -> None:
    assert days.months(date(2026, 1, 31), date(2026, 3, 1)) == [
        *(date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)),
    ]
    assert days.months(date(2026, 1, 31), date(2026, 1, 31)) == [date(2026, 1, 1)]
    assert days.months(date(2026, 1, 1), date(2026, 2, 28)) == [date(2026, 1, 1), date(2026, 2, 1)]


def test_an_anniversary_of_29_february_is_the_28th_in_common_years() -> None:
    leap = date(2024, 2, 29)
    assert days.anniversary(leap, year=2028) == date(2028, 2, 29)
    assert days.anniversary(leap, year=2027) == date(2027, 2, 28)
    assert days.anniversary(date(2024, 2, 28), year=2028) == date(2028, 2, 28)
    assert days.anniversary(date(2024, 3, 29), year=2027) == date(2027, 3, 29)


@pytest.mark.parametrize("text", ["1900-01-01", "2999-12-31", "2028-02-29"])
def test_a_day_of_business_is_read(text: str) -> None:
    assert days.parse(text) == days.parse_any(text) == date.fromisoformat(text)


@pytest.mark.parametrize("text", ["1899-12-31", "3000-01-01", "2027-02-29", "20260101", "", "x"])
def test_what_is_no_day_of_business_is_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it names what was given
        days.parse(text)


def test_a_day_in_words() -> None:
    assert days.in_words(date(2026, 3, 5)) == "2026. 3. 5."
