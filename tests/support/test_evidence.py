"""Staff issue cash receipts and keep tax invoices; 매출장 adds up to the won. R: E10, E12."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from billing import operations
from billing.models import CreditNote, Evidence, Invoice, Purpose
from groupco.choices import Role, StaffRole
from tests.billing.stories import undone
from tests.companies import BY, paid
from tests.pages import people
from tests.support.conftest import client_of, staff
from workplace_console import daily
from workplace_console.common import sql

TODAY = date(2026, 3, 12)
BILL = "acme-202603-1"
RECEIPT = f"/c/acme/bills/{BILL}/receipt/"
LIST = "/support/billing/evidence/"


@pytest.fixture(scope="class")
def acme(kept_for_class: None) -> None:
    """Its February is billed and paid by transfer."""
    paid("acme", accounts=7)
    daily.run(until=TODAY)
    operations.record_transfer(
        payer="acme", amount=38_500, received_on=TODAY, invoice=BILL, today=TODAY, by=BY
    )


@pytest.fixture
def billing(acme: None, db: None, settings: Any) -> Client:
    """Staff of billing is signed in."""
    settings.CONSOLE_TODAY = TODAY
    return client_of(staff(StaffRole.BILLING))


def page(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_what_was_paid_and_proved_for_a_bill_is_found_by_its_number(billing: Client) -> None:
    operations.record_transfer(payer="acme", amount=1, received_on=TODAY, today=TODAY, by=BY)
    operations.ask_cash_receipt(
        payer="acme",
        number=BILL,
        purpose=Purpose.INCOME,
        identity="01012345678",
        today=TODAY,
        by=BY,
    )
    receipt = Evidence.objects.get()

    payments = page(billing, f"/support/billing/payment/?q={BILL}")
    assert "/support/billing/payment/acme-202603-P1/change/" in payments
    assert "acme-202603-P2" not in payments
    assert f"{LIST}{receipt.pk}/change/" in page(billing, f"{LIST}?q={BILL}")
    assert f"{LIST}{receipt.pk}/change/" not in page(billing, f"{LIST}?q=acme-202602-1")


class TestJourney:
    def test_a_payer_asks_staff_issues_and_the_bill_shows_it(self, billing: Client) -> None:
        admin = people.signed_in(people.admin("acme", Role.BILLING, today=TODAY))
        asked = {"act": "ask", "purpose": "income", "identity": "010-1234-5678", "once": "x"}
        assert "현금영수증 신청" in page(admin, f"/c/acme/bills/{BILL}/")

        assert admin.post(RECEIPT, asked).status_code == 302
        assert admin.post(RECEIPT, asked).status_code == 302

        receipt = Evidence.objects.get()
        seen = page(admin, RECEIPT)
        assert "010-****-5678" in seen
        assert "1234-5678" not in seen.replace("010-1234-5678처럼", "")
        url = f"{LIST}{receipt.pk}/change/"
        assert "01012345678" in page(billing, url)
        assert "01012345678" not in page(client_of(staff(StaffRole.SUPPORT)), url)
        refused = billing.post(url, {"act": "issue", "approval": "12"}).content.decode()
        assert "현금영수증 승인번호를 숫자 9자리로 적으세요." in refused
        assert billing.post(url, {"act": "issue", "approval": "123456789"}).status_code == 302
        assert "01012345678" not in page(billing, url)
        for shown in (page(admin, f"/c/acme/bills/{BILL}/"), page(admin, RECEIPT)):
            assert "123456789" in shown
            assert "발급" in shown

    def test_a_resident_number_is_refused_beside_the_field(self, billing: Client) -> None:
        admin = people.signed_in(people.admin("acme", Role.BILLING, today=TODAY))

        answer = admin.post(
            RECEIPT, {"act": "ask", "purpose": "income", "identity": "900101-1234567"}
        )

        assert "주민등록번호는 받지 않습니다." in answer.content.decode()
        assert not Evidence.objects.exists()

    def test_it_is_taken_back_by_a_button(self, billing: Client) -> None:
        admin = people.signed_in(people.admin("acme", Role.BILLING, today=TODAY))
        admin.post(RECEIPT, {"act": "ask", "purpose": "expense", "identity": "999-81-00015"})

        admin.post(RECEIPT, {"act": "withdraw", "receipt": Evidence.objects.get().pk})

        assert Evidence.objects.get().cancelled_on == TODAY
        assert "현금영수증 신청을 취소했습니다." in page(admin, RECEIPT)

    def test_a_tax_invoice_is_written_down_shown_and_stops_receipts(self, billing: Client) -> None:
        number = "20260310410000120000000a"
        filled = {"number": BILL, "approval": number, "written_on": "2026-02-28"}

        wrong = billing.post(f"{LIST}add/", filled | {"approval": "1"}).content.decode()
        assert "승인번호는 24자리이며" in wrong
        assert billing.post(f"{LIST}add/", filled).status_code == 302

        admin = people.signed_in(people.admin("acme", Role.BILLING, today=TODAY))
        assert number in page(admin, f"/c/acme/bills/{BILL}/")
        assert "한 결제의 증빙은 한 가지" in page(admin, RECEIPT)


class TestLedger:
    def test_the_file_says_what_the_database_adds_up_to(self, billing: Client) -> None:
        operations.credit(number=BILL, supply=777, reason="잘못", today=TODAY, by=BY)
        expected = sums_of("2026-03-01", "2026-03-31")

        assert total_rows(billing, "2026-03") == [expected, expected]
        shown = page(billing, "/support/sales-ledger/?month=2026-03")
        assert f"{expected[2]:,}원" in shown

    def test_a_month_without_bills_is_empty_and_a_bad_one_is_refused(self, billing: Client) -> None:
        assert total_rows(billing, "2025-03") == [(0, 0, 0), (0, 0, 0)]
        assert "월을 2026-03처럼 적으세요." in page(billing, "/support/sales-ledger/?month=x")

    def test_any_bills_and_credits_add_up_to_the_won(self, billing: Client, examples: Any) -> None:
        """Amounts beyond 2³¹, many payers, credits of other months' bills."""
        sold = st.lists(
            st.tuples(
                st.integers(1, 10**11), st.integers(1, 28), st.sampled_from("abc"), st.booleans()
            ),
            max_size=8,
        )

        @settings(max_examples=examples(few=8, deep=200))
        @given(sold)
        def try_it(rows: list[tuple[int, int, str, bool]]) -> None:
            with undone():
                for number, (supply, day, payer, is_credit) in enumerate(rows):
                    write(number, supply, date(2025, 7, day), payer, is_credit=is_credit)

                expected = sums_of("2025-07-01", "2025-07-31")
                assert total_rows(billing, "2025-07") == [expected, expected]

        try_it()


