"""Sends what waits in the mail outbox, each mail at least once and under one Message-ID. R: H1.

A sender takes a mail by moving its `not_before` a while ahead, in one conditional UPDATE; killed
in the middle, it comes back when that time is over. No transaction is open while SMTP talks.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from time import monotonic
from typing import Final, TypeAlias

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone, translation

from workplace_console.common import mailbox, messages, sql
from workplace_console.common.models import Mail

log = logging.getLogger(__name__)

HOLD: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=1)
GIVE_UP_AFTER: Final = timedelta(days=3)

# The server answered, and would take another mail. All of smtplib's exceptions are OSErrors.
ONE_MAILS_FAULT: Final = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
)

# Which of these addresses reads which language. Who is not in the answer reads Korean.
Languages: TypeAlias = Callable[[Collection[str]], Mapping[str, str]]

# Takes the mail that has waited longest, unless another sender is just taking it.
TAKE: Final = """
    UPDATE common_mail SET not_before = clock_timestamp() + make_interval(secs => %(hold)s)
    WHERE id = (
        SELECT id FROM common_mail WHERE state = 'queued' AND not_before <= clock_timestamp()
        ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING id"""


class _ServerDown(Exception):
    """The mail server is of no use now; the next sweep tries again."""


def all_korean(_addresses: Collection[str]) -> Mapping[str, str]:
    """Where nobody is asked, Korean is read."""
    return {}


def send_due(*, seconds: float = 50, languages: Languages = all_korean) -> int:
    """Send the mails that wait, oldest first, for so long; returns how many are through.

    Each recipient has the mail in the language that they read at that moment (R: H3).

    A mail server that is down costs one attempt of one mail, nothing else. Safe to run in any
    number of processes at once.
    """
    sent = 0
    until = monotonic() + seconds
    server: BaseEmailBackend = get_connection()
    try:
        while monotonic() < until and (mail := _take()):
            sent += _try(mail, server, languages)
    except _ServerDown:
        log.info("the mail server is down")
    finally:
        _close(server)
    return sent


def message_id(mail: Mail) -> str:
    """The Message-ID: the same for every attempt, since it is made from the event's key."""
    digest = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    return f"<{digest}@{settings.COMPANY_DOMAIN}>"


def resend(mail: Mail) -> None:
    """Put a mail that was given up back into the queue, for those who did not get it."""
    now = timezone.now()
    Mail.objects.filter(pk=mail.pk, state=Mail.State.FAILED).update(
        state=Mail.State.QUEUED, attempts=0, not_before=now, created_at=now
    )


def _take() -> Mail | None:
    """Claim the mail that has waited longest; None when there is none."""
    for pk in sql.column(TAKE, hold=HOLD.total_seconds()):
        return Mail.objects.get(pk=pk)
    return None


def _try(mail: Mail, server: BaseEmailBackend, languages: Languages) -> bool:
    """Send a mail to those who have not had it; True when nobody is left."""
    try:
        _deliver(mail, server, languages)
    except Exception as reason:
        _postpone(mail, reason)
        if isinstance(reason, OSError) and not isinstance(reason, ONE_MAILS_FAULT):
            raise _ServerDown from reason
        return False
    return True


def _deliver(mail: Mail, server: BaseEmailBackend, languages: Languages) -> None:
    left = [address for address in mail.recipients if address not in mail.done]
    read = languages(left)
    for address in left:
        try:
            _send_one(mail, address, server, read.get(address) or settings.LANGUAGE_CODE)
        except smtplib.SMTPRecipientsRefused as refused:
            code, reason = next(iter(refused.recipients.values()))
            if code < 500:
                raise
            mail.last_error = f"{address}: {code} {reason!r}"[:1000]
            mail.refused.append(address)
        mail.done.append(address)
        # Written after each recipient, the hold renewed: a sender may be killed at any moment.
        Mail.objects.filter(pk=mail.pk).update(
            done=mail.done,
            refused=mail.refused,
            last_error=mail.last_error,
            not_before=timezone.now() + HOLD,
        )
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.SENT, sent_at=timezone.now())


def _send_one(mail: Mail, address: str, server: BaseEmailBackend, language: str) -> None:
    with translation.override(language):
        text = messages.text_of(mail, with_links=True)
    EmailMessage(
        subject=text.title,
        body=text.body,
        to=[address],
        headers={
            "Message-ID": message_id(mail),
            "Auto-Submitted": "auto-generated",
            "Content-Language": language,
            mailbox.COMPANY: mail.company,
            mailbox.KIND: mail.kind,
        },
        connection=server,
    ).send()


def _postpone(mail: Mail, reason: Exception) -> None:
    """Try again later, each time a little later; after three days it is for people to look at."""
    now = timezone.now()
    attempts = mail.attempts + 1
    pause = min(timedelta(seconds=15 * 2 ** min(attempts, 12)), LONGEST_PAUSE)
    given_up = now - mail.created_at > GIVE_UP_AFTER
    Mail.objects.filter(pk=mail.pk).update(
        attempts=attempts,
        last_error=f"{type(reason).__name__}: {reason}"[:1000],
        not_before=now + pause,
        state=Mail.State.FAILED if given_up else Mail.State.QUEUED,
    )
    # The reason may name an address; it stands in the row, which goes when the company does.
    log.warning("mail %s: attempt %s failed: %s", mail.pk, attempts, type(reason).__name__)


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except OSError:  # SMTPException is one
        log.info("the mail server closed first")
