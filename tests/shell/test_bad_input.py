"""What no shell or program should send, and some do: one clear line, exit 2, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests import databases
from tests.example import EXAMPLE


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        ([b"show_invoices", b"\xff"], b""),
        ([b"convert", b"\xed\xa0\x80", b"--withdraw"], b""),
        ([b"import_accounts", b"\xff", b"-"], b""),
        ([b"create_company", b"\xff"], b""),
        ([b"create_company", b"acme", b"--name", b"\xff"], b""),
        ([b"create_company", b"acme", b"--admin", b"a@" + b"b" * 260 + b".kr"], b""),
        ([b"create_company", b"acme", b"--admin", "a@가.kr".encode()], b""),
        ([b"create_company", b"acme", b"--on", b"0001-01-01"], b""),
        ([b"create_company", b"acme", b"--on", b"2026-W01-1"], b""),
        ([b"simulate", b"-"], b'{"a\\nb\\u001b[31m": 1}'),
        ([b"simulate", b"-"], b"\xff\xfe"),
        ([b"simulate", b"-"], b"[" * 100_000),
        ([b"simulate", b"-"], b'{"start": "\\ud800", "until": "\\u0000"}'),
        ([b"simulate", b"-"], b'{"start": "2026-01-01", "start": "2026-01-01"}'),
        ([b"simulate", b"-"], b'{"start": NaN, "until": 1e999}'),
        ([b"simulate", b"\xff"], b""),
        ([b"simulate", b"."], b""),
    ],
    ids=lambda given: repr(given)[:60],
)
def test_one_line_and_exit_2(database: str, arguments: list[bytes], stdin: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=databases.ROOT,
        env=os.environ | {"DATABASE_URL": databases.url(database), "CONSOLE_TODAY": "2026-01-01"},
        input=stdin,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 2, done.stderr.decode(errors="replace")
    assert done.stdout == b""
    assert len(done.stderr.splitlines()) == 1
    assert b"\x1b" not in done.stderr


def test_a_database_that_is_not_there() -> None:
    done = databases.manage("run_daily", database="no_such_database", today="2026-01-01")

    assert done.returncode == 2
    assert done.stderr.startswith("DATABASE_URL: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("today", ["0001-02-01", "20260101", "2026-W01-1", "9999-12-31"])
def test_a_business_day_that_is_none(database: str, today: str) -> None:
    """R: I3."""
    done = databases.manage("run_daily", database=database, today=today)

    assert done.returncode == 2
    assert done.stderr.startswith("CONSOLE_TODAY: ")


def test_the_simulation_never_takes_the_real_database(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMULATE_DATABASE_URL", databases.url(database))

    done = databases.manage(
        "simulate", "-", database=database, today="2026-01-01", stdin=json.dumps(EXAMPLE)
    )

    assert done.returncode == 2
    assert done.stderr.startswith("SIMULATE_DATABASE_URL: ")
