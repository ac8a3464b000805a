"""What is another company's, asked for by its id in every place that takes one: the answer is that
to an id which never was, and the other company stays as it is. R: A4.
Goal G11 of docs/reliability.md.

The ids are those of one row of each table in the inventory, in a range that no row of this company
has; the places are the fields, addresses and queries that people find by following links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from groupco.choices import Scope
from products import operations as products
from tests.abuse.conftest import HERE, THERE
from tests.abuse.site import Form, Site, as_before, send
from tests.abuse.world import BY, TODAY, Everybody
from tests.api.callers import Caller
from tests.billing.stories import undone
from tests.pages.test_addresses import AT_CONSOLE, address
from workplace_console import inventory
from workplace_console.common import sql

# As long, and read with the same particle.
NOBODY: Final = "zphantm"
assert len(NOBODY) == len(THERE)

# Applying for a group names others on purpose: that alone is written about them. R: F1.
NAMED_ON_PURPOSE: Final = {"groupco_applicationcompany", "groupco_groupapplication"}

# What differs between any two answers; the key of a new row and an app's new secret among it.
ONE_TIME: Final = re.compile(
    rb'name="(csrfmiddlewaretoken|once)" value="[^"]*"|data-options="[^"]*"'
    rb"|<code>[A-Z2-7]{4}(?: [A-Z2-7]{4})+</code>"
    rb"|\b\d\d:\d\d:\d\d\b|/language/|\d{5,}|\bwpc_[\w-]+(?:\xe2\x80\xa6[\w-]+)?"
)
WHO: Final = ("owner", "boss")


def keys() -> dict[str, str]:
    """By table: its key, where that is one column."""
    return dict(
        sql.rows(
            """SELECT c.conrelid::regclass::text, min(a.attname::text)
               FROM pg_constraint c
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
               WHERE c.contype = 'p' GROUP BY 1 HAVING count(*) = 1"""
        )
    )


VALUES: Final[dict[str, Any]] = {
    "companies": [THERE],
    "hosts": [f"{THERE}.localhost"],
    "still_told": [],
    "of_the_contract": [],
}
PARTS: Final = (*inventory.DATA, *inventory.CONSOLE, *inventory.LEGAL)


@pytest.fixture
def theirs(everybody: Everybody) -> dict[str, tuple[str, str]]:
    """By what it names: an id of the other company, and one of the same kind that never was."""
    found: dict[str, tuple[str, str]] = {}
    for part in PARTS:
        if key := keys().get(part.table):
            query = f"SELECT {key}::text FROM {part.table} WHERE {part.rows} ORDER BY 1 LIMIT 1"  # noqa: S608
            for value in sql.column(query, **VALUES):
                found[part.table] = value, twin(value)
    users = sql.column(
        "SELECT id::text FROM groupco_user WHERE email = %(email)s", email=f"p1@{THERE}.example"
    )
    found["groupco_user"] = users[0], twin(users[0])
    for name in (THERE, f"{THERE}-kin", f"{THERE}-1", f"p1@{THERE}.example", f"{THERE}/{THERE}-1"):
        found[name] = name, twin(name)
    return found


def twin(value: str) -> str:
    # The range that a table's keys are in has a thousand numbers, and few are taken.
    return str(int(value) + 500) if value.isdecimal() else value.replace(THERE, NOBODY)


def differences(one: tuple[Any, ...], other: tuple[Any, ...]) -> list[Any]:
    """Where two answers differ, as much of it as can be read."""
    lines = zip(one[2].split(b"\n"), other[2].split(b"\n"), strict=False)
    return [one[:2], other[:2], *[pair for pair in lines if pair[0] != pair[1]][:2]]


def checksum() -> list[Any]:
    """All rows of the other company."""
    counts = " UNION ALL ".join(
        f"SELECT '{part.table}', count(*), sum(hashtext(t::text)::bigint) FROM {part.table} AS t"  # noqa: S608
        f" WHERE {part.rows}"
        for part in PARTS
        if part.table not in NAMED_ON_PURPOSE
    )
    return sql.rows(counts, **VALUES)


def seen(answer: HttpResponse, *asked: str) -> tuple[Any, ...]:
    """All that an answer tells, without the ids that were asked for: of both of a pair, since a
    short number may well stand on the page for something else."""
    content = b"".join(answer) if answer.streaming else answer.content
    told = [answer.headers.get("Location", "").encode(), content]
    for id in asked:
        for written in (id.encode(), urlencode({"": id})[1:].encode()):
            told = [text.replace(written, b"ID") for text in told]
    return answer.status_code, *(ONE_TIME.sub(b"", text) for text in told)


Probe = tuple[str, str, Form | str, int]


def probes(sites: dict[str, Site], theirs: dict[str, Any]) -> list[Probe]:
    """Who asks, for whose id, in which form or address, at which place."""
    found: list[Probe] = []
    for who in WHO:
        for form in sites[who].forms:
            places = [n for n, field in enumerate(form.fields) if is_place(field.name)]
            found += [(who, name, form, place) for place in places for name in theirs]
        for url in sites[who].pages:
            pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
            places = [n for n, (called, _value) in enumerate(pairs) if is_place(called)]
            found += [(who, name, url, place) for place in places for name in theirs]
    Random(11).shuffle(found)
    return found


# Searches, how many of something, and secrets: each number says something else.
NO_IDS: Final = {
    "current",
    "password",
    "q",
    "act",
    "accounts",
    "tb",
    "amount",
    "rows",
    "boxes",
    "page",
    "unit_price",
}


def is_place(called: str) -> bool:
    return called not in NO_IDS


def ask(client: Client, where: Form | str, place: int, value: str) -> HttpResponse:
    if isinstance(where, Form):
        return send(client, where.with_value(place, value))
    parts = urlsplit(where)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    pairs[place] = (pairs[place][0], value)
    return client.get(f"{parts.path}?{urlencode(pairs)}")


@pytest.mark.parametrize("half", range(2))  # so that both cores have something to do
def test_in_every_field_and_query_it_is_as_if_it_were_not_there(
    clients: dict[str, Client],
    sites: dict[str, Site],
    theirs: dict[str, Any],
    examples: Any,
    half: int,
) -> None:
    before = checksum()
    wrong = []
    for who, name, where, place in probes(sites, theirs)[half::2][: examples(few=8, deep=10**9)]:
        told = []
        for value in theirs[name]:
            with undone(), as_before(clients[who]):
                told.append(seen(ask(clients[who], where, place, value), *theirs[name]))
                if checksum() != before:
                    wrong.append((who, name, where, place, "changed"))
        if told[0] != told[1] or told[0][0] >= 500:
            wrong.append((who, name, where, place, differences(*told)))
    assert not wrong, "\n".join(map(str, wrong))


def addresses(company: str, number: str) -> Iterator[tuple[str, str]]:
    """Every address of a company's console, and every bill of it, with the methods there are."""
    for name, (reads, writes) in AT_CONSOLE.items():
        url = address(name, company=company).replace(f"{HERE}-202604-1", number)
        if "/c/" in url:
            yield from (("get", url),) if reads != "-" else ()
            yield from (("post", url),) if writes != "-" else ()


