"""Every form there is, field by field and body by body: never a 500, and what is refused changes
nothing. Goal G13 of docs/reliability.md.

The forms are those that people find by following links, so a new page is tried without a line here.
"""

from __future__ import annotations

from random import Random
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from tests.abuse.payloads import BODIES, BYTES
from tests.abuse.site import Form, Site, as_before, encoded, send
from tests.billing.stories import undone
from tests.pages.test_bad_input import fingerprint
from workplace_console.addresses import COMPANY_HOST, CONSOLE, NOBODY

# Called by programs, not by a form.
NO_FORM = {"portone"}
# They do what they are for and answer with a page.
ANSWERED_BY_A_PAGE = {"reset", "change_request", "tokens", "second_factor", "terminate_data"}
HALVES = 2


def named(action: str, *, at_host: bool) -> str:
    urlconf = "workplace_console.company_urls" if at_host else "workplace_console.urls"
    return resolve(urlsplit(action).path, urlconf).url_name or ""


def test_every_address_that_takes_a_form_shows_one(sites: dict[str, Site]) -> None:
    for at_host, addresses in ((False, CONSOLE), (True, COMPANY_HOST)):
        visitors = ("guest", "boss") if at_host else ("stranger", "owner", "clerk", "halfway")
        shown = {
            named(form.action, at_host=at_host)
            for who in visitors
            for form in sites[who].forms
            if form.method == "post"
        }
        asked = {address.name for address in addresses if address.writes != NOBODY}
        assert asked - shown - NO_FORM == set()


def spoilt(sites: dict[str, Site]) -> list[tuple[str, Form, int | None, str]]:
    """Every field of every form with every family, and every form with every body, in an order in
    which each form comes soon."""
    found = []
    for who, site in sites.items():
        for form in site.forms:
            ways: list[tuple[int | None, str]] = [
                (place, name) for place in range(len(form.fields)) for name in BYTES
            ]
            ways += [(None, name) for name in BODIES if form.method == "post"]
            Random(repr(form.shape)).shuffle(ways)
            found += [(turn, who, form, *way) for turn, way in enumerate(ways)]
    return [tuple(rest) for _turn, *rest in sorted(found, key=lambda one: one[0])]  # type: ignore[misc]


@pytest.mark.parametrize("half", range(HALVES))
def test_whatever_is_sent_is_answered_and_what_is_refused_changes_nothing(
    clients: dict[str, Client], sites: dict[str, Site], examples, half: int
) -> None:
    ways = spoilt(sites)
    assert len({form.shape for _who, form, *_ in ways}) >= 80
    before = fingerprint()
    wrong = []
    for who, form, place, family in ways[half::HALVES][: examples(few=13, deep=10**9)]:
        with undone(), as_before(clients[who]):
            answer = sent(clients[who], form, place, family)
            is_refused = form.method == "get" or not may_be_done(form, answer.status_code, who)
            if answer.status_code >= 500 or (is_refused and fingerprint() != before):
                note = f"{who}: {form.method} {form.action}, {family} in {field(form, place)}"
                wrong.append((answer.status_code, note))
    assert wrong == []


def sent(client: Client, form: Form, place: int | None, family: str):
    if place is None:
        kind, body = BODIES[family]
        good = encoded(form.pairs())
        return send(client, form, body=body.replace(b"%s", good), content_type=kind)
    pairs: list[tuple[str, str | bytes]] = list(form.pairs())
    pairs[place] = (pairs[place][0], BYTES[family])
    if form.method == "get":
        query = encoded(pairs).decode()
        return client.get(f"{urlsplit(form.action).path}?{query}")
    return send(client, form, body=encoded(pairs))


def may_be_done(form: Form, status: int, who: str) -> bool:
    """A spoiled form may still be a good one; then it is done, and mostly says so by a redirect."""
    at_host = who in ("guest", "boss")
    is_page = who != "staff" and named(form.action, at_host=at_host) in ANSWERED_BY_A_PAGE
    return status == 302 or is_page or (who == "staff" and "token" in form.action)


def field(form: Form, place: int | None) -> str:
    return "the body" if place is None else repr(form.fields[place].name)
