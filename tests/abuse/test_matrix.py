"""Every address, every kind of visitor, every method: only what is declared is taken, looking
changes nothing, and every answer carries its heads. Who gets in where stands in
tests/pages/test_addresses.py, tests/api/test_addresses.py and tests/support/test_site.py; this is
what holds for all of them. R: A1–A6. Goal G10 of docs/reliability.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, Final

import pytest
from django.test import Client
from django.utils import timezone

from groupco.choices import Role, StaffRole
from groupco.models import Session, User
from groupco.operations import set_sign_in
from tests.abuse.conftest import HERE, THERE
from tests.abuse.site import Site
from tests.abuse.world import TODAY, Everybody
from tests.api.test_addresses import AT_API
from tests.api.test_addresses import url as api_url
from tests.pages import people
from tests.pages.test_addresses import AT_COMPANY_HOST, AT_CONSOLE, address
from tests.pages.test_bad_input import fingerprint

METHODS: Final = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
LOOKING: Final = ("get", "head")
NEVER: Final = ("put", "patch", "delete", "options", "trace")
HEADS: Final = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def ran_out(user: User) -> Client:
    client = people.signed_in(user)
    Session.objects.filter(pk=client.session.session_key).update(expire_date=timezone.now())
    return client


def disabled() -> Client:
    client = people.signed_in(people.admin(HERE, today=TODAY, email="off@acme.example"))
    User.objects.filter(email="off@acme.example").update(is_active=False)
    return client


@pytest.fixture
def visitors(everybody: Everybody) -> dict[str, Client]:
    """At the console, but for the last two, who are at the company's own host."""
    staff = {
        role.value: set_sign_in(
            email=f"{role.value}@console.example", password="", staff_roles=[role]
        )
        for role in StaffRole
    }
    billing = people.admin(HERE, Role.BILLING, today=TODAY, email="billing@acme.example")
    found = {
        "stranger": Client(),
        "owner": everybody.at_console(),
        "billing": people.signed_in(billing),
        "viewer": people.signed_in(User.objects.get(email=f"viewer@{HERE}.example")),
        "employee": people.signed_in(everybody.clerk),
        "another's owner": people.signed_in(User.objects.get(email=f"owner@{THERE}.example")),
        **{name: people.signed_in(user) for name, user in staff.items()},
        "whose session ran out": ran_out(billing),
        "who was disabled": disabled(),
        "at the host": people.signed_in(everybody.clerk, host=f"{HERE}.localhost"),
        "boss at the host": everybody.at_host(HERE),
    }
    for client in found.values():
        client.raise_request_exception = False
    return found


def addresses(sites: dict[str, Site]) -> Iterator[tuple[bool, str]]:
    """Every address: of a company's own host or not, and where it is."""
    yield from ((False, address(name, company=HERE)) for name in AT_CONSOLE)
    yield from ((True, address(name, urlconf="company_urls")) for name in AT_COMPANY_HOST)
    yield from ((False, api_url(name, HERE)) for name in AT_API)
    yield from (
        (False, url)
        for url in sites["staff"].pages
        if url.startswith("/support/") and "?" not in url
    )


def cells(sites: dict[str, Site], visitors: dict[str, Client]) -> list[tuple[str, str, str]]:
    found = [
        (visitor, method, url)
        for at_host, url in addresses(sites)
        for visitor in visitors
        if at_host == visitor.endswith("host")
        for method in METHODS
    ]
    Random(10).shuffle(found)
    return found


def test_nothing_but_what_is_declared_is_taken_and_looking_changes_nothing(
    visitors: dict[str, Client], sites: dict[str, Site], examples: Any
) -> None:
    before = fingerprint()
    wrong: list[Any] = []
    for who, method, url in cells(sites, visitors)[: examples(few=60, deep=10**9)]:
        if method == "post":
            continue  # who may, and what it does, is the business of the tests of each page
        answer = getattr(visitors[who], method)(url)
        is_taken = answer.status_code < 300
        if answer.status_code >= 500 or (method in NEVER and is_taken):
            wrong.append((who, method, url, answer.status_code))
        wrong += [
            (who, method, url, name, answer.headers.get(name))
            for name, value in HEADS.items()
            if not answer.headers.get(name, "").startswith(value)
        ]
        if is_taken and who in ("whose session ran out", "who was disabled"):
            same = getattr(visitors["stranger"], method)(url).status_code
            wrong += [(who, method, url)] if same != answer.status_code else []
    assert wrong == []
    assert fingerprint() == before


@pytest.mark.parametrize("method", ["get", "head"])
def test_no_page_that_is_looked_at_changes_anything(
    clients: dict[str, Client], sites: dict[str, Site], examples: Any, method: str
) -> None:
    """Every page that following links leads to, with its searches and files."""
    before = fingerprint()
    known = [(who, url) for who, site in sites.items() for url in site.pages]
    Random(method).shuffle(known)
    for who, url in known[: examples(few=10, deep=10**9)]:
        answer = getattr(clients[who], method)(url)
        answer.status_code  # noqa: B018 - a file is made while it is read
        b"".join(answer) if answer.streaming else answer.content
    assert fingerprint() == before


def test_what_posts_without_its_token_is_refused(
    everybody: Everybody, sites: dict[str, Site], examples: Any
) -> None:
    """H6 of the map: no form is taken from another site's page."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = everybody.at_console().cookies
    before = fingerprint()
    known = [form for form in sites["owner"].forms if form.method == "post"]
    for form in known[: examples(few=10, deep=10**9)]:
        pairs = [pair for pair in form.pairs() if pair[0] != "csrfmiddlewaretoken"]
        assert client.post(form.action, dict(pairs)).status_code == 403, form.action
    assert fingerprint() == before
