"""Celery's entry points: read the clock, one call, safe to run twice.

A message only says "look now"; what is due stands in the database.
"""

from __future__ import annotations

from typing import Any

from celery import shared_task

from billing import operations as billing
from groupco import queries as groups
from workplace_console import collection, daily, deletion, register, rewriting, self_check
from workplace_console.common import answers, clock, mail


@shared_task
def run_daily(**_future: Any) -> int:
    """The night's work and whatever was missed; how many jobs of a day this call did. R: I4."""
    if not daily.is_due():
        return 0
    return daily.run(until=clock.today()).finished


@shared_task
def collect_payments(**_future: Any) -> None:
    """Charge the cards of what is due and remind who is late, once the night is done. R: E12."""
    if daily.is_done():
        collection.collect(today=clock.today())


@shared_task
def delete_data(**_future: Any) -> None:
    """Delete what is due since the night, a company terminated today among it. R: G3."""
    deletion.sweep(day=clock.today())
    register.keep()


@shared_task
def drop_answers(**_future: Any) -> int:
    """Forget what programs were answered two days ago; how many answers. R: H4."""
    return answers.sweep()


@shared_task
def rewrite_tables(**_future: Any) -> bool:
    """Rid the tables' files of what was deleted; False when somebody was in the way. R: G3."""
    return rewriting.rewrite_tables()


@shared_task
def send_mail(**_future: Any) -> int:
    """Send what waits in the outbox; how many mails were handed over. R: H1."""
    return mail.send_due(languages=groups.languages)


@shared_task
def check_books(**_future: Any) -> int:
    """Count the books again once the night's work is done; how many differences there are."""
    if not daily.is_done():
        return 0
    return billing.check_books(today=clock.today())


@shared_task
def check_itself(**_future: Any) -> int:
    """See whether what must be true of the data is, once the night's work is done; how much of it
    isn't. R: I5."""
    if not daily.is_done():
        return 0
    return self_check.tell_staff(today=clock.today())
