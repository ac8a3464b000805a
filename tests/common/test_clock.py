"""The business day is the calendar day in Asia/Seoul, to the last moment of it. R: I3."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from workplace_console.common import clock

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 4, 30, 23, 59, 59, 999999, SEOUL), date(2026, 4, 30)),
        (datetime(2026, 5, 1, 0, 0, 0, 0, SEOUL), date(2026, 5, 1)),
        # 00:00 of UTC means nothing.
        (datetime(2026, 5, 1, 8, 59, 59, 999999, SEOUL), date(2026, 5, 1)),
        (datetime(2026, 5, 1, 9, 0, 0, 0, SEOUL), date(2026, 5, 1)),
        (datetime(2028, 2, 29, 0, 0, 1, 0, SEOUL), date(2028, 2, 29)),
        (datetime(2027, 1, 1, 0, 0, 1, 0, SEOUL), date(2027, 1, 1)),
    ],
)
def test_a_moment_belongs_to_the_day_in_seoul(
    at: datetime, day: date, time_machine: Any, settings: Any
) -> None:
    settings.CONSOLE_TODAY = None
    time_machine.move_to(at, tick=False)

    assert clock.today() == day
