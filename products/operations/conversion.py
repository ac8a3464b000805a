"""유료 전환: a paid term is reserved, changed, withdrawn, and begins."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction

from groupco import queries as groups
from groupco.choices import Topic
from products import queries, rules
from products.choices import Cycle, Item, Plan
from products.models import Phase
from products.operations.capacity import check_capacity
from products.operations.deletion import take_mark_back
from products.operations.locking import lock_active, lock_standing
from workplace_console.common import audit, messages
from workplace_console.common.audit import SYSTEM, Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.transactions import joined


@transaction.atomic
def reserve(
    *, company_id: str, plan: Plan, cycle: Cycle, start: date, today: date, by: Actor
) -> Phase:
    """Reserve a paid term from `start` on; today means at once. R: B2, B3, B4.

    An expired company whose data is still there may begin today, and its data stays. R: G3.
    Raises Refused: not_active, already_paid, already_reserved, reservation_out_of_range,
    deletion_begun.
    """
    standing = rules.check_reserve(lock_standing(company_id, today), start=start)
    if standing.can_convert_late:
        take_mark_back(company_id, today=today)
    phase = Phase.objects.create(
        company_id=company_id,
        plan=plan,
        cycle=cycle,
        starts_on=start,
        contract_from=start,
        applied_on=today,
    )
    _record("conversion_reserved", phase, before=None, today=today, by=by)
    return phase


@transaction.atomic
def change_reservation(
    *,
    company_id: str,
    plan: Plan | None = None,
    cycle: Cycle | None = None,
    start: date | None = None,
    today: date,
    by: Actor,
) -> Phase:
    """Change what is given of the reservation; a start of today means at once. R: B5.

    Raises Refused: not_active, reservation_started, no_reservation, reservation_out_of_range.
    """
    standing = lock_active(company_id, today)
    reserved = rules.check_change(standing, start=start)
    phase = Phase.objects.get(company_id=company_id, starts_on=reserved.starts_on)
    before = _figures(phase)
    phase.plan = plan or phase.plan
    phase.cycle = cycle or phase.cycle
    phase.starts_on = phase.contract_from = start or phase.starts_on
    phase.applied_on = today
    phase.save()
    _record("conversion_changed", phase, before=before, today=today, by=by)
    return phase


@transaction.atomic
def withdraw_reservation(*, company_id: str, today: date, by: Actor) -> None:
    """Withdraw the reservation; the trial goes on. R: B5.

    Raises Refused: not_active, reservation_started, no_reservation.
    """
    standing = lock_active(company_id, today)
    reserved = rules.check_withdraw(standing)
    phase = Phase.objects.get(company_id=company_id, starts_on=reserved.starts_on)
    before = _figures(phase)
    phase.delete()
    audit.record(Change(company_id, "conversion_cancelled", before), on=today, by=by)
    messages.announce(
        Event(
            company_id,
            "conversion_cancelled",
            groups.told_addresses([company_id], about=Topic.CONTRACT)[company_id],
            before | {"trial_ends_on": standing.trial_ends_on.isoformat()},
        ),
        on=today,
    )


@joined
def begin_terms(*, day: date, only: Collection[str] | None) -> None:
    """Tell the companies whose reserved day begins, and whose upgrade takes effect. R: B3, C4.

    The terms themselves begin by their dates; nothing is switched here.
    """
    phases = [p for p in queries.begun(day) if only is None or p.company_id in only]
    if not phases:
        return
    addresses = groups.told_addresses([phase.company_id for phase in phases], about=Topic.CONTRACT)
    phases.sort(key=_is_upgrade)
    audit.record_all(
        (Change(p.company_id, _begun(p), after=_figures(p)) for p in phases), on=day, by=SYSTEM
    )
    messages.announce_all((_started(p, addresses[p.company_id]) for p in phases), on=day)


def monthly_estimate(
    *, company_id: str, plan: Plan, cycle: Cycle, start: date, today: date
) -> int | None:
    """What the seats registered now would cost in a full month from `start` on, in won. R: B4.

    An annual price counts with a twelfth; None where the catalogue has no price.
    """
    price = queries.price(item=Item.SEAT, plan=plan, cycle=cycle, day=start)
    if price is None:
        return None
    amount = groups.registered(company_id, today) * price
    return amount // 12 if cycle is Cycle.ANNUAL else amount


def _record(
    action: str, phase: Phase, *, before: dict[str, Any] | None, today: date, by: Actor
) -> None:
    """Audit and announce what was applied for; a term that begins today only says that."""
    company_id = phase.company_id
    audit.record(Change(company_id, action, before, _figures(phase)), on=today, by=by)
    recipients = groups.told_addresses([company_id], about=Topic.CONTRACT)[company_id]
    if phase.starts_on == today:
        audit.record(
            Change(company_id, "conversion_started", after=_figures(phase)), on=today, by=by
        )
        messages.announce(_started(phase, recipients), on=today)
        check_capacity([company_id], today=today)
        return
    estimate = monthly_estimate(
        company_id=company_id,
        plan=Plan(phase.plan),
        cycle=Cycle(phase.cycle),
        start=phase.starts_on,
        today=today,
    )
    figures = _figures(phase) | {"monthly_won": estimate}
    messages.announce(Event(company_id, action, recipients, figures), on=today)


def _is_upgrade(phase: Phase) -> bool:
    return phase.starts_on != phase.contract_from


def _begun(phase: Phase) -> str:
    return "upgrade_applied" if _is_upgrade(phase) else "conversion_started"


def _started(phase: Phase, recipients: tuple[str, ...]) -> Event:
    kind = _begun(phase)
    key = f"{kind}:{phase.company_id}:{phase.starts_on}"
    return Event(phase.company_id, kind, recipients, _figures(phase), key=key)


def _figures(phase: Phase) -> dict[str, Any]:
    return {
        "plan": Plan(phase.plan).code,
        "cycle": Cycle(phase.cycle).code,
        "starts_on": phase.starts_on.isoformat(),
    }
