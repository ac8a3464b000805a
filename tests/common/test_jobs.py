"""The runner of daily jobs, on jobs made up for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pytest
from django.db import OperationalError, connection
from django.utils.timezone import now

from workplace_console.common import jobs
from workplace_console.common.jobs import Job, Trouble
from workplace_console.common.models import JobRun, Notice, Parked
from workplace_console.common.refusal import Refused

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, WEDNESDAY = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)
COMPANIES = ["c0", "c1", "c2", "c3", "c4"]


class Work:
    """A job that remembers whom it worked for, in the database, and fails where it is told to."""

    def __init__(self, name: str = "work") -> None:
        self.broken: set[str] = set()
        self.left_out: set[str] = set()
        self.job = Job(name, run=self.run, concerns=lambda _day: COMPANIES)

    def run(self, day: date, only: Collection[str] | None) -> list[Trouble]:
        companies = COMPANIES if only is None else list(only)
        for company in companies:
            if company not in self.left_out:
                Notice.objects.create(
                    key=f"{self.job.name} {day} {company}",
                    company=company,
                    kind=self.job.name,
                    on=day,
                )
        if self.broken & set(companies):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return [Trouble(company, "left_out") for company in companies if company in self.left_out]

    def done(self, day: date) -> list[str]:
        notices = Notice.objects.filter(kind=self.job.name, on=day)
        return sorted(notices.values_list("company", flat=True))


def run(*works: Work, until: date) -> jobs.Outcome:
    return jobs.run_due([work.job for work in works], first_day=MONDAY, today=until)


def test_missed_days_are_caught_up_in_order_and_once() -> None:
    """R: I4."""
    first, second = Work("first"), Work("second")

    assert run(first, second, until=WEDNESDAY).finished == 6
    assert run(first, second, until=WEDNESDAY).finished == 0

    order = list(Notice.objects.order_by("pk").values_list("on", "kind").distinct())
    in_order = list(dict.fromkeys(order))
    assert in_order == sorted(in_order)
    assert JobRun.objects.count() == 6


def test_not_beyond_today() -> None:
    """R: I4."""
    work = Work()
    run(work, until=MONDAY)

    assert work.done(TUESDAY) == []
    assert jobs.last_day_run() == MONDAY


def test_one_company_at_fault_is_parked_and_all_others_are_done() -> None:
    work = Work()
    work.broken = {"c3"}

    outcome = run(work, until=MONDAY)

    assert (outcome.finished, outcome.parked) == (1, 1)
    assert work.done(MONDAY) == ["c0", "c1", "c2", "c4"]
    parked = Parked.objects.get()
    assert (parked.job, parked.day, parked.company) == ("work", MONDAY, "c3")
    assert "DivisionByZero" in parked.detail or "division by zero" in parked.detail
    told = Notice.objects.get(audience=Notice.Audience.STAFF)
    assert (told.kind, told.company) == ("parked", "c3")


def test_what_stands_parked_is_tried_by_every_run_until_it_works() -> None:
    work = Work()
    work.left_out = {"c1", "c2"}
    run(work, until=MONDAY)
    run(work, until=TUESDAY)
    assert Parked.objects.count() == 4

    work.left_out = {"c2"}
    run(work, until=TUESDAY)

    assert work.done(MONDAY) == ["c0", "c1", "c3", "c4"] == work.done(TUESDAY)
    assert set(Parked.objects.values_list("company", flat=True)) == {"c2"}
    assert Notice.objects.filter(audience=Notice.Audience.STAFF).count() == 4


def test_everybody_failing_is_nobodys_fault() -> None:
    work = Work()
    work.job = Job(
        "work", run=work.run, concerns=lambda _day: [f"x{n}" for n in range(jobs.MOST_FAILURES + 2)]
    )
    work.broken = {f"x{n}" for n in range(jobs.MOST_FAILURES + 2)} | set(COMPANIES)

    with pytest.raises(Exception, match="division by zero"):
        run(work, until=MONDAY)

    assert not JobRun.objects.exists()
    assert not Parked.objects.exists()
    assert work.done(MONDAY) == []


def test_a_server_that_goes_away_parks_nobody() -> None:
    def gone(_day: date, _only: Collection[str] | None) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with pytest.raises(OperationalError):
        jobs.run_due([Job("work", gone, lambda _day: [])], first_day=MONDAY, today=MONDAY)

    assert not JobRun.objects.exists()
    assert not Parked.objects.exists()


def test_a_job_that_is_new_does_not_go_back_to_the_beginning() -> None:
    old, new = Work("old"), Work("new")
    run(old, until=TUESDAY)

    run(old, new, until=WEDNESDAY)

    assert new.done(MONDAY) == []
    assert new.done(WEDNESDAY) == old.done(WEDNESDAY) == COMPANIES


def test_whether_anything_is_due_takes_two_queries(django_assert_max_num_queries) -> None:
    work = Work()
    run(work, until=MONDAY)

    with django_assert_max_num_queries(2):
        assert not jobs.is_due([work.job], today=MONDAY)
    assert jobs.is_due([work.job], today=TUESDAY)

    work.left_out = {"c0"}
    run(work, until=TUESDAY)
    assert not jobs.is_due([work.job], today=TUESDAY)
    Parked.objects.update(tried_at=now() - jobs.PAUSE)
    assert jobs.is_due([work.job], today=TUESDAY)


def test_a_day_that_is_over_takes_nothing_more() -> None:
    run(Work(), until=TUESDAY)

    jobs.hold_day(TUESDAY)
    with pytest.raises(Refused) as no:
        jobs.hold_day(MONDAY)
    assert no.value.code == "day_is_over"
