"""When data goes, and how long what stays is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final


def deletion_day(ended_on: date, *, grace_days: int) -> date:
    """The day on which the data of what ended is deleted. R: G3."""
    return ended_on + timedelta(days=grace_days)


READING_DAYS: Final = 90  # R: G5. So long a terminated company's admins read its settled bills.


LEGAL_YEARS: Final = 5  # R: G3. So long bills and contracts are kept, as the law demands.
