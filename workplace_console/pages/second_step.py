"""Between the password and the way in: who has a second factor is asked for it. R: A6.

The console asks; a company's own host does not, since what is signed in there opens nothing of the
console. Until then the session is nobody's: it only remembers whose password was right.
"""

from __future__ import annotations

import time
from typing import Final

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from groupco import queries as groups
from groupco.models import User

PENDING: Final = "pending_sign_in"
SECONDS: Final = 600


def is_asked(request: HttpRequest, user: User) -> bool:
    company_id = request.company_of_host  # type: ignore[attr-defined]
    return not company_id and groups.has_second_factor(user.pk)


def begin(request: HttpRequest, user: User, *, onward: str) -> HttpResponse:
    """The password was right: on to the second step, and from there to this address."""
    auth.logout(request)
    request.session[PENDING] = {
        "user": user.pk,
        "at": int(time.time()),
        "state": user.get_session_auth_hash(),
        "onward": onward,
    }
    request.session.set_expiry(SECONDS)
    return redirect("second_step")


def pending(request: HttpRequest) -> tuple[User | None, str]:
    """Whose password was right just now, and where they wanted to go; None when nobody's was, it
    is long ago, or it is not the password any more."""
    found = request.session.get(PENDING)
    if not found or time.time() - found["at"] >= SECONDS:
        return None, "/"
    user = User.objects.filter(pk=found["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != found["state"]:
        return None, "/"
    return user, found["onward"]
