"""Business days: when a bill falls due. R: E12."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.conf import settings

from billing import rules
from billing.models import Holiday

# No run of holidays and weekends is longer.
LONGEST_REST: Final = timedelta(days=45)


def holidays(first: date, last: date) -> frozenset[date]:
    """The public holidays of a range of days."""
    found = Holiday.objects.filter(day__range=(first, last))
    return frozenset(found.values_list("day", flat=True))


def due_day(issued_on: date) -> date:
    """When what is issued on a day is to be paid; one statement. R: E12."""
    return rules.due_day(
        issued_on,
        day_of_month=settings.PAYMENT_DUE_DAY,
        holidays=holidays(issued_on, issued_on + 2 * LONGEST_REST),
    )


def is_business_day(day: date) -> bool:
    """Whether banks work on a day."""
    return rules.is_business_day(day, holidays=holidays(day, day))


def next_business_day(day: date) -> date:
    """The first day after a day on which banks work."""
    after = day + timedelta(days=1)
    return rules.next_business_day(after, holidays=holidays(after, after + LONGEST_REST))
