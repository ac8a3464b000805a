"""The mark and the record of a deletion; the shell deletes, since it knows every app's data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from groupco import queries as groups
from products.models import Deletion
from workplace_console.common import audit, messages
from workplace_console.common.audit import SYSTEM, Change
from workplace_console.common.messages import Event
from workplace_console.common.transactions import joined


@joined
def finish_deletion(*, company_id: str, counts: Mapping[str, int], day: date) -> None:
    """Write down what was deleted, and tell. R: G3."""
    Deletion.objects.filter(pk=company_id, done_on=None).update(
        done_on=day, done_at=timezone.now(), counts=dict(counts)
    )
    audit.record(Change(company_id, "data_deleted", after=counts), on=day, by=SYSTEM)
    messages.announce(
        Event(
            company_id,
            "data_deleted",
            groups.admin_addresses([company_id])[company_id],
            dict(counts),
            key=f"data_deleted:{company_id}",
        ),
        on=day,
    )
