"""Asks again who it is before what matters most: by the second factor of those who have one, by
the password of the others."""

from __future__ import annotations

import time
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from groupco import queries as groups
from groupco.models import User
from workplace_console.pages.forms import PasswordAgainForm
from workplace_console.pages.second_factor_forms import SecondStepForm

SIGNED_IN_AT: Final = "signed_in_at"
# Under this name a session keeps that a second factor was shown in it, one that there still is:
# sessions end when the last one goes (groupco.operations.second_factor).
HAS_SECOND: Final = "has_second_factor"

# What is not carried along: what these pages ask themselves, and passwords, which stand on no page.
FIELDS: Final = (
    *(PasswordAgainForm.FIELD, *SecondStepForm.FIELDS),
    *("password", "csrfmiddlewaretoken"),
)


def stamp(session: SessionBase) -> None:
    """The password, or the second factor, was given just now."""
    session[SIGNED_IN_AT] = int(time.time())


def is_fresh(session: SessionBase) -> bool:
    ago = time.time() - int(session.get(SIGNED_IN_AT, 0))
    return ago < settings.FRESH_SIGN_IN_MINUTES * 60


def ask_if_stale(request: HttpRequest) -> HttpResponse | None:
    """A page that asks and carries what was posted; None to go on."""
    if is_fresh(request.session):
        return None
    assert isinstance(request.user, User)  # noqa: S101 - the guard has seen to it
    form = _form(request, request.user)
    if form.is_bound and form.is_valid():
        request.session.cycle_key()
        stamp(request.session)
        return None
    has_second = isinstance(form, SecondStepForm)
    context = {
        "form": form,
        "kept": _kept(request),
        "has_second": has_second,
        "passkey": form.ask_passkey() if isinstance(form, SecondStepForm) else "",
    }
    return render(request, "door/password_again.html", context)


def ask_for_second(request: HttpRequest) -> HttpResponse | None:
    """A page that says that a second factor is needed here; None to go on."""
    if not settings.SECOND_FACTOR_REQUIRED or HAS_SECOND in request.session:
        return None
    context = {
        "kept": _kept(request),
        # Nobody reads the support site without one; elsewhere it is about what is done.
        "is_reading": request.method != "POST",
        # Set up in another session, since; this one has not shown it.
        "has_factor": groups.has_second_factor(request.user.pk or 0),
    }
    return render(request, "door/second_needed.html", context, status=403)


def _form(request: HttpRequest, user: User) -> PasswordAgainForm | SecondStepForm:
    if groups.has_second_factor(user.pk):
        given = request.POST if SecondStepForm.FIELD in request.POST else None
        return SecondStepForm(request, user, given)
    given = request.POST if PasswordAgainForm.FIELD in request.POST else None
    return PasswordAgainForm(request, given)


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What was posted and is carried along."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in FIELDS
        for value in values
    ]
