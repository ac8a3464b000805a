"""Script in every text that people can write, and a real browser that looks at the pages: nothing
of it runs, nothing of it is a part of the page, and the browser has nothing to report. Goal G14 of
docs/reliability.md.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from playwright.sync_api import Dialog, Page

from groupco.models import User
from tests import databases
from tests.abuse import world
from tests.abuse.texts import ALL, NAME, Texts
from tests.browser.conftest import Watched
from tests.browser.served import Served
from tests.pages import people

COMPANY = "acme"
PAGES = (
    "",
    "company/",
    "departments/",
    "accounts/",
    "bills/acme-202604-1/",
    "payment/",
    "group/",
    "company/tokens/",
    "admins/",
    "product/",
    "usage/2026-04/",
    "group/scope/",
    "group/order/",
    "accounts/exclude/",
    "accounts/?q=zq9",
    "departments/people/?employee=acme-1",
    "documents/",
    "notices/",
    "audit/",
    "usage/",
    "bills/acme-202604-1/receipt/",
    "payment/deliveries/",
    "product/terminate/",
    "product/upgrade/",
    "budget/",
    "quote/",
)
# By default a few pages with one text in each place; in CI all of them, and more texts in turn.
TURNS = [
    pytest.param(0, 4, id="a few pages"),
    *(
        pytest.param(first, 99, marks=pytest.mark.deep if turn % 5 else pytest.mark.thorough)
        for turn, first in enumerate(range(0, len(ALL), 13))
    ),
]

FOUND = f"""() => [
    ...document.querySelectorAll('{NAME}, iframe, object, embed, base, script:not([src])'),
    ...[...document.querySelectorAll('*')].filter((one) => [...one.attributes].some(
        ({{name}}) => name.startsWith('on') || name.includes('{NAME}'))),
].map((one) => one.outerHTML).concat(window.{NAME} === undefined ? [] : ['it ran'])"""


@pytest.fixture
def filled(serve: Served, django_db_setup: None, django_db_blocker, request) -> Served:
    first, _most = request.param

    def build() -> None:
        texts = Texts(first)
        world.build(COMPANY, write=lambda _company: texts.write)
        world.everybody(COMPANY)

    aside(django_db_blocker, serve, build)
    serve.on(world.TODAY.isoformat())
    return serve


def aside(django_db_blocker, served: Served, act: Callable[[], Any]) -> Any:
    """Do something with the database in a thread of its own: in this one Chromium's loop runs."""

    def connected() -> Any:
        with databases.connected(served.database):
            return act()

    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as pool:
        return pool.submit(connected).result()


def session(email: str, host: str) -> str:
    """The key of a session of somebody's on a host."""
    client: Client = people.signed_in(User.objects.get(email=email), host=host)
    return client.cookies[configured.SESSION_COOKIE_NAME].value


@pytest.mark.parametrize(
    ("filled", "most"),
    [pytest.param(turn.values, turn.values[1], marks=turn.marks, id=turn.id) for turn in TURNS],
    indirect=["filled"],
)
def test_no_text_becomes_a_part_of_a_page(
    filled: Served, browse: Callable[..., Watched], django_db_blocker, most: int
) -> None:
    at_console, at_host = f"localhost:{filled.port}", f"{COMPANY}.localhost:{filled.port}"
    pages = [f"{filled.url}/c/{COMPANY}/{path}" for path in PAGES[:most]]
    hosts = [f"http://{at_host}/people/", f"http://{at_host}/people/?q=acme&tab=chart"]
    staff = [f"{filled.url}/support/{path}" for path in STAFF]
    for email, host, urls in (
        (f"owner@{COMPANY}.example", at_console, pages),
        (f"p0@{COMPANY}.example", at_host, hosts),
        ("staff@console.example", at_console, staff[:most]),
    ):
        key = aside(django_db_blocker, filled, partial(session, email, host))
        watched = browse()
        watched.page.context.add_cookies(
            [{"name": configured.SESSION_COOKIE_NAME, "value": key, "url": f"http://{host}"}]
        )
        watched.page.on("dialog", partial(asked, watched))
        for url in urls:
            look(watched, watched.page, url)


STAFF = (
    "",
    "groupco/company/",
    "groupco/company/acme/change/",
    "common/mail/",
    "groupco/groupapplication/",
    "groupco/apitoken/",
    "billing/payment/",
    "billing/invoice/",
    "common/parked/",
    "common/notice/",
    "billing/evidence/",
    "billing/holiday/",
)


def asked(watched: Watched, dialog: Dialog) -> None:
    watched.said.append(f"a dialog: {dialog.message}")
    dialog.dismiss()


def look(watched: Watched, page: Page, url: str) -> None:
    answer = page.goto(url)
    assert answer
    assert answer.status == 200, url
    assert page.evaluate(FOUND) == [], url
    watched.check_quiet()
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{abs(hash(url))}.png", full_page=True)
