"""Marks of deletion after a restore, when the backup knows less than the register. R: G3."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from products.models import Deletion
from products.operations.termination import end_terms


@transaction.atomic
def hold_back(*, but: Collection[str], today: date, until: date) -> list[str]:
    """Put off deletions that are due by today, of all companies but some; whose they were."""
    due = Deletion.objects.filter(done_on=None, due_on__lte=today).exclude(company__in=but)
    companies = list(due.order_by("company").values_list("company", flat=True))
    due.update(due_on=until)
    return companies


@transaction.atomic
def mark_again(*, company_id: str, reason: str, day: date) -> None:
    """Mark a company for deletion on a day, unless it is marked; its terms end with that day."""
    if Deletion.objects.filter(company=company_id).exists():
        return
    end_terms(company_id=company_id, today=day)
    Deletion.objects.create(company=company_id, reason=reason, marked_on=day, due_on=day)


def due_now(companies: Collection[str], *, day: date) -> None:
    """What was deleted before is due, whatever grace the mark has."""
    marks = Deletion.objects.filter(company__in=companies, done_on=None, due_on__gt=day)
    marks.update(due_on=day)
