"""The night's work, in order. A new daily job is a new line here.

Each job is given the day whose 00:00 it is: it charges the day before, closes what ended the day
before, and begins what begins today. R: I4.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings

from billing import operations as billing
from groupco import queries as groups
from products import operations as products
from products import queries
from workplace_console import deletion
from workplace_console.common import clock, days, jobs
from workplace_console.common.jobs import Job, Outcome
from workplace_console.common.refusal import Refused, gettext_noop


def the_night(*, grace_days: int) -> tuple[Job, ...]:
    """The jobs in order; `grace_days` hold a deletion back (DELETION_GRACE_DAYS, G3)."""
    return (
        Job(
            "charge",
            run=lambda day, only: billing.charge(day=day - days.ONE_DAY, only=only),
            concerns=lambda day: billing.charged_companies(day - days.ONE_DAY),
            share=groups.share,
        ),
        Job(
            "close",
            run=lambda day, only: billing.close(day=day, only=only),
            concerns=billing.due_payers,
            share=groups.share,
        ),
        Job(
            "check_budgets",
            run=lambda day, only: billing.check_budgets(day=day, only=only),
            concerns=billing.budgeted,
            share=groups.share,
        ),
        Job(
            "expire_trials",
            run=lambda day, only: products.expire_trials(day=day, grace_days=grace_days, only=only),
            concerns=lambda day: [trial.company for trial in queries.expired(day)],
        ),
        Job(
            "delete_data",
            run=lambda day, only: deletion.delete_due(day=day, only=only),
            concerns=queries.deletions_due,
        ),
        Job(
            "begin_terms",
            run=lambda day, only: products.begin_terms(day=day, only=only),
            concerns=lambda day: [phase.company_id for phase in queries.begun(day)],
        ),
        Job(
            "remind_trials",
            run=lambda day, only: products.remind_trials(day=day, only=only),
            concerns=lambda day: [trial.company for trial in queries.to_remind(day)],
        ),
        Job(
            "check_capacity",
            run=lambda day, only: products.check_all_capacity(day=day, only=only),
            concerns=lambda day: queries.nearly_full(
                day, low_percent=settings.LOW_CAPACITY_PERCENT
            ),
        ),
    )


def run(*, until: date, grace_days: int | None = None) -> Outcome:
    """Do everything that is due up to and including a day; before the first company, nothing.

    `grace_days` stands in for the setting (the simulation's contract knows none).
    """
    # The first company may be gone for good, with all that was known of it.
    first_day = groups.first_sign_up() or jobs.last_day_run()
    if first_day is None:
        return Outcome(finished=0, parked=0)
    if grace_days is None:
        grace_days = settings.DELETION_GRACE_DAYS
    return jobs.run_due(
        the_night(grace_days=grace_days),
        first_day=first_day,
        today=until,
        shares=settings.NIGHT_SHARES,
    )


def retry(company: str) -> int:
    """Do what stands parked for one company; how much still does."""
    return jobs.retry(the_night(grace_days=settings.DELETION_GRACE_DAYS), company=company)


def check_clock(today: date) -> None:
    """R: I3. The business day never lies before the last day that was run."""
    done = jobs.last_day_run()
    if done and today < done:
        raise Refused(
            "clock_behind",
            gettext_noop(
                "오늘({today})이 마지막으로 처리된 날({done})보다 빠릅니다. 날짜를 확인하세요."
            ),
            today=today,
            done=done,
        )


def is_due() -> bool:
    """Whether a run would find anything to do; two quick look-ups."""
    return jobs.is_due(the_night(grace_days=0), today=clock.today())


def is_done() -> bool:
    """Whether the night's work is done up to today, whoever did it."""
    return jobs.is_done(the_night(grace_days=0), today=clock.today())
