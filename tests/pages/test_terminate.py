"""해지 as a page: what it tells, asks and does, and what is left to be read afterwards. R: G."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from billing import queries as billing
from billing.operations import credit
from groupco.choices import Role, Scope
from groupco.models import Account, Company, Employee
from groupco.operations import Person, set_sign_in
from products import operations as products
from products import queries
from products.choices import Cycle, State, StorageCategory
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily, tasks
from workplace_console.common.models import AuditEntry, Mail

BEGUN = date(2026, 3, 1)
TODAY = date(2026, 5, 11)
PAGE = "/c/acme/product/terminate/"
DATA = "/c/acme/product/terminate/data/"
ENDED = "/c/acme/ended/"
PASSWORD = "long-enough-2026!"


@pytest.fixture
def owner(db: None, settings: Any) -> Client:
    """The owner of acme, who knows the password; ten accounts since March and 1 TB since May."""
    paid("acme", on=BEGUN, accounts=10)
    daily.run(until=date(2026, 5, 1))
    products.add_capacity(company_id="acme", tb=1, today=date(2026, 5, 1), by=BY)
    daily.run(until=TODAY)
    settings.CONSOLE_TODAY = TODAY
    return owner_of("acme")


def owner_of(company: str) -> Client:
    user = people.admin(company, Role.OWNER, today=TODAY)
    set_sign_in(email=user.email, password=PASSWORD)
    user.refresh_from_db()
    return people.signed_in(user)


def read(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def state() -> State:
    standing = queries.standing("acme", TODAY)
    assert standing
    return standing.state


SURE = {"company_id": "acme", "password": PASSWORD}
# Eleven days of May: ten accounts, and 1 TB.
SUPPLY = 10 * 11 * 5_000 // 31 + 11 * 90_000 // 31


def test_it_tells_the_last_bill_and_that_bill_is_issued(owner: Client) -> None:
    page = read(owner, PAGE)
    assert f"오늘 발행할 마지막 청구서 {SUPPLY + SUPPLY // 10:,}" in page
    assert "사용자 10명이 바로 로그인할 수 없습니다" in page
    assert "저장된 모든 데이터를 2026. 5. 11.에 영구 삭제합니다" in page

    answer = owner.post(PAGE, SURE)

    assert answer.url == ENDED
    assert state() is State.TERMINATED
    newest = billing.statements("acme")[-1].invoice
    assert (newest.issued_on, newest.supply) == (TODAY, SUPPLY)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"company_id": "acme", "password": "wrong"}, "비밀번호"),
        ({"company_id": "other", "password": PASSWORD}, "회사 id가 다릅니다."),
        ({"company_id": "ACME", "password": PASSWORD}, "회사 id가 다릅니다."),
        ({"company_id": "", "password": PASSWORD}, "빈칸입니다."),
        ({"company_id": "acme"}, "빈칸입니다."),
        ({}, "빈칸입니다."),
    ],
)
def test_without_id_and_password_nothing_ends(
    owner: Client, data: dict[str, str], sentence: str
) -> None:
    answer = owner.post(PAGE, data)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert state() is State.PAID


def test_only_owners_end_it_or_take_the_data(owner: Client) -> None:
    for role in (Role.BILLING, Role.VIEWER):
        client = people.signed_in(people.admin("acme", role, today=TODAY))
        assert "해지는 소유자만 할 수 있습니다." in read(client, PAGE)
        assert client.post(PAGE, SURE).status_code == 403
        assert client.post(DATA).status_code == 403
    assert state() is State.PAID


def test_a_representative_is_told_to_let_the_others_go_first(owner: Client, settings: Any) -> None:
    """R: F7."""
    paid("member", on=TODAY)
    Company.objects.filter(pk="member").update(name="새벽물류")
    products.form_group(company_id="acme", members=["member"], today=TODAY, by=BY)
    settings.CONSOLE_TODAY = TODAY + timedelta(days=1)
    daily.run(until=settings.CONSOLE_TODAY)

    page = read(owner, PAGE)
    assert "다른 회사(member)가 남아 있는 동안" in page
    assert "본인 확인" not in page
    assert "영구 삭제" not in page
    assert "오늘 발행할" not in page
    assert "대표회사" in owner.post(PAGE, SURE).content.decode()
    assert state() is State.PAID

    products.leave_group(company_id="member", reason="분사", today=settings.CONSOLE_TODAY, by=BY)
    assert "새벽물류 사용자" in read(owner, PAGE)


def test_a_trial_ends_without_a_bill(db: None, settings: Any) -> None:
    trial("acme", on=TODAY, accounts=2)
    settings.CONSOLE_TODAY = TODAY
    client = owner_of("acme")

    assert "청구할 항목이 없습니다" in read(client, PAGE)
    assert client.post(PAGE, SURE).url == ENDED
    assert state() is State.TERMINATED
    assert billing.statements("acme") == []


def test_an_annual_contract_is_billed_for_its_days(db: None, settings: Any) -> None:
    paid("acme", on=BEGUN, accounts=10, cycle=Cycle.ANNUAL)
    daily.run(until=TODAY)
    settings.CONSOLE_TODAY = TODAY
    supply = 10 * 72 * 50_000 // 365
    client = owner_of("acme")

    assert f"{supply + supply // 10:,}" in read(client, PAGE)
    client.post(PAGE, SURE)

    assert billing.statements("acme")[-1].invoice.supply == supply


class TestAfterwards:
    def test_the_data_goes_at_once_and_the_record_is_shown(self, owner: Client) -> None:
        owner.post(PAGE, SURE)
        assert "삭제할 날" in read(owner, ENDED)

        tasks.delete_data()
        tasks.delete_data()

        page = read(owner, ENDED)
        assert "지운 사원 10" in page
        assert "지운 계정 10" in page
        assert not Account.objects.filter(company="acme").exists()
        assert not Employee.objects.filter(company="acme").exists()
        deleted = AuditEntry.objects.filter(company="acme", action="data_deleted")
        assert deleted.count() == 1
        assert Mail.objects.filter(kind="data_deleted").values("company").distinct().count() == 1

    def test_admins_read_bills_and_record_and_nothing_else(self, owner: Client) -> None:
        owner.post(PAGE, SURE)
        number = billing.statements("acme")[-1].invoice.number

        assert number in read(owner, "/c/acme/bills/")
        assert f"{SUPPLY:,}원" in read(owner, f"/c/acme/bills/{number}/")
        assert owner.get(f"/c/acme/bills/{number}/?format=pdf").status_code == 200
        # Its lines lead to their days still.
        assert "2026. 5. 11.까지" in read(owner, "/c/acme/usage/2026-05/")
        for path in ("", "product/", "accounts/", "usage/", "company/", "product/terminate/"):
            assert owner.get(f"/c/acme/{path}").url == ENDED
        assert owner.post("/c/acme/company/", {"name": "x"}).status_code == 403
        # Whoever sends the form again is led where the first was.
        assert owner.post(PAGE, SURE).url == ENDED
        menu = owner.get(ENDED).content.decode()
        assert "/c/acme/accounts/" not in menu

    def test_everybody_else_is_out_at_once(self, owner: Client) -> None:
        clerk = people.signed_in(people.employee("acme", today=TODAY), host="acme.localhost")
        owner.post(PAGE, SURE)

        assert clerk.get("/accounts/").status_code in (302, 403)
        assert "해지되어 로그인이 막혔습니다" in read(
            Client(headers={"host": "acme.localhost"}), "/", 403
        )

    def test_while_it_runs_there_is_no_such_record(self, owner: Client) -> None:
        assert owner.get(ENDED).url == "/c/acme/"


def test_the_data_leaves_as_a_zip_of_plain_files(owner: Client) -> None:
    credited = billing.statements("acme")[0].invoice.number
    credit(number=credited, supply=1_000, reason="사용자 한 명", today=TODAY, by=BY)
    products.report_storage(
        company_id="acme", category=StorageCategory.BOARD, bytes=7, today=TODAY, by=BY
    )
    products.register_accounts(
        company_id="acme", persons=[Person("E1", "=1+1", "e1@acme.example")], today=TODAY, by=BY
    )
    products.report_cards(
        company_id="acme", count=4, as_of=datetime(2026, 5, 11, tzinfo=UTC), today=TODAY, by=BY
    )
    token = products.issue_token(
        company_id="acme", name="ERP", scopes=[Scope.CARDS], today=TODAY, by=BY
    )
    answer = owner.post(DATA)

    assert answer["Content-Disposition"] == 'attachment; filename="acme-2026-05-11.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        names = file.namelist()
        people_of = list(csv.reader(io.StringIO(file.read("accounts.csv").decode("utf-8-sig"))))
        charges = list(csv.DictReader(io.StringIO(file.read("charges.csv").decode("utf-8-sig"))))
        company = json.loads(file.read("company.json"))
        storage = file.read("storage.csv").decode("utf-8-sig").split()
        tokens = file.read("tokens.csv").decode("utf-8-sig")
        paper = PdfReader(io.BytesIO(file.read(f"bills/{credited}.pdf")))
    numbers = [statement.invoice.number for statement in billing.statements("acme")]
    assert {f"bills/{number}.{kind}" for number in numbers for kind in ("pdf", "csv")} < set(names)
    assert len(people_of) == 1 + 11
    assert ["E1", "'=1+1"] in [row[:2] for row in people_of]
    # March, April and ten days of May for seats, ten of May for capacity.
    assert len(charges) == 31 + 30 + 10 + 10
    assert (company["id"], company["terms"][0]["plan"]) == ("acme", "workplace")
    assert {"name", "business_number", "representative", "address"} < set(company)
    assert company["corporate_cards"]["count"] == 4
    assert token.token.hint in tokens
    assert token.secret not in tokens
    assert storage == ["day,bytes", "2026-05-11,7"]
    # What was taken back of a bill is on it here as it is on its page.
    assert "-1,100원" in "".join(page.extract_text() for page in paper.pages)
    assert AuditEntry.objects.filter(company="acme", action="data_exported").count() == 1


class TestReturn:
    """R: G1."""

    def test_it_leads_to_the_only_company(self, owner: Client) -> None:
        assert owner.get("/return/").url == PAGE

    def test_with_several_companies_one_chooses(self, owner: Client) -> None:
        trial("other", on=TODAY)
        people.admin("other", Role.OWNER, today=TODAY, email="owner@acme.example")

        page = owner.get("/return/").content.decode()

        assert PAGE in page
        assert "/c/other/product/terminate/" in page

    def test_strangers_sign_in_first(self, db: None) -> None:
        assert Client().get("/return/").url.startswith("/login/?next=/return/")
