"""Writes tables anew after a deletion, so that no file of theirs holds what was deleted. R: G3.

A deleted row stays in the table's file until something else is written over it; so do older
versions of rows, and the samples that the planner keeps. VACUUM FULL makes new files of the rows
that are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import OperationalError, connection
from psycopg2.errors import LockNotAvailable

from workplace_console import inventory
from workplace_console.common import sql

# Somebody who reads or writes a table holds it for moments; nobody waits longer for the rewriting.
PATIENCE: Final = "2s"
ROUNDS: Final = 3

# Where the planner keeps what it found in the tables.
SAMPLES: Final = "pg_catalog.pg_statistic"

# What is left to be done, and whether anybody may still see the rows: PostgreSQL would keep them
# then. A record was written by the transaction that deleted; whoever sees rows that it deleted has
# a snapshot that reaches back to before it, and so have we while an older transaction writes.
WAITING: Final = """
    SELECT max(changed_at), coalesce(bool_or(closed_on IS NOT NULL), false),
           coalesce(bool_or(retained_until IS NOT NULL), false),
           coalesce(min(age(xmin)) <= greatest(
               age(pg_snapshot_xmin(pg_current_snapshot())::xid),
               (SELECT max(age(backend_xmin)) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()),
               (SELECT max(age(xmin)) FROM pg_replication_slots)), false)
    FROM products_deletion WHERE rewritten_at IS NULL AND changed_at IS NOT NULL"""

REWRITTEN: Final = """
    UPDATE products_deletion SET rewritten_at = clock_timestamp()
    WHERE rewritten_at IS NULL AND changed_at <= %(changed)s"""


def rewrite_tables() -> bool:
    """Rewrite what deletions left behind; True when nothing is left to be done.

    Outside of any transaction. Each table is held alone for as long as its rows take to copy; one
    that somebody holds is tried again, at last by the next call, which begins anew after a kill.
    The tables of what the law wants kept, by far the largest, are left alone until that goes.
    """
    ((changed, has_closed, has_retained, is_seen),) = sql.rows(WAITING)
    if changed is None:
        return True
    if is_seen:
        return False
    stages: list[Sequence[inventory.Part]] = [inventory.DATA]
    stages += [inventory.CONSOLE] if has_closed else []
    stages += [inventory.LEGAL] if has_retained else []
    # The samples are taken anew with their tables, so what holds them comes last.
    if not (_rewrite(inventory.tables(*stages)) and _rewrite([SAMPLES])):
        return False
    sql.changed(REWRITTEN, changed=changed)
    return True


def _rewrite(tables: Iterable[str]) -> bool:
    """Rewrite these tables; False when somebody held one all the time."""
    busy = list(tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{PATIENCE}'")
        try:
            for _round in range(ROUNDS):
                busy = [table for table in busy if not _rewrite_one(table)]
                if not busy:
                    return True
        finally:
            cursor.execute("RESET lock_timeout")
    return False


def _rewrite_one(table: str) -> bool:
    how = "FULL" if table == SAMPLES else "FULL, ANALYZE"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ({how}) {table}")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return False
        raise
    return True
