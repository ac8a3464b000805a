"""How payers pay, what they paid, and what they were given back. Rows are added, none is edited.

What came of a payment or a refund is a row of its own, so a state can only go forward: nothing,
refused, done. R: E10, E12.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models.invoices import NUMBER_LENGTH, Invoice
from workplace_console.common import days
from workplace_console.common.models import Dated, company_key

KEY_LENGTH = 40


class Way(models.TextChoices):
    """How money comes."""

    CARD = "card", _("카드")
    TRANSFER = "transfer", _("계좌이체")


class PaymentMethod(Dated):
    """A way in which a company pays, from the day it was registered to the day it was removed.

    Of a card it keeps brand and last digits, and, sealed, the gateway's billing key; never the
    card's number. The key goes when the method is removed. R: E10.
    """

    company = company_key()
    way = models.CharField("결제수단", max_length=10, choices=Way)
    is_default = models.BooleanField("기본")
    sealed_key = models.TextField("암호화한 빌링키", blank=True)
    brand = models.CharField("카드사", max_length=40, blank=True)
    last_four = models.CharField("카드 번호 끝 네 자리", max_length=4, blank=True)
    depositor = models.CharField("입금자명", max_length=40, blank=True)

    class Meta:
        verbose_name = "결제수단"
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(is_default=True, ends_on=days.OPEN_END),
                name="payment_method_one_default",
            ),
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(way=Way.TRANSFER, ends_on=days.OPEN_END),
                name="payment_method_one_transfer",
            ),
            models.CheckConstraint(
                name="payment_method_key_of_a_card",
                condition=Q(way=Way.CARD, ends_on=days.OPEN_END) ^ Q(sealed_key=""),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["company"], name="payment_method_by_company")]

    def __str__(self) -> str:
        return f"{self.company} {self.way} {self.last_four}"


class Payment(models.Model):
    """Money that a payer pays, or that was asked of their card, on a day.

    A card's is written before the gateway is asked (`key` is its id there, one for each invoice,
    day and try), so that whoever is killed in between knows what to ask about. `invoice` is the
    bill it is for; what is over, and what names none, goes to the payer's open bills, oldest first.
    """

    number = models.CharField(
        "결제 번호", primary_key=True, max_length=NUMBER_LENGTH, db_collation="C"
    )
    payer = company_key("청구 대상")
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="payments")
    way = models.CharField("결제수단", max_length=10, choices=Way)
    amount = models.PositiveBigIntegerField("금액")
    on = models.DateField("결제일")
    sequence = models.PositiveIntegerField("그 달의 순번")
    # The method may go before the payment does (the law keeps payments longer).
    method = models.ForeignKey(
        PaymentMethod, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    key = models.CharField(max_length=KEY_LENGTH, unique=True, null=True)  # noqa: DJ001
    attempt = models.PositiveIntegerField("그날의 시도", null=True)
    brand = models.CharField("카드사", max_length=40, blank=True)
    last_four = models.CharField("카드 번호 끝 네 자리", max_length=4, blank=True)
    depositor = models.CharField("입금자명", max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "결제"
        constraints: ClassVar = [
            models.CheckConstraint(name="payment_of_something", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["invoice", "on", "attempt"], name="payment_once_an_attempt"
            ),
            models.CheckConstraint(
                name="payment_by_card_has_a_key",
                condition=Q(
                    way=Way.CARD,
                    key__isnull=False,
                    attempt__isnull=False,
                    invoice__isnull=False,
                )
                | Q(way=Way.TRANSFER, key=None, attempt=None),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["payer", "-on"], name="payment_by_payer"),
            # What the sweep looks through every minute: the last days' alone.
            models.Index(fields=["on"], condition=Q(key__isnull=False), name="payment_by_card"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def bill_number(self) -> str:
        """The number of the bill it names, "" without one; asks for the bill if it has to."""
        return self.invoice.number if self.invoice else ""


class Outcome(models.Model):
    """What came of something that was asked for, on which day."""

    class State(models.TextChoices):
        FAILED = "failed", _("실패")
        DONE = "done", _("완료")

    state = models.CharField("결과", max_length=10, choices=State)
    on = models.DateField("결과가 난 날")
    gateway_id = models.CharField("결제대행사 거래 번호", max_length=100, blank=True)
    reason = models.CharField("사유", max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class PaymentOutcome(Outcome):
    """Whether a payment was made. One that was refused may turn out to have been made; one that
    was made stays so."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="outcomes", db_index=False)

    class Meta:
        verbose_name = "결제 결과"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment", "state"], name="payment_outcome_once")
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.state}"


class Refund(models.Model):
    """Money given back of a payment; a card's is written before the gateway is asked.

    `left` is what the payment still held beforehand: the gateway refuses a cancellation that
    expects another figure, so none is made twice.
    """

    number = models.CharField(
        "환불 번호", primary_key=True, max_length=NUMBER_LENGTH, db_collation="C"
    )
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    payer = company_key("청구 대상")
    amount = models.PositiveBigIntegerField("금액")
    left = models.PositiveBigIntegerField("환불 전 금액")
    on = models.DateField("환불일")
    sequence = models.PositiveIntegerField("그 달의 순번")
    reason = models.CharField("사유", max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "환불"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="refund_of_what_was_paid",
                condition=Q(amount__gt=0, amount__lte=F("left")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["payer", "-on"], name="refund_by_payer"),
            models.Index(fields=["on"], name="refund_by_day"),
        ]

    def __str__(self) -> str:
        return self.number


class RefundOutcome(Outcome):
    """Whether money was given back."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="outcomes", db_index=False)

    class Meta:
        verbose_name = "환불 결과"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["refund", "state"], name="refund_outcome_once")
        ]

    def __str__(self) -> str:
        return f"{self.refund_id} {self.state}"
