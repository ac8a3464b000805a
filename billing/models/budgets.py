"""How much a payer means to spend in a month, and what they were told of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workplace_console.common.models import Dated, company_key, no_overlap


class Budget(Dated):
    """What a payer means to spend in a month, in won with VAT; for the days that it was set."""

    company = company_key()
    amount = models.PositiveBigIntegerField("월 예산")

    class Meta:
        verbose_name = "예산"
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            no_overlap("budget_one_a_day", "company"),
            models.CheckConstraint(name="budget_of_something", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.amount} {self.starts_on}–{self.ends_on}"


class BudgetAlert(models.Model):
    """A threshold was reached in a month, by what was spent or by what is expected: told once."""

    class Kind(models.TextChoices):
        ACTUAL = "actual", _("지금까지 쓴 금액")
        PROJECTED = "projected", _("월말 예상 금액")

    company = company_key()
    month = models.DateField("달")
    kind = models.CharField("종류", max_length=10, choices=Kind)
    percent = models.PositiveSmallIntegerField("기준(%)")
    on = models.DateField("알린 날")

    class Meta:
        verbose_name = "예산 알림"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "month", "kind", "percent"], name="budget_alert_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.month} {self.kind} {self.percent}"
