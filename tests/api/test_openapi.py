"""The description says what the code does: held against real requests and answers. R: H4."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from groupco.choices import Scope
from tests.api.callers import Caller, caller, service
from tests.api.schema import wrong
from tests.api.test_addresses import AT_API
from workplace_console.addresses import API

pytestmark = pytest.mark.django_db

COMPANY = "/api/v1/companies/{company}"


@pytest.fixture
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Client().get("/api/v1/openapi.json").content)
    return found


def test_every_address_is_described_with_its_methods_and_scopes(document: dict[str, Any]) -> None:
    described = {
        path: {method.upper() for method in methods if method != "parameters"}
        for path, methods in document["paths"].items()
    }
    routes = {
        "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", address.route): set(AT_API[address.name])
        for address in API
        if address.calls
    }
    assert described == routes
    assert document["openapi"] == "3.1.0"
    operations = [
        operation
        for methods in document["paths"].values()
        for method, operation in methods.items()
        if method != "parameters"
    ]
    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids))
    assert all(operation["summary"].endswith(".") for operation in operations)
    scopes = {scope for o in operations for s in o["security"] for scope in s["token"]}
    assert scopes == set(Scope.values)


def test_everything_that_is_named_is_there_and_used(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    named = set(re.findall(r"#/components/schemas/(\w+)", text))

    assert named == set(document["components"]["schemas"])
    assert "idempotency-key" in text.lower()


def fits(answer: HttpResponse, document: dict[str, Any], path: str, method: str = "post") -> str:
    """That an answer is as its call is described; its status."""
    responses = document["paths"][path][method]["responses"]
    status = str(answer.status_code)
    assert status in responses, answer.content.decode()
    kind = answer.headers["Content-Type"]
    schema = responses[status]["content"][kind]["schema"]
    assert wrong(json.loads(answer.content), schema, document) == []
    return status


def test_answers_are_as_they_are_described(acme: str, document: dict[str, Any]) -> None:
    program = service()
    person = {"number": "E1", "name": "김", "email": "kim@acme.example"}
    as_of = "2026-03-02T09:00:00+09:00"
    asked = [
        ("acme", None),
        ("acme/cards", {"count": 3, "as_of": as_of}),
        ("acme/storage", {"photo": 5}),
        ("acme/accounts", person),
        ("acme/accounts", None),
        ("acme/accounts/exclude", {"number": "E1"}),
        ("acme", None),
    ]
    for path, body in asked:
        answer = program.get(path) if body is None else program.post(path, body)
        described = COMPANY + path.removeprefix("acme")
        method = "get" if body is None else "post"
        assert fits(answer, document, described, method) in ("200", "201")


def test_problems_are_as_they_are_described(
    acme: str, document: dict[str, Any], settings: Any
) -> None:
    settings.API_CALLS_A_MINUTE = 9
    storage, program = COMPANY + "/storage", caller(acme)
    stranger, narrow = Caller(""), caller(acme, Scope.CARDS)
    asked: list[tuple[str, HttpResponse]] = [
        ("401", stranger.post("acme/storage", {})),
        ("403", narrow.post("acme/storage", {})),
        ("404", program.post("nosuch/storage", {})),
        ("422", program.post("acme/storage", {"board": "x", "\ud800": 1})),
        ("400", program.post("acme/storage", b"{")),
        ("400", program.post("acme/storage", {"board": 1}, **{"idempotency-key": ""})),
        ("411", program.post("acme/storage", b"{}", **{"transfer-encoding": "chunked"})),
        ("413", program.post("acme/storage", b" " * 70_000)),
        ("415", program.post("acme/storage", {}, content_type="text/plain")),
        ("200", program.post("acme/storage", {"board": 1}, key="k")),
        ("409", program.post("acme/storage", {"board": 2}, key="k")),
        ("429", program.post("acme/storage", {"board": 2})),
    ]
    assert [fits(answer, document, storage) for _status, answer in asked] == [s for s, _a in asked]


# --- Any JSON at all: never a 500, and what is taken is what the description allows --------------

VALUES = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=80)
    | some.sampled_from(["E1", "2026-03-02T00:00:00Z", "9999-12-31T23:59:59-23:59", "a@b.kr"]),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
    max_leaves=6,
)
NAMES = some.sampled_from(
    ["number", "name", "email", "count", "as_of", "attachment", "photo", "messenger", "board", "x"]
)
BODIES = VALUES | some.dictionaries(NAMES, VALUES, max_size=4)
WRITES = ("/accounts", "/accounts/exclude", "/storage", "/cards")


def test_whatever_is_sent_is_answered_as_it_is_described(
    acme: str, document: dict[str, Any], examples: Any, settings: Any
) -> None:
    settings.API_CALLS_A_MINUTE = 36_500
    program = caller(acme)

    @settings_of(examples(few=60, deep=2000))
    @given(some.sampled_from(WRITES), BODIES)
    def check(path: str, body: Any) -> None:
        answer = program.post("acme" + path, body)
        status = fits(answer, document, COMPANY + path)
        if status in ("200", "201"):
            content = document["paths"][COMPANY + path]["post"]["requestBody"]["content"]
            assert wrong(body, content["application/json"]["schema"], document) == []

    check()


@pytest.mark.parametrize(
    "content",
    [
        *(b" ", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf{}", b"{", b"nul", b'{"a":1,}', b"{} {}"),
        *(b'{"board": NaN}', b'{"board": -Infinity}', b'{"board":1,"board":2}', b"'"),
        *(b"[" * 30_000, b'{"a":' * 10_000, b'{"board": ' + b"9" * 20_000 + b"}"),
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_no_json_is_refused_as_that(acme: str, content: bytes) -> None:
    answer = caller(acme).post("acme/storage", content)

    assert answer.status_code == 400
    assert json.loads(answer.content)["code"] == "bad_json"


@pytest.mark.parametrize("text", ['"\\u0000"', '"\\ud800"', '"a\\nb"', '"' + "x" * 101 + '"'])
def test_names_that_no_database_takes_are_refused(acme: str, text: str) -> None:
    answer = caller(acme).post("acme/accounts", f'{{"name": {text}}}'.encode())

    assert answer.status_code == 422
    assert json.loads(answer.content)["errors"][0]["pointer"] == "#/name"


def settings_of(number: int) -> Any:
    health = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=number, suppress_health_check=health)
