"""Tables without business words: what happened (audit), what was said (notices, mail), what ran.

A company is known here by its id alone, as text: entries outlive the company.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workplace_console.common import days

COMPANY_ID_LENGTH = 30


def company_key(verbose_name: str = "회사 id") -> models.CharField[str, str]:
    """A column that names a company without depending on its row. "" stands for none."""
    return models.CharField(
        verbose_name, max_length=COMPANY_ID_LENGTH, blank=True, db_collation="C"
    )


class AuditEntry(models.Model):
    """One change of state: who, when, from where, what before and after. R: H2.

    Written in the transaction of the change, never edited. It holds ids and figures, no names.
    """

    at = models.DateTimeField("시각", default=timezone.now)
    on = models.DateField("업무일")
    company = company_key()
    actor = models.CharField("누가", max_length=60)
    address = models.GenericIPAddressField("어디서", null=True)
    action = models.CharField("무엇을", max_length=60)
    before = models.JSONField("이전", encoder=DjangoJSONEncoder, null=True)
    after = models.JSONField("이후", encoder=DjangoJSONEncoder, null=True)

    class Meta:
        verbose_name = "변경 이력"
        indexes: ClassVar = [models.Index(fields=["company", "-id"], name="audit_by_company")]

    def __str__(self) -> str:
        return f"{self.on} {self.company} {self.action} ({self.actor})"


class Access(models.Model):
    """Somebody was shown people's data of a company, or took it away as a file. R: H2.

    Written before it is handed out, never edited, gone after two years or with the company's data.
    It holds ids and no names; `reason` is a word of `Reason`, or what a program said.
    """

    class Way(models.TextChoices):
        LOOKED = "looked", pgettext_lazy("done", "열람")
        TAKEN = "taken", pgettext_lazy("done", "내려받기")

    class Reason(models.TextChoices):
        WORK = "work", _("업무 처리")
        CHECK = "check", _("감사와 점검")
        KEEP = "keep", _("보관")
        MOVE = "move", _("다른 시스템으로 옮김")
        ASKED = "asked", _("본인의 요청")

    at = models.DateTimeField("시각", default=timezone.now)
    on = models.DateField("업무일")
    company = company_key()
    actor = models.CharField("누가", max_length=60)
    address = models.GenericIPAddressField("어디서", null=True)
    page = models.CharField("화면", max_length=60)
    way = models.CharField("방식", max_length=10, choices=Way)
    reason = models.CharField("사유", max_length=100, blank=True)

    class Meta:
        verbose_name = "개인정보 열람 기록"
        indexes: ClassVar = [
            models.Index(fields=["company", "-id"], name="access_by_company"),
            models.Index(fields=["on"], name="access_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.company} {self.page} ({self.actor})"


class Notice(models.Model):
    """What the console tells a company (알림), or support staff. R: H1.

    It keeps the event's kind and figures, not its words: they come from
    templates/messages/<kind>.txt, the same that the mail is made of.
    """

    class Audience(models.TextChoices):
        CONSOLE = "console", _("콘솔")
        STAFF = "staff", _("고객지원")

    key = models.CharField(max_length=200, unique=True)
    company = company_key()
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.CONSOLE)
    kind = models.CharField("종류", max_length=40)
    on = models.DateField("업무일")
    figures = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "알림"
        indexes: ClassVar = [models.Index(fields=["company", "-id"], name="notice_by_company")]

    def __str__(self) -> str:
        return f"{self.on} {self.company} {self.kind}"


class Mail(models.Model):
    """A mail to be sent, written in the transaction of the event that causes it. R: H1.

    `key` names the event: one event, one mail, one Message-ID, however often it is tried.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("대기")
        SENT = "sent", _("발송")
        FAILED = "failed", _("실패")

    key = models.CharField(max_length=200, unique=True)
    company = company_key()
    kind = models.CharField("종류", max_length=40)
    on = models.DateField("업무일")
    figures = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    recipients = ArrayField(models.EmailField(), verbose_name="받는 사람")
    done = ArrayField(models.EmailField(), default=list, verbose_name="처리된 주소")
    # Those of `done` that the mail server would not take, for good.
    refused = ArrayField(models.EmailField(), default=list, verbose_name="거부된 주소")
    state = models.CharField("상태", max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveIntegerField("시도", default=0)
    not_before = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField("발송 시각", null=True)
    last_error = models.TextField("마지막 오류", blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "메일"
        indexes: ClassVar = [
            models.Index(
                fields=["not_before", "id"],
                condition=models.Q(state="queued"),
                name="mail_waiting",
            ),
            models.Index(fields=["company", "-id"], name="mail_by_company"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mail_sent_has_time",
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at=None)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.company} {self.kind} ({self.state})"


class ThrottleCount(models.Model):
    """How often something was tried in the running window; the key is hashed."""

    key = models.CharField(primary_key=True, max_length=64, db_collation="C")
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "시도 횟수"

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"


class SentForm(models.Model):
    """A form that has taken effect; sent again, it takes none. The key is hashed."""

    key = models.CharField(primary_key=True, max_length=64, db_collation="C")
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "보낸 양식"

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.at}"


class Answer(models.Model):
    """What a program was answered when something it sent took effect; sent again, it gets the same.

    `key` is hashed, and so is the `content` that was sent. Without a status the effect is under
    way, which nobody but its own transaction sees.
    """

    key = models.CharField(primary_key=True, max_length=64, db_collation="C")
    content = models.CharField(max_length=64, db_collation="C")
    company = company_key()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "API 응답"
        indexes: ClassVar = [models.Index(fields=["company"], name="answer_by_company")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.status}"


class JobRun(models.Model):
    """A daily job has done a day. The row is written by the transaction that did the work."""

    job = models.CharField("작업", max_length=40)
    day = models.DateField("업무일")
    at = models.DateTimeField("시각", default=timezone.now)

    class Meta:
        verbose_name = "작업 기록"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "day"], name="job_run_once_a_day")
        ]
        indexes: ClassVar = [models.Index(fields=["-day"], name="job_run_by_day")]

    def __str__(self) -> str:
        return f"{self.job} {self.day}"


