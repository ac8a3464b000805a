"""The mark and the record of a deletion; the shell deletes, since it knows every app's data."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from groupco import queries as groups
from products.models import AddedCapacity, CapacityAlert, StorageDay, StorageUse
from workplace_console.common import audit, messages, sql
from workplace_console.common.audit import SYSTEM, Change
from workplace_console.common.messages import Event
from workplace_console.common.transactions import joined

RECORD: Final = """
    UPDATE products_deletion AS deletion
    SET done_on = %(day)s, done_at = clock_timestamp(), counts = done.counts::jsonb
    FROM unnest(%(companies)s, %(counts)s) AS done (company, counts)
    WHERE deletion.company = done.company AND deletion.done_on IS NULL"""


TAKE: Final = """
    SELECT company FROM products_deletion
    WHERE due_on <= %(day)s AND done_on IS NULL
      AND (%(only)s::text[] IS NULL OR company = ANY(%(only)s))
    ORDER BY company FOR UPDATE SKIP LOCKED"""


def take_deletions(*, day: date, only: Collection[str] | None) -> list[str]:
    """Whose data is to go by a day, for whoever asks first: held to the end of the transaction."""
    return sql.column(TAKE, day=day, only=None if only is None else list(only))


@joined
def forget_use(company_ids: Collection[str]) -> None:
    """Delete what was known of the use of shared capacity. R: G3."""
    for model in (AddedCapacity, StorageUse, StorageDay, CapacityAlert):
        model.objects.filter(company_id__in=company_ids).delete()


@joined
def finish_deletions(*, counts: Mapping[str, Mapping[str, int]], day: date) -> None:
    """Write down what was deleted of each company, and tell. R: G3."""
    companies = list(counts)
    figures = [json.dumps(dict(deleted)) for deleted in counts.values()]
    sql.changed(RECORD, day=day, companies=companies, counts=figures)
    audit.record_all(
        (Change(company, "data_deleted", after=deleted) for company, deleted in counts.items()),
        on=day,
        by=SYSTEM,
    )
    addresses = groups.admin_addresses(companies)
    messages.announce_all(
        (
            Event(company, "data_deleted", addresses[company], deleted, f"data_deleted:{company}")
            for company, deleted in counts.items()
        ),
        on=day,
    )
