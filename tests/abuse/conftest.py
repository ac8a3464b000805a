from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.test.client import ClientHandler

from tests import databases
from tests.abuse import world as worlds
from tests.abuse.site import Site, crawl
from tests.abuse.texts import Texts
from tests.abuse.world import Everybody, Write
from tests.billing.stories import undone
from tests.pages import people
from workplace_console.charsets import readable
from workplace_console.common import messages, sql
from workplace_console.common.models import Mail

HERE, THERE = "acme", "zvictim"
# Stands in every text of the other company, and nowhere else: in Hangul, as no token is.
MARK = "Qx9다른글"


def writes(company: str) -> Write:
    """Here all texts are pieces of script and formulas; there they are marked."""
    return Texts().write if company == HERE else marked


def marked(field: str) -> str:
    return f"{MARK} {field}"


@pytest.fixture(scope="session")
def populated(
    migrated_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """A database with two companies that know nothing of each other, one of everything in each."""
    with databases.copy_of(migrated_database) as name:
        with django_db_blocker.unblock(), databases.connected(name):
            worlds.build(HERE, THERE, write=writes)
            sql.changed("ANALYZE")
        yield name


@pytest.fixture
def everybody(populated: str, db: None, settings: Any) -> Iterator[Everybody]:
    """Those who sign in, in that database, of which nothing is left afterwards."""
    settings.CONSOLE_TODAY = worlds.TODAY
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    settings.API_CALLS_A_MINUTE = 36_500
    with databases.connected(populated), undone():
        yield worlds.everybody(HERE)


@pytest.fixture
def clients(everybody: Everybody) -> dict[str, Client]:
    """Who asks, by name; the owner on a second device, too."""
    everybody.at_console()
    found = {
        "stranger": Client(),
        "guest": Client(headers={"host": f"{HERE}.localhost"}),
        "owner": everybody.at_console(),
        "clerk": people.signed_in(everybody.clerk),
        "halfway": everybody.halfway(),
        "boss": everybody.at_host(HERE),
        "staff": everybody.at_support(),
    }
    for client in found.values():
        client.raise_request_exception = False
        client.handler = AsServed(client.handler.enforce_csrf_checks)
    return found


class AsServed(ClientHandler):
    """What comes before Django's own handler when a server runs the console."""

    def __call__(self, environ: dict[str, Any]) -> Any:
        return super().__call__(readable(environ))


# Where a company's state makes another page of it.
PAGES_OF_STATES = (
    *("", "-kin", "-fresh", "-kept", "-late", "-ended", "-owes"),
    *("-kin/group", "-kin/product", "-kin/product/upgrade", "-owes/bills", "-owes/group"),
    *("-fresh/product/convert", "-kept/product/convert", "-late/product/convert"),
    *("-ended/ended", "-ended/bills", "-owes/product/upgrade"),
    *("/group/scope", "/group/order", "/product/capacity/add", "/product/capacity/return"),
    *("-owes/bills/acme-owes-202604-1", "-owes/bills/acme-owes-202604-1/receipt", "/payment/card"),
    *("/bills/acme-202604-1", "/usage/2026-04", "/accounts", "/company", "/admins", "/quote"),
)
STARTS = {
    "stranger": ["/login/", "/login/reset/"],
    "guest": ["/", "/login/reset/"],
    "owner": [
        "/account/",
        *(f"/c/{HERE}{page}/" for page in PAGES_OF_STATES),
        f"/c/{HERE}/departments/people/?employee={HERE}-1",
    ],
    "clerk": [f"/c/{HERE}/", "/account/second/"],
    "halfway": ["/login/second/"],
    "boss": ["/accounts/", "/people/", "/people/?q=p&tab=chart"],
    "staff": ["/support/"],
}


def links_of_mails() -> list[str]:
    """Where mails lead to, on whatever host."""
    bodies = (messages.text_of(mail, with_links=True).body for mail in Mail.objects.all())
    return [link for body in bodies for link in re.findall(r"https?://[^/\s]+(/\S*)", body)]


@pytest.fixture
def sites(clients: dict[str, Client], examples: Any) -> dict[str, Site]:
    """What each of them finds by following links from where they begin; the same in all tests,
    which begin with the same database."""
    for who, client in clients.items():
        if who not in FOUND:
            more = links_of_mails() if who in ("stranger", "guest") else []
            FOUND[who] = crawl(client, [*STARTS[who], *more], most=examples(few=1, deep=7))
    return FOUND


FOUND: dict[str, Site] = {}
