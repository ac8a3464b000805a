"""Where a user is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groupco import rules, sessions
from groupco.models import Session


@dataclass(frozen=True)
class SignIn:
    """A session as its owner sees it; `handle` names it on a page."""

    handle: str
    host: str
    device: str
    address: str | None
    began_at: datetime | None
    seen_at: datetime


def sign_ins(user_id: int, at: datetime) -> list[SignIn]:
    """The sessions with which somebody is signed in at this moment, the last used first."""
    found = Session.objects.filter(
        user=user_id, expire_date__gt=at, seen_at__gt=sessions.idle_since(at)
    )
    return [
        SignIn(
            handle=sessions.handle(session.pk),
            host=session.host,
            device=rules.device_in_words(session.agent),
            address=session.address,
            began_at=session.began_at,
            seen_at=session.seen_at,
        )
        for session in found.order_by("-seen_at", "pk")
    ]
