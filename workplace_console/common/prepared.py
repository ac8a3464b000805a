"""Statements that pages ask again and again: a connection reads and plans each once.

Of a long statement about one company that is most of its time, and Django's ORM and psycopg2 send
each as if it were new.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db import NotSupportedError, OperationalError, connection

from workplace_console.common import sql

# What each connection to the server has prepared: the EXECUTE of a statement, by its text and the
# types of its values.
_known: WeakKeyDictionary[Any, dict[tuple[str, ...], str]] = WeakKeyDictionary()
MOST: Final = 200
# A name is never used again: it stays taken when the first EXECUTE after its PREPARE fails.
_numbers = count()
VALUE: Final = re.compile(r"%\((\w+)\)s|%%")


def rows(statement: str, /, **values: Any) -> list[tuple[Any, ...]]:
    """As `sql.rows`, for what pages ask again and again: a connection reads and plans it once.

    Of a long statement about one company that is most of its time. The plan is made for any values,
    and takes each `ANY(…)` for ten of them; the statement names its columns (`*` of a table would
    be refused on the day it gets one more), and says the type of values that nothing else tells.
    When a column has another type the statement is prepared anew; in a transaction it fails once.
    Where a pooler hands out the server's connections, as DISABLE_SERVER_SIDE_CURSORS says, it is
    run as it is.
    """
    if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return sql.rows(statement, **values)
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    known = _known.setdefault(connection.connection, {})
    key = (statement, *values, *(_type(value) for value in values.values()))
    if call := known.get(key):
        try:
            return sql.rows(call, **values)
        except (NotSupportedError, OperationalError) as error:
            del known[key]
            if connection.in_atomic_block or not _is_gone(error):
                raise
    if len(known) >= MOST:
        return sql.rows(statement, **values)
    types = {name: _type(value) for name, value in values.items()}
    prepare, call = _prepared(statement, types)
    found = sql.rows(f"{prepare};\n{call}", **values)
    known[key] = call
    return found


def _is_gone(error: Exception) -> bool:
    """Whether a statement is no longer what it was: a column has another type now, or somebody has
    made the server forget it."""
    return getattr(error.__cause__, "pgcode", None) in ("0A000", "26000")


def _prepared(statement: str, types: Mapping[str, str]) -> tuple[str, str]:
    """The PREPARE that a statement with named values needs once, and its EXECUTE."""
    name = f"prepared_{next(_numbers)}"
    used: list[str] = []

    def numbered(found: re.Match[str]) -> str:
        value = found[1]
        if value is None:
            return "%%"
        if value not in used:
            used.append(value)
        return f"${used.index(value) + 1}"

    text = VALUE.sub(numbered, statement)
    of_types = f" ({', '.join(types[value] for value in used)})" if used else ""
    call = f"EXECUTE {name}" + (f" ({', '.join(f'%({value})s' for value in used)})" if used else "")
    # Left to itself the server plans anew each time: it can't know that planning is what costs.
    plan_once = "SET plan_cache_mode = force_generic_plan"
    return f"{plan_once};\nPREPARE {name}{of_types} AS {text}", call


def _type(value: object) -> str:
    """The SQL type of a value; `unknown` is what the statement makes of it."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer" if abs(value) < 2**31 else "bigint"
    if isinstance(value, datetime):
        return "timestamptz"
    return "date" if isinstance(value, date) else "unknown"
