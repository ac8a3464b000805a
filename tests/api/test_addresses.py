"""Who gets through which address of the API, told here a second time. R: A4, H4."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from groupco import operations as groups
from groupco import queries
from groupco.choices import Scope
from groupco.models import User
from tests.api.callers import DAY, Caller, caller, code, service
from tests.companies import BY, trial
from tests.pages import people

pytestmark = pytest.mark.django_db

# By address and method: the scope that a token must have; * no token is asked for, + any will do.
AT_API: Final[dict[str, dict[str, str]]] = {
    "api_described": {"GET": "*"},
    "api_company": {"GET": "+"},
    "api_accounts": {"GET": "accounts", "POST": "accounts"},
    "api_accounts_exclude": {"POST": "accounts"},
    "api_storage": {"POST": "storage"},
    "api_cards": {"POST": "cards"},
    "api_nothing": {},
}
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def url(name: str, company: str) -> str:
    parts = {"api_nothing": {"rest": "v1/nothing"}, "api_described": {}}
    return reverse(name, kwargs=parts.get(name, {"company": company}))


def asked(caller: Caller, method: str, path: str) -> int:
    """The status of an empty request; a POST that is let in is refused for having no key."""
    headers = {"authorization": f"Bearer {caller.secret}"} if caller.secret else {}
    answer = Client().generic(method, path, b"{}", content_type="application/json", headers=headers)
    return answer.status_code


def let_in(name: str, method: str, scope: str) -> set[int]:
    return {200} if method == "GET" else {400, 422}


@pytest.mark.parametrize("name", AT_API)
def test_every_call_asks_for_a_token_of_its_scope(acme: str, name: str) -> None:
    trial("other", on=DAY)
    withdrawn = caller("acme")
    token = queries.token(withdrawn.secret)
    assert token
    groups.withdraw_token(company_id="acme", token_id=token.pk, today=DAY, by=BY)
    for method, scope in AT_API[name].items():
        expected = let_in(name, method, scope)
        one = {200} if scope == "*" else {401}
        for nobody in (Caller(""), Caller("wps_x"), Caller("x" * 9999), withdrawn):
            assert asked(nobody, method, url(name, "acme")) in one, (method, nobody)
        for only in Scope:
            reaches = scope in ("*", "+", only.value)
            for program in (service(only), caller("acme", only)):
                got = asked(program, method, url(name, "acme"))
                assert got in (expected if reaches else {403}), (method, only)


def test_a_foreign_company_looks_like_one_that_does_not_exist(acme: str) -> None:
    trial("other", on=DAY)
    program = caller("other")
    for name, calls in AT_API.items():
        for method, scope in calls.items():
            if scope == "*":
                continue
            theirs = Client().generic(
                method,
                url(name, "acme"),
                b"{}",
                content_type="application/json",
                headers={"authorization": f"Bearer {program.secret}", "idempotency-key": "k"},
            )
            nobodys = Client().generic(
                method,
                url(name, "nosuch"),
                b"{}",
                content_type="application/json",
                headers={"authorization": f"Bearer {program.secret}", "idempotency-key": "k"},
            )
            assert theirs.status_code == nobodys.status_code == 404, (name, method)
            assert theirs.content == nobodys.content
    assert service().get("nosuch").status_code == 404
    assert service().get("other").status_code == 200


def test_no_other_method_is_taken(acme: str) -> None:
    program = service()
    for name, calls in AT_API.items():
        for method in METHODS:
            if method in calls or (method == "HEAD" and "GET" in calls):
                continue
            got = asked(program, method, url(name, "acme"))
            assert got == (405 if calls else 404), (name, method)
    answer = Client().delete(url("api_accounts", "acme"))
    assert answer.headers["Allow"] == "GET, POST, HEAD"


@pytest.mark.parametrize(
    "path", ["v2", "v1/companies", "v1/companies/acme/", "v1/companies/ACME", "v1/bills/acme"]
)
def test_what_is_not_declared_is_not_there_and_says_so_in_json(acme: str, path: str) -> None:
    for method in ("GET", "POST"):
        answer = Client().generic(method, f"/api/{path}")
        assert answer.status_code == 404
        assert code(answer) == "no_address"


def test_there_is_no_api_on_a_company_s_own_host(acme: str) -> None:
    answer = Client(headers={"host": "acme.localhost"}).get("/api/v1/companies/acme")

    assert answer.status_code == 404


def test_a_sign_in_is_no_token_and_a_token_no_sign_in(acme: str) -> None:
    owner: User = people.admin("acme", today=DAY)
    client = people.signed_in(owner)

    assert client.get("/api/v1/companies/acme").status_code == 401
    answer = service().get("acme")
    assert not answer.cookies
    bearer = {"authorization": f"Bearer {service().secret}"}
    assert Client().get("/c/acme/", headers=bearer).status_code == 302


def test_a_token_that_is_wrong_is_told_how_to_show_one(acme: str) -> None:
    answer = Caller("wps_nonsense").get("acme")

    assert code(answer) == "no_token"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    for shown in ("Basic abc", "Bearer", "bearer  ", "Token x", "Bearer \xff"):
        refused: Any = Client().get("/api/v1/companies/acme", headers={"authorization": shown})
        assert refused.status_code == 401, shown
