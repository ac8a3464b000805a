"""What Celery starts, and which day it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2
import pytest
import time_machine
from celery.schedules import crontab
from django.test import Client

from tests import companies, databases
from workplace_console import collection, daily, tasks
from workplace_console.celery import app
from workplace_console.common import clock, jobs
from workplace_console.common.models import JobRun, Notice

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-01-31T23:59:59.999999+09:00", date(2026, 1, 31)),
        ("2026-02-01T00:00:00+09:00", date(2026, 2, 1)),
        ("2026-02-01T08:59:59+09:00", date(2026, 2, 1)),
        ("2026-02-01T09:00:00+09:00", date(2026, 2, 1)),
        ("2026-02-28T15:00:00+00:00", date(2026, 3, 1)),
        ("2028-02-28T15:00:00+00:00", date(2028, 2, 29)),
        ("2026-12-31T14:59:59+00:00", date(2026, 12, 31)),
        ("2026-12-31T15:00:00+00:00", date(2027, 1, 1)),
    ],
)
def test_the_business_day_is_seouls(moment: str, day: date) -> None:
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        assert clock.today() == day


@pytest.mark.django_db
def test_the_daily_task_does_what_is_due_and_then_nothing() -> None:
    """R: I4."""
    companies.paid(on=date(2026, 1, 30))
    with time_machine.travel(datetime(2026, 2, 1, 0, 0, tzinfo=SEOUL), tick=False):
        first = tasks.run_daily(some_argument_of_a_later_release=1)
        again = tasks.run_daily()

    assert first > 0
    assert again == 0
    assert JobRun.objects.latest("day").day == date(2026, 2, 1)


@pytest.mark.django_db
def test_what_follows_the_night_waits_while_somebody_is_at_it(database: str, settings: Any) -> None:
    """Nothing is due for others then, and the books still differ from what is used."""
    settings.CONSOLE_TODAY = date(2026, 2, 12)
    with databases.connected(database):
        companies.paid(on=date(2026, 1, 1))
        with held_lock(database):
            assert not daily.is_due()
            tasks.collect_payments()
            assert tasks.check_books() == 0
        assert not JobRun.objects.exists()
        assert not Notice.objects.filter(kind="books_differ").exists()

        tasks.run_daily()
        tasks.collect_payments()
        assert JobRun.objects.filter(job=collection.ROUND).exists()


@contextmanager
def held_lock(database: str) -> Iterator[None]:
    """Somebody else is at the night's work."""
    connection = psycopg2.connect(dbname=database, **databases.address())
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [jobs.LOCK])
        yield
    connection.close()


@pytest.mark.django_db
def test_without_any_company_nothing_is_recorded() -> None:
    assert tasks.run_daily() == 0
    assert daily.run(until=date(2026, 1, 1)).finished == 0
    assert not JobRun.objects.exists()


def test_beat_starts_the_night_at_midnight_in_seoul_and_sweeps() -> None:
    """R: I4."""
    app.loader.import_default_modules()
    timetable = app.conf.beat_schedule
    night = timetable["daily-run"]["schedule"]
    assert isinstance(night, crontab)
    assert (night.hour, night.minute) == ({0}, {0})
    assert app.timezone == SEOUL
    assert {entry["task"] for entry in timetable.values()} <= app.tasks.keys()
    assert timetable["daily-sweep"]["schedule"] <= 60.0


def test_beat_finds_midnight_due_at_midnight() -> None:
    night = crontab(hour=0, minute=0, app=app)
    last = datetime(2026, 1, 31, 0, 0, tzinfo=SEOUL)
    for moment, due in (
        (datetime(2026, 1, 31, 14, 59, 59, tzinfo=ZoneInfo("UTC")), False),
        (datetime(2026, 1, 31, 15, 0, 0, tzinfo=ZoneInfo("UTC")), True),
    ):
        with time_machine.travel(moment, tick=False):
            night.nowfun = lambda moment=moment: moment.astimezone(SEOUL)
            assert night.is_due(last).is_due is due


@pytest.mark.django_db
class TestPages:
    def test_the_first_page(self, client: Client) -> None:
        response = client.get("/", follow=True)

        assert response.status_code == 200
        assert "WORKPLACE Console" in response.content.decode()

    def test_health(self, client: Client) -> None:
        assert client.get("/healthz").content == b"ok"

    @pytest.mark.parametrize("path", ["/", "/healthz"])
    def test_only_read(self, client: Client, path: str) -> None:
        assert client.post(path).status_code == 405
