"""What the site puts on a request before a support page sees it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest

from groupco.models import User
from workplace_console.common import clock
from workplace_console.common.audit import Actor
from workplace_console.pages.client import client_address


class StaffRequest(HttpRequest):
    """Of somebody with a role as support staff. R: A6."""

    user: User
    today: date
    by: Actor


def enter(request: Any) -> StaffRequest:
    """Read the clock once, and say who acts."""
    request.today = clock.today()
    request.by = Actor.user(request.user.pk, address=client_address(request))
    staff: StaffRequest = request
    return staff
