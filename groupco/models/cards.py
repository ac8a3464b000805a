"""Corporate cards that are linked to a company's WORKPLACE."""

from __future__ import annotations

from django.db import models

from groupco.models.companies import Company


class CorporateCards(models.Model):
    """How many corporate cards a company had linked at a moment, as WORKPLACE last reported it.

    R: F2.
    """

    company = models.OneToOneField(Company, models.CASCADE, primary_key=True, related_name="+")
    count = models.PositiveIntegerField("연동 법인카드 수")
    as_of = models.DateTimeField("기준 시각")

    class Meta:
        verbose_name = "연동 법인카드"

    def __str__(self) -> str:
        return f"{self.company_id} {self.as_of}: {self.count}"
