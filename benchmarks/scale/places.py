"""A PostgreSQL of our own for as long as the benchmark lasts, and the databases on it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.scale.limit import Limit
    from benchmarks.scale.usual import Usual

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "workplace-console-bench-"


@contextmanager
def server() -> Iterator[str]:
    """The address of a new server with its default settings, fsync among them; gone afterwards."""
    from workplace_console.local.servers import Postgres, state_outside

    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)  # PostgreSQL's own user must get through
    postgres = Postgres(folder)
    try:
        yield postgres.start()
    finally:
        postgres.stop()
        for path in (state_outside(folder), folder):
            shutil.rmtree(path, ignore_errors=True)


def set_up(database_url: str, today: str) -> None:
    """Django on that server, on a fixed business day."""
    os.environ |= {
        "DATABASE_URL": database_url,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "CONSOLE_TODAY": today,
        "DEMO": "1",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "workplace_console.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


@dataclass
class Place:
    """A database: `with place:` makes it Django's default, `bare` talks to it without Django."""

    name: str
    connection: Any
    bare: Any

    @classmethod
    def new(cls, name: str) -> Place:
        """A new database with the schema of the product: a copy of the server's own."""
        from django.db import connections

        return cls._made(name, connections["default"].settings_dict["NAME"])

    @classmethod
    def empty(cls, name: str) -> Place:
        """A new database with nothing in it."""
        return cls._made(name, "template0")

    @classmethod
    def _made(cls, name: str, template: str) -> Place:
        from django.db import connections

        connections["default"].close()
        with connections["default"]._nodb_cursor() as cursor:  # noqa: SLF001
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return cls.of(name)

    @classmethod
    def of(cls, name: str) -> Place:
        """A database that is there, on the server that Django talks to."""
        import psycopg2
        from django.db import connections

        connection = connections.create_connection("default")
        connection.settings_dict = {**connections["default"].settings_dict, "NAME": name}
        connection.settings_dict["CONN_HEALTH_CHECKS"] = False
        at = connection.settings_dict
        bare = psycopg2.connect(
            host=at["HOST"],
            port=at["PORT"],
            user=at["USER"],
            password=at["PASSWORD"],
            dbname=name,
        )
        bare.autocommit = True
        return cls(name, connection, bare)

    @property
    def url(self) -> str:
        at = self.connection.settings_dict
        return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{self.name}"

    def __enter__(self) -> Place:
        from django.db import connections

        self._before = connections["default"]
        connections["default"] = self.connection
        return self

    def __exit__(self, *_error: object) -> None:
        from django.db import connections

        connections["default"] = self._before

    def sql(self, statement: str, /, **values: Any) -> list[tuple[Any, ...]]:
        """Run a statement without Django, each its own transaction."""
        with self.bare.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def settle(self) -> None:
        """As a table is after a quiet hour: its dead rows gone, its pages written."""
        self.sql("VACUUM (ANALYZE)")
        self.sql("CHECKPOINT")

    def close(self) -> None:
        self.connection.close()
        self.bare.close()


@dataclass
class Contest:
    """One database with all that runs on it: ours, the limit, and on one the usual way.

    The one of very many companies with a long history has nothing but ours.
    """

    label: str
    companies: int
    place: Place
    limit: Limit | None
    usual: Usual | None = None

    def can(self, way: str) -> bool:
        """Whether it has the tables of a way to do things."""
        return getattr(self, way, self) is not None


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
