"""Telling people: a notice in the console and a mail that say the same. R: H1.

An event is announced once, in the transaction that makes it true; sending comes afterwards
(common.mail). What an event says stands in templates/messages/<kind>.txt, in English in
templates/messages/en/<kind>.txt: the first line is the title, the rest the text. Which of them is
read is the reader's affair: a notice speaks the language of the page, a mail its recipient's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.utils import timezone

from workplace_console.common import prepared, sizes, sql, words
from workplace_console.common.models import Mail, Notice
from workplace_console.common.particles import fitted
from workplace_console.common.sorting import ordered

SIGNER: Final = Signer(salt="link in a mail")


@dataclass(frozen=True)
class Event:
    """Something that a company is told.

    `key` makes it happen once: jobs pass a natural one (kind, company, day), so that a job run
    twice says it once; an act of a person needs none. `figures` are JSON values.
    """

    company: str
    kind: str
    recipients: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    key: str = field(default_factory=lambda: str(uuid4()))


@dataclass(frozen=True)
class Text:
    """What people read."""

    title: str
    body: str


def announce(*events: Event, on: date) -> None:
    """Write the notice and the mail of each event; an event known by its key stays as it is."""
    announce_all(events, on=on)


def announce_all(events: Iterable[Event], *, on: date) -> None:
    """As announce, for very many: a few statements in all."""
    said = list(events)
    _write_notices(said, Notice.Audience.CONSOLE, on=on)
    _write_mails(said, on=on)


def mail_only(event: Event, *, on: date) -> None:
    """A mail to one person, about that person; the console says nothing of it."""
    _write_mails([event], on=on)


def forget(addresses: Collection[str]) -> None:
    """Delete the mails to these addresses that were about a person and no company."""
    if addresses:
        Mail.objects.filter(company="", recipients__overlap=list(addresses)).delete()


def tell_staff(events: Iterable[Event], *, on: date) -> None:
    """Notices for support staff, each once by its key; no mail."""
    _write_notices(events, Notice.Audience.STAFF, on=on)


def announce_found(events: str, /, *, on: date, **values: Any) -> None:
    """As announce, of each row of a SELECT of key, company, kind, figures and recipients, each
    address once."""
    found = f"({events}) AS event"
    values |= {"on": on, "now": timezone.now()}
    sql.changed(NOTICES.format(events=found), audience=Notice.Audience.CONSOLE.value, **values)
    sql.changed(MAILS.format(events=found), queued=Mail.State.QUEUED.value, **values)


NOTICES: Final = """
    INSERT INTO common_notice (key, company, audience, kind, "on", figures, created_at)
    SELECT key, company, %(audience)s, kind, %(on)s, figures, %(now)s FROM {events}
    ON CONFLICT (key) DO NOTHING"""
MAILS: Final = """
    INSERT INTO common_mail (key, company, kind, "on", figures, recipients, done, refused, state,
        attempts, not_before, last_error, created_at)
    SELECT key, company, kind, %(on)s, figures, recipients, '{{}}', '{{}}', %(queued)s,
        0, %(now)s, '', %(now)s FROM {events}
    ON CONFLICT (key) DO NOTHING"""
# What comes out of this process, a few thousand at a time.
RECORDS: Final = """jsonb_to_recordset(%(records)s)
    AS event (key text, company text, kind text, figures jsonb, recipients text[])"""


def _write_notices(events: Iterable[Event], audience: Notice.Audience, *, on: date) -> None:
    records = (vars(event) for event in events)
    statement = NOTICES.format(events=RECORDS)
    sql.insert(statement, records, audience=audience.value, on=on, now=timezone.now())


def _write_mails(events: Iterable[Event], *, on: date) -> None:
    records = (
        {**vars(event), "recipients": list(dict.fromkeys(event.recipients))} for event in events
    )
    statement = MAILS.format(events=RECORDS)
    sql.insert(statement, records, on=on, queued=Mail.State.QUEUED.value, now=timezone.now())


MANY: Final = 100
UNREAD: Final = """
    SELECT count(*) FROM (
        SELECT FROM common_notice
        WHERE audience = %(audience)s AND company = %(company)s AND id > %(after)s
        ORDER BY id DESC LIMIT %(most)s
    ) AS newer"""


def unread(company: str, *, after: int) -> int:
    """How many notices a company has with an id greater than `after`; MANY means that or more."""
    audience = Notice.Audience.CONSOLE.value
    ((count,),) = prepared.rows(UNREAD, audience=audience, company=company, after=after, most=MANY)
    return int(count)


# What a list of notices can be sorted by: the order in which they were written is that of days.
SORTS: Final = {"on": ("pk",)}
NEWEST_FIRST: Final = "-on"


def newest(company: str, *, most: int) -> list[Notice]:
    """What the console told a company, newest first."""
    return told(company, most=most)


def told(
    company: str,
    *,
    most: int,
    skip: int = 0,
    after: int = 0,
    kinds: Collection[str] | None = None,
    sort: str = NEWEST_FIRST,
) -> list[Notice]:
    """What the console told a company: with an id greater than `after`, of these kinds or of any,
    by one of SORTS."""
    notices = Notice.objects.filter(company=company, audience=Notice.Audience.CONSOLE, pk__gt=after)
    if kinds is not None:
        notices = notices.filter(kind__in=kinds)
    return list(notices.order_by(*ordered(SORTS, sort))[skip : skip + most])


def text_of(message: Notice | Mail, *, with_links: bool = False) -> Text:
    """The words of a notice or mail in the active language, made from its kind and figures.

    Only the sender of mails asks `with_links`: figures named …_token become signed values then, so
    that a link that works stands in the mail and nowhere else.
    """
    context = {
        name: _signed(value, with_links=with_links)
        if name.endswith("_token")
        else _in_words(name, value)
        for name, value in message.figures.items()
    }
    written = render_to_string(
        _templates(message.kind),
        {
            "company": message.company,
            "on": words.day(message.on),
            "console": settings.CONSOLE_URL,
            **context,
        },
        using="text",
    )
    title, _, body = fitted(written).strip().partition("\n")
    return Text(title=title.strip(), body=body.strip() + "\n")


def _templates(kind: str) -> list[str]:
    """Where the words stand, best first. What has no English yet is better told than not at all."""
    korean = f"messages/{kind}.txt"
    return [f"messages/en/{kind}.txt", korean] if words.is_english() else [korean]


def _in_words(name: str, value: object) -> object:
    """Figures as people read them; the name says what they are: …_on, …_at, …_won, …_bytes."""
    if name.endswith("_on") and isinstance(value, str):
        return words.day(date.fromisoformat(value))
    if name.endswith("_at") and isinstance(value, str):
        return words.moment(datetime.fromisoformat(value))
    if name.endswith("_won") and isinstance(value, int):
        return words.won(value)
    if name.endswith("_bytes") and isinstance(value, int):
        return sizes.in_words(value)
    return value


def _signed(value: str, *, with_links: bool) -> str:
    return str(SIGNER.sign_object(value)) if with_links else "…"


def unsigned(token: str) -> str | None:
    """The value in a link of one of our mails; None when it isn't ours."""
    try:
        value = SIGNER.unsign_object(token)
    except (BadSignature, ValueError):
        return None
    return value if isinstance(value, str) else None
