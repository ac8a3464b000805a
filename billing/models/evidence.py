"""What a payer shows the tax office for a bill: cash receipts or a tax invoice. R: E10, E12."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models.invoices import Invoice
from billing.models.payments import Payment, Way
from workplace_console.common.models import company_key

STANDING: Final = Q(refused_on=None, cancelled_on=None)


class Purpose(models.TextChoices):
    """What a cash receipt is for."""

    INCOME = "income", _("소득공제")
    EXPENSE = "expense", _("지출증빙")


class EvidenceState(StrEnum):
    """How far a paper has come; it never goes back."""

    ASKED = "asked"
    ISSUED = "issued"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Evidence(models.Model):
    """A cash receipt for a transfer (R: E10), or the tax invoice for a bill (R: E12).

    A bill has one kind of it at a time, and a transfer one cash receipt; a card's own slip is all
    that there is for a card. Both are constraints. Days are set once each. Whose mobile number a
    receipt is for is kept sealed until it is decided, and not a moment longer; `identity_hint` is
    what may be shown of it.
    """

    class Kind(models.TextChoices):
        CASH_RECEIPT = "cash_receipt", _("현금영수증")
        TAX_INVOICE = "tax_invoice", _("전자세금계산서")

    kind = models.CharField("종류", max_length=12, choices=Kind)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="evidence")
    payer = company_key("청구 대상")
    # The transfer; `way` is there for the foreign key that lets it be nothing else.
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="evidence")
    way = models.CharField(max_length=10, null=True)  # noqa: DJ001
    supply = models.PositiveBigIntegerField("공급가액")
    vat = models.PositiveBigIntegerField("부가세")
    purpose = models.CharField("용도", max_length=10, choices=Purpose, blank=True)
    sealed_identity = models.TextField("암호화한 신분 번호", blank=True)
    identity_hint = models.CharField("신분 번호", max_length=20, blank=True)
    # The tax office's number, and of a tax invoice the day that stands on it.
    number = models.CharField("승인번호", max_length=24, blank=True)
    written_on = models.DateField("작성일자", null=True)
    asked_on = models.DateField("신청일")
    issued_on = models.DateField("발급일", null=True)
    refused_on = models.DateField("거절일", null=True)
    cancelled_on = models.DateField("취소일", null=True)
    reason = models.CharField("사유", max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "증빙"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="evidence_one_kind_a_bill",
                condition=STANDING,
                expressions=[
                    ("invoice", RangeOperators.EQUAL),
                    ("kind", RangeOperators.NOT_EQUAL),
                ],
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=STANDING, name="evidence_one_a_transfer"
            ),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=STANDING & Q(kind="tax_invoice"),
                name="evidence_one_tax_invoice",
            ),
            models.UniqueConstraint(
                fields=["kind", "number"], condition=~Q(number=""), name="evidence_number_once"
            ),
            models.CheckConstraint(
                name="evidence_as_its_kind",
                condition=Q(
                    kind="cash_receipt",
                    payment__isnull=False,
                    way=Way.TRANSFER,
                    purpose__in=Purpose.values,
                    written_on=None,
                )
                | Q(
                    kind="tax_invoice",
                    payment=None,
                    way=None,
                    purpose="",
                    written_on__isnull=False,
                    issued_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="evidence_of_something", condition=Q(supply__gt=0) | Q(vat__gt=0)
            ),
            models.CheckConstraint(
                name="evidence_issued_has_number",
                condition=Q(issued_on=None, number="")
                | (Q(issued_on__isnull=False, refused_on=None) & ~Q(number="")),
            ),
            models.CheckConstraint(
                name="evidence_identity_forgotten",
                condition=Q(sealed_identity="")
                | Q(kind="cash_receipt", issued_on=None, refused_on=None, cancelled_on=None),
            ),
            models.CheckConstraint(
                name="evidence_days_in_order",
                condition=Q(cancelled_on=None)
                | Q(refused_on=None, cancelled_on__gte=F("asked_on")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["payer", "-asked_on"], name="evidence_by_payer")]

    def __str__(self) -> str:
        return f"{self.kind} {self.payer} {self.number}"

    @property
    def total(self) -> int:
        """Won, VAT included."""
        return self.supply + self.vat

    @property
    def state(self) -> EvidenceState:
        if self.cancelled_on:
            return EvidenceState.CANCELLED
        if self.refused_on:
            return EvidenceState.REFUSED
        return EvidenceState.ISSUED if self.issued_on else EvidenceState.ASKED
