"""Departments, who is posted where, and how a group's chart is arranged."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from groupco.choices import OrgChartScope
from groupco.models.accounts import Employee
from groupco.models.companies import Company
from groupco.models.groups import Group

DEPARTMENT_NAME_LENGTH = 100
DEPARTMENT_CODE_LENGTH = 60
TITLE_LENGTH = 60


class Department(models.Model):
    """A department of a company, below another of the same company or directly below it.

    The parent is of the same company by a foreign key over both columns (migration 0008).
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="departments", db_index=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", db_constraint=False
    )
    name = models.CharField("부서", max_length=DEPARTMENT_NAME_LENGTH)
    # What the company's own HR system calls it.
    code = models.CharField("코드", max_length=DEPARTMENT_CODE_LENGTH, blank=True)
    position = models.PositiveIntegerField("순서", default=0)

    class Meta:
        verbose_name = "부서"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "parent", "name"],
                name="department_name_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["company", "code"],
                name="department_code_once",
                condition=~models.Q(code=""),
            ),
            models.CheckConstraint(
                name="department_not_below_itself",
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.name}"


class Posting(models.Model):
    """An employee works in a department, of any company of the group: elsewhere it is 겸직.

    Without a department they stand directly below their own company, with a title. The main one is
    what is said, or the earliest. Whoever holds no account stands nowhere, whatever is posted.
    """

    employee = models.ForeignKey(Employee, models.CASCADE, related_name="postings", db_index=False)
    department = models.ForeignKey(Department, models.CASCADE, null=True, related_name="postings")
    title = models.CharField("직위", max_length=TITLE_LENGTH, blank=True)
    is_main = models.BooleanField("주 소속", default=False)
    posted_on = models.DateField("발령일")

    class Meta:
        verbose_name = "소속"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["employee", "department"], name="posting_once", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["employee"], name="posting_one_main", condition=models.Q(is_main=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} in {self.department_id}"


class ChartPlace(models.Model):
    """Where a company stands in its group's chart, and how much of it its employees see. R: F4, F6.

    `position` counts through the whole tree, a company before those below it. A company without a
    row sees the group and stands last. When the company above goes for good, the database lets
    those below it stand at the top (migration 0008).
    """

    group = models.ForeignKey(Group, models.CASCADE, related_name="places", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    parent = models.ForeignKey(
        Company, models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    position = models.PositiveIntegerField("순서")
    scope = models.CharField(
        "조직도 표시범위", max_length=10, choices=OrgChartScope, default=OrgChartScope.GROUP
    )

    class Meta:
        verbose_name = "조직도 자리"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "company"], name="chart_place_once"),
            models.UniqueConstraint(fields=["group", "position"], name="chart_place_one_position"),
            models.CheckConstraint(
                name="chart_place_not_below_itself",
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("company")),
            ),
            models.CheckConstraint(
                name="chart_place_scope_known", condition=models.Q(scope__in=OrgChartScope.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} at {self.position} of {self.group_id}"
