"""API 토큰 of a company: shown once to an owner, listed for its admins, withdrawn. R: A4, H4."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from groupco import queries
from groupco.choices import Role, Scope
from groupco.models import ApiToken
from products import operations as products
from tests.companies import BY, trial
from tests.pages import people

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
PATH = "/c/acme/company/tokens/"
NEW = {"act": "issue", "name": "인사 시스템", "scopes": ["accounts", "cards"]}


@pytest.fixture(autouse=True)
def _acme(settings: Any) -> None:
    settings.CONSOLE_TODAY = DAY
    for company in ("acme", "other"):
        trial(company, on=DAY)


@pytest.fixture
def owner() -> Client:
    return people.signed_in(people.admin("acme", Role.OWNER, today=DAY))


def secrets_on(page: str) -> list[str]:
    return re.findall(r"wp[sc]_[\w-]{43}", page)


def test_an_owner_sees_a_new_token_once(owner: Client) -> None:
    answer = owner.post(PATH, NEW)

    (secret,) = secrets_on(answer.content.decode())
    token = queries.token(secret)
    assert token
    assert (token.company_id, token.name, token.scopes) == (
        "acme",
        "인사 시스템",
        ["accounts", "cards"],
    )
    assert answer.headers["Cache-Control"] == "no-store"
    page = owner.get(PATH).content.decode()
    assert secrets_on(page) == []
    assert token.hint in page


def test_the_same_form_sent_again_issues_no_second_one(owner: Client) -> None:
    owner.post(PATH, NEW | {"once": "t"})

    page = owner.post(PATH, NEW | {"once": "t"}).content.decode()

    assert "이미 발급했습니다" in page
    assert secrets_on(page) == []
    assert ApiToken.objects.count() == 1


def test_other_admins_read_the_list_and_issue_nothing(owner: Client) -> None:
    owner.post(PATH, NEW)
    for role in (Role.BILLING, Role.VIEWER):
        client = people.signed_in(people.admin("acme", role, today=DAY))

        page = client.get(PATH).content.decode()
        assert "인사 시스템" in page
        assert 'value="withdraw"' not in page
        assert client.post(PATH, NEW).status_code == 403


def test_who_signed_in_long_ago_is_asked_for_the_password_first() -> None:
    client = people.signed_in(people.admin("acme", Role.OWNER, today=DAY), hours_ago=1)

    assert "비밀번호" in client.post(PATH, NEW).content.decode()
    assert not ApiToken.objects.exists()


def test_what_is_missing_is_said_beside_its_field(owner: Client) -> None:
    page = owner.post(PATH, {"act": "issue", "name": "인사 시스템"}).content.decode()

    assert "범위를 하나 이상 고르세요." in page
    assert 'value="인사 시스템"' in page
    assert not ApiToken.objects.exists()


def test_a_withdrawn_token_works_no_more_and_stays_in_the_list(owner: Client) -> None:
    (secret,) = secrets_on(owner.post(PATH, NEW).content.decode())
    token = ApiToken.objects.get()

    answer = owner.post(PATH, {"act": "withdraw", "token": token.pk})

    assert answer.status_code == 302
    assert queries.token(secret) is None
    assert "2026. 3. 2. 철회" in owner.get(PATH).content.decode()


@pytest.mark.parametrize("company", ["other", None])
def test_tokens_of_others_are_neither_seen_nor_withdrawn(
    owner: Client, company: str | None
) -> None:
    issued = products.issue_token(
        company_id=company, name="남의 것", scopes=[Scope.CARDS], today=DAY, by=BY
    )

    assert "남의 것" not in owner.get(PATH).content.decode()
    for token in (issued.token.pk, "", "x", 0, 10**30):
        owner.post(PATH, {"act": "withdraw", "token": token})

    assert queries.token(issued.secret)


def test_what_a_program_did_is_told_under_its_name(owner: Client) -> None:
    (secret,) = secrets_on(owner.post(PATH, NEW).content.decode())
    Client().post(
        "/api/v1/companies/acme/accounts",
        '{"name": "김"}',
        content_type="application/json",
        headers={"authorization": f"Bearer {secret}", "idempotency-key": "k"},
    )

    log = owner.get("/c/acme/audit/?who=token").content.decode()
    assert "인사 시스템(API)" in log
    assert "사용자 등록" in log
    assert "인사 시스템(API)" in owner.get("/c/acme/audit/csv/?who=token").getvalue().decode()
