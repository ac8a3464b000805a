"""Companies tied together."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from groupco.models.companies import Company
from workplace_console.common.models import Dated, no_overlap


class Group(models.Model):
    """Companies tied together: one bill, one organisation chart. R: F1."""

    formed_on = models.DateField("시작일")
    # One more with every 저장, so that who saves second learns of it. R: F4, F6.
    order_version = models.PositiveIntegerField("순서 판", default=0)
    scope_version = models.PositiveIntegerField("표시범위 판", default=0)

    class Meta:
        verbose_name = "그룹사"

    def __str__(self) -> str:
        return f"{self.pk} {self.formed_on}"


class Membership(Dated):
    """A company in a group over a range of days, as its representative or not. R: F1, F7."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    is_representative = models.BooleanField("대표회사", default=False)

    class Meta:
        verbose_name = "그룹사 소속"
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            no_overlap("membership_one_group_a_day", "company"),
            no_overlap(
                "membership_one_representative_a_day",
                "group",
                condition=models.Q(is_representative=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "-ends_on"], name="membership_by_company"),
            models.Index(fields=["group", "-ends_on"], name="membership_by_group"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} in {self.group_id} {self.starts_on}–{self.ends_on}"
