"""What the console says while PostgreSQL or the broker is away: it waits, it doesn't break. A
process of its own and crashes are tests/crash; here every address is asked.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from groupco.models import User
from products import queries
from tests import databases
from tests.api.callers import Caller, service
from tests.browser.served import free_port
from tests.companies import paid
from tests.pages import people
from tests.pages.test_addresses import AT_COMPANY_HOST, AT_CONSOLE, HOST, address
from workplace_console.celery import app

DAY = date(2026, 3, 2)
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def port() -> int:
    """Where nobody listens."""
    return free_port()


@pytest.fixture
def owner(db: None, settings: Any) -> User:
    settings.CONSOLE_TODAY = DAY
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    paid("acme", on=DAY, accounts=2)
    return people.admin("acme", today=DAY)


@contextmanager
def database_away(port: int) -> Iterator[None]:
    """Nobody listens where the database is looked for."""
    real = connections["default"]
    other = connections.create_connection("default")
    other.settings_dict = {**real.settings_dict, "HOST": "127.0.0.1", "PORT": str(port)}
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = real


def asked(client: Client, method: str, url: str, **headers: str) -> Any:
    client.raise_request_exception = False
    return getattr(client, method)(url, headers=headers)


class TestWithoutTheDatabase:
    def test_every_page_says_so_and_when_to_come_again(self, owner: User, port: int) -> None:
        console, host = people.signed_in(owner), people.signed_in(owner, host=HOST)
        known = [(console, address(name, company="acme"), AT_CONSOLE[name]) for name in AT_CONSOLE]
        known += [
            (host, address(name, urlconf="company_urls"), AT_COMPANY_HOST[name])
            for name in AT_COMPANY_HOST
        ]
        known.append((console, "/support/", ("*", "*")))
        with database_away(port):
            for client, url, (reads, writes) in known:
                for method, whos in (("get", reads), ("post", writes)):
                    answer = asked(client, method, url)
                    said = answer.content.decode()
                    if answer.status_code >= 500:
                        assert answer.status_code == 503, (method, url)
                        assert answer.headers["Retry-After"] == "10"
                        assert "데이터베이스에 연결되지 않습니다." in said
                    else:
                        assert whos in ("*", "d", "-"), (method, url)  # needs no database
                    assert "Traceback" not in said

    def test_a_monitor_hears_that_it_is_not_well(self, owner: User, port: int) -> None:
        with database_away(port):
            assert asked(Client(), "get", "/healthz").status_code == 503
        assert asked(Client(), "get", "/healthz").status_code == 200

    def test_it_says_so_in_english_too(self, owner: User, port: int) -> None:
        client = people.signed_in(owner)
        client.post("/language/", {"language": "en", "next": "/"})
        with database_away(port):
            said = asked(client, "get", "/c/acme/").content.decode()

        assert "The database can't be reached." in html.unescape(said)

    def test_programs_are_told_to_send_the_same_again(self, owner: User, port: int) -> None:
        program: Caller = service()
        with database_away(port):
            for answer in (program.get("acme"), program.post("acme/storage", {"board": 1})):
                assert answer.status_code == 503
                assert answer.headers["Retry-After"] == "10"
                assert json.loads(answer.content)["code"] == "away"

        assert program.post("acme/storage", {"board": 1}).status_code == 200

    def test_too_many_connections_are_the_same_as_none(self, owner: User, database: str) -> None:
        """PostgreSQL lets a role have so many; the others are told so while it lasts."""
        client = people.signed_in(owner)
        with databases.connected(database), databases.no_more_connections():
            assert asked(client, "get", "/c/acme/").status_code == 503
        assert asked(client, "get", "/c/acme/").status_code == 200

    def test_any_other_mistake_of_ours_stays_a_500(
        self, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("workplace_console.pages.home.groups.admin_of", lambda _user: 1 / 0)

        answer = asked(people.signed_in(owner), "get", "/")

        assert answer.status_code == 500
        assert "고객지원에 알려 주세요" in answer.content.decode()
        assert "Retry-After" not in answer.headers


def test_every_page_and_a_purchase_work_without_the_broker(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is to be done stands in the database; nobody who waits for a page sends a message."""
    monkeypatch.setattr(app.conf, "broker_url", NOWHERE)
    client = people.signed_in(owner)

    answers = {
        name: client.get(address(name, company="acme")).status_code
        for name, (reads, _writes) in AT_CONSOLE.items()
        if reads != "-"
    }
    bought = client.post(reverse("capacity_add", args=["acme"]), {"tb": "2"})

    assert not {name for name, status in answers.items() if status >= 500}
    assert bought.status_code == 302
    assert queries.capacity("acme", DAY).added_tb == 2


def test_pages_of_the_signed_in_are_kept_nowhere(owner: User) -> None:
    client = people.signed_in(owner)
    for name, (reads, _writes) in AT_CONSOLE.items():
        if reads in ("-", "*", "d"):
            continue
        answer = client.get(address(name, company="acme"))
        if answer.status_code == 404:  # nothing has been billed yet
            continue
        assert "no-store" in answer.headers.get("Cache-Control", ""), name
