"""What became of the mails about a company, address by address."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q

from workplace_console.common.models import Mail, Notice


class Outcome(StrEnum):
    """What became of a mail to one address; sent means that the mail server took it."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


def outcome(mail: Mail, address: str) -> Outcome:
    """What became of a mail to one of its recipients."""
    if address in mail.refused:
        return Outcome.REFUSED
    if address in mail.done:
        return Outcome.SENT
    return Outcome.GIVEN_UP if mail.state == Mail.State.FAILED else Outcome.WAITING


def mails(
    company: str, *, also: Collection[str] = (), to: str = "", skip: int, most: int
) -> list[Mail]:
    """Mails about a company, newest first, to an address if one is given.

    Only what the console says too, and the kinds in `also`: what is mailed to a person about that
    person (a link to a new password) is nobody else's affair.
    """
    told = Exists(Notice.objects.filter(key=OuterRef("key")))
    found = Mail.objects.filter(told | Q(kind__in=also), company=company)
    if to:
        found = found.filter(recipients__contains=[to])
    return list(found.order_by("-pk")[skip : skip + most])
