"""해지: a company ends today. What every app has to do for it, in one transaction. R: G1–G4."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction

from billing import operations as billing
from billing.operations import Issued
from groupco import operations as groups
from products import operations as products
from products.choices import State
from workplace_console.common import days, jobs
from workplace_console.common.audit import Actor
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def terminate(*, company_id: str, grace_days: int | None = None, today: date, by: Actor) -> None:
    """End a company today: the last day charged, billed at once, then marked for deletion. R: G4.

    Sign-in of all its users is blocked by this transaction's end, reservations and upgrades are
    gone, and it leaves its group, or what would have become one. Its data is deleted by the job
    that finds the mark, at once or `grace_days` (the setting, unless given) after today. Raises
    Refused: day_is_over, not_active, representative_of_group, days_not_charged, no_price.
    """
    standing = products.lock_active(company_id, today)
    groups.check_may_end(company_id, today=today)
    products.end_terms(company_id=company_id, today=today)
    if standing.state is State.PAID:
        _catch_up(company_id, today)
    bill = billing.close_finally(payer=company_id, day=today)
    groups.end_applications([company_id], today=today, by=by)
    groups.leave_groups([company_id], last_day=today, today=today, by=by)
    products.mark_terminated(
        company_id=company_id,
        grace_days=settings.DELETION_GRACE_DAYS if grace_days is None else grace_days,
        bill=_figures(bill),
        today=today,
        by=by,
    )


def _catch_up(company_id: str, today: date) -> None:
    """Charge the company's missing days, today among them, and bill what fell due on them."""
    if jobs.is_parked("charge", company_id):
        raise Refused(
            "days_not_charged",
            gettext_noop("아직 계산하지 못한 날이 있어 해지할 수 없습니다. 고객지원에 문의하세요."),
        )
    last_run = jobs.last_day_run() or today
    for day in days.each(last_run + days.ONE_DAY, today):
        _charge(company_id, day - days.ONE_DAY)
        billing.close(day=day, only=[company_id])
    _charge(company_id, today)


def _charge(company_id: str, day: date) -> None:
    for trouble in billing.charge(day=day, only=[company_id]):
        raise Refused(
            trouble.reason,
            gettext_noop("{day}의 {what} 단가가 없어 해지할 수 없습니다. 고객지원에 문의하세요."),
            day=day,
            what=trouble.detail,
        )


def _figures(bill: Issued | None) -> dict[str, Any] | None:
    return {"number": bill.number, "total_won": bill.total} if bill else None
