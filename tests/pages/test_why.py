"""왜 이 금액인가요? The explanation of an amount, reckoned here by hand. R: E7."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from groupco.choices import Role
from products import operations as products
from products.choices import Cycle
from tests.companies import BY, paid
from tests.pages import people
from workplace_console import daily

pytestmark = pytest.mark.django_db


def told(company: str, month: str, today: date, settings: Any) -> str:
    settings.CONSOLE_TODAY = today
    client = people.signed_in(people.admin(company, Role.VIEWER, today=today))
    page = client.get(f"/c/{company}/usage/{month}/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_month_is_divided_by_its_days_and_the_rest_is_named(settings: Any) -> None:
    paid("acme", on=date(2026, 3, 5), accounts=2)
    daily.run(until=date(2026, 3, 20))
    products.add_capacity(company_id="acme", tb=1, today=date(2026, 3, 20), by=BY)
    daily.run(until=date(2026, 4, 1))

    page = told("acme", "2026-03", date(2026, 4, 1), settings)

    # 27 days of two: 270,000 ÷ 31 is 8,709 and 21 over.
    # 12 days of 1 TB: 1,080,000 ÷ 31 is 34,838 and 22 over.
    assert "54명·일 × 5,000원 ÷ 31일, 원 미만 버림" in page
    assert "2026. 3. 1.부터 2026. 3. 31.까지 이 항목의 수량을 날마다 더하면 54입니다." in page
    assert "그 달의 일수 31로 나눕니다: 54 × 5,000원 ÷ 31 = 8,709원 (나머지 21 ÷ 31원은" in page
    assert "그 달의 일수 31로 나눕니다: 12 × 90,000원 ÷ 31 = 34,838원 (나머지 22 ÷ 31원은" in page
    assert "추가한 1 TB마다 그날 하나로 셉니다." in page


def test_a_month_of_a_contract_year_is_what_was_added_to_it(settings: Any) -> None:
    paid("acme", on=date(2026, 3, 5), accounts=2, cycle=Cycle.ANNUAL)
    daily.run(until=date(2026, 5, 1))

    page = told("acme", "2026-04", date(2026, 5, 1), settings)

    # 57 days of two by the end of April, 27 by the end of March: 15,616 − 7,397 = 8,219 won, while
    # April's 60 alone would be ⌊8,219.18⌋ as well; what is shown is what is added.
    until, before = 114 * 50_000 // 365, 54 * 50_000 // 365
    assert "114명·일 × 50,000원 ÷ 365일 − 54명·일 × 50,000원 ÷ 365일, 각각 원 미만 버림" in page
    assert f"계약 연도의 일수 365로 나눕니다: 114 × 50,000원 ÷ 365 = {until:,}원" in page
    assert f"그 전날까지의 {before:,}원을 뺀 값이 이 달의 금액입니다." in page
    assert f"이 달에 쌓인 금액 {until - before:,}원" in page
    assert "계약 연도가 끝난 다음 날(2027. 3. 5.)" in page
