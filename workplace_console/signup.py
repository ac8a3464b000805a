"""A company comes: its id, its first admin and its trial, in one transaction."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction

from groupco import operations as groups
from groupco import queries
from groupco.choices import Role
from products import operations as products
from workplace_console.common import jobs
from workplace_console.common.audit import Actor


@transaction.atomic
def sign_up(
    *,
    company_id: str,
    name: str,
    admin: str = "",
    business_number: str = "",
    trial_days: int | None = None,
    invite: bool = False,
    today: date,
    by: Actor,
) -> None:
    """Create a company that is in trial from today on, with its first admin as owner. R: B1.

    With `invite`, an admin who can't sign in yet is sent a mail by which they can.

    Raises Refused as groupco.operations.create_company, and day_is_over for a day before the last
    one that the daily jobs have done.
    """
    jobs.hold_day(today)
    groups.create_company(
        company_id=company_id, name=name, business_number=business_number, today=today, by=by
    )
    if admin:
        groups.add_admin(company_id=company_id, email=admin, role=Role.OWNER, today=today, by=by)
        known = queries.user(admin)
        if invite and not (known and known.has_usable_password()):
            groups.invite_admin(
                company_id=company_id, email=admin, role=Role.OWNER, today=today, by=by
            )
    products.start_trial(
        company_id=company_id, trial_days=trial_days or settings.TRIAL_DAYS, today=today, by=by
    )
