"""Sessions in the database, each with its user and its host, to be found by them. R: A5."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

# Under this name a session keeps the host that it was made on.
HOST: Final = "host"


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
        return session
