"""Employees, their accounts, and how many of them count."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models.functions import Cast, Upper

from groupco.models.companies import Company
from groupco.models.users import User
from workplace_console.common.models import Dated, DateRange, no_overlap


class Employee(models.Model):
    """A person in a company's organisation; billed only while holding an account."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="employees", db_index=False)
    number = models.CharField("사번", max_length=60)
    name = models.CharField("이름", max_length=100, blank=True)
    email = models.EmailField("이메일", blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="employee_of")
    is_workplace_admin = models.BooleanField("WORKPLACE 관리자", default=False)
    # Reported by WORKPLACE, or a sign-in at the company's host; None: nothing is known.
    last_used_on = models.DateField("마지막 사용일", null=True)
    # Employees of several companies with one mail address are one person; without an address,
    # everybody is themselves (A5). Kept by the database; compared as bytes, which is quicker.
    person = models.GeneratedField(
        expression=models.Case(
            models.When(email="", then=Cast("id", models.TextField())),
            default=Upper("email"),
            output_field=models.TextField(),
        ),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    class Meta:
        verbose_name = "사원"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="employee_number_once")
        ]
        indexes: ClassVar = [
            # Who is one person in several companies; also who asks for a password.
            models.Index(fields=["person"], name="employee_by_person")
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.number}"


class Account(models.Model):
    """What is billed: an employee's registration over a range of days. R: E4.

    `excluded_on` is the last day that counts; empty means still registered.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="accounts", db_index=False)
    employee = models.ForeignKey(Employee, models.CASCADE, related_name="accounts", db_index=False)
    registered_on = models.DateField("등록일")
    excluded_on = models.DateField("제외일", null=True, blank=True)

    class Meta:
        verbose_name = "계정"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="account_days_in_order",
                condition=models.Q(excluded_on=None)
                | models.Q(excluded_on__gte=models.F("registered_on")),
            ),
            ExclusionConstraint(
                name="account_once_a_person_and_day",
                expressions=[
                    ("employee", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "registered_on", "excluded_on", RangeBoundary(inclusive_upper=True)
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "-registered_on", "-id"], name="account_newest_first")
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.registered_on}–{self.excluded_on or ''}"


class Headcount(Dated):
    """How many accounts of a company count on each day of a range: what the accounts say, kept
    ready for the nightly charge. Written by the operations that register and exclude. R: E4."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    count = models.PositiveIntegerField("계정 수")

    class Meta:
        verbose_name = "일별 계정 수"
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            no_overlap("headcount_one_a_day", "company"),
        ]
        indexes: ClassVar = [
            # The nightly charge reads one day of all companies, an operation the tail of one.
            models.Index(
                fields=["ends_on", "company"],
                include=["starts_on", "count"],
                name="headcount_by_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.starts_on}–{self.ends_on}: {self.count}"
