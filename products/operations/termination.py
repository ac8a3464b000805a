"""해지, as far as it is about the product: terms end today, and the deletion is marked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from groupco import queries as groups
from products import rules
from products.models import AddedCapacity, Deletion, Phase
from workplace_console.common import audit, messages
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event


@transaction.atomic
def end_terms(*, company_id: str, today: date) -> None:
    """Today is the last day of what runs; what is reserved or pending is gone. R: G3, G4.

    The company is locked.
    """
    Phase.objects.filter(company_id=company_id, starts_on__gt=today).delete()
    Phase.objects.filter(company_id=company_id, ends_on__gt=today).update(ends_on=today)
    AddedCapacity.objects.filter(company_id=company_id, starts_on__gt=today).delete()
    AddedCapacity.objects.filter(company_id=company_id, ends_on__gt=today).update(ends_on=today)


@transaction.atomic
def mark_terminated(
    *, company_id: str, grace_days: int, bill: dict[str, Any] | None, today: date, by: Actor
) -> Deletion:
    """From now on the company is terminated; its data goes `grace_days` after today. R: G3.

    `bill` is the final invoice's number and total, if there is one. The company is locked.
    """
    deletion = Deletion.objects.create(
        company=company_id,
        reason=Deletion.Reason.TERMINATED,
        marked_on=today,
        due_on=rules.deletion_day(today, grace_days=grace_days),
    )
    figures = {"due_on": deletion.due_on.isoformat()} | (bill or {})
    audit.record(Change(company_id, "terminated", after=figures), on=today, by=by)
    recipients = groups.told_addresses([company_id])[company_id]
    messages.announce(
        Event(
            company_id, "terminated", recipients, figures, key=f"terminated:{company_id}:{today}"
        ),
        on=today,
    )
    return deletion
