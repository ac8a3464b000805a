"""Databases for tests that run the product in processes of its own."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import environ
import psycopg2
import pytest
from django.db import connections
from psycopg2 import sql

from tests.servers import PREFIX
from workplace_console.local.servers import Postgres

ROOT = Path(__file__).resolve().parent.parent


def address() -> dict[str, str]:
    """Where the tests' server is, as psycopg2 takes it."""
    config = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    return {
        "host": config["HOST"],
        "port": str(config["PORT"]),
        "user": config["USER"],
        "password": config["PASSWORD"],
    }


def url(name: str) -> str:
    at = address()
    return f"postgres://{at['user']}:{at['password']}@{at['host']}:{at['port']}/{name}"


def execute(statement: sql.Composable) -> None:
    """Run a statement on the server, outside of any transaction."""
    connection = psycopg2.connect(dbname="postgres", **address())
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


@contextmanager
def a_server_of_our_own(template: str) -> Iterator[str]:
    """Within it, all of this works on another server, which nobody else uses; a database there
    that has the schema of `template` and is empty."""
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        Path(folder).chmod(0o711)  # PostgreSQL's own user must get through
        server = Postgres(Path(folder), durable=False)
        schema = dump(template)
        patch.setenv("DATABASE_URL", server.start())
        try:
            with copy_of(None) as name:
                run([server.bin / "psql", "--quiet", "--dbname", url(name)], stdin=schema)
                yield name
        finally:
            server.stop()


def dump(name: str) -> str:
    """What `pg_dump` writes of a database."""
    programs = Postgres(Path(tempfile.gettempdir())).bin
    return run([programs / "pg_dump", "--dbname", url(name)])


def run(command: Sequence[str | Path], *, stdin: str = "") -> str:
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, check=True, cwd="/"
    ).stdout


@contextmanager
def copy_of(template: str | None) -> Iterator[str]:
    """A new database, empty or a copy of another, for as long as the block lasts."""
    name = f"t_{uuid4().hex[:12]}"
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        statement += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
    execute(statement)
    try:
        yield name
    finally:
        execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def manage(
    *arguments: str, database: str, today: str, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command on a business day, as an operator would."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url(database), "CONSOLE_TODAY": today},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


_STORYTELLERS: list[subprocess.Popen[str]] = []


def live(story: Sequence[tuple[str, Sequence[str], str]], *, database: str) -> None:
    """Run commands one after another: business day, arguments, standard input."""
    teller = _storyteller()
    assert teller.stdin
    assert teller.stdout
    teller.stdin.write(json.dumps({"database": url(database), "acts": story}) + "\n")
    teller.stdin.flush()
    wrong = json.loads(teller.stdout.readline())
    assert not wrong, wrong


def _storyteller() -> subprocess.Popen[str]:
    """One process for all stories of a run; it ends when we do, and its input with us."""
    if not _STORYTELLERS:
        _STORYTELLERS.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.story"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        atexit.register(_end_stories)
    return _STORYTELLERS[0]


def _end_stories() -> None:
    for teller in _STORYTELLERS:
        teller.communicate()


def let_in(email: str, password: str, *, database: str, staff_roles: Sequence[str] = ()) -> None:
    """Let somebody sign in, as the link of an invitation would."""
    live([("2026-01-01", ["let_in", email, password, *staff_roles], "")], database=database)


@contextmanager
def no_more_connections() -> Iterator[None]:
    """Within it, this thread's next connection is one too many: as where all are taken."""
    execute(sql.SQL("CREATE ROLE crowded LOGIN PASSWORD 'crowded' CONNECTION LIMIT 0"))
    real = connections["default"].settings_dict
    connections["default"].close()
    connections["default"].settings_dict = {**real, "USER": "crowded", "PASSWORD": "crowded"}
    try:
        yield
    finally:
        connections["default"].settings_dict = real
        execute(sql.SQL("DROP ROLE crowded"))


@contextmanager
def connected(database: str) -> Iterator[None]:
    """Within it, this thread's queries go to another database; the test's own is left alone."""
    real = connections["default"]
    other = connections.create_connection("default")
    where = {key.upper(): value for key, value in address().items()}
    other.settings_dict = {**real.settings_dict, **where, "NAME": database}
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = real
