"""The only place that reads the clock for a business day.

Views, tasks and commands call `today()` once and pass the day on; everything below takes a day.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

SEOUL = ZoneInfo("Asia/Seoul")


def today() -> date:
    """The business day: the calendar day in Asia/Seoul, or CONSOLE_TODAY where that is set (I3)."""
    fixed: date | None = settings.CONSOLE_TODAY
    return fixed or datetime.now(SEOUL).date()
