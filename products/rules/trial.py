"""The trial: its days, its reminders, its extension."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from products.choices import State
from products.rules.standing import Standing
from workplace_console.common import days
from workplace_console.common.refusal import Refused, gettext_noop

REMINDERS: Final = (7, 3, 1)  # R: B6. Days before the trial's last day.


def trial_end(starts_on: date, *, trial_days: int) -> date:
    """The last day of a trial; its first day is one of them. R: B1."""
    return starts_on + timedelta(days=trial_days - 1)


def trial_ends_due_for_reminder(day: date) -> list[date]:
    """The last trial days that a reminder is sent for on this day. R: B6."""
    return [day + timedelta(days=before) for before in REMINDERS]


def check_extension(standing: Standing, *, ends_on: date) -> None:
    """R: B1. Only in trial, only to a later day, and no further than a year from today."""
    if standing.state not in (State.TRIAL, State.RESERVED):
        raise Refused(
            "not_in_trial",
            gettext_noop("무료 체험 중인 회사가 아닙니다. 체험 중인 회사를 고르세요."),
        )
    first = standing.trial_ends_on + days.ONE_DAY
    last = days.anniversary(standing.day, year=standing.day.year + 1)
    if not first <= ends_on <= last:
        raise Refused(
            "trial_end_out_of_range",
            gettext_noop("체험 마지막 날은 {first}부터 {last} 사이로 선택하세요."),
            first=first,
            last=last,
        )
