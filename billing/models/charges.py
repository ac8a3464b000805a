"""What each company owes for each day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from products.choices import Cycle, Item, Plan
from workplace_console.common.models import company_key


class DayCharge(models.Model):
    """What one company is charged for one item on one day; written once by the nightly run. R: E1.

    It keeps the price and the payer of the day, and the period it is billed in: the calendar month
    or the contract year. The key begins with the day, so a night's rows lie together and history
    costs the night nothing.
    """

    pk = models.CompositePrimaryKey("day", "company", "item")
    day = models.DateField("날")
    company = company_key()
    item = models.PositiveSmallIntegerField("항목", choices=Item)
    plan = models.PositiveSmallIntegerField("상품", choices=Plan, null=True)
    cycle = models.PositiveSmallIntegerField("결제 주기", choices=Cycle, null=True)
    quantity = models.PositiveIntegerField("수량")
    unit_price = models.PositiveIntegerField("단가")
    payer = company_key("청구 대상")
    period_from = models.DateField("청구 기간 첫날")
    period_to = models.DateField("청구 기간 마지막 날")

    class Meta:
        verbose_name = "일별 이용"
        constraints: ClassVar = [
            models.CheckConstraint(name="day_charge_of_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="day_charge_in_its_period",
                condition=Q(period_from__lte=F("day"), period_to__gte=F("day")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.company} {self.item}: {self.quantity} × {self.unit_price}"