class Share(models.Model):
    """A part of a day's job, for some of the companies; whoever is free takes it. Gone when the
    job has done the day."""

    job = models.CharField("작업", max_length=40)
    day = models.DateField("업무일")
    number = models.PositiveIntegerField("몫")
    of = models.PositiveIntegerField("몫의 수")
    is_done = models.BooleanField("마침", default=False)

    class Meta:
        verbose_name = "나눈 작업"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "day", "number"], name="share_once")
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.day} {self.number}/{self.of}"


class Parked(models.Model):
    """A company that a daily job left out for a day, and why; every later run tries it again."""

    job = models.CharField("작업", max_length=40)
    day = models.DateField("업무일")
    company = company_key()
    reason = models.CharField("이유", max_length=40)
    detail = models.TextField("설명", blank=True)
    since = models.DateTimeField("언제부터", default=timezone.now)
    tried_at = models.DateTimeField("마지막 시도", default=timezone.now)

    class Meta:
        verbose_name = "보류된 회사"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "day", "company"], name="parked_once")
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.day} {self.company}: {self.reason}"


class Dated(models.Model):
    """A fact that holds over a range of days, both ends counted; open until `days.OPEN_END`."""

    starts_on = models.DateField("첫날")
    ends_on = models.DateField("마지막 날", default=days.OPEN_END)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_days_in_order",
                condition=models.Q(starts_on__lte=models.F("ends_on")),
            )
        ]


class DateRange(models.Func):
    function = "DATERANGE"
    output_field = DateRangeField()


def no_overlap(name: str, *columns: str, condition: models.Q | None = None) -> ExclusionConstraint:
    """On any day at most one row for the same values of `columns`, of those that `condition` is
    true of."""
    return ExclusionConstraint(
        name=name,
        condition=condition,
        expressions=[
            *((column, RangeOperators.EQUAL) for column in columns),
            (
                DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                RangeOperators.OVERLAPS,
            ),
        ],
    )
