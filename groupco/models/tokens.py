"""What programs show instead of a password."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from groupco.choices import Scope
from groupco.models.companies import Company


class ApiToken(models.Model):
    """A token of the HTTP API: of one company, or of a service of WORKPLACE, for all. R: H4.

    The token itself is shown once and kept nowhere: `hash` finds it again, and `hint` is enough of
    it for people to tell it from others. What was withdrawn stays, as a record.
    """

    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="+")
    name = models.CharField("이름", max_length=60)
    hash = models.CharField(max_length=64, unique=True, db_collation="C")
    hint = models.CharField("토큰", max_length=20)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), verbose_name="범위")
    issued_on = models.DateField("발급일")
    withdrawn_on = models.DateField("철회일", null=True)
    last_used_on = models.DateField("마지막 사용일", null=True)

    class Meta:
        verbose_name = "API 토큰"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="api_token_scopes_known",
                condition=models.Q(scopes__contained_by=Scope.values, scopes__len__gt=0),
            ),
            models.CheckConstraint(
                name="api_token_days_in_order",
                condition=models.Q(withdrawn_on=None)
                | models.Q(withdrawn_on__gte=models.F("issued_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id or '*'} {self.hint}"
