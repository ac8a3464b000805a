"""Sends what waits in the mail outbox, each mail at least once and under one Message-ID. R: H1.

A sender takes a mail by moving its `not_before` a while ahead, in one conditional UPDATE; killed
in the middle, it comes back when that time is over. No transaction is open while SMTP talks.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from workplace_console.common import messages
from workplace_console.common.models import Mail

log = logging.getLogger(__name__)

HOLD: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=1)
GIVE_UP_AFTER: Final = timedelta(days=3)


def send_due(*, limit: int = 200) -> int:
    """Send the mails that wait, oldest first; returns how many were handed over.

    A mail server that is down costs one attempt and a pause, nothing else. Safe to run in any
    number of processes at once.
    """
    sent = 0
    server: BaseEmailBackend | None = None
    try:
        for _ in range(limit):
            mail = _take()
            if mail is None:
                break
            if server is None:
                server = get_connection()
            if not _deliver(mail, server):
                # The connection may be broken; the next mail gets a new one.
                _close(server)
                server = None
                continue
            sent += 1
    finally:
        if server is not None:
            _close(server)
    return sent


def message_id(mail: Mail) -> str:
    """The Message-ID: the same for every attempt, since it is made from the event's key."""
    digest = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    return f"<{digest}@{settings.COMPANY_DOMAIN}>"


def resend(mail: Mail) -> None:
    """Put a mail that was given up back into the queue, for those who did not get it."""
    Mail.objects.filter(pk=mail.pk, state=Mail.State.FAILED).update(
        state=Mail.State.QUEUED, attempts=0, not_before=timezone.now(), created_at=timezone.now()
    )


TAKE: Final = """
UPDATE common_mail SET not_before = clock_timestamp() + make_interval(secs => %s) WHERE id = (
    SELECT id FROM common_mail WHERE state = 'queued' AND not_before <= clock_timestamp()
    ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id
"""


def _take() -> Mail | None:
    """Claim the mail that waits longest; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [HOLD.total_seconds()])
        row = cursor.fetchone()
    return None if row is None else Mail.objects.get(pk=row[0])


def _deliver(mail: Mail, server: BaseEmailBackend) -> bool:
    """Send to each recipient who has not had it; False when the server was of no use."""
    try:
        text = messages.text_of(mail)
    except Exception as broken:
        log.exception("mail %s cannot be written", mail.pk)
        _postpone(mail, f"template: {broken}")
        return True
    for address in mail.recipients:
        if address in mail.done:
            continue
        try:
            _send_one(mail, text, address, server)
        except smtplib.SMTPRecipientsRefused as refused:
            code, reason = next(iter(refused.recipients.values()))
            if code < 500:
                _postpone(mail, f"{code} {reason!r}")
                return False
            mail.last_error = f"{address}: {code} {reason!r}"[:1000]
        except (smtplib.SMTPException, OSError) as down:
            _postpone(mail, str(down))
            return False
        mail.done.append(address)
        Mail.objects.filter(pk=mail.pk).update(done=mail.done, last_error=mail.last_error)
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.SENT, sent_at=timezone.now())
    return True


def _send_one(mail: Mail, text: messages.Text, address: str, server: BaseEmailBackend) -> None:
    EmailMessage(
        subject=text.title,
        body=text.body,
        to=[address],
        headers={"Message-ID": message_id(mail), "Auto-Submitted": "auto-generated"},
        connection=server,
    ).send()


def _postpone(mail: Mail, reason: str) -> None:
    """Try again later, each time a little later; after three days it is for people to look at."""
    now = timezone.now()
    attempts = mail.attempts + 1
    pause = min(timedelta(seconds=15 * 2 ** min(attempts, 12)), LONGEST_PAUSE)
    given_up = now - mail.created_at > GIVE_UP_AFTER
    Mail.objects.filter(pk=mail.pk).update(
        attempts=attempts,
        last_error=reason[:1000],
        not_before=now + pause,
        state=Mail.State.FAILED if given_up else Mail.State.QUEUED,
    )
    log.warning("mail %s: attempt %s failed: %s", mail.pk, attempts, reason)


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except (smtplib.SMTPException, OSError):
        log.info("the mail server closed first")
