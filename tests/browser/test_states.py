"""Every page in every state, in both languages, themes and widths. R: H3.

Pages are found by following links, so that a new page is looked at without a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests import databases
from tests.browser import states
from tests.browser.conftest import NARROW, WIDE, Watched
from tests.browser.looks import Look, asked_of, look_at, walk
from tests.browser.served import Served
from tests.browser.states import OWNER, PASSWORD, STAFF, STATES

# What a company's state changes nothing about is looked at once.
ALIKE = {"help", "help_article"}
LANGUAGES = ("ko", "en")
# A company that has nearly every page.
HAS_EVERYTHING = "acme"


def built(template: str, accounts: int) -> Iterator[str]:
    with databases.copy_of(template) as name:
        databases.live([(str(states.TODAY), ["states", str(accounts)], "")], database=name)
        yield name


@pytest.fixture(scope="module")
def few(migrated_database: str) -> Iterator[str]:
    """A database with all states, the largest company having a thousand accounts."""
    yield from built(migrated_database, 1000)


@pytest.fixture(scope="module")
def very_many(migrated_database: str) -> Iterator[str]:
    """As above, but with a month of more than a billion won."""
    yield from built(migrated_database, 90_000)


@pytest.fixture
def serving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Served]]:
    """Serve a copy of a database, on the day of its states."""
    monkeypatch.setenv("DELETION_GRACE_DAYS", "30")
    with ExitStack() as stack:

        def serve(template: str) -> Served:
            name = stack.enter_context(databases.copy_of(template))
            served = Served(name, tmp_path / "served.log")
            stack.callback(served.stop)
            served.on(str(states.TODAY))
            return served

        yield serve


def sign_in(page: Page, served: Served, *, path: str = "/login/", email: str = OWNER) -> None:
    sign_in_at(page, f"{served.url}{path}", email=email)


def sign_in_at(page: Page, url: str, *, email: str = OWNER) -> None:
    page.goto(url)
    page.locator("[name=login], [name=username]").first.fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main [type=submit], [type=submit]").first.click()
    page.wait_for_load_state()


def speak(page: Page, served: Served, language: str) -> None:
    cookie = {"name": "console_language", "value": language, "url": served.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def kinds(company: str, looked_at: set[str]) -> Callable[[str], object]:
    """Pages of a company by the name of their address; of those that are alike, the first."""

    def kind_of(url: str) -> object:
        try:
            match = resolve(urlsplit(url).path)
        except Resolver404:
            return None
        name = match.url_name or ""
        asked = asked_of(url)
        if name.endswith("_csv") or "format" in asked or name == "bill_pay":
            return None
        if name in ALIKE and company != STATES[0]:
            return None
        part = match.kwargs.get("slug", "")
        looked_at.add(name)
        return (name, part, *asked)

    return kind_of


class Found:
    """What is wrong with pages: all of it is told, not only the first."""

    def __init__(self, watched: Watched, folder: str) -> None:
        self.watched, self.folder = watched, folder
        self.wrong: list[str] = []

    def look_at(self, url: str) -> None:
        try:
            look_at(self.watched, url, name=f"{self.folder}/{urlsplit(url).path}")
        except AssertionError as wrong:
            self.watched.said.clear()
            self.wrong.append(f"{url}: {wrong}")


@pytest.mark.deep
@pytest.mark.parametrize("company", STATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_state(
    very_many: str,
    serving: Callable[[str], Served],
    browse: Callable[..., Watched],
    language: str,
    company: str,
) -> None:
    served = serving(very_many)
    watched = browse()
    sign_in(watched.page, served)
    speak(watched.page, served, language)
    found, names = Found(watched, f"{language}/{company}"), set[str]()
    pages = walk(
        f"{served.url}/c/{company}/",
        watched.page,
        found.look_at,
        kind_of=kinds(company, names),
        within=f"/c/{company}/",
    )
    assert len(list(pages)) > 3
    if company == STATES[0]:
        for path in ("account/", "return/", "c/acme/no-such-page/", "no/"):
            found.look_at(f"{served.url}/{path}")

    assert found.wrong == []
    assert len(names) >= 30 or company != HAS_EVERYTHING


# In CI: what a state changes most, each page by one look.
MOST_CHANGED = {
    "": ("en", Look(NARROW, "dark")),
    "product/": ("en", Look(NARROW, "dark")),
    "usage/": ("en", Look(NARROW, "dark")),
    "product/convert/": ("ko", Look(WIDE, "light")),
    "bills/": ("ko", Look(WIDE, "light")),
    "group/": ("ko", Look(WIDE, "light")),
}


@pytest.mark.thorough
def test_the_pages_that_a_state_changes_most(
    few: str, serving: Callable[[str], Served], browse: Callable[..., Watched]
) -> None:
    served = serving(few)
    watched = browse()
    sign_in(watched.page, served)
    for path, (language, look) in MOST_CHANGED.items():
        speak(watched.page, served, language)
        for company in STATES:
            look_at(watched, f"{served.url}/c/{company}/{path}", [look])


@pytest.mark.deep
def test_every_page_of_the_support_site_and_of_a_company_s_own_host(
    few: str, serving: Callable[[str], Served], browse: Callable[..., Watched]
) -> None:
    served = serving(few)
    staff = Found(browse(), "support")
    sign_in(staff.watched.page, served, path="/support/", email=STAFF)
    support = walk(
        f"{served.url}/support/",
        staff.watched.page,
        staff.look_at,
        kind_of=kind_of_support,
        within="/support/",
    )
    assert len(list(support)) > 20
    boss = Found(browse(), "host")
    url = served.company_url("acme")
    sign_in_at(boss.watched.page, url)
    host = walk(
        f"{url}/accounts/", boss.watched.page, boss.look_at, kind_of=kind_of_host, within="/"
    )
    assert len(list(host)) > 5

    assert staff.wrong + boss.wrong == []


def kind_of_support(url: str) -> object:
    """One page for each kind of record, and one for each way to narrow a list."""
    path = urlsplit(url).path
    if "logout" in path or "." in path or "format" in asked_of(url):
        return None
    parts = [part for part in path.split("/") if part]
    return (*parts[:3], len(parts), *parts[4:], *asked_of(url)[:1])


def kind_of_host(url: str) -> object:
    return None if "csv" in url else (urlsplit(url).path, *asked_of(url))
