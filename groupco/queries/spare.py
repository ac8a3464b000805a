"""Who holds an account, and when they last used it.."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Window

from groupco import rules
from groupco.models import Account
from groupco.queries.accounts import still_there
from groupco.rules import Holder, Same

HOLDER: Final = (
    *("pk", "employee__number", "employee__name", "employee__email", "registered_on"),
    "employee__last_used_on",
)


def idle(company_id: str, day: date, *, skip: int, most: int) -> tuple[list[Holder], int]:
    """Accounts that nobody uses, by number: some of them, and how many there are in all.

    One statement; past the last of them it says none and 0.
    """
    since = rules.idle_since(day)
    unused = Q(employee__last_used_on=None) | Q(employee__last_used_on__lte=since)
    found = _registered(company_id, day).filter(unused, registered_on__lte=since)
    rows: list[Any] = list(
        found.annotate(total=Window(Count("pk"))).values_list(*HOLDER, "total")[skip : skip + most]
    )
    return [Holder(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


def same_persons(company_id: str, day: date) -> list[Same]:
    """Persons who seem to hold several accounts (rules.same_persons). One statement."""
    rows = _registered(company_id, day).values_list(*HOLDER)
    return rules.same_persons(Holder(*row) for row in rows)


def _registered(company_id: str, day: date) -> QuerySet[Account]:
    found = Account.objects.filter(still_there(day), company_id=company_id)
    return found.order_by("employee__number")
