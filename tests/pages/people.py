"""Everybody who may come to a company's pages, and clients that are signed in as they are."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date, datetime

from django.test import Client
from django.utils import timezone

from groupco import operations as groups
from groupco import rules
from groupco.choices import Role
from groupco.models import User
from groupco.operations import Person
from groupco.sessions import begin
from products import operations as products
from tests.companies import BY
from workplace_console.pages.password_again import SIGNED_IN_AT

CONSOLE = "testserver"


def admin(company_id: str, role: Role = Role.OWNER, *, today: date, email: str = "") -> User:
    """A console admin of a company, with this role."""
    email = email or f"{role}@{company_id}.example"
    groups.add_admin(company_id=company_id, email=email, role=role, today=today, by=BY)
    return User.objects.get(email=email)


def employee(company_id: str, *, today: date, is_workplace_admin: bool = False) -> User:
    """Somebody who holds an account and can sign in at the company's own host."""
    number = "boss" if is_workplace_admin else "clerk"
    email = f"{number}@{company_id}.example"
    products.register_accounts(
        company_id=company_id, persons=[Person(number, number, email)], today=today, by=BY
    )
    user = User.objects.create(email=email)
    groups.link_employee(
        company_id=company_id, number=number, user=user, is_workplace_admin=is_workplace_admin
    )
    return user


def app(user: User, *, at: datetime | None = None, today: date | None = None) -> str:
    """The user has an authenticator app; its secret."""
    at, secret = at or timezone.now(), groups.new_app_secret()
    groups.add_app(
        user=user,
        secret=secret,
        code=code(secret, at),
        keep="",
        at=at,
        today=today or at.date(),
        by=BY,
    )
    return secret


def code(secret: str, at: datetime | None = None) -> str:
    """What an app shows at a moment."""
    at = at or timezone.now()
    return rules.app_code(secret, int(at.timestamp()) // rules.STEP_SECONDS)


def asked(queries: Iterable[dict[str, str]]) -> int:
    """How many of the statements ask for something: not those that note who was shown people, nor
    the one that notes, once a minute, that a session is used."""
    notes = ("INTO common_access", 'UPDATE "groupco_session" SET "seen_at"')
    return sum(not any(note in query["sql"] for note in notes) for query in queries)


def signed_in(user: User | None, *, host: str = CONSOLE, hours_ago: float = 0) -> Client:
    """A client on a host, signed in there (so many hours ago); None is a stranger."""
    client = Client(headers={"host": host})
    if user:
        client.force_login(user)
        session = client.session
        begin(session, host=host, address="127.0.0.1", agent="", at=timezone.now())
        session[SIGNED_IN_AT] = int(time.time() - hours_ago * 3600)
        session.save()
    return client
