"""The browsers that people sign in with: each is known by a cookie of its own."""

from __future__ import annotations

import re
import secrets
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from groupco import operations, rules
from groupco.models import User
from workplace_console import hosts
from workplace_console.common import clock
from workplace_console.common.messages import Event
from workplace_console.pages.client import client_address

COOKIE: Final = "console_device"
OURS: Final = re.compile(r"[\w-]{32}", re.ASCII)


def agent(request: HttpRequest) -> str:
    """What the browser says it is."""
    return request.headers.get("User-Agent", "")


def greet(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Make the browser known that somebody signs in with; by mail, if it was not. R: A5."""
    known = request.COOKIES.get(COOKIE, "")
    key = known if OURS.fullmatch(known) else secrets.token_urlsafe(24)
    now = timezone.now()
    company_id = request.company_of_host or ""  # type: ignore[attr-defined]
    figures = {
        "base": hosts.address_of(company_id) if company_id else settings.CONSOLE_URL,
        "device": rules.device_in_words(agent(request)),
        "address": client_address(request),
        "signed_in_at": now.isoformat(),
    }
    operations.note_device(
        user=user,
        key=key,
        agent=agent(request),
        address=client_address(request),
        # What came from a company's own host goes with the company.
        told=Event(company_id, "new_device", (user.email,), figures),
        at=now,
        today=clock.today(),
    )
    response.set_cookie(
        COOKIE,
        key,
        max_age=int(operations.DEVICE_KNOWN_FOR.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
