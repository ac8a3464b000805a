"""Shared capacity: how much there is, when it is short, when it will be full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from products.choices import Alert, Plan
from workplace_console.common import sizes
from workplace_console.common.refusal import Refused, gettext_noop
from workplace_console.common.sizes import GB, TB

# R: D1. The shared capacity that comes with a plan, before 1 GB for each registered account.
BASE_CAPACITY: Final = {Plan.WORKPLACE: 512 * GB, Plan.COLLABO: 512 * GB, Plan.COLLABO_PLUS: TB}


# What every company has, whatever its plan.
LEAST_CAPACITY: Final = min(BASE_CAPACITY.values())


# R: D1. What LINE WORKS has of its own with a plan, again before 1 GB for each account.
LINE_WORKS_CAPACITY: Final = {Plan.COLLABO: TB, Plan.COLLABO_PLUS: 10 * TB}


MOST_TB: Final = 100


def check_tb(tb: int) -> None:
    """R: D4. Whole units of 1 TB, 1 to 100 at a time."""
    if not 1 <= tb <= MOST_TB:
        raise Refused(
            "tb_out_of_range",
            gettext_noop("용량은 1 TB부터 {most} TB 사이로 적으세요."),
            most=MOST_TB,
        )


def check_held(*, tb: int, held: int) -> None:
    """R: D5. Only what was added can be returned."""
    if tb > held:
        raise Refused(
            "nothing_to_return",
            gettext_noop("추가한 용량은 {held} TB입니다. 그 안에서 적으세요."),
            held=held,
        )


def check_return(*, tb: int, held: int, used: int, capacity: int) -> None:
    """R: D5. Not more than is held, and never below what is used; both in bytes as of now."""
    check_held(tb=tb, held=held)
    if used > capacity - tb * TB:
        raise Refused(
            "capacity_in_use",
            gettext_noop(
                "{used}를 쓰고 있어 {tb} TB를 반납하면 {left}만 남습니다. 데이터를 먼저 줄이세요."
            ),
            used=sizes.in_words(used),
            tb=tb,
            left=sizes.in_words(capacity - tb * TB),
        )


RISE: Final = 2  # R: D3. Points of the capacity that become free before an alert is armed again.


def alert_level(*, used: int, capacity: int, low_percent: int) -> Alert:
    """R: D3. Low when so many percent of the capacity or less are free, full when nothing is."""
    if used >= capacity:
        return Alert.FULL
    return Alert.LOW if _free(used, capacity) <= low_percent * capacity else Alert.NONE


def alert_that_stands(told: Alert, *, used: int, capacity: int, low_percent: int) -> Alert:
    """R: D3. What a company was told stands until 2 points more than its bound are free."""
    if _free(used, capacity) >= (low_percent + RISE) * capacity:
        return Alert.NONE
    if _free(used, capacity) >= RISE * capacity:
        return min(told, Alert.LOW)
    return told


def _free(used: int, capacity: int) -> int:
    """Free bytes, times 100: compared with percents of the capacity without rounding."""
    return (capacity - used) * 100


def shared_capacity(plan: Plan | None, *, accounts: int, added_tb: int = 0) -> int:
    """Bytes of shared capacity; a trial has the WORKPLACE plan's. R: D1."""
    return BASE_CAPACITY[plan or Plan.WORKPLACE] + accounts * GB + added_tb * TB


def line_works_capacity(plan: Plan | None, *, accounts: int = 0) -> int:
    """Bytes that LINE WORKS has, managed there; 0 for plans without it. R: D1, D6."""
    base = LINE_WORKS_CAPACITY.get(plan, 0) if plan else 0
    return base + accounts * GB if base else 0


# Growth is read off so many days, of which so many must lie between the first report and the last.
TREND_DAYS: Final = 60


LEAST_TREND: Final = timedelta(days=7)


# Farther than this nobody can see.
HORIZON: Final = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Growth:
    """How use grows: bytes a day (less than 0 when it shrinks), and the first day on which it would
    not fit any more; None when that is beyond the horizon."""

    a_day: int
    full_on: date | None


def growth(reports: Sequence[tuple[date, int]], *, capacity: int, today: date) -> Growth | None:
    """The straight line through the reports that fits them best; None while they say too little.

    `reports` are days, in order, and bytes; `capacity` is in bytes.
    """
    if not reports or reports[-1][0] - reports[0][0] < LEAST_TREND:
        return None
    xs = [(day - reports[0][0]).days for day, _size in reports]
    ys = [size for _day, size in reports]
    n, sum_x, sum_y = len(xs), sum(xs), sum(ys)
    over = n * sum(x * y for x, y in zip(xs, ys, strict=True)) - sum_x * sum_y
    a_day = over // (n * sum(x * x for x in xs) - sum_x * sum_x)
    free = capacity - ys[-1]
    if free < 0 or a_day <= 0:
        return Growth(a_day, today if free < 0 else None)
    left = timedelta(days=free // a_day + 1)
    return Growth(a_day, today + left if left <= HORIZON else None)
