"""What: prices by day, and each company's trial and paid terms."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groupco.models import Company
from products import rules
from products.choices import Alert, Cycle, Item, Plan, StorageCategory
from workplace_console.common.models import COMPANY_ID_LENGTH, Dated, no_overlap


class Price(models.Model):
    """A price and the day it takes effect; it holds until the next one of its kind. R: E11.

    Whole won, VAT excluded: a seat per user and month or year, capacity per TB and month.
    """

    item = models.PositiveSmallIntegerField("항목", choices=Item)
    plan = models.PositiveSmallIntegerField("상품", choices=Plan, null=True)
    cycle = models.PositiveSmallIntegerField("결제 주기", choices=Cycle, null=True)
    starts_on = models.DateField("시행일")
    unit_price = models.PositiveIntegerField("단가")

    class Meta:
        verbose_name = "단가"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "plan", "cycle", "starts_on"],
                nulls_distinct=False,
                name="price_one_a_day",
            ),
            models.CheckConstraint(
                name="price_seat_has_plan",
                condition=models.Q(item=Item.SEAT, plan__isnull=False, cycle__isnull=False)
                | models.Q(item=Item.CAPACITY, plan=None, cycle=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.plan} {self.cycle} {self.starts_on}: {self.unit_price}"


class Trial(models.Model):
    """The free days a company begins with. R: B1."""

    company = models.OneToOneField(Company, models.CASCADE, primary_key=True, related_name="+")
    starts_on = models.DateField("첫날")
    ends_on = models.DateField("마지막 날", db_index=True)

    class Meta:
        verbose_name = "무료 체험"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="trial_days_in_order", condition=models.Q(starts_on__lte=models.F("ends_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.starts_on}–{self.ends_on}"


class Phase(Dated):
    """A paid plan over a range of days. One that starts in the future is a reservation. R: B2.

    Once begun it is never edited, only ended: what held on any past day can be read back.
    `contract_from` is the very first day of the contract; anniversaries are reckoned from it (E3).
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    plan = models.PositiveSmallIntegerField("상품", choices=Plan)
    cycle = models.PositiveSmallIntegerField("결제 주기", choices=Cycle)
    contract_from = models.DateField("계약 시작일")
    applied_on = models.DateField("신청일")

    class Meta:
        verbose_name = "이용 기간"
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            no_overlap("phase_one_a_day", "company"),
            models.CheckConstraint(
                name="phase_within_contract",
                condition=models.Q(contract_from__lte=models.F("starts_on")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "starts_on"], name="phase_by_company"),
            models.Index(fields=["starts_on"], name="phase_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.plan}/{self.cycle} {self.starts_on}–{self.ends_on}"

    @property
    def term(self) -> rules.Term:
        return rules.Term(
            plan=Plan(self.plan),
            cycle=Cycle(self.cycle),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            contract_from=self.contract_from,
        )


class AddedCapacity(Dated):
    """Added shared capacity, in TB, as it counts on each day of a range. R: D4, D5.

    A day counts with the most that was held at any time of it: what is returned today still counts
    today. So what is held now is what counts tomorrow.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    count = models.PositiveIntegerField("TB")

    class Meta:
        verbose_name = "추가 용량"
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            no_overlap("added_capacity_one_a_day", "company"),
            models.CheckConstraint(name="added_capacity_some", condition=models.Q(count__gt=0)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_on", "company"], name="added_capacity_by_day")
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.starts_on}–{self.ends_on}: {self.count} TB"


class StorageUse(models.Model):
    """What a company stores in one category, in bytes, as WORKPLACE last reported it. R: D2."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    category = models.CharField("구분", max_length=20, choices=StorageCategory)
    bytes = models.PositiveBigIntegerField("바이트")
    reported_on = models.DateField("보고일")

    class Meta:
        verbose_name = "공용 용량 사용"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "category"], name="storage_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.category}: {self.bytes}"


class StorageDay(models.Model):
    """What a company stored in all at its last report of a day; a day without one has no row."""

    pk = models.CompositePrimaryKey("company_id", "day")
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField("날")
    bytes = models.PositiveBigIntegerField("바이트")

    class Meta:
        verbose_name = "공용 용량 사용, 날마다"

    def __str__(self) -> str:
        return f"{self.company_id} {self.day}: {self.bytes}"


class CapacityAlert(models.Model):
    """What a company was last told about its shared capacity; no row: nothing. R: D3."""

    company = models.OneToOneField(Company, models.CASCADE, primary_key=True, related_name="+")
    level = models.PositiveSmallIntegerField("단계", choices=Alert)
    told_on = models.DateField("알린 날")

    class Meta:
        verbose_name = "용량 알림"

    def __str__(self) -> str:
        return f"{self.company_id} {self.level} {self.told_on}"


class Deletion(models.Model):
    """That a company's data is to be deleted, from which day on, and, once done, what was. R: G3.

    It is the deletion record too, so it outlives the company: an id and figures, no names.
    """

    class Reason(models.TextChoices):
        TRIAL_EXPIRED = "trial_expired", _("체험 종료")
        TERMINATED = "terminated", _("해지")

    company = models.CharField(
        "회사 id", primary_key=True, max_length=COMPANY_ID_LENGTH, db_collation="C"
    )
    reason = models.CharField("이유", max_length=20, choices=Reason)
    marked_on = models.DateField("표시일")
    due_on = models.DateField("삭제일", db_index=True)
    done_on = models.DateField("삭제한 날", null=True)
    done_at = models.DateTimeField("삭제한 시각", null=True)
    counts = models.JSONField("지운 수", default=dict)
    backups_until = models.DateField("백업에 남는 마지막 날", null=True)
    # When its admins' console ended (G5), and when what the law wanted kept went.
    closed_on = models.DateField("콘솔을 닫은 날", null=True)
    retained_until = models.DateField("법정 보관을 마친 날", null=True)
    # When rows of it were last deleted, and since when no table's file holds them any more.
    changed_at = models.DateTimeField("마지막으로 지운 시각", null=True)
    rewritten_at = models.DateTimeField("파일을 다시 쓴 시각", null=True)
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "데이터 삭제"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="deletion_never_early",
                condition=models.Q(done_on=None) | models.Q(done_on__gte=models.F("due_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.reason} {self.due_on}"
