"""A process of its own that does what nobody may interrupt, and kills itself at a chosen statement.

    python -m tests.crash.killed

It imports Django once and forks a child for each run, so that a run costs milliseconds. It reads
one order a line from standard input, `<act> <database> <statement> <day>`, and answers each with
the number of statements the child got to and how it ended: `<statements> killed|done|failed`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import django


@contextmanager
def killer() -> Iterator[subprocess.Popen[str]]:
    """That process, to be given orders."""
    from tests import databases

    with subprocess.Popen(
        [sys.executable, "-m", "tests.crash.killed"],
        cwd=databases.ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "workplace_console.settings",
            # Whoever looks after files finds none: these are no demo's.
            "EMAIL_URL": "smtp://127.0.0.1:1",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def order(
    process: subprocess.Popen[str], act: str, database: str, *, statement: int = 0, day: date
) -> tuple[int, str]:
    """Have something done in a child that dies before it sends the given statement (0: never).

    How many statements it got to, and how it ended.
    """
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{act} {database} {statement} {day}\n")
    process.stdin.flush()
    reached, ended = process.stdout.readline().split()
    return int(reached), ended


# How many of the moments at which something can be killed are tried; CI tries at least 50.
KILLS = int(os.environ.get("KILLS", "6"))


def moments(statements: int, *, most: int = KILLS) -> list[int]:
    """Before which of so many statements: all, or so many spread evenly, the first among them."""
    number = min(most, statements)
    return [1 + step * statements // number for step in range(number)]


def main() -> None:
    django.setup()
    for line in sys.stdin:
        act, database, statement, day = line.split()
        reached, ended = in_child(act, database, int(statement), date.fromisoformat(day))
        sys.stdout.write(f"{reached} {ended}\n")
        sys.stdout.flush()


def in_child(act: str, database: str, statement: int, day: date) -> tuple[int, str]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os._exit(run(act, database, statement, day, writing))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        reached = len(pipe.read())
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return reached, "killed"
    return reached, "done" if os.waitstatus_to_exitcode(status) == 0 else "failed"


def run(act: str, database: str, statement: int, day: date, writing: int) -> int:
    from django.db import connection

    from workplace_console import daily, deletion, rewriting

    acts: dict[str, Callable[[], object]] = {
        "run_daily": lambda: daily.run(until=day),
        "delete": lambda: deletion.sweep(day=day),
        "rewrite": rewriting.rewrite_tables,
    }
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
            acts[act]()
    except Exception:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main()
