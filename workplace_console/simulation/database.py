"""The simulation's own database, beside the real one on the same server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import environ
import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from psycopg2 import errors, sql

LOCK: Final = int.from_bytes(b"simulate")


@contextmanager
def own_database() -> Iterator[None]:
    """Within it, every query of this thread goes to the simulation's database.

    The real connection, and whatever transaction is open on it, is left alone. The database is
    made on first use; its schema follows the code's. One simulation at a time: others wait.
    """
    real = connections["default"]
    own = connections.create_connection("default")
    own.settings_dict = _settings(real.settings_dict)
    _create(own.settings_dict)
    connections["default"] = own
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        _migrate(own)
        yield
    finally:
        own.close()  # and with it the lock
        connections["default"] = real


def _settings(real: dict[str, Any]) -> dict[str, Any]:
    if settings.SIMULATE_DATABASE_URL:
        return {**real, **environ.Env.db_url_config(settings.SIMULATE_DATABASE_URL)}
    return {**real, "NAME": f"{real['NAME']}_simulate"}


def _create(wanted: dict[str, Any]) -> None:
    """Make the database unless it is there."""
    address = {
        "host": wanted["HOST"],
        "port": wanted["PORT"],
        "user": wanted["USER"],
        "password": wanted["PASSWORD"],
    }
    try:
        psycopg2.connect(dbname=wanted["NAME"], **address).close()
    except psycopg2.OperationalError as refused:
        if "does not exist" not in str(refused):
            raise
        server = psycopg2.connect(dbname=settings.DATABASES["default"]["NAME"], **address)
        server.autocommit = True
        try:
            with server.cursor() as cursor:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(wanted["NAME"])))
        except (errors.DuplicateDatabase, errors.UniqueViolation):
            pass  # another simulation was quicker
        finally:
            server.close()


def _migrate(own: BaseDatabaseWrapper) -> None:
    executor = MigrationExecutor(own)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
