"""A process of its own that runs the daily jobs and kills itself at a chosen statement.

    python -m tests.crash.killed MODE DATABASE…

It imports Django once and forks a child for each run, so that a run costs milliseconds. It reads
one order a line from standard input, `<database> <statement> <until>`, and answers each with the
number of statements the child got to and how it ended: `<statements> killed|done|failed`.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import date
from typing import Any

import django


def main() -> None:
    django.setup()
    for order in sys.stdin:
        database, statement, until = order.split()
        reached, ended = in_child(database, int(statement), date.fromisoformat(until))
        sys.stdout.write(f"{reached} {ended}\n")
        sys.stdout.flush()


def in_child(database: str, statement: int, until: date) -> tuple[int, str]:
    """Run the daily jobs in a child that dies before it sends the given statement (0: never)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os._exit(run(database, statement, until, writing))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        reached = len(pipe.read())
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return reached, "killed"
    return reached, "done" if os.waitstatus_to_exitcode(status) == 0 else "failed"


def run(database: str, statement: int, until: date, writing: int) -> int:
    from django.db import connection

    from workplace_console import daily

    sent = 0

    def count_and_kill(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        nonlocal sent
        sent += 1
        os.write(writing, b".")
        if sent == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    connection.settings_dict["NAME"] = database
    try:
        connection.ensure_connection()
        with connection.execute_wrapper(count_and_kill):
            daily.run(until=until)
    except Exception:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main()
