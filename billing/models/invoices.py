"""Invoices, their lines and credit notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from products.choices import Cycle, Item, Plan
from workplace_console.common.models import company_key

NUMBER_LENGTH = 50

if TYPE_CHECKING:
    Text = models.CharField[str, str]
else:
    Text = models.CharField


class InvoiceNumber(Text):
    """An invoice's number (payer, month, sequence), which is looked for by its month first.

    It begins with the payer, so that the numbers of a month would go all over an index; with the
    month before them they lie side by side in it (docs/adr/0027).
    """

    def deconstruct(self) -> Any:
        """As what the table has: text."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


@InvoiceNumber.register_lookup
class IsNumber(Exact):
    """`number=…`, as the index has it."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        number, values = self.process_lhs(compiler, connection)
        wanted, more = self.process_rhs(compiler, connection)
        return is_number(number, wanted), (*values, *more) * 2


def is_number(number: str, wanted: str) -> str:
    """SQL: whether a number is the one wanted, as the index has it."""
    month = "split_part({}, '-', -2)"
    return f"({month.format(number)} = {month.format(wanted)} AND {number} = {wanted})"


class Invoice(models.Model):
    """What one payer owes, as issued on a day; never edited, only credited. R: E5."""

    class Kind(models.TextChoices):
        REGULAR = "regular", _("정기")
        FINAL = "final", _("최종")

    number = InvoiceNumber("청구서 번호", max_length=NUMBER_LENGTH, db_collation="C")
    payer = company_key("청구 대상")
    issued_on = models.DateField("발행일")
    due_on = models.DateField("결제일")
    kind = models.CharField("종류", max_length=10, choices=Kind)
    sequence = models.PositiveIntegerField("그 달의 순번")
    period_from = models.DateField("이용 기간 첫날")
    period_to = models.DateField("이용 기간 마지막 날")
    supply = models.PositiveBigIntegerField("공급가액")
    vat = models.PositiveBigIntegerField("부가세")
    total = models.PositiveBigIntegerField("합계")
    # The buyer's details as of the day, in columns: many are written at once.
    buyer_name = models.CharField("공급받는 자", max_length=100)
    buyer_business_number = models.CharField("사업자등록번호", max_length=10, blank=True)
    buyer_representative = models.CharField("대표자", max_length=60, blank=True)
    buyer_address = models.CharField("주소", max_length=200, blank=True)
    buyer_business_type = models.CharField("업태", max_length=60, blank=True)
    buyer_business_item = models.CharField("종목", max_length=60, blank=True)
    supplier = models.JSONField("공급자", encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "청구서"
        constraints: ClassVar = [
            # Month or day first: the invoices of a month lie side by side in each of them, and
            # writing them costs the same after many years (docs/adr/0027).
            models.UniqueConstraint(
                Func("number", Value("-"), Value(-2), function="split_part"),
                "number",
                name="invoice_number_once",
            ),
            models.UniqueConstraint(
                fields=["issued_on", "payer", "kind"], name="invoice_one_of_a_kind_a_day"
            ),
            models.CheckConstraint(
                name="invoice_adds_up", condition=Q(total=F("supply") + F("vat"))
            ),
            models.CheckConstraint(
                name="invoice_days_in_order", condition=Q(period_from__lte=F("period_to"))
            ),
            models.CheckConstraint(
                name="invoice_due_after_issue", condition=Q(due_on__gt=F("issued_on"))
            ),
        ]
        # Only the payer: many invoices of one then take little more room than one.
        indexes: ClassVar = [models.Index(fields=["payer"], name="invoice_by_payer")]

    def __str__(self) -> str:
        return self.number

    @property
    def buyer(self) -> dict[str, str]:
        """The buyer's details, by the names that `supplier` has for its own."""
        return {
            "name": self.buyer_name,
            "business_number": self.buyer_business_number,
            "representative": self.buyer_representative,
            "address": self.buyer_address,
            "business_type": self.buyer_business_type,
            "business_item": self.buyer_business_item,
        }


class InvoiceLine(models.Model):
    """One company's use of one item at one price in one period. R: E2, E3."""

    # Triggers see to it that no line is without its invoice, for all of a statement; a constraint
    # would ask for each of them, and a close of very many take a fifth longer.
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    company = company_key()
    item = models.PositiveSmallIntegerField("항목", choices=Item)
    plan = models.PositiveSmallIntegerField("상품", choices=Plan, null=True)
    cycle = models.PositiveSmallIntegerField("결제 주기", choices=Cycle, null=True)
    unit_price = models.PositiveIntegerField("단가")
    period_from = models.DateField("기간 첫날")
    period_to = models.DateField("기간 마지막 날")
    quantity_days = models.PositiveBigIntegerField("수량 × 일")
    days_in_period = models.PositiveIntegerField("기간 일수")
    amount = models.PositiveBigIntegerField("금액")

    class Meta:
        verbose_name = "청구 항목"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    *("invoice", "company", "item", "plan", "cycle", "unit_price", "period_from")
                ],
                nulls_distinct=False,
                name="invoice_line_once",
            ),
            # R: E2, E3. The rounding, once more, where nothing gets past it.
            models.CheckConstraint(
                name="invoice_line_rounded_down",
                condition=Q(
                    amount=ExpressionWrapper(
                        F("quantity_days") * F("unit_price") / F("days_in_period"),
                        output_field=models.BigIntegerField(),
                    )
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.company} {self.item} {self.amount}"


class CreditNote(models.Model):
    """What is taken back of an invoice, as issued on a day; never edited either. R: E4, E5."""

    number = models.CharField(
        "크레딧 노트 번호", primary_key=True, max_length=NUMBER_LENGTH, db_collation="C"
    )
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="credit_notes")
    payer = company_key("청구 대상")
    issued_on = models.DateField("발행일")
    sequence = models.PositiveIntegerField("그 달의 순번")
    supply = models.PositiveBigIntegerField("공급가액")
    vat = models.PositiveBigIntegerField("부가세")
    total = models.PositiveBigIntegerField("합계")
    reason = models.CharField("사유", max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "크레딧 노트"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="credit_note_adds_up",
                condition=Q(total=F("supply") + F("vat"), supply__gt=0),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["payer", "-issued_on"], name="credit_note_by_payer")
        ]

    def __str__(self) -> str:
        return self.number
