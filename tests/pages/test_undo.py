"""해지 취소 and the conversion of an expired trial, as pages. R: A2, G3, G5."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from groupco.choices import Role
from groupco.models import Employee
from groupco.operations import set_sign_in
from products import queries
from products.choices import Cycle, State
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily
from workplace_console.common.models import AuditEntry
from workplace_console.termination import terminate

BEGUN = date(2026, 3, 1)
TODAY = date(2026, 5, 11)
GRACE = 14
ENDED, CONVERT = "/c/acme/ended/", "/c/acme/product/convert/"
PASSWORD = "long-enough-2026!"


@pytest.fixture(autouse=True)
def _grace(db: None, settings: Any) -> None:
    settings.DELETION_GRACE_DAYS = GRACE
    settings.CONSOLE_TODAY = TODAY


def admin(role: Role = Role.OWNER, *, hours_ago: float = 0) -> Client:
    return people.signed_in(people.admin("acme", role, today=TODAY), hours_ago=hours_ago)


def read(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def state() -> State | None:
    standing = queries.standing("acme", TODAY)
    return standing and standing.state


def sign_in(email: str, host: str = people.CONSOLE) -> Any:
    set_sign_in(email=email, password=PASSWORD)
    client = Client(headers={"host": host})
    path = "/login/" if host == people.CONSOLE else "/"
    return client.post(path, {"login": email, "password": PASSWORD})


class TestATerminatedCompany:
    @pytest.fixture(autouse=True)
    def _terminated(self) -> None:
        paid("acme", on=BEGUN, accounts=10)
        people.employee("acme", today=BEGUN)
        daily.run(until=TODAY - timedelta(days=3))
        terminate(company_id="acme", today=TODAY - timedelta(days=3), by=BY)
        daily.run(until=TODAY)

    def test_the_page_says_until_when_and_what_it_costs_and_the_button_does_it(self) -> None:
        client = admin()
        page = read(client, ENDED)
        assert "2026. 5. 21.까지 취소할 수 있습니다." in page
        assert "삭제할 날 2026. 5. 22. 0시" in page
        # Eleven accounts for 21 days of May.
        assert f"{11 * 21 * 5_000 // 31:,}원" in page
        assert "매월 내는 금액 60,500원" in page

        assert client.post(ENDED).url == "/c/acme/"

        assert state() is State.PAID
        assert "해지 취소" in read(client, "/c/acme/audit/")
        assert client.post(ENDED).url == "/c/acme/"
        assert AuditEntry.objects.filter(action="termination_undone").count() == 1

    def test_only_owners_may_and_only_with_a_password_given_lately(self) -> None:
        for role in (Role.BILLING, Role.VIEWER):
            client = admin(role)
            assert "해지 취소는 소유자만 할 수 있습니다." in read(client, ENDED)
            assert client.post(ENDED).status_code == 403
        asked = admin(hours_ago=2).post(ENDED)
        assert "password_again" in asked.content.decode()
        assert state() is State.TERMINATED

    def test_employees_are_out_until_then_and_in_again_at_once(self) -> None:
        host = "acme.localhost"
        assert sign_in("clerk@acme.example", host).status_code == 403
        admin().post(ENDED)
        assert sign_in("clerk@acme.example", host).status_code == 302

    def test_its_admins_sign_in_to_read_and_others_are_told(self) -> None:
        people.admin("acme", Role.VIEWER, today=TODAY, email="reader@acme.example")
        assert sign_in("reader@acme.example").status_code == 302
        refused = sign_in("clerk@acme.example").content.decode()
        assert "해지되어 로그인이 막혔습니다" in refused

    def test_from_the_day_of_deletion_on_nothing_is_offered(self, settings: Any) -> None:
        settings.CONSOLE_TODAY = date(2026, 5, 22)
        client = admin()
        assert "취소할 수 있습니다" not in read(client, ENDED)
        assert "되돌릴 수 없습니다" in client.post(ENDED).content.decode()
        assert state() is State.TERMINATED


def test_a_terminated_trial_goes_on_or_says_why_not(settings: Any) -> None:
    trial("acme", on=TODAY - timedelta(days=25), accounts=1)
    terminate(company_id="acme", today=TODAY, by=BY)
    client = admin()
    assert "무료 체험을 2026. 5. 15.까지 이어서 씁니다" in read(client, ENDED)

    settings.CONSOLE_TODAY = date(2026, 5, 16)
    assert "무료 체험이 2026. 5. 15.에 끝나 해지를 취소할 수 없습니다" in read(client, ENDED)
    settings.CONSOLE_TODAY = TODAY

    assert client.post(ENDED).url == "/c/acme/"
    assert state() is State.TRIAL


class TestAnExpiredTrial:
    @pytest.fixture(autouse=True)
    def _expired(self) -> None:
        trial("acme", on=TODAY - timedelta(days=33), accounts=4)
        people.employee("acme", today=TODAY - timedelta(days=33))
        daily.run(until=TODAY)

    def test_its_admins_find_the_conversion_and_nothing_else(self) -> None:
        client = admin(Role.VIEWER)
        for path in ("", "product/", "accounts/", "usage/", "bills/", "ended/", "company/"):
            assert client.get(f"/c/acme/{path}").url == CONVERT, path
        page = read(client, CONVERT)
        assert "무료 체험이 2026. 5. 7.에 끝나 로그인이 막혔습니다." in page
        assert "2026. 5. 22. 0시에 모든 데이터를 영구 삭제합니다." in page
        assert client.post("/c/acme/company/", {"name": "x"}).status_code == 403
        assert client.post(CONVERT, {}).status_code == 403

    def test_today_is_what_is_offered_and_what_is_taken(self) -> None:
        client = admin()
        assert f'value="{TODAY}"' in client.get(CONVERT).content.decode()
        asked = {"plan": "workplace", "cycle": Cycle.MONTHLY.code}

        late = client.post(CONVERT, asked | {"start": str(TODAY + timedelta(days=1))})
        assert "오늘(2026. 5. 11.)부터 시작할 수 있습니다" in late.content.decode()
        assert state() is State.EXPIRED
        assert client.post(CONVERT, asked | {"start": str(TODAY)}).url == "/c/acme/product/"

        assert state() is State.PAID
        assert Employee.objects.filter(company="acme").count() == 5

    def test_admins_sign_in_and_employees_do_not(self) -> None:
        assert sign_in("admin@acme.example").status_code == 302
        assert "로그인이 막혔습니다" in sign_in("clerk@acme.example").content.decode()
        assert sign_in("clerk@acme.example", "acme.localhost").status_code == 403
