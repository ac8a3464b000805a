"""업그레이드: a higher plan is applied for today and takes effect at the next 00:00."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from groupco import queries as groups
from groupco.choices import Topic
from products import rules
from products.choices import Plan
from products.models import Phase
from products.operations.locking import lock_active, lock_open
from workplace_console.common import audit, days, messages
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event


@transaction.atomic
def request_upgrade(
    *, company_id: str, plan: Plan, by_support: bool = False, today: date, by: Actor
) -> Phase:
    """Apply for a higher plan from tomorrow on; today is charged on the old one. R: C1–C4.

    The cycle and the contract year stay. Only support staff may upgrade Collabo. Raises Refused:
    day_is_over, not_active, day_is_billed, not_paid, upgrade_pending, not_an_upgrade.
    """
    standing = lock_open(company_id, today)
    term = rules.check_upgrade(standing, plan=plan, by_support=by_support)
    Phase.objects.filter(company_id=company_id, starts_on=term.starts_on).update(ends_on=today)
    phase = Phase.objects.create(
        company_id=company_id,
        plan=plan,
        cycle=term.cycle,
        starts_on=today + days.ONE_DAY,
        contract_from=term.contract_from,
        applied_on=today,
    )
    _record("upgrade_requested", phase, was=term.plan, today=today, by=by)
    return phase


@transaction.atomic
def withdraw_upgrade(*, company_id: str, today: date, by: Actor) -> None:
    """Withdraw the upgrade that has not taken effect; the old plan goes on. R: C4.

    Raises Refused: day_is_over, not_active, not_paid, no_upgrade_pending.
    """
    standing = lock_active(company_id, today)
    pending = rules.check_upgrade_withdrawal(standing)
    phases = Phase.objects.filter(company_id=company_id)
    phase = phases.get(starts_on=pending.starts_on)
    phase.delete()
    before = phases.get(ends_on=today)
    before.ends_on = days.OPEN_END
    before.save(update_fields=["ends_on"])
    _record("upgrade_cancelled", phase, was=Plan(before.plan), today=today, by=by)


def _record(action: str, phase: Phase, *, was: Plan, today: date, by: Actor) -> None:
    company_id = phase.company_id
    figures: dict[str, Any] = {
        "plan": Plan(phase.plan).code,
        "starts_on": phase.starts_on.isoformat(),
    }
    audit.record(Change(company_id, action, {"plan": was.code}, figures), on=today, by=by)
    recipients = groups.told_addresses([company_id], about=Topic.CONTRACT)[company_id]
    figures |= {"was_plan": was.code}
    messages.announce(Event(company_id, action, recipients, figures), on=today)
