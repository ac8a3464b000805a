"""What is given back of a payment. R: E12."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from billing import queries, rules
from billing.models import Outcome, Payment, Refund, RefundOutcome, Way
from billing.operations.evidence import tell_what_differs
from billing.operations.payments import next_sequence
from groupco import queries as groups
from groupco.choices import Topic
from workplace_console.common import audit, jobs, messages
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def begin_refund(*, number: str, amount: int, reason: str, today: date, by: Actor) -> Refund:
    """Give back so much of a payment, in won: no more than the payer has in credit. R: E12.

    Of a transfer it is done by this: staff has sent the money. Of a card the gateway has still to
    be asked; one of which nobody knows the end is asked about first. Raises Refused: day_is_over,
    unknown_payment, refund_pending, nothing_to_refund, refund_out_of_range.
    """
    jobs.hold_day(today)
    found = Payment.objects.filter(pk=number).first()
    if found is None:
        raise Refused(
            "unknown_payment", gettext_noop("그런 결제가 없습니다. 목록을 다시 확인하세요.")
        )
    groups.locked(found.payer)
    if queries.pending_refunds(found.payer):
        raise Refused(
            "refund_pending",
            gettext_noop("결과를 기다리는 환불이 있습니다. 잠시 뒤 다시 시도하세요."),
        )
    paid = queries.find_payment(number)
    left = paid.left if paid else 0
    rules.check_refund(amount=amount, refundable=min(left, max(-queries.balance(found.payer), 0)))
    refund = _write(found, amount=amount, left=left, reason=reason, today=today)
    _record(refund, "refund_asked", today=today, by=by)
    if found.way == Way.TRANSFER:
        record_refund(number=refund.number, is_done=True, today=today, by=by)
    return refund


def _write(payment: Payment, *, amount: int, left: int, reason: str, today: date) -> Refund:
    sequence = next_sequence(Refund, payment.payer, today)
    return Refund.objects.create(
        number=f"{payment.payer}-{today:%Y%m}-R{sequence}",
        payment=payment,
        payer=payment.payer,
        amount=amount,
        left=left,
        on=today,
        sequence=sequence,
        reason=reason[:200],
    )


@transaction.atomic
def record_cancellation(
    *, number: str, gateway_id: str, amount: int, reason: str, today: date, by: Actor
) -> bool:
    """Write down what the gateway has given back of a payment: a refund of ours, whose number its
    reason names, or one that was made over there. Whether that is news; may run any number of
    times, as record_payment."""
    payment = Payment.objects.get(pk=number)
    groups.locked(payment.payer)
    if RefundOutcome.objects.filter(refund__payment=payment, gateway_id=gateway_id).exists():
        return False
    refund = Refund.objects.filter(payment=payment, amount=amount, outcomes=None).first()
    if refund is None or refund.number not in reason:
        paid = queries.find_payment(number)
        left = max(paid.left if paid else 0, amount)
        refund = _write(payment, amount=amount, left=left, reason=reason, today=today)
    return record_refund(
        number=refund.number, is_done=True, gateway_id=gateway_id, today=today, by=by
    )


@transaction.atomic
def record_refund(
    *, number: str, is_done: bool, gateway_id: str = "", reason: str = "", today: date, by: Actor
) -> bool:
    """Write down what came of a refund; whether that is news. As record_payment."""
    refund = Refund.objects.get(pk=number)
    groups.locked(refund.payer)
    known = set(RefundOutcome.objects.filter(refund=refund).values_list("state", flat=True))
    state = Outcome.State.DONE if is_done else Outcome.State.FAILED
    if state in known or Outcome.State.DONE in known:
        return False
    RefundOutcome.objects.create(
        refund=refund, state=state, on=today, gateway_id=gateway_id[:100], reason=reason[:200]
    )
    _record(refund, "payment_refunded" if is_done else "refund_refused", today=today, by=by)
    if is_done:
        _announce(refund, today=today)
        tell_what_differs(refund.payer, cause=refund.number, today=today)
    return True


def _record(refund: Refund, action: str, *, today: date, by: Actor) -> None:
    figures = {
        "number": refund.number,
        "payment": refund.payment_id,
        "amount_won": refund.amount,
    }
    audit.record(Change(refund.payer, action, after=figures), on=today, by=by)


def _announce(refund: Refund, *, today: date) -> None:
    messages.announce(
        Event(
            refund.payer,
            "payment_refunded",
            groups.told_addresses([refund.payer], about=Topic.PAYMENT)[refund.payer],
            {
                "number": refund.number,
                "payment": refund.payment_id,
                "way": refund.payment.way,
                "refunded_won": refund.amount,
                "reason": refund.reason,
            },
            key=f"payment_refunded:{refund.number}",
        ),
        on=today,
    )
