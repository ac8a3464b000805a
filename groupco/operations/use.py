"""Who uses WORKPLACE: reported by its services, and seen when somebody signs in. R: H4."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Q

from groupco import queries
from groupco.models import Company, Employee
from workplace_console.common import audit
from workplace_console.common.audit import Actor, Change


@transaction.atomic
def report_use(*, company_id: str, numbers: Collection[str], today: date, by: Actor) -> int:
    """The persons with these numbers used WORKPLACE today; of how many that is news.

    From the first report on it is known who does not use it. Numbers that nobody has are passed
    over; the same report again changes nothing.
    """
    queries.locked(company_id)
    Company.objects.filter(pk=company_id, use_known_from=None).update(use_known_from=today)
    persons = Employee.objects.filter(_not_yet(today), company_id=company_id, number__in=numbers)
    count = persons.update(last_used_on=today)
    if count:
        figures = {"count": count}
        audit.record(Change(company_id, "use_reported", after=figures), on=today, by=by)
    return count


def note_sign_in(*, employee: Employee, today: date) -> None:
    """An employee has signed in at the company's host, which is a use of it."""
    Employee.objects.filter(_not_yet(today), pk=employee.pk).update(last_used_on=today)


def _not_yet(day: date) -> Q:
    return Q(last_used_on=None) | Q(last_used_on__lt=day)
