"""문서: everything in one place, and 이용확인서. R: E9, E10, E12."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pypdf
import pytest
from django.test import Client

from billing import operations
from billing.models import Purpose
from groupco.choices import Role
from tests.companies import BY, paid
from tests.pages import people
from workplace_console import daily

TODAY = date(2026, 3, 12)
URL = "/c/acme/documents/"
FIRST, SECOND = "acme-202602-1", "acme-202603-1"


@pytest.fixture(scope="module")
def billed(kept_for_module: None) -> None:
    """Two bills of 38,500 won; of the second some is credited, the first has a cash receipt."""
    paid("acme", accounts=7)
    paid("other", accounts=1)
    daily.run(until=TODAY)
    common = {"today": TODAY, "by": BY}
    operations.credit(number=SECOND, supply=5_000, reason="잘못", **common)
    operations.record_tax_invoice(
        number=SECOND, approval="20260310" + "1" * 16, written_on=date(2026, 2, 28), **common
    )
    operations.record_transfer(
        payer="acme", amount=38_500, received_on=TODAY, invoice=FIRST, **common
    )
    operations.ask_cash_receipt(
        payer="acme",
        number=FIRST,
        purpose=Purpose.INCOME,
        identity="010-1234-5678",
        **common,
    )


@pytest.fixture
def admin(billed: None, db: None, settings: Any) -> Client:
    settings.CONSOLE_TODAY = TODAY
    return people.signed_in(people.admin("acme", Role.VIEWER, today=TODAY))


def kinds(client: Client, query: str = "") -> list[str]:
    page = client.get(URL + query).content.decode()
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', body)


def test_all_of_them_are_there_newest_first_and_nobody_elses(admin: Client) -> None:
    assert sorted(kinds(admin)) == sorted(
        ["크레딧 노트", "현금영수증", "청구서", "전자세금계산서", "청구서"]
    )
    assert kinds(admin)[-1] == "청구서"
    assert "other" not in admin.get(URL).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?month=2026-02", ["전자세금계산서", "청구서"]),
        ("?kind=cash_receipt", ["현금영수증"]),
        ("?number=202602", ["현금영수증", "청구서"]),
        ("?number=1111", ["전자세금계산서"]),
        ("?month=2025-01", []),
        ("?month=x", []),
    ],
)
def test_they_are_found_by_month_kind_and_number(
    admin: Client, query: str, found: list[str]
) -> None:
    assert kinds(admin, query) == found


def test_each_leads_to_what_it_is(admin: Client) -> None:
    page = admin.get(URL).content.decode()

    for url in set(re.findall(r'href="(/c/acme/bills/[^"]+)"', page)):
        assert admin.get(url).status_code == 200
    assert f"/c/acme/bills/{FIRST}/?format=pdf" in page


def test_a_confirmation_says_company_period_plan_and_amounts_less_credits(admin: Client) -> None:
    answer = admin.get(URL + "?first=2026-01&last=2026-02")

    assert answer.headers["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    for said in (
        "이용확인서",
        "acme",
        "WORKPLACE",
        FIRST,
        SECOND,
        "38,500원",
        "33,000원",
        "71,500원",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?first=2026-03&last=2026-01", "마지막 달이 첫 달보다 빠릅니다."),
        ("?first=2020-01&last=2026-01", "36개월까지 담을 수 있습니다."),
        ("?first=2024-01&last=2024-02", "이 기간의 청구서가 없습니다."),
        ("?first=x&last=2026-02", "월을 2026-03처럼 적으세요."),
        ("?first=", "빈칸입니다."),
    ],
)
def test_a_period_without_sense_is_refused(admin: Client, query: str, says: str) -> None:
    answer = admin.get(URL + query)

    assert answer.status_code == 200
    assert says in answer.content.decode()
