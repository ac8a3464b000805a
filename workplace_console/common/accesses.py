"""Who was shown people's data, and who took it away: one entry each time. R: H2.

What changes is in the audit log; this is about reading. A page that shows people's data, or hands
it out, says so where its address is declared, and whoever lets somebody in writes the entry.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone

from workplace_console.common import days, sql
from workplace_console.common.audit import Actor
from workplace_console.common.models import Access

# The law wants such a record for a year; for two where it is about many, or about what is delicate.
YEARS: Final = 2

Way = Access.Way
Reason = Access.Reason


NOTE: Final = """
    INSERT INTO common_access (at, "on", company, actor, address, page, way, reason)
    VALUES (%(at)s, %(on)s, %(company)s, %(actor)s, %(address)s, %(page)s, %(way)s, %(reason)s)"""


def note(company: str, page: str, way: Way, *, reason: str = "", today: date, by: Actor) -> None:
    """Write down that `page` shows or hands out people of a company, before it does."""
    sql.changed(
        NOTE,
        at=timezone.now(),
        on=today,
        company=company,
        actor=by.name,
        address=by.address,
        page=page,
        way=Way(way).value,
        reason=reason,
    )


def entries(
    company: str,
    *,
    first: date | None = None,
    last: date | None = None,
    way: str = "",
    skip: int = 0,
    most: int,
) -> list[Access]:
    """A company's entries, newest first, of a range of days, of one way."""
    found = Access.objects.filter(company=company).order_by("-pk")
    if first:
        found = found.filter(on__gte=first)
    if last:
        found = found.filter(on__lte=last)
    if way:
        found = found.filter(way=way)
    return list(found[skip : skip + most])


@transaction.atomic
def forget(*, day: date) -> int:
    """Delete what is older than two years by a day; how many entries."""
    before = days.anniversary(day, year=day.year - YEARS)
    (gone,) = sql.column("SELECT forget_accesses(%(before)s)", before=before)
    return int(gone)
