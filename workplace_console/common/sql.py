"""Statements over sets of companies, as the nightly jobs use them: written out, run as they are."""

from __future__ import annotations

from typing import Any

from django.db import connection


def rows(statement: str, /, **values: Any) -> list[tuple[Any, ...]]:
    """Run a statement with named values and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def column(statement: str, /, **values: Any) -> list[Any]:
    """Run a statement with named values and return its only column."""
    return [value for (value,) in rows(statement, **values)]


def changed(statement: str, /, **values: Any) -> int:
    """Run a statement with named values; how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
