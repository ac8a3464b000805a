"""Files are opened again: their totals are the page's, and nothing in them is a formula. R: E9."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from pypdf import PdfReader

from billing import operations as billing
from billing import queries
from groupco.choices import Role
from products import operations as products
from products.choices import Cycle, Plan
from tests.companies import BY, paid
from tests.pages import people
from workplace_console import daily
from workplace_console.signup import sign_up

FORMED = date(2026, 3, 16)
TODAY = date(2026, 5, 4)
FORMULA = '=HYPERLINK("http://example","누르세요")'
MARKUP = "#panic() $x$ *굵게* <b> 뷁쀍뛟 ㈜"
A4 = (595.276, 841.89)


@pytest.fixture
def owner(db: None, settings: Any) -> Client:
    """The representative of a group whose members have names to stumble over."""
    start = date(2026, 3, 1)
    paid("lead", on=start, accounts=3)
    for company, name, cycle in (
        ("member", FORMULA, Cycle.MONTHLY),
        ("yearly", MARKUP, Cycle.ANNUAL),
    ):
        sign_up(company_id=company, name=name, admin=f"a@{company}.example", today=start, by=BY)
        products.register_new_persons(company_id=company, count=2, today=start, by=BY)
        products.reserve(
            company_id=company, plan=Plan.COLLABO, cycle=cycle, start=start, today=start, by=BY
        )
    daily.run(until=FORMED)
    products.form_group(company_id="lead", members=["member", "yearly"], today=FORMED, by=BY)
    products.add_capacity(company_id="lead", tb=2, today=FORMED, by=BY)
    daily.run(until=TODAY)
    settings.CONSOLE_TODAY = TODAY
    return people.signed_in(people.admin("lead", Role.OWNER, today=TODAY))


# The lead's own 3 × 5,000, its 2 TB, the member's 2 × 8,000 won; April whole, then three days.
APRIL = 15_000 + 180_000 + 16_000
MAY = 15_000 * 3 // 31 + 180_000 * 3 // 31 + 16_000 * 3 // 31

# Address, and what the first table's last row comes to.
PAPERS = (
    ("/c/lead/usage/?", MAY + MAY // 10),
    ("/c/lead/usage/?month=2026-04&", APRIL + APRIL // 10),
    ("/c/lead/bills/lead-202605-1/?", APRIL + APRIL // 10),
)
DETAIL = "/c/lead/usage/2026-04/?"
TREND = "/c/lead/usage/trend/?"
ALL = (*(url for url, _total in PAPERS), DETAIL, TREND)


def table(client: Client, url: str) -> list[list[str]]:
    answer = client.get(f"{url}format=csv")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="')
    assert answer.content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def sheet(client: Client, url: str) -> Any:
    answer = client.get(f"{url}format=xlsx")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def paper(client: Client, url: str) -> PdfReader:
    answer = client.get(f"{url}format=pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def text(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize(("url", "total"), PAPERS)
def test_the_totals_of_page_and_files_are_one(owner: Client, url: str, total: int) -> None:
    won = f"{total:,}원"
    plain_page = re.sub(r"<[^>]+>", "", owner.get(url).content.decode())

    assert won in plain_page
    assert table(owner, url)[-1][-1] == str(total)
    first = sheet(owner, url).worksheets[0]
    assert first.cell(first.max_row, first.max_column).value == total
    assert won in text(paper(owner, url))


@pytest.mark.parametrize("url", ALL)
def test_a_worksheet_holds_the_same_rows_with_numbers_as_numbers(owner: Client, url: str) -> None:
    rows = table(owner, url)
    first = sheet(owner, url).worksheets[0]
    cells = [[cell.value for cell in row] for row in first.iter_rows()]

    assert [[plain(value) for value in row] for row in cells] == rows
    amounts = [row[-1] for row in cells[1:]]
    assert all(isinstance(amount, int) for amount in amounts)


def plain(value: Any) -> str:
    """A cell of a worksheet as a CSV file has it."""
    if value is None:
        return ""
    text = value.date().isoformat() if hasattr(value, "date") else str(value)
    return f"'{text}" if text.startswith("=") else text


@pytest.mark.parametrize("url", ALL)
def test_nothing_out_of_the_data_is_a_formula_or_a_link(owner: Client, url: str) -> None:
    for worksheet in sheet(owner, url).worksheets:
        for row in worksheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("n", "s", "d"), cell.value
                assert cell.hyperlink is None


@pytest.mark.parametrize("url", ALL)
def test_a_pdf_is_a4_with_its_korean_font_inside(owner: Client, url: str) -> None:
    reader = paper(owner, url)

    for page in reader.pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
            A4, abs=0.5
        )
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"]
            assert "NotoSansCJK" in descriptor["/FontName"].replace("+", "")
            assert any(name.startswith("/FontFile") for name in descriptor)


def test_what_stands_in_a_name_is_text_in_a_pdf(owner: Client) -> None:
    found = text(paper(owner, "/c/lead/usage/?"))

    assert MARKUP in found
    assert FORMULA in found


def test_the_days_of_a_line_add_up_to_its_sum_in_the_file(owner: Client) -> None:
    heading, *rows = table(owner, DETAIL)
    at = {name: number for number, name in enumerate(heading)}
    running = 0
    sums = 0
    for row in rows:
        if row[at["날"]]:
            running += int(row[at["금액"]])
            assert row[at["회사 id"]] in ("lead", "member", "yearly")
        else:
            assert int(row[at["금액"]]) == running
            running, sums = 0, sums + 1

    assert sums == 4  # the lead's seats and TB, the member's seats, the yearly's seats
    assert running == 0


def test_a_bill_is_divided_and_credited_on_sheets_of_their_own(owner: Client) -> None:
    billing.credit(number="lead-202605-1", supply=10_000, reason="사용자 두 명", today=TODAY, by=BY)
    url = "/c/lead/bills/lead-202605-1/?"

    book, found = sheet(owner, url), text(paper(owner, url))

    assert book.sheetnames == ["청구 항목", "회사별 정산", "크레딧 노트", "정보"]
    split = [[cell.value for cell in row] for row in book["회사별 정산"].iter_rows(min_row=2)]
    assert sum(row[-1] for row in split) == APRIL + APRIL // 10
    notes = book["크레딧 노트"]
    assert notes.cell(notes.max_row, notes.max_column).value == APRIL + APRIL // 10 - 11_000
    for words in ("청구서", "거래명세서", "공급자", "공급받는 자", "사용자 두 명", "-11,000원"):
        assert words in found
    statement = queries.invoice("lead", "lead-202605-1")
    assert statement
    assert statement.invoice.supplier["name"] in found


def test_the_same_file_twice_is_the_same_bytes(owner: Client) -> None:
    for kind in ("csv", "xlsx", "pdf"):
        first, again = (owner.get(f"{DETAIL}format={kind}").content for _ in range(2))
        assert first == again


@pytest.mark.parametrize("url", ALL)
def test_an_unknown_format_is_said_in_a_sentence(owner: Client, url: str) -> None:
    answer = owner.get(f"{url}format=doc")

    assert answer.status_code == 409
    assert "doc 형식은 없습니다. csv, xlsx, pdf 가운데에서 고르세요." in answer.content.decode()


def test_a_file_speaks_the_language_of_the_page(owner: Client) -> None:
    owner.post("/language/", {"language": "en", "next": "/"})

    assert table(owner, "/c/lead/usage/?")[-1][0] == "Amount to be billed"
    assert "₩" in text(paper(owner, "/c/lead/usage/?"))
