"""비밀번호 재설정: a mail with a token that serves once, for an hour."""

from __future__ import annotations

import time
from datetime import date
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from groupco import operations as groups
from groupco import queries
from groupco.models import User
from workplace_console import hosts
from workplace_console.common import messages
from workplace_console.common.messages import Event

SECONDS: Final = 3600


@transaction.atomic
def send(*, email: str, company_id: str | None, today: date) -> None:
    """Mail whoever this address belongs to; nothing for an address that is not known.

    At a company's own host also an employee who holds an account and never signed in. R: A5.
    """
    if company_id and queries.locked(company_id) is None:
        return
    user = queries.user(email)
    if company_id:
        if user is None or queries.employee_of(user.pk, company_id, today) is None:
            user = groups.let_employee_in(company_id=company_id, email=email, today=today)
        base = hosts.address_of(company_id)
    else:
        base = settings.CONSOLE_URL
    if user is None or not user.is_active:
        return
    figures = {"base": base, "reset_token": f"{user.pk}:{int(time.time())}:{_state(user)}"}
    # What came from a company's own host goes with the company.
    event = Event(company_id or "", "password_reset", (user.email,), figures)
    messages.mail_only(event, on=today)


def user_of(token: str) -> User | None:
    """Whose token this is; None when it is not ours, too old, or was used."""
    parts = (messages.unsigned(token) or "").split(":")
    if len(parts) != 3:  # what we signed for something else, an invitation, has others
        return None
    pk, made_at, state = parts
    user = User.objects.filter(pk=pk, is_active=True).first()
    is_young = time.time() - int(made_at) < SECONDS
    if user is None or not is_young or not constant_time_compare(state, _state(user)):
        return None
    return user


def _state(user: User) -> str:
    """Changes with the password and with every sign-in, so that a token serves once."""
    return salted_hmac("password reset", f"{user.password}{user.last_login}").hexdigest()[:20]
