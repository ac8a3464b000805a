"""Deletes what is due: the shell's affair, since it knows every app's data. R: G3, G5.

Three stages, each one transaction, so that whoever is killed leaves all of it or nothing: the data
of a company (the inventory's DATA) on its day; what its admins needed to read their bills
(CONSOLE), 90 days after the last is settled; and after five years what the law wanted kept (LEGAL).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from billing import queries as billing
from groupco import operations as people
from groupco import queries as groups
from products import operations as products
from products import queries
from products.models import Deletion
from products.rules import READING_DAYS
from workplace_console import inventory
from workplace_console.common import accesses, mailbox
from workplace_console.common.transactions import joined


@joined
def delete_due(*, day: date, only: Collection[str] | None) -> None:
    """Delete the data of every company whose day has come, and record what it was. R: G3."""
    due = products.take_deletions(day=day, only=only)
    if not due:
        return
    companies = [deletion.company for deletion in due]
    users = groups.users_of(companies)
    counts = inventory.delete(inventory.DATA, companies)
    people.forget_users(users)
    products.finish_deletions(counts=counts, day=day, backups_keep=settings.BACKUP_RETENTION_DAYS)
    # After a trial there are no bills to be read.
    close([d.company for d in due if d.reason == Deletion.Reason.TRIAL_EXPIRED], day=day)


@transaction.atomic
def close_consoles(*, day: date) -> None:
    """End the reading of bills 90 days after the last one is settled. R: G5."""
    over = products.take_read(day=day)
    owing, settled_on = billing.owing(over), billing.settled_on(over)
    read = day - timedelta(days=READING_DAYS)
    close([c for c in over if c not in owing and settled_on.get(c, read) <= read], day=day)


def close(companies: Collection[str], *, day: date) -> None:
    """End the reading of bills: nobody has to read them any more. R: G5."""
    if not companies:
        return
    users = groups.users_of(companies)
    # What its admins did and were told since the data went is data, too.
    inventory.delete((*inventory.DATA, *inventory.CONSOLE), companies)
    people.forget_users(users)
    products.close_for_good(companies, day=day)


@transaction.atomic
def end_retention(*, day: date) -> None:
    """Delete what the law wanted kept, five years after a company's end. R: G3."""
    if over := products.take_retained(day=day):
        inventory.delete(inventory.LEGAL, over)


def clear_mailbox() -> None:
    """The demo's mail files go as the rows do that they were sent from. R: G3, H1.

    What is about a person and no company is a link that serves for an hour: it goes after a day.
    """
    letters = mailbox.letters()
    companies = {letter.company for letter in letters}
    closed, deleted = groups.gone(companies), queries.deleted(companies)
    a_day_ago = timezone.now() - timedelta(days=1)
    for letter in letters:
        is_over = letter.company in closed or (
            letter.company in deleted and letter.kind not in inventory.STILL_TOLD
        )
        if is_over or (not letter.company and letter.written_at < a_day_ago):
            letter.remove()


def sweep(*, day: date) -> None:
    """All that is due by a day; found by query, so it may run at any time and be killed."""
    with transaction.atomic():
        delete_due(day=day, only=None)
    close_consoles(day=day)
    end_retention(day=day)
    products.forget_records()
    people.forget_sessions()
    people.forget_devices(timezone.now())
    accesses.forget(day=day)
    clear_mailbox()
