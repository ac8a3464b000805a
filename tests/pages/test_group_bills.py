"""What the representative and a member of a group see of money and use. R: F3, F8."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from groupco.choices import Role
from products import operations as products
from products.choices import Cycle, Plan
from tests.companies import BY, paid
from tests.pages import people
from workplace_console import daily

FORMED = date(2026, 3, 16)
TODAY = date(2026, 5, 4)


@pytest.fixture(autouse=True)
def _grouped(db: None, settings: Any) -> None:
    """From 16 March on, lead pays for a member by the month and one by the year."""
    start = date(2026, 3, 1)
    paid("lead", on=start, accounts=3)
    paid("member", on=start, accounts=3, plan=Plan.COLLABO)
    paid("yearly", on=start, accounts=2, cycle=Cycle.ANNUAL)
    daily.run(until=FORMED)
    products.form_group(company_id="lead", members=["member", "yearly"], today=FORMED, by=BY)
    daily.run(until=TODAY)
    settings.CONSOLE_TODAY = TODAY


def owner(company: str) -> Client:
    return people.signed_in(people.admin(company, Role.OWNER, today=TODAY))


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_the_representative_s_bill_has_a_section_for_each_company_and_divides_itself() -> None:
    page = read(owner("lead"), "/c/lead/bills/lead-202605-1/")

    # April: 15,000 and 24,000 won; VAT 1,500 and 2,400.
    for words in ("회사별 정산", "15,000원", "24,000원", "16,500원", "26,400원", "42,900원"):
        assert words in page


def test_a_member_sees_its_own_use_outside_of_its_own_sums() -> None:
    client = owner("member")

    now = read(client, "/c/member/usage/")
    april = read(client, "/c/member/usage/?month=2026-04")
    march = read(client, "/c/member/usage/?month=2026-03")

    for page in (now, april, march):
        assert "대표회사에 청구" in page
    # 3 days of May: 3 × 3 × 8,000 ÷ 31; the member itself owes nothing.
    assert f"{3 * 3 * 8000 // 31:,}원" in now
    assert "이 회사에 청구할 항목은 없습니다." in now
    assert "24,000원" in april
    # Of March the first fifteen days are the member's own.
    assert f"{15 * 3 * 8000 // 31:,}원" in march
    assert f"{16 * 3 * 8000 // 31:,}원" in march


def test_a_member_without_a_bill_of_its_own_is_told_whose_bill_it_is_on() -> None:
    page = read(owner("yearly"), "/c/yearly/bills/")

    assert "이 회사의 요금은 대표회사 lead의 청구서에 담습니다." in page


def test_in_english_a_list_of_bills_and_a_bill_are_called_what_they_are() -> None:
    client = owner("lead")
    client.cookies["console_language"] = "en"

    assert "<h1>Invoices</h1>" in read(client, "/c/lead/bills/")
    assert "<h1>Invoice</h1>" in read(client, "/c/lead/bills/lead-202605-1/")


def test_a_member_s_days_name_who_pays_and_its_own_people() -> None:
    daily.run(until=TODAY)
    products.register_new_persons(company_id="member", count=1, today=TODAY, by=BY)
    daily.run(until=date(2026, 5, 5))

    page = read(owner("member"), "/c/member/usage/2026-05/")

    assert "대표회사 lead에 청구" in page
    assert "등록" in page


def test_the_representative_sees_a_member_s_days_and_nobody_s_name() -> None:
    from groupco.models import Employee

    Employee.objects.filter(company="member").update(name="홍길순")

    page = read(owner("lead"), "/c/lead/usage/2026-04/")

    assert "member · 사용자 WORKPLACE Collabo" in page
    assert "홍길순" not in page


def test_a_member_s_dashboard_says_who_pays() -> None:
    assert "이용 요금은 대표회사 lead에 청구합니다." in read(owner("member"), "/c/member/")
    assert "대표회사" not in read(owner("lead"), "/c/lead/")


def test_what_a_year_has_come_to_stands_with_whoever_pays_for_the_days() -> None:
    own = read(owner("yearly"), "/c/yearly/usage/")
    leads = read(owner("lead"), "/c/lead/usage/")

    until_formed = 15 * 2
    assert f"{until_formed * 50_000 // 365:,}<" in own
    days_since = (date(2026, 5, 3) - FORMED).days + 1
    assert f"{days_since * 2 * 50_000 // 365:,}원" in own  # billed to lead
    assert f"{days_since * 2 * 50_000 // 365:,}<" in leads


def test_every_line_of_an_invoice_leads_to_its_days(settings: Any) -> None:
    """Also where months and contract years share an invoice."""
    products.add_capacity(company_id="lead", tb=1, today=TODAY, by=BY)
    settings.CONSOLE_TODAY = date(2027, 3, 2)
    daily.run(until=date(2027, 3, 2))
    client = owner("lead")

    bill = read(client, "/c/lead/bills/lead-202703-1/")

    links = set(re.findall(r'href="(/c/lead/usage/[^"#]+)#([^"]+)"', bill))
    assert {anchor for _url, anchor in links} == {
        "lead-seat",
        "lead-capacity",
        "member-seat",
        "yearly-seat",
    }
    for url, anchor in links:
        assert f'id="{anchor}"' in read(client, url)
    days = read(client, "/c/lead/usage/2027-02/")
    assert 'href="/c/lead/usage/2026-03/#yearly-seat"' in days
