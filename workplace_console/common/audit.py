"""Who did what: one entry for each change of state, in the transaction of the change. R: H2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from django.utils import timezone

from workplace_console.common import sql
from workplace_console.common.models import AuditEntry
from workplace_console.common.sorting import ordered

Figures: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Actor:
    """Who acts: a user, a program by its token, a command or a job. Ids only, since entries outlive
    the people."""

    name: str
    address: str | None = None

    @classmethod
    def user(cls, user_id: int, *, address: str | None) -> Actor:
        return cls(f"user:{user_id}", address)

    @classmethod
    def token(cls, token_id: int, *, address: str | None) -> Actor:
        return cls(f"token:{token_id}", address)

    @classmethod
    def command(cls, name: str) -> Actor:
        return cls(f"command:{name}")


# The daily jobs: nobody asked, the day came.
SYSTEM: Final = Actor("system")


@dataclass(frozen=True)
class Change:
    """A change of one company's state; `before` and `after` hold ids and figures, no names."""

    company: str
    action: str
    before: Figures | None = None
    after: Figures | None = None


def record(*changes: Change, on: date, by: Actor) -> None:
    """Write an entry for each change."""
    record_all(changes, on=on, by=by)


WRITE: Final = """
    INSERT INTO common_auditentry (at, "on", company, actor, address, action, before, after)
    SELECT %(now)s, %(on)s, company, %(actor)s, %(address)s, action, before, after FROM {changes}"""
WRITE_ALL: Final = WRITE.format(
    changes="""jsonb_to_recordset(%(records)s)
      AS change (company text, action text, before jsonb, after jsonb)"""
)


def record_all(changes: Iterable[Change], *, on: date, by: Actor) -> None:
    """Write an entry for each of many changes, in a few statements."""
    sql.insert(
        WRITE_ALL,
        (vars(change) for change in changes),
        now=timezone.now(),
        on=on,
        actor=by.name,
        address=by.address,
    )


def record_found(changes: str, /, *, on: date, by: Actor, **values: Any) -> None:
    """Write an entry for each row of a SELECT of company, action, before and after."""
    sql.changed(
        WRITE.format(changes=f"({changes}) AS change"),
        now=timezone.now(),
        on=on,
        actor=by.name,
        address=by.address,
        **values,
    )


# What a list of entries can be sorted by: they are written in the order of time.
SORTS: Final = {"at": ("pk",)}
NEWEST_FIRST: Final = "-at"


def entries(
    company: str,
    *,
    first: date | None = None,
    last: date | None = None,
    actor: str = "",
    action: str = "",
    sort: str = NEWEST_FIRST,
    skip: int = 0,
    most: int | None = None,
) -> list[AuditEntry]:
    """A company's entries, by one of SORTS, of a range of days, of one actor ("command" or
    "token": of any), of one action."""
    found = AuditEntry.objects.filter(company=company).order_by(*ordered(SORTS, sort))
    if first:
        found = found.filter(on__gte=first)
    if last:
        found = found.filter(on__lte=last)
    if actor in ("command", "token"):
        found = found.filter(actor__startswith=f"{actor}:")
    elif actor:
        found = found.filter(actor=actor)
    if action:
        found = found.filter(action=action)
    return list(found[skip : None if most is None else skip + most])
