"""Whatever is billed, credited, paid and given back, the balance is a count of its own. R: E12."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing import operations, queries
from billing.models import Payment, PaymentOutcome
from tests.billing.purse import Purse
from tests.billing.stories import undone
from tests.companies import BY, paid
from workplace_console import daily
from workplace_console.common import sql
from workplace_console.common.refusal import Refused

pytestmark = pytest.mark.django_db

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["transfer", "named", "refund", "credit", "charge", "late", "month"]),
        st.integers(0, 5),
        st.integers(1, 90_000),
    ),
    max_size=14,
)


def test_the_balance_is_bills_less_credits_and_payments_plus_refunds_whatever_happens(
    examples,
) -> None:
    """Random histories of two payers, against sums kept beside. R: E12."""

    for company in ("one", "two"):
        paid(company, accounts=7)
    daily.run(until=date(2026, 2, 1))

    @settings(max_examples=examples(few=10, deep=400))
    @given(MOVES)
    def run(moves: list[tuple[str, int, int]]) -> None:
        with undone():
            live(moves)

    run()


def live(moves: list[tuple[str, int, int]]) -> None:
    purse, today = Purse(), date(2026, 2, 1)
    for what, which, amount in moves:
        payer = ("one", "two")[which % 2]
        note_bills(purse)
        own = sorted(number for number, (who, _t) in purse.totals.items() if who == payer)
        bill = own[which % len(own)]
        act = {"today": today, "by": BY}
        if what == "month":
            today = date(today.year, today.month + 1, 1) if today.month < 12 else today
            daily.run(until=today)
        elif what in ("transfer", "named"):
            named = bill if what == "named" else None
            operations.record_transfer(
                payer=payer, amount=amount, received_on=today, invoice=named or "", **act
            )
            purse.give(payer, amount, named)
        elif what == "credit":
            try:
                note = operations.credit(number=bill, supply=amount, reason="x", **act)
            except Refused:
                continue
            purse.give(payer, note.total, bill)
        elif what == "refund":
            refund(purse, payer, which, amount, act)
        else:
            charge(purse, payer, bill, is_late=what == "late", act=act)
        check(purse)
    note_bills(purse)
    check(purse)


def note_bills(purse: Purse) -> None:
    for number, payer, total in sql.rows("SELECT number, payer, total FROM billing_invoice"):
        purse.totals[number] = (payer, total)


def refund(purse: Purse, payer: str, which: int, amount: int, act: dict[str, Any]) -> None:
    found = list(Payment.objects.filter(payer=payer).order_by("number"))
    if not found:
        return
    payment = found[which % len(found)]
    credit = max(-purse.balance(payer), 0)
    try:
        made = operations.begin_refund(number=payment.pk, amount=amount, reason="x", **act)
    except Refused:
        assert (
            amount > credit
            or amount > queries.find_payment(payment.pk).left
            or (queries.pending_refunds(payer))
        )
        return
    assert amount <= credit
    if payment.way == "card":
        operations.record_refund(number=made.number, is_done=True, **act)
    purse.give(payer, -amount, payment.bill_number or None)


def charge(purse: Purse, payer: str, bill: str, *, is_late: bool, act: dict[str, Any]) -> None:
    """A card pays what is open; when it is late, after a refusal that was none."""
    if not queries.has_method(payer):
        operations.register_card(
            company_id=payer, billing_key=f"k-{payer}", brand="x", last_four="1", **act
        )
    payment = operations.begin_charge(number=bill, is_asked_for=True, **act)
    if payment is None:
        return
    for is_done in (False, True, False) if is_late else (True, True):
        operations.record_payment(number=payment.number, is_done=is_done, **act)
    purse.give(payer, payment.amount, bill)


def check(purse: Purse) -> None:
    note_bills(purse)
    for payer in ("one", "two"):
        balance = purse.balance(payer)
        own = queries.bills([payer])
        assert queries.balance(payer) == balance
        assert sum(bill.open for bill in own) == max(balance, 0)
        assert (payer in queries.owing([payer])) == (balance > 0)
        for bill in own:
            assert 0 <= bill.open <= max(bill.total - purse.named[bill.number], 0)
    assert queries.open_bills() == [bill for bill in queries.bills(["one", "two"]) if bill.open]
    decided = PaymentOutcome.objects.filter(state="done").count()
    assert decided == len({o.payment_id for o in PaymentOutcome.objects.filter(state="done")})
