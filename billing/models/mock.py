"""What the demo's gateway has done. Empty in earnest."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class MockCharge(models.Model):
    """A charge of a card that does not exist (모의 결제)."""

    key = models.CharField(primary_key=True, max_length=40)
    amount = models.PositiveBigIntegerField()
    is_made = models.BooleanField()
    cancelled = models.PositiveBigIntegerField(default=0)
    reasons = models.JSONField(default=list)

    class Meta:
        verbose_name = "모의 결제"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mock_charge_cancelled_at_most", condition=Q(cancelled__lte=F("amount"))
            )
        ]

    def __str__(self) -> str:
        return self.key
