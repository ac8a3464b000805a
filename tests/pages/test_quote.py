"""견적 asks nothing of the company, keeps what was typed, and leaves as a file."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from groupco.choices import Role
from tests.companies import paid, trial
from tests.pages import people
from workplace_console import daily

TODAY = date(2026, 5, 4)


@pytest.fixture
def owner(db: None, settings: Any) -> Client:
    paid("acme", on=date(2026, 3, 1), accounts=3)
    daily.run(until=TODAY)
    settings.CONSOLE_TODAY = TODAY
    return people.signed_in(people.admin("acme", Role.VIEWER, today=TODAY))


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/c/acme/quote/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_begins_with_the_company_as_it_is(owner: Client) -> None:
    found = page(owner)

    # Three accounts by the month from June on: 12 × 15,000 won, and VAT.
    assert "198,000<small>원</small>" in found
    assert 'value="2026-06-01"' in found


def test_what_was_asked_is_answered_and_stays(owner: Client) -> None:
    found = page(owner, "?plan=collabo&cycle=annual&start=2026-07-01&accounts=1,200&tb=2")

    # 1,200 × 80,000 a year and 12 × 2 × 90,000.
    supply = 1_200 * 80_000 + 12 * 180_000
    assert f"{supply + supply // 10:,}<small>원</small>" in found
    assert 'value="1,200"' in found


def test_it_says_what_it_is_more_or_less_than_going_on_as_now(owner: Client) -> None:
    more, fewer, same = page(owner, "?accounts=5"), page(owner, "?accounts=2"), page(owner)

    # Two more, one fewer: 11,000 and 5,500 won a month with VAT.
    assert "열두 달에 <b>+132,000원</b>, 2026년 6월 청구 금액은 <b>+11,000원</b>" in more
    assert "열두 달에 <b>−66,000원</b>, 2026년 6월 청구 금액은 <b>−5,500원</b>" in fewer
    assert "지금 그대로 쓸 때보다" not in same


def test_it_compares_what_is_of_one_length_and_what_there_is_to_go_on_with(owner: Client) -> None:
    """A contract year and twelve months of the calendar begin together on a 1st alone."""
    trial("fresh", on=TODAY, accounts=3)
    people.admin("fresh", Role.VIEWER, today=TODAY, email="viewer@acme.example")

    in_mid_month = page(owner, "?start=2026-05-20&accounts=5")
    by_the_year = page(owner, "?start=2026-05-20&cycle=annual")
    of_a_trial = owner.get("/c/fresh/quote/?plan=collabo").content.decode()

    # Two more for 12 days of May, rounded down by day and line, and for eleven months.
    assert "2026년 5월 청구 금액은 <b>+4,258원</b>" in in_mid_month
    assert "지금 그대로 쓸 때보다" not in by_the_year + of_a_trial


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?accounts=", "사용자 수를 0부터 1,000,000 사이의 숫자로 적으세요."),
        ("?accounts=-1", "사용자 수를 0부터 1,000,000 사이의 숫자로 적으세요."),
        ("?accounts=1e3", "사용자 수를 0부터 1,000,000 사이의 숫자로 적으세요."),
        ("?accounts=99999999999999999999", "사용자 수를 0부터 1,000,000 사이의 숫자로 적으세요."),
        ("?tb=many", "추가 용량을 0부터 10,000 사이의 숫자로 적으세요."),
        ("?plan=gold", "없는 요금제입니다."),
        ("?start=2026-05-03", "2026. 5. 4.부터 2027. 5. 4. 사이에서 고르세요."),
        ("?start=9999-12-31", "2026. 5. 4.부터 2027. 5. 4. 사이에서 고르세요."),
        ("?start=soon", "시작일을 2026-12-04처럼 적으세요."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(owner: Client, query: str, sentence: str) -> None:
    found = page(owner, query)

    assert sentence in found
    assert "열두 달 요금" not in found
    # A file is not made of it either: the same page says why.
    assert sentence in page(owner, f"{query}&format=pdf")


def test_it_leaves_as_a_pdf(owner: Client) -> None:
    query = "?accounts=10&start=2026-06-15"
    total = re.search(r"([\d,]+)<small>원</small>", page(owner, query))
    assert total

    answer = owner.get(f"/c/acme/quote/{query}&format=pdf")

    text = "".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.content)).pages)
    assert answer["Content-Disposition"] == 'attachment; filename="quote-acme-2026-05-04.pdf"'
    assert f"{total[1]}원" in text
    assert "견적" in text
