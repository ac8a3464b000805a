"""Deletes what is due: the shell's affair, since it knows every app's data. R: G3.

What stays is what the law demands (invoices, charges, audit entries: ids and figures) and what the
company's admins need to read them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from groupco import operations as groups
from products import operations as products
from workplace_console.common.transactions import joined


@joined
def delete_due(*, day: date, only: Collection[str] | None) -> None:
    """Delete the people and accounts of every company whose day has come, and record it."""
    if due := products.take_deletions(day=day, only=only):
        products.forget_use(due)
        products.finish_deletions(counts=groups.forget_people(due), day=day)
