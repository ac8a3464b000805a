"""PortOne V2, by its own server SDK, which is made of the published schema."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from portone_server_sdk import errors
from portone_server_sdk.common import CustomerInput, PaymentAmountInput
from portone_server_sdk.payment import (
    CancelledPayment,
    FailedPayment,
    PaidPayment,
    PartialCancelledPayment,
    Payment,
    PaymentClient,
    PayPendingPayment,
    ReadyPayment,
    SucceededPaymentCancellation,
)
from portone_server_sdk.payment.billing_key import (
    BillingKeyPaymentMethodCard,
    IssuedBillingKeyInfo,
)

from billing.gateway.talk import Cancellation, Card, NoAnswer, Report, State

log = logging.getLogger(__name__)

# The card's or its bank's answer, and what can't become better by asking again. Everything else
# (our secret, our channel, their trouble) is no answer: the payer can do nothing about it.
DECLINED = (
    errors.PgProviderError,
    errors.BillingKeyNotFoundError,
    errors.BillingKeyAlreadyDeletedError,
)
NOT_CANCELLED = (
    errors.PgProviderError,
    errors.CancelAmountExceedsCancellableAmountError,
    errors.CancellableAmountConsistencyBrokenError,
    errors.PaymentAlreadyCancelledError,
    errors.PaymentNotFoundError,
    errors.PaymentNotPaidError,
)


class PortOne:
    """The gateway at `url`, for one store and one channel of it."""

    is_mock = False

    def __init__(self, *, url: str, secret: str, store_id: str, channel_key: str) -> None:
        self._client = PaymentClient(secret=secret, base_url=url, store_id=store_id or None)
        self._channel_key = channel_key or None

    def charge(self, *, key: str, billing_key: str, amount: int, title: str, company: str) -> str:
        try:
            with _answered("charge", key):
                self._client.pay_with_billing_key(
                    payment_id=key,
                    billing_key=billing_key,
                    channel_key=self._channel_key,
                    order_name=title,
                    customer=CustomerInput(id=company),
                    amount=PaymentAmountInput(total=amount),
                    currency="KRW",
                )
        except errors.AlreadyPaidError:
            return ""
        except DECLINED as no:
            return _why(no)
        return ""

    def find(self, key: str) -> Report | None:
        try:
            with _answered("find", key):
                found = self._client.get_payment(payment_id=key)
        except errors.PaymentNotFoundError:
            return None
        return _report(found)

    def cancel(self, *, key: str, amount: int, left: int, reason: str) -> str:
        try:
            with _answered("cancel", key):
                self._client.cancel_payment(
                    payment_id=key,
                    amount=amount,
                    reason=reason,
                    current_cancellable_amount=left,
                )
        except NOT_CANCELLED as no:
            return _why(no)
        return ""

    def card(self, billing_key: str) -> Card | None:
        try:
            with _answered("card", ""):
                info = self._client.billing_key.get_billing_key_info(billing_key=billing_key)
        except errors.BillingKeyNotFoundError:
            return None
        if not isinstance(info, IssuedBillingKeyInfo):
            return None
        for method in info.methods or ():
            if isinstance(method, BillingKeyPaymentMethodCard) and (card := method.card):
                brand = card.name or card.publisher or card.brand or ""
                return Card(info.customer.id or "", str(brand)[:40], (card.number or "")[-4:])
        return None

    def forget(self, billing_key: str) -> None:
        try:
            with _answered("forget", ""):
                self._client.billing_key.delete_billing_key(billing_key=billing_key)
        except (errors.BillingKeyNotFoundError, errors.BillingKeyAlreadyDeletedError):
            return


@contextmanager
def _answered(what: str, key: str) -> Iterator[None]:
    """Let through what says yes or no; all else is no answer.

    A ValueError or KeyError is an answer that the SDK can't read: a proxy's page, a later schema.
    """
    known = (
        *(*DECLINED, *NOT_CANCELLED),
        *(errors.AlreadyPaidError, errors.PaymentNotFoundError),
    )
    try:
        yield
    except known:
        raise
    except (httpx.HTTPError, errors.PortOneError, ValueError, KeyError) as trouble:
        # The trouble alone: what was sent holds keys.
        log.warning("gateway: %s %s: %s", what, key, type(trouble).__name__)
        raise NoAnswer(what) from trouble


def _why(no: errors.PortOneError) -> str:
    return (getattr(no, "pg_message", None) or no.message or type(no).__name__)[:200]


def _report(found: Payment) -> Report:
    if isinstance(found, FailedPayment):
        why = found.failure.pg_message or found.failure.reason or ""
        return Report(State.REFUSED, found.amount.total, found.transaction_id, why[:200])
    if isinstance(found, PaidPayment | CancelledPayment | PartialCancelledPayment):
        return Report(
            State.MADE,
            found.amount.total,
            found.transaction_id,
            cancellations=tuple(
                Cancellation(done.id, done.total_amount, done.reason)
                for done in found.cancellations or ()
                if isinstance(done, SucceededPaymentCancellation)
            ),
        )
    if isinstance(found, PayPendingPayment | ReadyPayment):
        return Report(State.PENDING, found.amount.total)
    raise NoAnswer("find")
