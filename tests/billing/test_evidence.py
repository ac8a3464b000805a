"""Cash receipts and tax invoices: one kind for a bill, one receipt for a transfer. R: E10, E12."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing import operations, queries, rules
from billing.models import Evidence, EvidenceState, Payment, Purpose
from tests.billing.stories import undone
from tests.companies import BY, paid
from workplace_console import daily
from workplace_console.common import sql
from workplace_console.common.models import AuditEntry, Mail, Notice
from workplace_console.common.refusal import Refused

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 12)
BILL = "acme-202603-1"
MOBILE, NUMBER = "010-1234-5678", "999-81-00015"
TAX = "20260310-41000012-0000000a"


@pytest.fixture(scope="class")
def billed(kept_for_class: None) -> None:
    """Seven accounts in January and February: two bills of 38,500 won."""
    paid("acme", accounts=7)
    daily.run(until=TODAY)


def transfer(amount: int, invoice: str = BILL) -> Payment:
    return operations.record_transfer(
        payer="acme", amount=amount, received_on=TODAY, invoice=invoice, today=TODAY, by=BY
    )


def ask(identity: str = MOBILE, purpose: Purpose = Purpose.INCOME, **more: Any) -> list[Evidence]:
    asked = {"payer": "acme", "number": BILL, "purpose": purpose, "identity": identity} | more
    return operations.ask_cash_receipt(**asked, today=TODAY, by=BY)


def tax_invoice(number: str = TAX, invoice: str = BILL) -> Evidence:
    return operations.record_tax_invoice(
        number=invoice, approval=number, written_on=date(2026, 2, 28), today=TODAY, by=BY
    )


def decide(what: str, paper: Evidence, **more: str) -> None:
    operation = getattr(operations, what)
    operation(evidence_id=paper.pk, **more, today=TODAY, by=BY)


def code_of(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


@pytest.mark.usefixtures("billed")
class TestReceipts:
    def test_each_transfer_has_its_own_and_the_amounts_are_theirs(self) -> None:
        transfer(30_000)
        transfer(8_500)

        receipts = ask()

        assert [(r.supply, r.vat, r.total) for r in receipts] == [
            (27_273, 2_727, 30_000),
            (7_728, 772, 8_500),
        ]
        assert code_of(ask) == "nothing_to_receipt"

    def test_the_vat_of_a_whole_bill_is_the_bills(self) -> None:
        transfer(38_500)

        (receipt,) = ask(NUMBER, Purpose.EXPENSE)

        assert (receipt.supply, receipt.vat) == (35_000, 3_500)
        assert receipt.identity_hint == NUMBER

    def test_a_mobile_number_is_sealed_masked_and_forgotten_once_it_is_decided(self) -> None:
        transfer(38_500)

        (receipt,) = ask()

        digits = MOBILE.replace("-", "")
        assert receipt.identity_hint == "010-****-5678"
        assert digits not in receipt.sealed_identity
        assert "1234" not in str(list(AuditEntry.objects.values()))
        decide("issue_cash_receipt", receipt, approval="123-456-789")
        receipt.refresh_from_db()
        assert (receipt.sealed_identity, receipt.number) == ("", "123456789")
        assert receipt.state is EvidenceState.ISSUED
        assert Mail.objects.latest("pk").kind == "cash_receipt_issued"

    @pytest.mark.parametrize(
        ("identity", "purpose", "code"),
        [
            ("900101-1234567", Purpose.INCOME, "resident_number"),
            ("9001011234567", Purpose.EXPENSE, "resident_number"),
            ("02-123-4567", Purpose.INCOME, "bad_mobile_number"),
            ("010-1234-56789", Purpose.INCOME, "bad_mobile_number"),
            (NUMBER, Purpose.INCOME, "bad_mobile_number"),
            ("999-81-00016", Purpose.EXPENSE, "bad_business_number"),
            (MOBILE, Purpose.EXPENSE, "bad_business_number"),
        ],
    )
    def test_a_number_that_is_none_is_refused(
        self, identity: str, purpose: Purpose, code: str
    ) -> None:
        transfer(38_500)

        assert code_of(lambda: ask(identity, purpose)) == code

        assert not Evidence.objects.exists()

    def test_another_payers_bill_is_not_known(self) -> None:
        paid("other", on=TODAY)
        transfer(38_500)

        assert code_of(lambda: ask(payer="other")) == "unknown_invoice"

    def test_what_is_given_back_has_no_receipt(self) -> None:
        transfer(38_500, "acme-202602-1")
        payment = transfer(40_000)
        operations.begin_refund(
            number=payment.number, amount=1_500, reason="더 보냄", today=TODAY, by=BY
        )

        assert [paid.left for paid in queries.unreceipted(BILL, [])] == [38_500]

    def test_it_is_taken_back_before_it_is_issued_and_asked_for_again(self) -> None:
        transfer(38_500)
        (receipt,) = ask()

        operations.withdraw_cash_receipt(payer="acme", evidence_id=receipt.pk, today=TODAY, by=BY)
        (again,) = ask(NUMBER, Purpose.EXPENSE)
        decide("issue_cash_receipt", again, approval="123456789")

        assert (
            code_of(
                lambda: operations.withdraw_cash_receipt(
                    payer="acme", evidence_id=again.pk, today=TODAY, by=BY
                )
            )
            == "not_asked"
        )
        receipt.refresh_from_db()
        assert receipt.state is EvidenceState.CANCELLED
        assert receipt.sealed_identity == ""


@pytest.mark.usefixtures("billed")
class TestTaxInvoices:
    def test_it_stands_for_the_bill_less_its_credits(self) -> None:
        operations.credit(number=BILL, supply=5_000, reason="잘못", today=TODAY, by=BY)

        paper = tax_invoice()

        assert (paper.supply, paper.vat) == (30_000, 3_000)
        assert paper.number == TAX.replace("-", "")

    def test_then_there_is_no_cash_receipt_and_the_other_way_round(self) -> None:
        transfer(38_500)
        paper = tax_invoice()
        assert code_of(ask) == "has_tax_invoice"

        decide("cancel_evidence", paper, reason="다시 발행합니다")
        ask()

        assert code_of(lambda: tax_invoice("20260311" + "1" * 16)) == "has_cash_receipt"

    @pytest.mark.parametrize(
        "number", ["", "2026", "20260313" + "1" * 16, "20261301" + "1" * 16, "2026031" + "x" * 17]
    )
    def test_a_number_that_is_none_is_refused(self, number: str) -> None:
        assert code_of(lambda: tax_invoice(number)) == "bad_tax_invoice_number"

    def test_a_number_is_written_down_once_and_never_for_two_bills(self) -> None:
        tax_invoice()

        assert code_of(tax_invoice) == "has_tax_invoice"
        assert code_of(lambda: tax_invoice(invoice="acme-202602-1")) == "number_known"

    def test_its_day_lies_between_the_use_and_the_issue(self) -> None:
        with pytest.raises(Refused) as refused:
            operations.record_tax_invoice(
                number=BILL, approval=TAX, written_on=date(2026, 1, 31), today=TODAY, by=BY
            )
        assert refused.value.code == "bad_written_on"


# What staff does to a paper, whatever has become of it.
DECISIONS = {
    "issue": ("issue_cash_receipt", lambda number: {"approval": f"{number:09}"}),
    "refuse": ("refuse_cash_receipt", lambda _number: {"reason": "없음"}),
    "cancel": ("cancel_evidence", lambda _number: {"reason": "다시"}),
}


def do(what: str, which: int, number: int) -> None:
    papers = queries.evidence(BILL)
    if what == "transfer":
        transfer(1 + which * 7_919)
    elif what == "ask":
        ask()
    elif what == "tax":
        tax_invoice(f"20260310{number:016}")
    elif papers:
        paper = papers[which % len(papers)]
        operation, given_with = DECISIONS[what]
        decide(operation, paper, **given_with(number))


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["transfer", "ask", "tax", *DECISIONS]),
        st.integers(0, 9),
    ),
    max_size=14,
)

# Counted apart from the constraints: kinds of standing evidence by bill and by transfer.
KINDS = """
    SELECT max(kinds), max(receipts) FROM (
        SELECT count(DISTINCT kind) AS kinds, 0 AS receipts FROM billing_evidence
        WHERE refused_on IS NULL AND cancelled_on IS NULL GROUP BY invoice_id
        UNION ALL
        SELECT 0, count(*) FROM billing_evidence
        WHERE refused_on IS NULL AND cancelled_on IS NULL AND payment_id IS NOT NULL
        GROUP BY payment_id
    ) AS counted"""


@pytest.mark.usefixtures("billed")
def test_a_payment_never_has_two_kinds_of_evidence(examples: Any) -> None:
    """Whatever payers and staff do, in any order."""

    @settings(max_examples=examples(few=25, deep=1000))
    @given(ACTS)
    def try_it(acts: list[tuple[str, int]]) -> None:
        with undone():
            for number, (what, which) in enumerate(acts):
                try:
                    do(what, which, number)
                except Refused:
                    continue
            ((kinds, receipts),) = sql.rows(KINDS)
            assert (kinds or 0) <= 1
            assert (receipts or 0) <= 1
            standing = [p for p in queries.evidence(BILL) if queries.is_standing(p)]
            asked = [p for p in standing if p.kind == Evidence.Kind.CASH_RECEIPT]
            paid_for = {paid.payment.number: paid.left for paid in queries.paid(invoice=BILL)}
            assert all(paid_for[paper.payment_id or ""] == paper.total for paper in asked)

    try_it()


@given(st.integers(1, 10**12))
def test_vat_within_a_bill_is_the_vat_on_it(supply: int) -> None:
    vat = supply // 10

    assert rules.vat_within(supply + vat) == vat


@pytest.mark.usefixtures("billed")
class TestWhatDiffers:
    """R: E12. What was issued says another amount once something is given back or credited."""

    def test_a_receipt_of_which_something_is_given_back(self) -> None:
        transfer(80_000)
        (receipt,) = ask()
        assert queries.differing() == {}
        operations.begin_refund(
            number=receipt.payment_id, amount=3_000, reason="초과", today=TODAY, by=BY
        )

        assert queries.differing("acme") == {receipt.pk: 77_000}
        told = Notice.objects.get(kind="evidence_differs")
        assert (told.audience, told.figures["left_won"]) == (Notice.Audience.STAFF, 77_000)
        decide("refuse_cash_receipt", receipt, reason="금액이 달라졌습니다")
        assert queries.differing() == {}
        assert [paper.total for paper in ask()] == [77_000]

    def test_a_tax_invoice_of_whose_bill_something_is_credited(self) -> None:
        paper = tax_invoice()
        operations.credit(number=BILL, supply=5_000, reason="잘못", today=TODAY, by=BY)

        assert queries.differing("other") == {}
        assert queries.differing() == {paper.pk: 33_000}
        decide("cancel_evidence", paper, reason="수정 발행")
        assert queries.differing() == {}
        assert tax_invoice("20260312-41000012-0000000b").total == 33_000
