"""What was paid, by card or by transfer, becomes a row before anybody is asked. R: E12."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.base import ModelBase

from billing import queries, rules
from billing.models import Invoice, Outcome, Payment, PaymentOutcome, Way
from groupco import queries as groups
from groupco.choices import Topic
from workplace_console.common import audit, jobs, messages
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def begin_charge(
    *, number: str, today: date, by: Actor, is_asked_for: bool = False
) -> Payment | None:
    """Write down that the default card is about to pay what is open of a bill. R: E12.

    A payment for it of which nobody knows the end is returned as it is: it is asked about before
    anything else. By itself a card is tried once a day (the key is made of bill, day and try), as
    rules.may_attempt has it; `is_asked_for`: by a person, as often as it is refused. None when
    there is nothing to do.
    """
    invoice = _locked_invoice(number)
    waiting = [p for p in queries.undecided(invoice.payer) if p.invoice == invoice]
    if waiting:
        return waiting[0]
    bill = queries.bill(invoice.payer, number)
    method = next((m for m in queries.methods(invoice.payer) if m.is_default), None)
    if not bill or not bill.open or method is None or method.way != Way.CARD:
        return None
    tries = Payment.objects.filter(invoice=invoice, way=Way.CARD)
    today_s = tries.filter(on=today).count()
    refused = tries.filter(method=method).count()
    if not is_asked_for and (today_s or not _may_attempt(bill.due_on, refused, today)):
        return None
    payment = _write_payment(
        invoice.payer,
        today,
        way=Way.CARD,
        invoice=invoice,
        amount=bill.open,
        method=method,
        key=charge_key(number, today, today_s),
        attempt=today_s,
        brand=method.brand,
        last_four=method.last_four,
    )
    audit.record(Change(payment.payer, "payment_asked", after=_figures(payment)), on=today, by=by)
    return payment


def charge_key(number: str, on: date, attempt: int) -> str:
    """The gateway's id of a charge: the same for the same bill, day and try, whoever asks."""
    return "wp" + hashlib.sha256(f"{number}\0{on}\0{attempt}".encode()).hexdigest()[:30]


def _may_attempt(due_on: date, refused: int, today: date) -> bool:
    holidays = queries.holidays(today, today)
    return rules.may_attempt(due_on=due_on, refused=refused, today=today, holidays=holidays)


def _locked_invoice(number: str) -> Invoice:
    """An invoice, its payer held. Raises Refused: unknown_invoice."""
    invoice = Invoice.objects.filter(number=number).first()
    if invoice is None:
        raise Refused(
            "unknown_invoice", gettext_noop("그런 청구서가 없습니다. 목록을 다시 확인하세요.")
        )
    groups.locked(invoice.payer)
    return invoice


@transaction.atomic
def record_payment(
    *, number: str, is_done: bool, gateway_id: str = "", reason: str = "", today: date, by: Actor
) -> bool:
    """Write down what came of a payment; whether that is news. R: E12.

    May run any number of times and in any order: a payment that was made stays made, and each
    outcome is written and told once.
    """
    payment = Payment.objects.get(pk=number)
    groups.locked(payment.payer)
    known = set(PaymentOutcome.objects.filter(payment=payment).values_list("state", flat=True))
    state = Outcome.State.DONE if is_done else Outcome.State.FAILED
    if state in known or Outcome.State.DONE in known:
        return False
    PaymentOutcome.objects.create(
        payment=payment, state=state, on=today, gateway_id=gateway_id[:100], reason=reason[:200]
    )
    action = "payment_made" if is_done else "payment_refused"
    audit.record(Change(payment.payer, action, after=_figures(payment)), on=today, by=by)
    _announce(payment, action, reason=reason, today=today)
    return True


@transaction.atomic
def record_transfer(
    *,
    payer: str,
    amount: int,
    received_on: date,
    depositor: str = "",
    invoice: str = "",
    today: date,
    by: Actor,
) -> Payment:
    """Write down money that came by bank transfer: all of a bill, part of it, or more. R: E12.

    `amount` in won; `invoice` is the bill it names, if any. What is over is credit for the next
    bill. Raises Refused: day_is_over, unknown_company, amount_out_of_range, bad_received_on,
    bad_depositor, unknown_invoice.
    """
    jobs.hold_day(today)
    depositor = depositor.strip()
    rules.check_transfer(amount=amount, received_on=received_on, today=today)
    rules.check_depositor(depositor)
    if groups.locked(payer) is None:
        raise Refused(
            "unknown_company", gettext_noop("그런 회사가 없습니다. 회사 id를 다시 확인하세요.")
        )
    named = Invoice.objects.filter(number=invoice, payer=payer).first() if invoice else None
    if invoice and named is None:
        raise Refused(
            "unknown_invoice",
            gettext_noop("이 회사에는 그런 청구서가 없습니다. 번호를 확인하세요."),
        )
    payment = _write_payment(
        payer,
        today,
        on=received_on,
        way=Way.TRANSFER,
        amount=amount,
        invoice=named,
        depositor=depositor,
    )
    PaymentOutcome.objects.create(payment=payment, state=Outcome.State.DONE, on=received_on)
    audit.record(Change(payer, "payment_made", after=_figures(payment)), on=today, by=by)
    _announce(payment, "payment_made", today=today)
    return payment


def next_sequence(model: ModelBase, payer: str, today: date) -> int:
    """The next number of a payer's month. Whoever makes one holds the payer."""
    month = {"number__startswith": f"{payer}-{today:%Y%m}-", "payer": payer}
    last = model.objects.filter(**month).aggregate(last=Max("sequence"))["last"]  # type: ignore[attr-defined]
    return (last or 0) + 1


def _write_payment(payer: str, today: date, **facts: Any) -> Payment:
    sequence = next_sequence(Payment, payer, today)
    return Payment.objects.create(
        number=f"{payer}-{today:%Y%m}-P{sequence}",
        payer=payer,
        sequence=sequence,
        **{"on": today} | facts,
    )


def _figures(payment: Payment) -> dict[str, Any]:
    """What the audit log says of a payment: no name."""
    figures = {"number": payment.number, "way": payment.way, "amount_won": payment.amount}
    return figures | ({"invoice": payment.bill_number} if payment.invoice else {})


def _announce(payment: Payment, kind: str, *, reason: str = "", today: date) -> None:
    """Tell the payer what became of a payment, and what is left to pay."""
    balance = queries.balance(payment.payer)
    figures = {
        "number": payment.number,
        "invoice": payment.bill_number,
        "way": payment.way,
        "card": f"{payment.brand} {payment.last_four}".strip(),
        "paid_won": payment.amount,
        "paid_on": payment.on.isoformat(),
        "left_won": balance if balance > 0 else None,
        "credit_won": -balance if balance < 0 else None,
        "reason": reason,
    }
    messages.announce(
        Event(
            payment.payer,
            kind,
            groups.told_addresses([payment.payer], about=Topic.PAYMENT)[payment.payer],
            figures,
            key=f"{kind}:{payment.number}",
        ),
        on=today,
    )
