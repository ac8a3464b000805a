"""Runs daily jobs: once a day each, missed days in order, killed anywhere and run again.

A job is a function of the day whose 00:00 it is. A day's work and its rows in `job_run` are one
transaction, so there is never half a day; runs that meet wait at an advisory lock and find the
rows. Only when something fails are the jobs run one by one, each in halves, until the company at
fault is found: it is parked, all others are done, and every later run tries it again.

Jobs of very many companies can be done in shares, a transaction each, that any number of runs take
from one another, on any number of machines. The day then counts as over from the first share on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final, TypeVar

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from workplace_console.common import days, messages, sql
from workplace_console.common.messages import Event
from workplace_console.common.models import JobRun, Parked, Share
from workplace_console.common.refusal import Refused, gettext_noop

log = logging.getLogger(__name__)

# One number for all runs, so that they meet at one lock.
LOCK: Final = int.from_bytes(b"daily")

# The reason of a company whose work raised an exception.
ERROR: Final = "error"

# What stands parked is tried again this often by the sweep (by hand: at once).
PAUSE: Final = timedelta(minutes=10)

# More companies than this failing in one job on one day is not their fault: the job stops, and
# everything it did is undone and tried again by the next run.
MOST_FAILURES: Final = 100


# Waits for other runs, which hold the lock until their transaction ends, then writes the rows
# that none of them has.
CLAIM: Final = """
    INSERT INTO common_jobrun (job, day, at)
    SELECT job, %(day)s, now()
    FROM (SELECT pg_advisory_xact_lock(%(lock)s)) AS locked, unnest(%(jobs)s) AS job
    ON CONFLICT DO NOTHING RETURNING job"""


@dataclass(frozen=True)
class Trouble:
    """Why a job left a company out. `reason` is a short code, `detail` is for staff."""

    company: str
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Job:
    """A daily job.

    `run(day, only)` does the work of that day's 00:00 for the companies in `only`, or for all of
    them when None, and returns what it had to leave out, if anything. Running it again for a day
    changes nothing. `concerns(day)` lists the companies it would touch: where `run` fails, they
    are tried in halves until the one at fault stands alone. `share(number, of)`, for jobs that can
    be done in shares: the companies of one of so many.
    """

    name: str
    run: Callable[[date, Collection[str] | None], Iterable[Trouble] | None]
    concerns: Callable[[date], Sequence[str]]
    share: Callable[[int, int], Sequence[str]] | None = None


Work = Callable[[Job, date, Collection[str] | None], list[Trouble]]


@dataclass(frozen=True)
class Outcome:
    """What a run did: (job, day) pairs finished by it, and company-days that stand parked."""

    finished: int
    parked: int


def last_day_run() -> date | None:
    """The latest day that any job has done; nothing may be dated before it any more."""
    last: date | None = sql.column("SELECT max(day) FROM common_jobrun")[0]
    return last


def _last_day_begun() -> date | None:
    """As `last_day_run`, a day that is only begun, in shares, among them."""
    last: date | None = sql.column(
        """SELECT max(day) FROM (SELECT max(day) AS day FROM common_jobrun
                                 UNION ALL SELECT max(day) FROM common_share) AS known"""
    )[0]
    return last


def is_parked(job: str, company: str) -> bool:
    """Whether a job could not do some day for a company, and has not made up for it since."""
    return Parked.objects.filter(job=job, company=company).exists()


def hold_day(day: date) -> None:
    """Let no daily job run until the caller's transaction ends: it records something as of `day`.

    What is recorded as of a day is then there before the night that charges it, or not recorded at
    all: raises Refused day_is_over when a later day has been run. Callers do not wait for each
    other, only for a night in progress: for the one lock that a night holds, and for shares of one.
    Shares do not wait for each other either. PostgreSQL's lock modes say just that: SHARE goes with
    SHARE and ROW EXCLUSIVE with ROW EXCLUSIVE, but not one with the other.
    """
    sql.rows("SELECT pg_advisory_xact_lock_shared(%(lock)s)", lock=LOCK)
    sql.changed("LOCK TABLE common_share IN SHARE MODE")
    last = _last_day_begun()
    if last and day < last:
        raise Refused(
            "day_is_over",
            gettext_noop("{day}의 처리가 끝났습니다. 새로 고친 뒤 다시 시도하세요."),
            day=day,
        )


def run_due(jobs: Sequence[Job], *, first_day: date, today: date, shares: int = 1) -> Outcome:
    """Do every job for every day that it has not done, in order, up to and including today.

    `first_day` is where the very first run starts; in how many `shares` the jobs are done that can
    be. May run at any time, any number of times and in any number of processes. R: I4.
    """
    _retry_parked(jobs)
    done = dict(
        sql.rows(
            "SELECT job, max(day) FROM common_jobrun WHERE job = ANY(%(jobs)s) GROUP BY job",
            jobs=[job.name for job in jobs],
        )
    )
    # A job without a record is new, or its first day was cut short: it joins the slowest other.
    joins = min(done.values(), default=first_day)
    start = min(done[job.name] + days.ONE_DAY if job.name in done else joins for job in jobs)
    # What was begun in shares is ended so, whatever the setting is now.
    in_shares = shares > 1 or Share.objects.exists()
    finished = sum(
        _run_shared_day(jobs, day, shares) if in_shares else _run_day(jobs, day)
        for day in days.each(start, today)
    )
    (parked,) = sql.column("SELECT count(*) FROM common_parked")
    return Outcome(finished=finished, parked=parked)


def is_due(jobs: Sequence[Job], *, today: date) -> bool:
    """Whether a run would find anything to do, and nobody is at it; quick, for the sweep.

    What stands parked counts again once its pause is over.
    """
    is_late = Parked.objects.filter(tried_at__lt=now() - PAUSE)
    if is_done(jobs, today=today) and not is_late.exists():
        return False
    (is_free,) = sql.column("SELECT pg_try_advisory_xact_lock(%(lock)s)", lock=LOCK)
    return bool(is_free)


def is_done(jobs: Sequence[Job], *, today: date) -> bool:
    """Whether every job has done its work of a day, and so of all days before.

    Not the same as nothing being due: while somebody is at it, there is nothing for others to do,
    and what follows the jobs has to wait all the same.
    """
    names = [job.name for job in jobs]
    return JobRun.objects.filter(day=today, job__in=names).count() == len(names)


def _run_day(jobs: Sequence[Job], day: date) -> int:
    """Do the jobs that a day has not seen yet; how many this call did."""
    return _carefully(
        partial(_claim_and_run, jobs, day, _whole),
        otherwise=lambda: sum(_claim_and_run([job], day, _in_halves) for job in jobs),
    )


def _run_shared_day(jobs: Sequence[Job], day: date, shares: int) -> int:
    """As `_run_day`, job after job: each begins when all shares of the one before are done."""
    return sum(
        _run_in_shares(job, day, shares) if job.share else _run_day([job], day) for job in jobs
    )


def _run_in_shares(job: Job, day: date, shares: int) -> int:
    """Take share after share of a job until none is left, whoever does the others; then it is
    done. How many jobs this call did: 1 or 0."""
    if not _begin(job, day, shares):
        return 0
    while _carefully(
        partial(_take_share, job, day, _whole), otherwise=partial(_take_share, job, day, _in_halves)
    ):
        pass
    return _finish(job, day)


# Whoever began with another number of shares goes on with those.
BEGIN: Final = """
    INSERT INTO common_share (job, day, number, "of", is_done)
    SELECT %(job)s, %(day)s, number, %(shares)s, false
    FROM generate_series(0, %(shares)s - 1) AS number
    WHERE NOT EXISTS (SELECT FROM common_share WHERE job = %(job)s AND day = %(day)s)"""


@transaction.atomic
def _begin(job: Job, day: date, shares: int) -> bool:
    """Share a day's job out; False when it is done. From then on, nothing is dated before the
    day."""
    sql.rows("SELECT pg_advisory_xact_lock(%(lock)s)", lock=LOCK)
    if JobRun.objects.filter(job=job.name, day=day).exists():
        return False
    sql.changed(BEGIN, job=job.name, day=day, shares=shares)
    return True


# First one that nobody is at; then whatever is not done, which waits for whoever is.
TAKE: Final = """
    SELECT id, number, "of" FROM common_share
    WHERE job = %(job)s AND day = %(day)s AND NOT is_done ORDER BY number LIMIT 1 FOR UPDATE"""


@transaction.atomic
def _take_share(job: Job, day: date, work: Work) -> bool:
    """Do one share that is not done; False when all are."""
    sql.changed("LOCK TABLE common_share IN ROW EXCLUSIVE MODE")
    rows = sql.rows(TAKE + " SKIP LOCKED", job=job.name, day=day)
    rows = rows or sql.rows(TAKE, job=job.name, day=day)
    if not rows or job.share is None:
        return False
    ((id, number, of),) = rows
    _park(job, day, work(job, day, job.share(number, of)))
    sql.changed("UPDATE common_share SET is_done = true WHERE id = %(id)s", id=id)
    return True


@transaction.atomic
def _finish(job: Job, day: date) -> int:
    """Write down that a job has done a day, once all its shares are; 0 when it was known."""
    claimed = sql.column(CLAIM, jobs=[job.name], day=day, lock=LOCK)
    sql.changed(
        "DELETE FROM common_share WHERE job = %(job)s AND day = %(day)s", job=job.name, day=day
    )
    return len(claimed)


def retry(jobs: Sequence[Job], *, company: str) -> int:
    """Try again what stands parked for one company; how much still does."""
    _retry_parked(jobs, company)
    return Parked.objects.filter(company=company).count()


def _retry_parked(jobs: Sequence[Job], company: str | None = None) -> None:
    """Try again what stands parked, oldest day first and in the order of the jobs."""
    order = {job.name: place for place, job in enumerate(jobs)}
    rows = _parked(company).values_list("job", "day")
    parked = {(day, order[name]) for name, day in rows if name in order}
    for day, place in sorted(parked):
        _carefully(
            partial(_retry, jobs[place], day, company, _whole),
            otherwise=partial(_retry, jobs[place], day, company, _in_halves),
        )


def _parked(company: str | None) -> QuerySet[Parked]:
    return Parked.objects.filter(company=company) if company else Parked.objects.all()


R = TypeVar("R")


def _carefully(attempt: Callable[[], R], *, otherwise: Callable[[], R]) -> R:
    """The quick way first; where it fails, the way that finds the company at fault.

    A server that is down is nobody's fault: the run ends, and the next one finds all as it was.
    """
    try:
        return attempt()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("a daily job failed; looking for the company at fault")
        return otherwise()


@transaction.atomic
def _claim_and_run(jobs: Sequence[Job], day: date, work: Work) -> int:
    claimed = sql.column(CLAIM, jobs=[job.name for job in jobs], day=day, lock=LOCK)
    for job in jobs:
        if job.name in claimed:
            _park(job, day, work(job, day, None))
    return len(claimed)


@transaction.atomic
def _retry(job: Job, day: date, company: str | None, work: Work) -> None:
    sql.rows("SELECT pg_advisory_xact_lock(%(lock)s)", lock=LOCK)
    rows = _parked(company).filter(job=job.name, day=day)
    companies = list(rows.values_list("company", flat=True))
    troubles = work(job, day, companies)
    rows.exclude(company__in=[trouble.company for trouble in troubles]).delete()
    _park(job, day, troubles)


def _whole(job: Job, day: date, only: Collection[str] | None) -> list[Trouble]:
    return list(job.run(day, only) or ())


def _in_halves(job: Job, day: date, only: Collection[str] | None) -> list[Trouble]:
    """Run a job so that one company's fault is nobody else's."""
    troubles: list[Trouble] = []
    _bisect(job, day, list(job.concerns(day) if only is None else only), troubles)
    return troubles


def _bisect(job: Job, day: date, companies: list[str], troubles: list[Trouble]) -> None:
    """Run a job for companies one of which may be at fault; collect what is left out."""
    try:
        with transaction.atomic():
            left_out = _whole(job, day, companies)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        if len(companies) > 1:
            middle = len(companies) // 2
            _bisect(job, day, companies[:middle], troubles)
            _bisect(job, day, companies[middle:], troubles)
            return
        if not companies or sum(t.reason == ERROR for t in troubles) >= MOST_FAILURES:
            raise
        left_out = [Trouble(companies[0], ERROR, f"{type(fault).__name__}: {fault}"[:1000])]
    troubles.extend(left_out)


PARK: Final = """
    INSERT INTO common_parked (job, day, company, reason, detail, since, tried_at)
    SELECT %(job)s, %(day)s, company, reason, detail, now(), now()
    FROM unnest(%(companies)s, %(reasons)s, %(details)s) AS trouble (company, reason, detail)
    ON CONFLICT (job, day, company) DO UPDATE
    SET reason = excluded.reason, detail = excluded.detail, tried_at = excluded.tried_at"""


def _park(job: Job, day: date, troubles: Collection[Trouble]) -> None:
    """Keep what was left out for the next run, and tell staff once of each reason."""
    if not troubles:
        return
    sql.changed(
        PARK,
        job=job.name,
        day=day,
        companies=[trouble.company for trouble in troubles],
        reasons=[trouble.reason for trouble in troubles],
        details=[trouble.detail for trouble in troubles],
    )
    messages.tell_staff(
        (
            Event(
                trouble.company,
                "parked",
                figures={"job": job.name, "day_on": day.isoformat(), "reason": trouble.reason},
                key=f"parked:{job.name}:{day}:{trouble.company}:{trouble.reason}",
            )
            for trouble in troubles
        ),
        on=day,
    )
