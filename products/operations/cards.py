"""Corporate cards are reported only of companies in trial or paid; the number is groupco's."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from groupco import operations as groups
from products.operations.locking import lock_active
from workplace_console.common.audit import Actor


@transaction.atomic
def report_cards(*, company_id: str, count: int, as_of: datetime, today: date, by: Actor) -> None:
    """How many corporate cards (0 or more) are linked, counted at `as_of`. R: F2, H4.

    Raises Refused: day_is_over, not_active, as_of_in_future, newer_known.
    """
    lock_active(company_id, today)
    groups.report_cards(company_id=company_id, count=count, as_of=as_of, today=today, by=by)
