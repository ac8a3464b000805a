"""Trials begin, are about to end, and end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from groupco import operations as companies
from groupco import queries as groups
from products import queries, rules
from products.models import Deletion, Trial
from products.operations.locking import lock_active
from products.queries import TrialEnd
from workplace_console.common import audit, days, messages
from workplace_console.common.audit import SYSTEM, Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.transactions import joined


@transaction.atomic
def start_trial(*, company_id: str, trial_days: int, today: date, by: Actor) -> Trial:
    """A new company's free days begin today, for so many days (1 or more). R: B1."""
    trial = Trial.objects.create(
        company_id=company_id,
        starts_on=today,
        ends_on=rules.trial_end(today, trial_days=trial_days),
    )
    figures = {"ends_on": trial.ends_on.isoformat()}
    audit.record(Change(company_id, "trial_started", after=figures), on=today, by=by)
    messages.announce(
        Event(
            company_id,
            "trial_started",
            groups.admin_addresses([company_id])[company_id],
            figures,
            key=f"trial_started:{company_id}",
        ),
        on=today,
    )
    return trial


@transaction.atomic
def extend_trial(*, company_id: str, ends_on: date, today: date, by: Actor) -> None:
    """Move the last free day further off; a reservation stays as it is. R: B1.

    Raises Refused: day_is_over, not_active, not_in_trial, trial_end_out_of_range.
    """
    standing = lock_active(company_id, today)
    rules.check_extension(standing, ends_on=ends_on)
    Trial.objects.filter(company_id=company_id).update(ends_on=ends_on)
    before = {"ends_on": standing.trial_ends_on.isoformat()}
    after = {"ends_on": ends_on.isoformat()}
    audit.record(Change(company_id, "trial_extended", before, after), on=today, by=by)
    figures = {"was_on": before["ends_on"], **after}
    if standing.reserved:
        figures["starts_on"] = standing.reserved.starts_on.isoformat()
    recipients = groups.admin_addresses([company_id])[company_id]
    messages.announce(Event(company_id, "trial_extended", recipients, figures), on=today)


@joined
def remind_trials(*, day: date, only: Collection[str] | None) -> None:
    """Tell the trials that end in 7, 3 or 1 days and have nothing reserved. R: B6."""
    _tell(
        "trial_ending",
        [trial for trial in queries.to_remind(day) if only is None or trial.company in only],
        day=day,
    )


@joined
def expire_trials(*, day: date, grace_days: int, only: Collection[str] | None) -> None:
    """Trials that are over with nothing paid after them: blocked, and marked for deletion. R: B6.

    That nobody can sign in any more follows from the days; what is written here is the mark, with
    the day from which the data goes: `grace_days` after this one.
    """
    trials = [trial for trial in queries.expired(day) if only is None or trial.company in only]
    due_on = rules.deletion_day(day, grace_days=grace_days)
    Deletion.objects.bulk_create(
        (
            Deletion(
                company=trial.company,
                reason=Deletion.Reason.TRIAL_EXPIRED,
                marked_on=day,
                due_on=due_on,
            )
            for trial in trials
        ),
        batch_size=2000,
    )
    audit.record_all(
        (Change(t.company, "trial_expired", after={"deletion_due_on": due_on}) for t in trials),
        on=day,
        by=SYSTEM,
    )
    gone = [trial.company for trial in trials]
    companies.end_applications(gone, today=day)
    companies.leave_groups(gone, last_day=day - days.ONE_DAY, today=day)
    figures = {"due_on": due_on.isoformat()}
    if grace_days:
        figures["convert_until_on"] = (due_on - days.ONE_DAY).isoformat()
    _tell("trial_expired", trials, day=day, **figures)


def _tell(kind: str, trials: Collection[TrialEnd], *, day: date, **figures: str) -> None:
    if not trials:
        return
    addresses = groups.admin_addresses([trial.company for trial in trials])
    messages.announce_all(
        (
            Event(
                trial.company,
                kind,
                addresses[trial.company],
                {"ends_on": trial.ends_on.isoformat(), **figures},
                key=f"{kind}:{trial.company}:{day}",
            )
            for trial in trials
        ),
        on=day,
    )
