"""Days and ranges of days. A range names both its ends: its last day is part of it.

Everything here is the calendar's; what a range of days means is each app's own affair.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

ONE_DAY: Final = timedelta(days=1)

WRITTEN: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# The last day of what has no end yet. A real date, so `starts_on <= day <= ends_on` always works.
OPEN_END: Final = date.max


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def length(first: date, last: date) -> int:
    """How many days a range has, both ends counted; at least 1 unless it is empty."""
    return (last - first).days + 1


def each(first: date, last: date) -> Iterator[date]:
    """Every day of a range in order; none when last lies before first."""
    for offset in range(length(first, last)):
        yield first + timedelta(days=offset)


def months(first: date, last: date) -> list[date]:
    """The first days of all months that a range touches, in order."""
    found = [first_of_month(first)]
    while found[-1] < first_of_month(last):
        found.append(last_of_month(found[-1]) + ONE_DAY)
    return found


def anniversary(start: date, *, year: int) -> date:
    """The anniversary of `start` in a year; 29 February falls on the 28th in common years."""
    if (start.month, start.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, 28)
    return start.replace(year=year)


def parse_any(text: str) -> date:
    """A day as YYYY-MM-DD and nothing else; ValueError otherwise."""
    if not WRITTEN.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def parse(text: str) -> date:
    """A day of business, from 1900 to 2999, as YYYY-MM-DD; ValueError otherwise."""
    day = parse_any(text)
    if not 1900 <= day.year <= 2999:
        raise ValueError(text)
    return day


def in_words(day: date) -> str:
    """As a Korean reader writes it: 2026. 3. 5."""
    return f"{day.year}. {day.month}. {day.day}."
