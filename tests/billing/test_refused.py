"""What is refused where no page leads: numbers that nobody has, what is already on its way, days
that could not be charged. Nothing is written then. R: E10, E12, G4."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from billing import books, operations, queries
from billing.models import MockCharge, PaymentMethod, Refund, RefundOutcome
from products.models import Price
from tests.companies import BY, paid
from workplace_console import daily
from workplace_console.common import sql
from workplace_console.common.models import AuditEntry, Notice
from workplace_console.common.refusal import Refused
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 12)
NUMBER = "acme-202603-1"
WHEN = {"today": TODAY, "by": BY}


@pytest.fixture(scope="module", autouse=True)
def _billed(kept_for_module: None) -> None:
    """Seven accounts in January and February: two bills of 38,500 won."""
    paid("acme", accounts=7)
    daily.run(until=TODAY)


def card(number: int = 0) -> PaymentMethod:
    return operations.register_card(
        company_id="acme", billing_key=f"key-{number}", brand="x", last_four="4242", **WHEN
    )


def refused(act: Callable[..., Any]) -> str:
    """The code of its refusal; nothing of it is kept."""
    before = AuditEntry.objects.count(), Notice.objects.count()
    with pytest.raises(Refused) as no, transaction.atomic():
        act()
    assert (AuditEntry.objects.count(), Notice.objects.count()) == before
    return no.value.code


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (partial(operations.begin_charge, number="acme-202601-9"), "unknown_invoice"),
        (
            partial(operations.credit, number="acme-202601-9", supply=1, reason=""),
            "unknown_invoice",
        ),
        (
            partial(
                operations.record_tax_invoice,
                number="acme-202601-9",
                approval="20260301-12345678-12345678",
                written_on=TODAY,
            ),
            "unknown_invoice",
        ),
        (
            partial(operations.begin_refund, number="acme-202601-P9", amount=1, reason="x"),
            "unknown_payment",
        ),
        (partial(operations.issue_cash_receipt, evidence_id=0, approval="1"), "unknown_evidence"),
        (partial(operations.refuse_cash_receipt, evidence_id=0, reason="x"), "unknown_evidence"),
        (partial(operations.remove_method, company_id="acme", method_id=0), "unknown_method"),
        (partial(operations.set_holiday, day=TODAY, name="\x07"), "bad_holiday_name"),
        (partial(operations.set_holiday, day=date(1999, 12, 31), name="x"), "bad_holiday"),
    ],
)
def test_what_nobody_has_is_refused(act: Callable[..., Any], code: str) -> None:
    assert refused(partial(act, **WHEN)) == code


def test_a_bill_that_is_credited_in_whole_has_no_tax_invoice() -> None:
    operations.credit(number=NUMBER, supply=35_000, reason="x", **WHEN)

    tax_invoice = partial(
        operations.record_tax_invoice,
        number=NUMBER,
        approval="20260301-12345678-12345678",
        written_on=date(2026, 2, 28),
    )

    assert refused(partial(tax_invoice, **WHEN)) == "nothing_left"


def test_there_is_room_for_ten_ways_of_paying() -> None:
    for number in range(10):
        card(number)

    assert refused(partial(card, 10)) == "too_many_methods"
    assert len(queries.methods("acme")) == 10


def test_what_is_the_default_already_is_left_alone() -> None:
    before = AuditEntry.objects.count() + 1  # registering it
    method = card()

    operations.set_default_method(company_id="acme", method_id=method.pk, **WHEN)

    assert AuditEntry.objects.count() == before


def test_a_card_that_pays_just_now_stays() -> None:
    first = card(1)
    assert operations.begin_charge(number=NUMBER, is_asked_for=True, **WHEN)
    card(2)

    remove = partial(operations.remove_method, company_id="acme", method_id=first.pk, **WHEN)

    assert refused(remove) == "method_pays"


def test_of_two_refunds_the_second_waits_for_the_first() -> None:
    """Nobody knows yet whether the gateway has given back the first."""
    card()
    payment = operations.begin_charge(number=NUMBER, is_asked_for=True, **WHEN)
    assert payment
    MockCharge.objects.create(key=payment.key, amount=payment.amount, is_made=True)
    operations.record_payment(number=payment.number, is_done=True, **WHEN)
    operations.credit(number=NUMBER, supply=1000, reason="x", **WHEN)
    operations.record_transfer(payer="acme", amount=38_500, received_on=TODAY, **WHEN)
    refund = partial(operations.begin_refund, number=payment.number, reason="x", **WHEN)
    first = refund(amount=100)

    assert refused(partial(refund, amount=100)) == "refund_pending"

    # Its end is written down once, whatever is said of it afterwards.
    end = partial(operations.record_refund, number=first.number, **WHEN)
    assert [end(is_done=True), end(is_done=True), end(is_done=False)] == [True, False, False]
    assert [o.state for o in RefundOutcome.objects.all()] == ["done"]
    refund(amount=100)
    assert Refund.objects.count() == 2


def test_a_company_that_can_t_be_charged_can_t_be_terminated() -> None:
    """R: G4. Its last bill would be wrong: today has no price, then yesterday stands parked."""
    Price.objects.all().delete()
    end = partial(terminate, company_id="acme", grace_days=0)

    assert refused(partial(end, **WHEN)) == "no_price"

    daily.run(until=date(2026, 3, 13))
    assert refused(partial(end, today=date(2026, 3, 13), by=BY)) == "days_not_charged"


def test_a_total_that_is_not_its_lines_is_told_in_words() -> None:
    sql.changed(
        "UPDATE billing_invoice SET supply = 35010, total = 38510 WHERE number LIKE '%%03-1'"
    )

    (found,) = books.differences(today=TODAY)

    assert str(found) == (
        f"acme {NUMBER}: 기록 35,010원 + 3,500원 = 38,510원, 재계산 35,000원 + 3,500원 = 38,500원"
    )
