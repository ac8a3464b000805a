"""Companies, and who pays for them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from groupco.choices import Topic
from workplace_console.common.models import COMPANY_ID_LENGTH, Dated, no_overlap


class TakenId(models.Model):
    """An id that was a company's once: never handed out again, whatever becomes of it. R: A3."""

    id = models.CharField(primary_key=True, max_length=COMPANY_ID_LENGTH, db_collation="C")

    class Meta:
        verbose_name = "사용된 회사 id"

    def __str__(self) -> str:
        return self.id


class Company(models.Model):
    """One tenant. Its id is fixed at creation and is the name of its sign-in host. R: A3."""

    id = models.CharField(
        "회사 id", primary_key=True, max_length=COMPANY_ID_LENGTH, db_collation="C"
    )
    name = models.CharField("상호", max_length=100)
    business_number = models.CharField("사업자등록번호", max_length=10, blank=True)
    representative = models.CharField("대표자", max_length=60, blank=True)
    address = models.CharField("주소", max_length=200, blank=True)
    business_type = models.CharField("업태", max_length=60, blank=True)
    business_item = models.CharField("종목", max_length=60, blank=True)
    signed_up_on = models.DateField("가입일")
    # For employees whose company gives them no number of its own.
    numbered = models.PositiveIntegerField("발급한 사번 수", default=0)
    # Since when WORKPLACE reports who uses it; before, not to have used it says nothing.
    use_known_from = models.DateField("사용 보고 시작일", null=True)

    class Meta:
        verbose_name = "회사"

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


class Payer(Dated):
    """Who pays for a company on which days: itself, or the representative of its group. R: F3."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    payer = models.ForeignKey(Company, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "청구 대상"
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            no_overlap("payer_one_a_day", "company"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["company", "ends_on"],
                include=["starts_on", "payer"],
                name="payer_by_company",
            )
        ]

    def __str__(self) -> str:
        return f"{self.company_id} → {self.payer_id} {self.starts_on}–{self.ends_on}"


def all_topics() -> list[str]:
    """What an address is mailed about until somebody says otherwise."""
    return list(Topic.values)


class BillingAddress(models.Model):
    """이용 요금 안내 주소: where mail about topics goes, besides the console admins. R: E10."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="billing_addresses")
    email = models.EmailField("이메일")
    topics = ArrayField(
        models.CharField(max_length=10, choices=Topic), default=all_topics, verbose_name="안내할 일"
    )

    class Meta:
        verbose_name = "이용 요금 안내 주소"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "email"], name="billing_address_once"),
            models.CheckConstraint(
                name="billing_address_lower_case", condition=models.Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="billing_address_topics_known",
                condition=models.Q(topics__contained_by=Topic.values, topics__len__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.email}"
