"""API 토큰 on the support site: shown once, and withdrawn. R: A6, H4."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from groupco import queries
from groupco.choices import StaffRole
from groupco.models import ApiToken
from tests.companies import trial
from tests.support.conftest import DAY, client_of, staff
from tests.support.written import entries, writes

pytestmark = pytest.mark.usefixtures("a_day")

LIST = "/support/groupco/apitoken/"
ADD = LIST + "add/"
NEW = {"name": "WORKPLACE 메신저", "company_id": "", "scopes": ["storage", "cards"]}


def secret_on(page: str) -> str:
    (found,) = re.findall(r"wp[sc]_[\w-]{43}", page)
    return str(found)


def test_a_new_token_is_shown_on_that_page_and_never_again(support: Client) -> None:
    answer = support.post(ADD, NEW)

    secret = secret_on(answer.content.decode())
    token = queries.token(secret)
    assert token
    assert (token.company_id, token.scopes, token.issued_on) == (None, ["storage", "cards"], DAY)
    assert "no-store" in answer.headers["Cache-Control"]
    for url in (LIST, f"{LIST}{token.pk}/change/"):
        page = support.get(url).content.decode()
        assert secret not in page
        assert token.hint in page
    assert entries("token_issued")[0].actor.startswith("user:")


def test_the_same_form_sent_again_issues_no_second_one(support: Client) -> None:
    support.post(ADD, NEW | {"once": "t"})

    page = support.post(ADD, NEW | {"once": "t"}).content.decode()

    assert "이미 발급했습니다" in page
    assert ApiToken.objects.count() == 1


def test_a_token_of_a_company_is_that_company_s(support: Client) -> None:
    trial("acme", on=DAY)

    support.post(ADD, NEW | {"company_id": "acme"})

    assert ApiToken.objects.get().company_id == "acme"
    assert "acme" in support.get(LIST + "?q=acme").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        *({"company_id": bad} for bad in ("nobody", "\x00", "x" * 31, "＠")),
        *({"name": bad} for bad in ("", "\x00", "x" * 61, "a\tb")),
        *({"scopes": bad} for bad in ([], ["everything"], ["cards", "\x00"])),
    ],
)
def test_what_is_wrong_is_said_and_issues_nothing(support: Client, wrong: Any) -> None:
    with writes() as written:
        answer = support.post(ADD, NEW | wrong)

    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    assert [sql for sql in written if "common_sentform" not in sql] == []


def test_a_withdrawn_token_works_no_more(support: Client) -> None:
    secret = secret_on(support.post(ADD, NEW).content.decode())
    page = f"{LIST}{ApiToken.objects.get().pk}/change/"
    assert "철회하면" in support.get(page).content.decode()

    assert support.post(page, {"act": "withdraw"}).status_code == 302

    assert queries.token(secret) is None
    assert "철회하면" not in support.get(page).content.decode()


def test_who_signed_in_long_ago_is_asked_for_the_password_first() -> None:
    client = client_of(staff(StaffRole.SUPPORT), hours_ago=1)

    assert "비밀번호" in client.post(ADD, NEW).content.decode()
    assert not ApiToken.objects.exists()
