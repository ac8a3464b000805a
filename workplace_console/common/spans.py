"""A number that holds over ranges of days: how many accounts, how many terabytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from workplace_console.common import days


@dataclass(frozen=True)
class Span:
    """The same number on every day of a range."""

    starts_on: date
    ends_on: date
    count: int


def shifted(spans: Iterable[Span], changes: Mapping[date, int]) -> list[Span]:
    """The spans after the number changes by so many from each given day on. R: E4.

    Days without a span count nothing, before and after. Raises ValueError if a count would fall
    below 0.
    """
    steps = Counter(changes)
    for span in spans:
        steps[span.starts_on] += span.count
        if span.ends_on != days.OPEN_END:
            steps[span.ends_on + days.ONE_DAY] -= span.count
    starts = sorted(day for day, step in steps.items() if step)
    result: list[Span] = []
    count = 0
    for starts_on, following in zip_longest(starts, starts[1:]):
        count += steps[starts_on]
        if count < 0:
            raise ValueError(f"{count} from {starts_on}")
        if count:
            ends_on = following - days.ONE_DAY if following else days.OPEN_END
            result.append(Span(starts_on, ends_on, count))
    return result
