"""The demo's mailboxes: a folder with a file a mail, so that a company's can go. R: G3, H1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

# Headers of every mail that the console sends: what it is about. Filters may use them, too.
COMPANY: Final = "X-Workplace-Company"
KIND: Final = "X-Workplace-Kind"

# In a file's name, for a mail about a person and no company.
NOBODY: Final = "-"
WHEN: Final = "%Y%m%d-%H%M%S"


class EmailBackend(BaseEmailBackend):
    """settings.EMAIL_BACKEND where EMAIL_URL names a folder."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            about = [message.extra_headers.get(name) or NOBODY for name in (COMPANY, KIND)]
            name = ".".join([timezone.localtime().strftime(WHEN), *about, uuid4().hex[:8], "eml"])
            (folder / name).write_bytes(message.message().as_bytes())
        return len(email_messages)


@dataclass(frozen=True)
class Letter:
    """A mail in the folder; `company` is "" when it is about none."""

    path: Path
    written_at: datetime
    company: str
    kind: str

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def letters() -> list[Letter]:
    """What lies in the folder; nothing where mails go to a server."""
    if f"{__name__}.{EmailBackend.__name__}" != settings.EMAIL_BACKEND:
        return []
    found = []
    for path in Path(settings.EMAIL_FILE_PATH).glob("*.eml"):
        at, company, kind, _rest = path.name.split(".", 3)
        written_at = timezone.make_aware(datetime.strptime(at, WHEN))  # noqa: DTZ007 - made so here
        found.append(Letter(path, written_at, "" if company == NOBODY else company, kind))
    return found
