"""The simulation's own database, beside the real one on the same server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import environ
import psycopg2
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from psycopg2 import errors, sql

from groupco.models import Company

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
    _create(real, own.settings_dict)
    connections["default"] = own
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        _migrate(own)
        if Company.objects.exists():
            raise ImproperlyConfigured(
                "SIMULATE_DATABASE_URL: 회사가 있습니다. 빈 데이터베이스로 지정하세요."
            )
        yield
    finally:
        own.close()  # and with it the lock
        connections["default"] = real


def _settings(real: dict[str, Any]) -> dict[str, Any]:
    if not settings.SIMULATE_DATABASE_URL:
        return {**real, "NAME": f"{real['NAME']}_simulate"}
    own = {**real, **environ.Env.db_url_config(settings.SIMULATE_DATABASE_URL)}
    if all(own[part] == real[part] for part in ("HOST", "PORT", "NAME")):
        raise ImproperlyConfigured("SIMULATE_DATABASE_URL: 실제 데이터베이스는 쓸 수 없습니다.")
    return own


def _create(real: BaseDatabaseWrapper, wanted: dict[str, Any]) -> None:
    """Make the database unless it is there; one that was named must be."""
    if settings.SIMULATE_DATABASE_URL:
        return
    with real.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [wanted["NAME"]])
        if cursor.fetchone() is not None:
            return
    server = psycopg2.connect(**real.get_connection_params())
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(wanted["NAME"])))
    except (errors.DuplicateDatabase, errors.UniqueViolation):
        pass  # another simulation was quicker
    except errors.InsufficientPrivilege:
        raise ImproperlyConfigured(
            "SIMULATE_DATABASE_URL: 데이터베이스를 만들 권한이 없습니다. 만들어 둔 것을 지정하세요."
        ) from None
    finally:
        server.close()


def _migrate(own: BaseDatabaseWrapper) -> None:
    executor = MigrationExecutor(own)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
