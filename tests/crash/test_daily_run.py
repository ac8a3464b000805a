"""The daily run is killed at any statement, and run by four at once: always the same rows."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction

from billing.models import DayCharge
from groupco import queries as groups
from products import operations as products
from tests import databases
from tests.crash.dump import dump
from tests.crash.killed import KILLS, killer, moments, order
from workplace_console.common import jobs, sql
from workplace_console.common.audit import Actor

UNTIL = date(2024, 3, 2)


@pytest.fixture(scope="module")
def eve(migrated_database: str) -> Iterator[str]:
    """A database in which much falls due at once: a month and two contract years end, a trial
    expires and its data goes, a reservation begins, a trial is near its end; and the day before
    has not been run."""
    with databases.copy_of(migrated_database) as name:
        databases.live([(day, command.split(), PERSONS) for day, command in STORY], database=name)
        yield name


PERSONS = "employee,registered_on,excluded_on\n" + "".join(
    f"e{number},2023-02-20,{'2024-02-10' if number % 3 == 0 else ''}\n" for number in range(12)
)
STORY = [
    ("2023-02-28", "create_company annual --admin a@example.com"),
    ("2023-02-28", "import_accounts annual -"),
    ("2023-02-28", "convert annual --plan collabo --cycle annual --start 2023-03-01"),
    ("2024-01-05", "run_daily"),
    ("2024-01-05", "create_company monthly --admin a@example.com"),
    ("2024-01-05", "import_accounts monthly -"),
    ("2024-01-05", "convert monthly --plan workplace --cycle monthly --start 2024-01-20"),
    ("2024-02-01", "run_daily"),
    ("2024-02-01", "create_company expiring --admin b@example.com"),
    ("2024-02-01", "import_accounts expiring -"),
    ("2024-02-07", "run_daily"),
    ("2024-02-07", "create_company ending --admin c@example.com"),
    ("2024-02-20", "run_daily"),
    ("2024-02-20", "create_company beginning --admin d@example.com"),
    ("2024-02-20", "import_accounts beginning -"),
    ("2024-02-20", "convert beginning --plan workplace --cycle monthly --start 2024-03-01"),
    ("2024-02-28", "run_daily"),
]


def test_killed_at_any_statement_and_run_again_it_ends_the_same(eve: str) -> None:
    with killer() as process:
        with databases.copy_of(eve) as undisturbed:
            statements, ended = order(process, "run_daily", undisturbed, day=UNTIL)
            expected = dump(undisturbed)
        assert ended == "done"
        assert_much_happened(expected)

        for statement in moments(statements, most=3 * KILLS):
            with databases.copy_of(eve) as database:
                killed = order(process, "run_daily", database, statement=statement, day=UNTIL)
                assert killed == (statement, "killed")
                assert order(process, "run_daily", database, day=UNTIL)[1] == "done"
                assert dump(database) == expected, f"killed at statement {statement}"


def test_four_at_once_write_the_same_rows_as_one(eve: str, examples) -> None:
    with databases.copy_of(eve) as alone:
        assert finished(start(alone))
        expected = dump(alone)

    for _round in range(examples(few=1, deep=3)):
        with databases.copy_of(eve) as database:
            done = [finished(run) for run in [start(database) for _ in range(4)]]
            assert dump(database) == expected
            # Between them they did each job of each day once.
            assert sum(done) == jobs_of_nights(expected) - jobs_of_nights(dump(eve))


def jobs_of_nights(rows: dict[str, list[str]]) -> int:
    """How many jobs of days are recorded; collecting payments is none of the night's."""
    return sum("(collect," not in row for row in rows["common_jobrun"])


@pytest.mark.django_db
def test_the_night_waits_for_what_is_being_recorded_as_of_the_day_before(eve: str) -> None:
    """An operation of 28 February, 23:59:59, that commits after the run of the 29th has begun."""
    day = date(2024, 2, 28)
    with databases.copy_of(eve) as database, databases.connected(database):
        before = groups.counted("monthly", day)
        with transaction.atomic():
            jobs.hold_day(day)
            night = start(database)
            wait_until_somebody_waits_for_a_lock()
            products.register_new_persons(
                company_id="monthly", count=5, today=day, by=Actor.command("test")
            )
        finished(night)

        charged = DayCharge.objects.get(day=day, company="monthly")
        assert charged.quantity == groups.counted("monthly", day) == before + 5


def start(database: str) -> subprocess.Popen[str]:
    """The daily run in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_daily"],
        cwd=databases.ROOT,
        env=os.environ
        | {"DATABASE_URL": databases.url(database), "CONSOLE_TODAY": UNTIL.isoformat()},
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until_somebody_waits_for_a_lock() -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    deadline = time.monotonic() + 60
    while sql.column(waiting) == [0]:
        assert time.monotonic() < deadline


def finished(run: subprocess.Popen[str]) -> int:
    """How many jobs of a day a run says it did."""
    said, _errors = run.communicate()
    assert run.returncode == 0
    return int(said.split("작업 ")[1].split("건")[0])


def assert_much_happened(rows: dict[str, list[str]]) -> None:
    """The test would prove little if nothing fell due."""
    kinds = {kind for kind in KINDS if any(f",{kind}," in row for row in rows["common_mail"])}
    assert kinds == KINDS
    assert len(rows["billing_invoice"]) >= 3
    assert any("expiring" in row for row in rows["products_deletion"])


KINDS = {
    "invoice_issued",
    "trial_expired",
    "data_deleted",
    "conversion_started",
    "trial_ending",
}
