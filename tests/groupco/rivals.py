"""Two people at once: what the second one meets while the first has not committed yet."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing

import psycopg2
from django.db import transaction

from tests import databases
from workplace_console.common.refusal import Refused


def code_of(act: Callable[[], object]) -> str:
    """The code with which an act is refused, or 'done'."""
    try:
        act()
    except Refused as refused:
        return refused.code
    return "done"


def meets(database: str, first: Callable[[], object], second: Callable[[], object]) -> str:
    """The outcome of the second act, begun after the first was done and before it was committed.

    It is let wait for a lock; if it does not wait, it is over before the first is committed.
    """

    def rival() -> str:
        with databases.connected(database):
            return code_of(second)

    with ThreadPoolExecutor(1) as pool:
        with databases.connected(database), transaction.atomic():
            assert code_of(first) == "done"
            outcome = pool.submit(rival)
            _until_it_waits(database, outcome)
        return outcome.result(30)


def _until_it_waits(database: str, outcome: Future[str]) -> None:
    with closing(psycopg2.connect(dbname="postgres", **databases.address())) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            while not wait([outcome], timeout=0.02).done:
                cursor.execute(
                    """SELECT FROM pg_stat_activity
                       WHERE datname = %s AND wait_event_type = 'Lock'""",
                    [database],
                )
                if cursor.rowcount:
                    return
