"""Companies ask to become a group, and agree to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from groupco.choices import ApplicationKind, ApplicationOutcome
from groupco.models.companies import Company

# As much as somebody may type; that it is an id or a number is found at matching.
ENTRY_LENGTH = 40
REASON_LENGTH = 200


class GroupApplication(models.Model):
    """그룹사 신청: a representative asks, staff match, each company agrees. R: F1, F9.

    Each step has its day. `closed_on` and `outcome` say when and how it ended; until then it is
    open. Replacing a representative is asked for by staff, in the name of the new one, and goes on
    from the agreements.
    """

    kind = models.CharField("종류", max_length=10, choices=ApplicationKind)
    applicant = models.ForeignKey(
        Company, models.CASCADE, related_name="+", verbose_name="대표회사"
    )
    applied_on = models.DateField("신청일")
    received_on = models.DateField("접수일", null=True)
    matched_on = models.DateField("정보 매칭일", null=True)
    closed_on = models.DateField("끝난 날", null=True)
    outcome = models.CharField("결과", max_length=10, choices=ApplicationOutcome, blank=True)
    # What staff gives as the reason; the companies read it.
    reason = models.CharField("사유", max_length=REASON_LENGTH, blank=True)

    class Meta:
        verbose_name = "그룹사 신청"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="application_closed_has_outcome",
                condition=models.Q(closed_on=None, outcome="")
                | models.Q(closed_on__isnull=False, outcome__in=ApplicationOutcome.values),
            ),
            models.CheckConstraint(
                name="application_steps_in_order",
                condition=(
                    models.Q(matched_on=None)
                    | models.Q(received_on__isnull=False, received_on__lte=models.F("matched_on"))
                )
                & (~models.Q(outcome="approved") | models.Q(matched_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.applicant_id} {self.kind} {self.applied_on}"

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class ApplicationCompany(models.Model):
    """A company of an application, the applicant among them.

    What was asked for stands as it was typed; what staff corrected, beside it. `company` is known
    once the application is matched. `is_open` follows the application, so that the database can
    see to it that no company is in two open ones.
    """

    application = models.ForeignKey(GroupApplication, models.CASCADE, related_name="companies")
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="+")
    given_id = models.CharField("신청한 회사 id", max_length=ENTRY_LENGTH)
    given_number = models.CharField("신청한 사업자등록번호", max_length=ENTRY_LENGTH, blank=True)
    corrected_id = models.CharField("고친 회사 id", max_length=ENTRY_LENGTH, blank=True)
    corrected_number = models.CharField("고친 사업자등록번호", max_length=ENTRY_LENGTH, blank=True)
    is_applicant = models.BooleanField("신청한 회사", default=False)
    is_open = models.BooleanField("진행 중", default=True)
    agreed_on = models.DateField("동의일", null=True)

    class Meta:
        verbose_name = "신청한 회사"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company"],
                condition=models.Q(is_open=True),
                name="application_one_open_a_company",
            ),
            models.CheckConstraint(
                name="application_agreed_by_somebody",
                condition=models.Q(agreed_on=None) | models.Q(company__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wanted_id} in {self.application_id}"

    @property
    def wanted_id(self) -> str:
        return self.corrected_id or self.given_id

    @property
    def wanted_number(self) -> str:
        return self.corrected_number or self.given_number