def write(number: int, supply: int, on: date, payer: str, *, is_credit: bool) -> None:
    """A bill; or one of the month before, and all of it credited on the day."""
    like = Invoice.objects.get(number=BILL)
    like.pk, like.number, like.payer, like.kind = None, f"{payer}-{number}", payer, f"k{number}"
    like.supply, like.vat, like.total = supply, supply // 10, supply + supply // 10
    like.issued_on = date(2025, 6, 1) if is_credit else on
    like.save(force_insert=True)
    if is_credit:
        CreditNote.objects.create(
            number=f"{payer}-C{number}",
            invoice=like,
            payer=payer,
            issued_on=on,
            sequence=number,
            supply=supply,
            vat=like.vat,
            total=like.total,
            reason="x",
        )


def sums_of(first: str, last: str) -> tuple[int, int, int]:
    """Supply, VAT and total of a range of days, by a statement of its own."""
    ((supply, vat, total),) = sql.rows(
        """SELECT coalesce(sum(supply), 0), coalesce(sum(vat), 0), coalesce(sum(total), 0) FROM (
               SELECT supply, vat, total FROM billing_invoice
               WHERE issued_on >= %(first)s AND issued_on <= %(last)s
               UNION ALL
               SELECT -supply, -vat, -total FROM billing_creditnote
               WHERE issued_on >= %(first)s AND issued_on <= %(last)s) AS sold""",
        first=first,
        last=last,
    )
    return int(supply), int(vat), int(total)


def total_rows(client: Client, month: str) -> list[tuple[int, int, int]]:
    """The total row of both sheets, each the sum of the rows above it."""
    answer = client.get(f"/support/sales-ledger/?format=xlsx&month={month}")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    found = []
    for sheet in book.worksheets[:2]:
        rows = [row[-3:] for row in sheet.iter_rows(min_row=2, values_only=True)]
        *lines, total = rows
        assert total == tuple(sum(line[n] for line in lines) for n in range(3))
        found.append(total)
    return found
