"""Sessions in the database, each with its user and its host, to be found by them. R: A5.

A sign-in ends SESSION_HOURS after it was made, and sooner when nothing was asked with it for
SESSION_IDLE_MINUTES. What has ended is not found any more, so no page has to look at a clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone
from django.utils.crypto import salted_hmac

# Under these names a session keeps the host that it was made on, and when, from where and with
# what: its owner is shown them.
HOST: Final = "host"
BEGAN_AT: Final = "began_at"
ADDRESS: Final = "address"
AGENT: Final = "agent"

LONGEST_AGENT: Final = 200
# Noted this often at most, so that looking at a page is seldom a write.
NOTED_EVERY: Final = timedelta(minutes=1)


def begin(session: SessionBase, *, host: str, address: str, agent: str, at: datetime) -> None:
    """A sign-in was made: it belongs to this host, and ends SESSION_HOURS from now. R: A5."""
    session[HOST] = host
    session[BEGAN_AT] = at.isoformat()
    session[ADDRESS] = address
    session[AGENT] = agent.replace("\0", "")[:LONGEST_AGENT]
    session.set_expiry(at + timedelta(hours=settings.SESSION_HOURS))


def handle(key: str) -> str:
    """What a page calls a session: the key itself would let a reader in."""
    return salted_hmac("session", key).hexdigest()[:20]


def idle_since(at: datetime) -> datetime:
    """Sessions that nobody has used after this moment are over."""
    return at - timedelta(minutes=settings.SESSION_IDLE_MINUTES)


class SessionStore(DatabaseSessions):
    """settings.SESSION_ENGINE."""

    @classmethod
    def get_model_class(cls) -> Any:
        from groupco.models import Session  # settings are read before the models are

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        session: Any = super().create_model_instance(data)
        session.user = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        session.host = data.get(HOST, "")
        session.began_at = datetime.fromisoformat(data[BEGAN_AT]) if BEGAN_AT in data else None
        session.address = data.get(ADDRESS)
        session.agent = data.get(AGENT, "")
        return session

    def _get_session_from_db(self) -> Any:
        """The row, unless it has ended; that it is used is noted."""
        found = super()._get_session_from_db()  # type: ignore[misc]  # the stubs don't know it
        now = timezone.now()
        if found is None:
            return None
        if found.seen_at <= idle_since(now):
            self._session_key = None
            return None
        if now - found.seen_at >= NOTED_EVERY:
            type(found).objects.filter(pk=found.pk).update(seen_at=now)
        return found
