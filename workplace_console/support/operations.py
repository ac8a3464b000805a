"""What staff does that is no single app's: written down like every other change. R: H2."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from workplace_console import daily
from workplace_console.common import audit, mail
from workplace_console.common.audit import Actor, Change
from workplace_console.common.jobs import Outcome
from workplace_console.common.models import Mail
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def resend_mail(*, mail_id: int, today: date, by: Actor) -> None:
    """Put a mail that was given up back into the queue. R: H1. Raises Refused: mail_not_failed."""
    found = Mail.objects.select_for_update().filter(pk=mail_id).first()
    if found is None or found.state != Mail.State.FAILED:
        raise Refused(
            "mail_not_failed",
            gettext_noop("실패한 메일만 다시 보낼 수 있습니다. 상태를 다시 확인하세요."),
        )
    mail.resend(found)
    figures = {"mail": found.pk, "kind": found.kind}
    audit.record(Change(found.company, "mail_resent", after=figures), on=today, by=by)


def run_jobs(*, today: date, by: Actor) -> Outcome:
    """Do at once what the night would do: missed days, and whatever stands parked. R: I4.

    The same function as the job's, with transactions of its own for each day; so the entry of who
    asked is written beforehand. Raises Refused: clock_behind.
    """
    daily.check_clock(today)
    audit.record(Change("", "jobs_run", after={"day": today}), on=today, by=by)
    return daily.run(until=today)


def retry_company(*, company: str, today: date, by: Actor) -> int:
    """Do what stands parked for one company, in order; how much still does. R: I4."""
    audit.record(Change(company, "jobs_run", after={"day": today}), on=today, by=by)
    return daily.retry(company)
