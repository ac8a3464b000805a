"""What a page did to the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from workplace_console.common.models import AuditEntry

WRITES = ("INSERT", "UPDATE", "DELETE")
# Whoever acts keeps a session; that is no change of anything that staff sees. Nor is the record of
# who was shown people's data.
NOT_COUNTED = ('"groupco_session"', "common_access")


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements that wrote something, within the block."""
    found: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES) and not any(
            table in sql for table in NOT_COUNTED
        ):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def entries(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action).order_by("pk"))
