"""All that a database says, without what differs between two equal runs."""

from __future__ import annotations

import psycopg2

from tests import databases

# Surrogate ids and moments of writing.
LEFT_OUT = {"id", "at", "created_at", "not_before", "done_at", "marked_at", "since"}
LEFT_OUT |= {"changed_at", "rewritten_at"}
TABLES = """
    SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT LIKE 'django_%'
      AND table_name NOT LIKE 'auth_%' GROUP BY table_name"""


def dump(database: str) -> dict[str, list[str]]:
    """The rows of every table as text, in order."""
    connection = psycopg2.connect(dbname=database, **databases.address())
    try:
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
            found = {}
            for table, columns in cursor.fetchall():
                kept = [c for c in columns if c not in LEFT_OUT or (c, table) in KEPT]
                keep = [NAMED.get(column, f'"{column}"') for column in kept]
                cursor.execute(f"SELECT ROW({', '.join(keep)})::text FROM {table} ORDER BY 1")  # noqa: S608
                found[table] = [row for (row,) in cursor.fetchall()]
            return found
    finally:
        connection.close()


# An id that is a company's own.
KEPT = {("id", "groupco_company"), ("id", "groupco_takenid")}
# What is pointed to by such an id, by what it is known by.
NAMED = {"invoice_id": "(SELECT number FROM billing_invoice AS named WHERE named.id = invoice_id)"}
