"""Accounts come and go only while the company is in trial or paid; how they do is groupco's.

Each brings its GB of shared capacity, or takes it along. R: D1, D3.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction

from groupco import operations as groups
from groupco.operations import Person, Report
from groupco.rules import RosterRow
from products import queries
from products.operations.capacity import check_capacity
from products.operations.locking import lock_active, lock_open
from workplace_console.common.audit import Actor


@transaction.atomic
def register_accounts(*, company_id: str, persons: Sequence[Person], today: date, by: Actor) -> int:
    """Register an account for each person. Raises Refused: not_active, day_is_billed. R: E4."""
    lock_open(company_id, today)
    number = groups.register_accounts(company_id=company_id, persons=persons, today=today, by=by)
    check_capacity([company_id], today=today)
    return number


@transaction.atomic
def register_person(*, company_id: str, person: Person, today: date, by: Actor) -> str:
    """Register one person; their number. R: E4, H4.

    Raises Refused: not_active, day_is_billed, nobody, already_registered, email_taken.
    """
    lock_open(company_id, today)
    number = groups.register_person(company_id=company_id, person=person, today=today, by=by)
    check_capacity([company_id], today=today)
    return number


@transaction.atomic
def register_new_persons(*, company_id: str, count: int, today: date, by: Actor) -> int:
    """Register accounts for so many new persons. R: E4. Raises as register_accounts."""
    lock_open(company_id, today)
    number = groups.register_new_persons(company_id=company_id, count=count, today=today, by=by)
    check_capacity([company_id], today=today)
    return number


@transaction.atomic
def exclude_accounts(
    *, company_id: str, account_ids: Collection[int], today: date, by: Actor
) -> int:
    """Exclude these accounts, today still counted. Raises Refused: not_active. R: E4."""
    lock_active(company_id, today)
    number = groups.exclude_accounts(
        company_id=company_id, account_ids=account_ids, today=today, by=by
    )
    check_capacity([company_id], today=today)
    return number


@transaction.atomic
def exclude_person(*, company_id: str, number: str, today: date, by: Actor) -> None:
    """Exclude one person, today still counted. Raises Refused: not_active, not_registered.

    R: E4, H4.
    """
    lock_active(company_id, today)
    groups.exclude_person(company_id=company_id, number=number, today=today, by=by)
    check_capacity([company_id], today=today)


@transaction.atomic
def exclude_newest(*, company_id: str, count: int, today: date, by: Actor) -> int:
    """Exclude the accounts registered last. Raises Refused: not_active, not_that_many_accounts."""
    lock_active(company_id, today)
    number = groups.exclude_newest(company_id=company_id, count=count, today=today, by=by)
    check_capacity([company_id], today=today)
    return number


@transaction.atomic
def import_accounts(
    *, company_id: str, rows: Sequence[RosterRow], today: date, by: Actor
) -> Report:
    """Take a roster over, whole or not at all. R: E4.

    Raises Refused: not_active, day_is_billed, bad_roster (a row would change a day paid for).
    """
    lock_open(company_id, today)
    report = groups.import_accounts(
        company_id=company_id,
        rows=rows,
        first_paid=queries.first_paid_day(company_id),
        today=today,
        by=by,
    )
    check_capacity([company_id], today=today)
    return report


@transaction.atomic
def report_use(*, company_id: str, numbers: Collection[str], today: date, by: Actor) -> int:
    """The persons with these numbers used WORKPLACE today; of how many that is news. R: H4.

    As WORKPLACE's own services report it. Raises Refused: day_is_over, not_active.
    """
    lock_active(company_id, today)
    return groups.report_use(company_id=company_id, numbers=numbers, today=today, by=by)
