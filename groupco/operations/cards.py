"""Linked corporate cards are reported. R: F2, H4."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from groupco import queries, rules
from groupco.models import CorporateCards
from workplace_console.common import audit
from workplace_console.common.audit import Actor, Change


@transaction.atomic
def report_cards(
    *, company_id: str, count: int, as_of: datetime, today: date, by: Actor
) -> CorporateCards:
    """How many corporate cards (0 or more) are linked to a company, counted at `as_of`. R: F2, H4.

    Raises Refused: as_of_in_future, newer_known.
    """
    queries.locked(company_id)
    known = queries.corporate_cards([company_id]).get(company_id)
    day = timezone.localtime(as_of).date()
    rules.check_as_of(as_of, day=day, known=known.as_of if known else None, today=today)
    cards = CorporateCards(company_id=company_id, count=count, as_of=as_of)
    cards.save()
    before = {"cards": known.count, "as_of": known.as_of} if known else None
    change = Change(company_id, "cards_reported", before, {"cards": count, "as_of": as_of})
    audit.record(change, on=today, by=by)
    return cards
