"""The mark and the record of a deletion; the shell deletes, since it knows every app's data."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet
from django.db.models.functions import Now

from groupco import queries as groups
from products import rules
from products.models import Deletion
from workplace_console.common import audit, days, messages, sql
from workplace_console.common.audit import SYSTEM, Change
from workplace_console.common.messages import Event
from workplace_console.common.transactions import joined

RECORD: Final = """
    UPDATE products_deletion AS deletion
    SET done_on = %(day)s, done_at = statement_timestamp(), changed_at = statement_timestamp(),
        backups_until = %(backups_until)s, counts = done.counts::jsonb
    FROM unnest(%(companies)s, %(counts)s) AS done (company, counts)
    WHERE deletion.company = done.company AND deletion.done_on IS NULL"""

# What is on its way to somebody stays until it is there; then files have to be written anew.
FORGET_SENT: Final = """
    WITH sent AS (
        DELETE FROM common_mail USING products_deletion AS gone
        WHERE gone.company = common_mail.company AND gone.closed_on IS NOT NULL
          AND common_mail.state <> 'queued' RETURNING gone.company
    )
    UPDATE products_deletion AS gone SET changed_at = clock_timestamp(), rewritten_at = NULL
    FROM (SELECT DISTINCT company FROM sent) AS mails WHERE mails.company = gone.company"""


def take_deletions(*, day: date, only: Collection[str] | None) -> list[Deletion]:
    """Whose data is to go by a day: records and companies, held to the end of the transaction."""
    due = Deletion.objects.filter(due_on__lte=day, done_on=None)
    if only is not None:
        due = due.filter(company__in=only)
    return _taken(due)


def _taken(found: QuerySet[Deletion]) -> list[Deletion]:
    """Those of them that still are what was asked for once nobody else can change it.

    Companies first, as every operation does: whoever is writing about one is waited for, and who
    waits for us finds it gone. Of two who ask at once, the second finds nothing left to do.
    """
    companies = list(found.values_list("company", flat=True))
    if not companies:
        return []
    groups.lock(companies)
    return list(found.filter(company__in=companies).order_by("company").select_for_update())


def take_mark_back(company_id: str, *, today: date) -> Deletion:
    """The company's data stays after all; what the mark was. The company is locked.

    Raises Refused: deletion_begun, when the job that deletes was first; it holds the company, too.
    """
    marks = Deletion.objects.filter(company=company_id, due_on__gt=today, done_on=None)
    mark = marks.first()
    if mark is None:
        raise rules.deletion_begun()
    marks.delete()
    return mark


@joined
def finish_deletions(
    *, counts: Mapping[str, Mapping[str, int]], day: date, backups_keep: int
) -> None:
    """Write down what was deleted of each company, and tell. R: G3.

    `counts`: rows by table; backups are kept for `backups_keep` days and hold it as long.
    """
    companies = list(counts)
    backups_until = day + timedelta(days=backups_keep)
    figures = [json.dumps(dict(deleted)) for deleted in counts.values()]
    sql.changed(RECORD, day=day, companies=companies, counts=figures, backups_until=backups_until)
    told = {
        company: {
            "employees": deleted.get("groupco_employee", 0),
            "accounts": deleted.get("groupco_account", 0),
            "backups_until_on": backups_until.isoformat(),
        }
        for company, deleted in counts.items()
    }
    audit.record_all(
        (Change(company, "data_deleted", after=figures) for company, figures in told.items()),
        on=day,
        by=SYSTEM,
    )
    addresses = groups.admin_addresses(companies)
    messages.announce_all(
        (
            Event(company, "data_deleted", addresses[company], figures, f"data_deleted:{company}")
            for company, figures in told.items()
        ),
        on=day,
    )


def take_read(*, day: date) -> list[str]:
    """Terminated companies whose days of reading are over by a day, unless a bill is open. R: G5.

    Held as `take_deletions` does.
    """
    read = Deletion.objects.filter(
        done_on__isnull=False,
        closed_on=None,
        marked_on__lte=day - timedelta(days=rules.READING_DAYS),
    )
    return [deletion.company for deletion in _taken(read)]


@joined
def close_for_good(companies: Collection[str], *, day: date) -> None:
    """Nobody reads anything of these companies any more. R: G5."""
    Deletion.objects.filter(company__in=companies).update(
        closed_on=day, changed_at=Now(), rewritten_at=None
    )


def take_retained(*, day: date) -> list[str]:
    """Whose five years are over by a day, marked as done, for whoever asks first. R: G3."""
    last = days.anniversary(day, year=day.year - rules.LEGAL_YEARS)
    kept = Deletion.objects.filter(closed_on__isnull=False, retained_until=None, marked_on__lt=last)
    found = kept.order_by("company").select_for_update(skip_locked=True)
    companies = list(found.values_list("company", flat=True))
    Deletion.objects.filter(company__in=companies).update(
        retained_until=day, changed_at=Now(), rewritten_at=None
    )
    return companies


def forget_records() -> None:
    """Delete the mails of closed companies that were sent, and what is recorded of companies of
    which nothing is kept any more, in tables or in their files. R: G3."""
    sql.changed(FORGET_SENT)
    Deletion.objects.filter(retained_until__isnull=False, rewritten_at__isnull=False).delete()