@pytest.mark.parametrize("who", ["owner", pytest.param("clerk", marks=pytest.mark.thorough)])
def test_in_every_address_it_is_as_if_it_were_not_there(
    clients: dict[str, Client], who: str
) -> None:
    before = checksum()
    number = f"{THERE}-202604-1"
    for company, bill in ((THERE, number), (HERE, number)):
        mine = list(addresses(company, bill))
        nobodys = list(addresses(company.replace(THERE, NOBODY), bill.replace(THERE, NOBODY)))
        for (method, url), (_method, other) in zip(mine, nobodys, strict=True):
            if company == HERE and number not in url:
                continue
            theirs, none = (getattr(clients[who], method)(path) for path in (url, other))
            told = seen(theirs, THERE), seen(none, NOBODY)
            assert told[0] == told[1], (method, url)
            assert company == HERE or theirs.status_code == 404, url
    assert checksum() == before


def test_in_every_call_it_is_as_if_it_were_not_there(everybody: Everybody) -> None:
    """The company in the address, an employee's number, the key of another program's call."""
    here, there = (
        Caller(
            products.issue_token(
                company_id=company, name="program", scopes=list(Scope), today=TODAY, by=BY
            ).secret
        )
        for company in (HERE, THERE)
    )
    said = there.post(f"{THERE}/storage", {"board": 7}, key="the-same-key")
    before = checksum()
    for path, body in (
        ("", None),
        ("/accounts", None),
        ("/accounts?after=1", None),
        ("/accounts", {"number": "N1", "name": "김"}),
        ("/accounts/exclude", {"number": f"{THERE}-1"}),
        ("/storage", {"board": 1}),
        ("/cards", {"count": 1, "as_of": "2026-04-13T08:00:00+09:00"}),
    ):
        told = [
            seen(here.get(c + path) if body is None else here.post(c + path, body), c)
            for c in (THERE, NOBODY)
        ]
        assert told[0] == told[1], path
        assert told[0][0] == 404
    told = [
        seen(here.post(f"{HERE}/accounts/exclude", {"number": f"{c}-1"}), c)
        for c in (THERE, NOBODY)
    ]
    assert told[0] == told[1]
    mine = here.post(f"{HERE}/storage", {"board": 7}, key="the-same-key")
    assert "Idempotent-Replayed" not in mine.headers
    assert THERE.encode() not in mine.content
    assert said.status_code == 200
    assert checksum() == before


def test_a_session_of_one_host_is_none_at_another(clients: dict[str, Client]) -> None:
    """R: A5. Whatever else the head of a request says."""
    for who, host in (("owner", f"{THERE}.localhost"), ("boss", f"{THERE}.localhost")):
        with undone():
            answer = clients[who].get("/people/", headers={"host": host})
            assert (answer.status_code, answer.headers["Location"]) == (302, "/?next=/people/")
    for head in ("x-forwarded-host", "x-original-url", "x-rewrite-url", "forwarded", "x-company"):
        value = f"host={THERE}.localhost" if head == "forwarded" else f"/c/{THERE}/"
        plain = seen(clients["owner"].get(f"/c/{HERE}/company/"), HERE)
        assert (
            seen(clients["owner"].get(f"/c/{HERE}/company/", headers={head: value}), HERE) == plain
        )


def test_a_token_of_one_kind_opens_nothing_of_another(
    clients: dict[str, Client], sites: dict[str, Site]
) -> None:
    links = {url for url in sites["stranger"].pages if "/invite/" in url or "/login/reset/" in url}
    tokens = {url.rstrip("/").rpartition("/")[2] for url in links}
    assert len(tokens) > 3
    for token in tokens:
        for path, own in (("/invite/", "invite"), ("/login/reset/", "reset")):
            answer = clients["stranger"].get(f"{path}{token}/")
            is_own = any(own in url and token in url for url in links)
            assert answer.status_code in ((200, 410) if is_own else (410,)), path
