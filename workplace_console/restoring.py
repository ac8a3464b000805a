"""After a restore, before anybody is let in: what was deleted since the backup goes again. R: G3.

The backup knows nothing of what came after it. The register of deletions does, so each company in
it ends again on its day, in the order of days, with the nights in between. Nobody else may be
deleted by being restored: a trial that is over by the backup was converted or extended since, or it
would stand in the register; so was a termination undone. Those get a few days, and staff a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.db import transaction

from groupco import operations as groups
from groupco import queries as people
from products import operations as products
from products import queries
from products.models import Deletion
from workplace_console import daily, deletion
from workplace_console.common import jobs
from workplace_console.common.audit import Actor
from workplace_console.common.refusal import Refused
from workplace_console.register import Entry
from workplace_console.termination import terminate

# So long a company that only the backup would have deleted is safe from the night.
SPARED: Final = timedelta(days=14)


@dataclass
class Report:
    """What was done: companies that are deleted again, and those that somebody has to look at."""

    deleted: list[str] = field(default_factory=list)
    spared: list[str] = field(default_factory=list)
    # Their last bill could not be made again.
    unbilled: list[str] = field(default_factory=list)


def reapply(entries: Mapping[str, Entry], *, today: date, by: Actor) -> Report:
    """Delete again what the register says; may be killed and run again."""
    report = Report()
    groups.take_ids(entries)
    there = people.company_names(entries)
    report.spared = _spare(entries, today=today, by=by)
    wanted = sorted((entries[c] for c in there), key=lambda entry: (entry.marked_on, entry.company))
    for entry in wanted:
        if not _end(entry, today=today, by=by):
            report.unbilled.append(entry.company)
    _delete(wanted, today=today)
    daily.run(until=today)
    report.deleted = [entry.company for entry in wanted]
    return report


def _spare(entries: Mapping[str, Entry], *, today: date, by: Actor) -> list[str]:
    """Companies that the nights since the backup would delete and that were not deleted."""
    trials = [t.company for t in queries.expired(today) if t.company not in entries]
    day = jobs.last_day_run() or today
    for company in trials:
        products.extend_trial(company_id=company, ends_on=today + SPARED, today=day, by=by)
    marked = products.hold_back(but=entries, today=today, until=today + SPARED)
    return sorted({*trials, *marked})


def _end(entry: Entry, *, today: date, by: Actor) -> bool:
    """End a company on its day, the nights up to it done; False when no last bill could be made."""
    day = min(entry.marked_on, today)
    daily.run(until=max(day, jobs.last_day_run() or day))
    standing = queries.standing(entry.company, day)
    if entry.reason == Deletion.Reason.TRIAL_EXPIRED or (standing and not standing.is_active):
        products.mark_again(company_id=entry.company, reason=entry.reason, day=day)
        return True
    grace = (entry.due_on - entry.marked_on).days
    try:
        terminate(company_id=entry.company, grace_days=grace, today=day, by=by)
    except Refused:
        products.mark_again(company_id=entry.company, reason=entry.reason, day=day)
        return False
    return True


@transaction.atomic
def _delete(entries: Iterable[Entry], *, today: date) -> None:
    companies = [entry.company for entry in entries]
    products.due_now(companies, day=today)
    deletion.delete_due(day=today, only=companies)
    deletion.close([e.company for e in entries if e.closed_on], day=today)


def unopened(entries: Mapping[str, Entry]) -> list[str]:
    """Companies whose data was deleted and is there again: a restore that was not finished."""
    gone = set(queries.deleted(entries))
    return sorted(people.company_names(entries).keys() - gone)
