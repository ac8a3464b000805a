"""Writes tables anew after a deletion, so that no file of theirs holds what was deleted. R: G3.

A deleted row stays in the table's file until something else is written over it; so do the samples
of it that the planner keeps. VACUUM FULL makes new files of the rows that are left.
"""

from __future__ import annotations

from typing import Final

from django.db import OperationalError, connection

from workplace_console import inventory
from workplace_console.common import sql

# Somebody who reads or writes a table holds it for moments; nobody waits longer for the rewriting.
PATIENCE: Final = "2s"

# Not while a transaction runs that began before the deletion: PostgreSQL keeps the rows for it,
# even when it is in another database of the server.
WAITING: Final = """
    SELECT max(changed_at), coalesce(max(changed_at) >= (
        SELECT min(xact_start) FROM pg_stat_activity WHERE pid <> pg_backend_pid()), false)
    FROM products_deletion WHERE rewritten_at IS NULL AND changed_at IS NOT NULL"""

REWRITTEN: Final = """
    UPDATE products_deletion SET rewritten_at = clock_timestamp()
    WHERE rewritten_at IS NULL AND changed_at <= %(changed)s"""


def rewrite_tables() -> bool:
    """Rewrite what deletions left behind; True when nothing is left to be done.

    Outside of any transaction. Each table is held alone for as long as its rows take to copy; one
    that somebody holds is tried again by the next call, as everything is after a kill.
    """
    ((changed, is_seen),) = sql.rows(WAITING)
    if changed is None:
        return True
    if is_seen:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{PATIENCE}'")
            for table in inventory.tables():
                cursor.execute(f"VACUUM (FULL, ANALYZE) {table}")
            cursor.execute("VACUUM (FULL) pg_catalog.pg_statistic")
    except OperationalError:
        return False
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    sql.changed(REWRITTEN, changed=changed)
    return True
