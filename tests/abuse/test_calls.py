"""Every value of every call of the API, spoiled: answered as described, never a 500, and what is
refused changes nothing. What there is to spoil is read in the description. Goal G13 of
docs/reliability.md, H4.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import pytest
from django.http import HttpResponse
from django.test import Client

from groupco.choices import Scope
from products import operations as products
from tests.abuse.conftest import HERE
from tests.abuse.payloads import BYTES, JSON
from tests.abuse.site import encoded
from tests.abuse.world import BY, TODAY, Everybody
from tests.billing.stories import undone
from tests.pages.test_bad_input import fingerprint

# A good value for every name there is.
GOOD: Final[dict[str, Any]] = {
    "number": f"{HERE}-1",
    "name": "김서연",
    "email": "new.person@acme.example",
    "after": "",
    "reason": "work",
    "count": 3,
    "as_of": "2026-04-13T09:00:00+09:00",
    **dict.fromkeys(("attachment", "photo", "messenger", "board"), 10**9),
}
HEADERS: Final = ("authorization", "idempotency-key", "accept-language", "content-type", "host")
# In place of some families, as the charset of JSON.
CHARSETS: Final = {"nothing": "utf-16", "nought": "rot13", "long": "base64", "minus": "nonsense"}
# Of a body that is no JSON object with these names.
BODIES: Final[dict[str, bytes]] = {
    "nothing": b"",
    "no UTF-8": b'{"name": "\xff"}',
    "a mark at the start": b"\xef\xbb\xbf{}",
    "UTF-16": '{"board": 1}'.encode("utf-16"),
    "a name twice": b'{"board": 1, "board": 2}',
    "NaN": b'{"board": NaN}',
    "a number without end": b'{"board": ' + b"9" * 50_000 + b"}",
    "a fraction without end": b'{"board": 1e99999}',
    "as deep as it goes": b"[" * 60_000,
    "more than is taken": b'{"board": ' + b" " * 70_000 + b"1}",
    "two": b'{"board": 1}{"board": 2}',
    "a form": b"board=1",
    "1001 names": json.dumps({f"x{n}": n for n in range(1001)}).encode(),
    "a list": b"[]",
    "a text": b'"board"',
    "null": b"null",
}


@dataclass(frozen=True)
class Spoilt:
    """A call with one thing wrong: a value of its body, of its query, of its head; or the body."""

    method: str
    path: str
    place: str
    name: str
    family: str


@pytest.fixture
def document(everybody: Everybody) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Client().get("/api/v1/openapi.json").content)
    return found


@pytest.fixture
def secret(everybody: Everybody) -> str:
    return products.issue_token(
        company_id=HERE, name="program", scopes=list(Scope), today=TODAY, by=BY
    ).secret


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield method.upper(), path, operation


def names(operation: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """The names in the body of a call."""
    if "requestBody" not in operation:
        return []
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return list(schema.get("properties", {}))


def spoilt(document: dict[str, Any]) -> list[Spoilt]:
    found = []
    for method, path, operation in operations(document):
        for name in names(operation, document):
            found += [Spoilt(method, path, "body", name, family) for family in JSON]
        if method == "POST":
            found += [Spoilt(method, path, "whole", "", family) for family in BODIES]
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                found += [Spoilt(method, path, "query", parameter["name"], f) for f in BYTES]
        found += [Spoilt(method, path, "head", head, f) for head in HEADERS for f in BYTES]
        if "{company}" in path:
            found += [Spoilt(method, path, "path", "company", family) for family in BYTES]
    Random(1).shuffle(found)
    # Each call and place comes soon.
    seen: dict[tuple[str, str, str, str], int] = {}
    order = []
    for one in found:
        key = (one.method, one.path, one.place, one.name)
        seen[key] = seen.get(key, 0) + 1
        order.append((seen[key], one))
    return [one for _turn, one in sorted(order, key=lambda pair: pair[0])]


def test_whatever_is_sent_is_answered_and_what_is_refused_changes_nothing(
    document: dict[str, Any], secret: str, examples: Any
) -> None:
    ways = spoilt(document)
    client = Client(raise_request_exception=False)
    answer_to(client, secret, Spoilt("GET", "/api/v1/companies/{company}", "", "", ""), document)
    before = fingerprint()
    wrong = []
    for one in ways[: examples(few=25, deep=10**9)]:
        with undone():
            answer = answer_to(client, secret, one, document)
            is_done = one.method == "POST" and answer.status_code < 300
            if answer.status_code >= 500 or (not is_done and fingerprint() != before):
                wrong.append((answer.status_code, one))
    assert wrong == []


def answer_to(client: Client, secret: str, one: Spoilt, document: dict[str, Any]) -> HttpResponse:
    operation = document["paths"][one.path][one.method.lower()]
    headers = {"authorization": f"Bearer {secret}", "idempotency-key": str(uuid.uuid4())}
    body: Any = {name: GOOD[name] for name in names(operation, document)}
    content = BODIES.get(one.family) if one.place == "whole" else None
    path, query, kind = one.path.replace("{company}", HERE), b"", "application/json"
    if one.place == "body":
        body[one.name] = JSON[one.family]
    elif one.place == "query":
        query = encoded([(one.name, BYTES[one.family])])
    elif one.place == "path":
        path = one.path.replace("{company}", encoded([("", BYTES[one.family])]).decode()[1:])
    elif one.name == "content-type":
        kind = content_type(one.family)
    elif one.place == "head":
        headers[one.name] = BYTES[one.family].decode("latin-1")
    if content is None:
        content = json.dumps(body).encode() if one.method == "POST" else b""
    return client.generic(
        one.method, f"{path}?{query.decode()}", content, content_type=kind, headers=headers
    )


def content_type(family: str) -> str:
    if charset := CHARSETS.get(family):
        return f"application/json; charset={charset}"
    return BYTES[family].decode("latin-1")
