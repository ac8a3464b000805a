"""Collects what is due: cards are charged, whoever is late is reminded. R: E12.

Not a job of the night: a gateway is talked to, and no transaction may be open meanwhile. First it
is written down that a card is about to be charged, then the gateway is asked, then what it said is
written down; whoever is killed in between leaves a payment whose end nobody knows, and that is
asked about before anything else. The key of a charge is made of bill, day and try, and the gateway
charges a key once.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Final

from billing import gateway as gateways
from billing import operations as billing
from billing import queries
from billing.gateway import Gateway, NoAnswer, Report, State
from billing.models import Payment, Refund
from billing.queries import Bill
from workplace_console.common import messages
from workplace_console.common.audit import SYSTEM, Actor
from workplace_console.common.messages import Event
from workplace_console.common.models import JobRun
from workplace_console.common.sealed import Unreadable

log = logging.getLogger(__name__)

# The row in `job_run` that says a day's round is over.
ROUND: Final = "collect"
# What is older is asked about once a day, no longer every minute.
YOUNG: Final = timedelta(days=7)
PATIENCE: Final = timedelta(days=2)


def collect(*, today: date) -> None:
    """What is to be done now: what nobody knows the end of, and once a day everything that is due.

    May run at any time, any number of times, and be killed anywhere. R: E12.
    """
    gateway = gateways.gateway()
    is_over = JobRun.objects.filter(job=ROUND, day=today).exists()
    if gateway:
        ask_again(gateway, since=today - YOUNG if is_over else date.min, today=today)
    if is_over:
        return
    due = queries.open_bills(due_by=today)
    if gateway:
        by_card = queries.with_card({bill.payer for bill in due})
        for bill in due:
            if bill.payer in by_card:
                _charge(gateway, bill, today=today)
    _remind(due, today=today)
    JobRun.objects.get_or_create(job=ROUND, day=today)


def ask_again(gateway: Gateway, *, since: date, today: date) -> None:
    """Ask about all payments and refunds, begun on a day or later, whose end nobody knows."""
    for payment in queries.undecided(since=since):
        if settle(gateway, payment, today=today, by=SYSTEM) is State.PENDING:
            _tell_of_unknown(payment, today=today)
    for refund in queries.pending_refunds(since=since):
        settle_refund(gateway, refund, today=today, by=SYSTEM)


def _tell_of_unknown(payment: Payment, *, today: date) -> None:
    """Staff looks after what the gateway has not told the end of for two days."""
    if payment.on + PATIENCE > today:
        return
    figures = {
        "number": payment.number,
        "asked_on": payment.on.isoformat(),
        "asked_won": payment.amount,
    }
    key = f"payment_unknown:{payment.number}"
    messages.tell_staff([Event(payment.payer, "payment_unknown", (), figures, key)], on=today)


def pay_now(*, number: str, today: date, by: Actor) -> State | None:
    """Charge the default card for what is open of a bill, at somebody's wish.

    What came of it; PENDING while nobody knows; None when there is nothing to charge.
    """
    gateway = gateways.gateway()
    if gateway is None:
        return None
    payment = billing.begin_charge(number=number, today=today, by=by, is_asked_for=True)
    return settle(gateway, payment, today=today, by=by) if payment else None


def _charge(gateway: Gateway, bill: Bill, *, today: date) -> None:
    """One payer's trouble is nobody else's."""
    try:
        payment = billing.begin_charge(number=bill.number, today=today, by=SYSTEM)
        if payment:
            settle(gateway, payment, today=today, by=SYSTEM)
    except Unreadable:
        log.exception("%s: its card can't be read", bill.number)


def settle(gateway: Gateway, payment: Payment, *, today: date, by: Actor) -> State:
    """Bring a payment to its end, as far as the gateway lets one: found, else charged and found."""
    try:
        report, why = gateway.find(payment.key or ""), ""
        if report is None:
            why = _ask(gateway, payment)
            report = gateway.find(payment.key or "")
    except NoAnswer:
        return State.PENDING
    if report is None:
        if not why:
            return State.PENDING
        report = Report(State.REFUSED, payment.amount, reason=why)
    return _write(payment, report, today=today, by=by)


def _ask(gateway: Gateway, payment: Payment) -> str:
    """Charge what the gateway has never heard of; why not, if not.

    A payment that could not be asked for in time may have been paid otherwise meanwhile.
    """
    billing_key = gateways.card_key(payment)
    if not billing_key:
        return "the card was removed"
    bill = queries.bill(payment.payer, payment.bill_number)
    if bill is None or bill.open < payment.amount:
        return "paid otherwise"
    return gateway.charge(
        key=payment.key or "",
        billing_key=billing_key,
        amount=payment.amount,
        title=f"WORKPLACE {payment.bill_number}",
        company=payment.payer,
    )


def hear(gateway: Gateway, payment: Payment, *, today: date, by: Actor) -> State:
    """Ask what became of a payment, without charging anything. Raises NoAnswer."""
    report = gateway.find(payment.key or "")
    return _write(payment, report, today=today, by=by) if report else State.PENDING


def _write(payment: Payment, report: Report, *, today: date, by: Actor) -> State:
    if report.state is State.PENDING:
        return State.PENDING
    if report.amount != payment.amount:
        _tell_staff(payment, report, today=today)
        return State.PENDING
    billing.record_payment(
        number=payment.number,
        is_done=report.state is State.MADE,
        gateway_id=report.gateway_id,
        reason=report.reason,
        today=today,
        by=by,
    )
    for cancelled in report.cancellations:
        billing.record_cancellation(
            number=payment.number,
            gateway_id=cancelled.id,
            amount=cancelled.amount,
            reason=cancelled.reason,
            today=today,
            by=by,
        )
    return report.state


def _tell_staff(payment: Payment, report: Report, *, today: date) -> None:
    """The gateway has charged another amount than it was asked to: for people to look at."""
    messages.tell_staff(
        [
            Event(
                payment.payer,
                "payment_differs",
                figures={
                    "number": payment.number,
                    "asked_won": payment.amount,
                    "charged_won": report.amount,
                },
                key=f"payment_differs:{payment.number}",
            )
        ],
        on=today,
    )


def settle_refund(gateway: Gateway, refund: Refund, *, today: date, by: Actor) -> State:
    """Bring a refund of a card to its end: looked for, else asked for and looked for."""
    key = refund.payment.key or ""
    try:
        hear(gateway, refund.payment, today=today, by=by)
        if _is_decided(refund):
            return State.MADE
        why = gateway.cancel(
            key=key,
            amount=refund.amount,
            left=refund.left,
            reason=f"{refund.reason} ({refund.number})",
        )
        hear(gateway, refund.payment, today=today, by=by)
    except NoAnswer:
        return State.PENDING
    if _is_decided(refund):
        return State.MADE
    if not why:
        return State.PENDING
    billing.record_refund(number=refund.number, is_done=False, reason=why, today=today, by=by)
    return State.REFUSED


def _is_decided(refund: Refund) -> bool:
    return not any(refund.pk == other.pk for other in queries.pending_refunds(refund.payer))


def _remind(due: list[Bill], *, today: date) -> None:
    """Whoever is late, except whose card was tried today: they are told what came, or will come, of
    that."""
    still_tried = queries.tried_on(today) | {p.bill_number for p in queries.undecided()}
    billing.remind_overdue(
        bills=[bill for bill in due if bill.number not in still_tried], today=today
    )
