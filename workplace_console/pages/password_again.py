"""Asks for the password again before what matters most, when it was given long ago."""

from __future__ import annotations

import time
from typing import Final

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workplace_console.pages.forms import PasswordAgainForm

FRESH_SECONDS: Final = 30 * 60
SIGNED_IN_AT: Final = "signed_in_at"


def stamp(session: SessionBase) -> None:
    """The password was given just now."""
    session[SIGNED_IN_AT] = int(time.time())


def is_fresh(session: SessionBase) -> bool:
    return time.time() - int(session.get(SIGNED_IN_AT, 0)) < FRESH_SECONDS


def ask_if_stale(request: HttpRequest) -> HttpResponse | None:
    """A page that asks for the password and carries what was posted; None to go on."""
    if is_fresh(request.session):
        return None
    given = PasswordAgainForm.FIELD in request.POST
    form = PasswordAgainForm(request, request.POST if given else None)
    if given and form.is_valid():
        stamp(request.session)
        return None
    own = (PasswordAgainForm.FIELD, "csrfmiddlewaretoken")
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in own
        for value in values
    ]
    return render(request, "door/password_again.html", {"form": form, "kept": kept})
