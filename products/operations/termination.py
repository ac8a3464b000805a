"""해지, as far as it is about the product: terms end, the deletion is marked; and its undo."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from groupco import queries as groups
from groupco.choices import Topic
from products import rules
from products.models import AddedCapacity, Deletion, Phase
from products.operations.capacity import check_capacity
from products.operations.deletion import take_mark_back
from products.operations.locking import lock_standing
from workplace_console.common import audit, days, messages
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
    if grace_days:
        figures["undo_until_on"] = (deletion.due_on - days.ONE_DAY).isoformat()
    recipients = groups.told_addresses([company_id], about=Topic.CONTRACT)[company_id]
    messages.announce(Event(company_id, "terminated", recipients, figures), on=today)
    return deletion


@transaction.atomic
def undo_termination(*, company_id: str, today: date, by: Actor) -> date:
    """The company comes back; the first day it is charged for, or else its last free day. R: G3.

    It pays by plan and cycle as before, in a contract of its own that begins today (tomorrow, if
    today is on the final invoice). What lies between stays free, the final invoice stands; added
    capacity, reservations and the group are gone. A trial goes on to its last day. Raises Refused:
    day_is_over, not_terminated, deletion_begun, trial_is_over.
    """
    standing = rules.check_undo(lock_standing(company_id, today))
    mark = take_mark_back(company_id, today=today)
    term = rules.resumed(standing)
    if term:
        Phase.objects.create(
            company_id=company_id,
            plan=term.plan,
            cycle=term.cycle,
            starts_on=term.starts_on,
            contract_from=term.contract_from,
            applied_on=today,
        )
        after = {"plan": term.plan.code, "cycle": term.cycle.code}
        after["starts_on"] = term.starts_on.isoformat()
    else:
        after = {"ends_on": standing.trial_ends_on.isoformat()}
    before = {"due_on": mark.due_on.isoformat()}
    audit.record(Change(company_id, "termination_undone", before, after), on=today, by=by)
    recipients = groups.told_addresses([company_id], about=Topic.CONTRACT)[company_id]
    messages.announce(Event(company_id, "termination_undone", recipients, after), on=today)
    check_capacity([company_id], today=today)
    return term.starts_on if term else standing.trial_ends_on
