"""Departments, who is posted where, and the chart of a group. R: F4, F5."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, Q

from groupco import rules
from groupco.choices import OrgChartScope
from groupco.models import ChartPlace, Department, Employee, Group, Membership, Posting
from groupco.queries.accounts import _accounts_now
from groupco.rules import ChartCompany, ChartDepartment, ChartLine, Placement, Viewer
from workplace_console.common import sql

# A company's last day in a group still counts, as everywhere. Who has left has no name any more but
# still says what those below it stand below.
CHARTED: Final = """
    WITH mine AS (
        SELECT group_id FROM groupco_membership
        WHERE company_id = %(company)s AND %(day)s BETWEEN starts_on AND ends_on
    ), member AS (
        SELECT company_id, is_representative, starts_on FROM groupco_membership
        WHERE group_id IN (SELECT group_id FROM mine) AND %(day)s BETWEEN starts_on AND ends_on
    ), place AS (
        SELECT company_id, parent_id, scope, position FROM groupco_chartplace
        WHERE group_id IN (SELECT group_id FROM mine)
    )
    SELECT company_id, company.name, place.parent_id, place.scope, place.position IS NOT NULL
    FROM member FULL JOIN place USING (company_id)
    LEFT JOIN groupco_company AS company ON company.id = member.company_id
    ORDER BY place.position, member.is_representative DESC, member.starts_on, company_id"""

ALONE: Final = "SELECT name FROM groupco_company WHERE id = %(company)s"

DEPARTMENTS: Final = """
    SELECT id, company_id, parent_id, name FROM groupco_department
    WHERE company_id = ANY(%(companies)s) ORDER BY position, name, id"""

# Employees of several companies may be one person (A5).
POSTED: Final = """
    SELECT DISTINCT posting.department_id
    FROM groupco_employee AS viewer
    JOIN groupco_employee AS employee ON employee.person = viewer.person
        AND (employee.id = viewer.id OR employee.company_id = ANY(%(companies)s))
    JOIN groupco_account AS account ON account.employee_id = employee.id
        AND account.registered_on <= %(day)s
        AND (account.excluded_on IS NULL OR account.excluded_on > %(day)s)
    JOIN groupco_posting AS posting ON posting.employee_id = employee.id
        AND posting.department_id IS NOT NULL
    WHERE viewer.id = %(employee)s"""


DEPARTMENTS_AND_MINE: Final = f"""
    WITH posted AS ({POSTED})
    SELECT id, company_id, parent_id, name, posted.department_id IS NOT NULL
    FROM groupco_department AS department
    LEFT JOIN posted ON posted.department_id = department.id
    WHERE company_id = ANY(%(companies)s) ORDER BY position, name, id"""


def charted(company_id: str, day: date) -> list[ChartCompany]:
    """The companies of a company's group in the order of the chart; alone when it is in none."""
    rows = sql.rows(CHARTED, company=company_id, day=day)
    if not rows:
        names = sql.column(ALONE, company=company_id)
        return [ChartCompany(company_id, name) for name in names]
    companies = {
        id: ChartCompany(id, name, parent, OrgChartScope(scope or OrgChartScope.GROUP))
        for id, name, parent, scope, _is_placed in rows
        if name is not None
    }
    known = [Placement(id, parent) for id, _name, parent, _scope, is_placed in rows if is_placed]
    return [
        ChartCompany(place.company, found.name, place.parent, found.scope)
        for place in rules.arranged(list(companies), known)
        for found in [companies[place.company]]
    ]


def group_companies(company_id: str, day: date) -> list[str]:
    """The ids of the companies of a company's group on a day, its own first; alone: only that."""
    others = Membership.objects.filter(
        group__memberships__in=Membership.objects.filter(
            company_id=company_id, starts_on__lte=day, ends_on__gte=day
        ),
        starts_on__lte=day,
        ends_on__gte=day,
    ).exclude(company_id=company_id)
    return [company_id, *others.order_by("company_id").values_list("company_id", flat=True)]


def chart_departments(company_ids: Collection[str]) -> list[ChartDepartment]:
    """All departments of companies, siblings in their order."""
    rows = sql.rows(DEPARTMENTS, companies=list(company_ids))
    return [ChartDepartment(*row) for row in rows]


def viewer(employee: Employee, companies: Collection[str], day: date) -> Viewer:
    """An employee as one who looks at a chart, with all their departments in these companies."""
    found = sql.column(POSTED, employee=employee.pk, companies=list(companies), day=day)
    return Viewer(employee.company_id, frozenset(found))


def chart(
    employee: Employee, companies: Sequence[ChartCompany], day: date
) -> tuple[list[ChartLine], Viewer]:
    """What an employee sees of their group's chart on a day, `companies` being `charted`. R: F4."""
    ids = [company.id for company in companies]
    rows = sql.rows(DEPARTMENTS_AND_MINE, employee=employee.pk, companies=ids, day=day)
    departments = [ChartDepartment(*row[:4]) for row in rows]
    mine = frozenset(department for department, *_rest, is_mine in rows if is_mine)
    looking = Viewer(employee.company_id, mine)
    return rules.chart(companies, departments, viewer=looking), looking


def chart_of_anyone(company_id: str, day: date) -> list[ChartLine]:
    """What every employee of a company sees: the preview, without 겸직 anywhere. R: F4."""
    companies = charted(company_id, day)
    departments = chart_departments([company.id for company in companies])
    return rules.chart(companies, departments, viewer=Viewer(company_id))


@dataclass(frozen=True)
class Arrangement:
    """How a group's chart is arranged, and which 저장 that was."""

    group: Group
    order: list[Placement]
    scopes: dict[str, OrgChartScope]


def arrangement(group_id: int, day: date) -> Arrangement:
    """Order and scopes of a group's companies as they stand; what was never said is default."""
    group = Group.objects.get(pk=group_id)
    members = Membership.objects.filter(group=group, starts_on__lte=day, ends_on__gte=day).order_by(
        "-is_representative", "starts_on", "company_id"
    )
    ids = list(members.values_list("company_id", flat=True))
    places = list(ChartPlace.objects.filter(group=group).order_by("position"))
    known = [Placement(place.company_id, place.parent_id) for place in places]
    scopes = {place.company_id: OrgChartScope(place.scope) for place in places}
    return Arrangement(
        group,
        rules.arranged(ids, known),
        {id: scopes.get(id, OrgChartScope.GROUP) for id in ids},
    )


def departments(company_id: str) -> list[Department]:
    """A company's departments, siblings in their order."""
    return list(Department.objects.filter(company_id=company_id).order_by("position", "name", "pk"))


def charted_departments(departments: Collection[Department]) -> list[ChartDepartment]:
    """Departments as a chart takes them, in the same order."""
    return [ChartDepartment(d.pk, d.company_id, d.parent_id, d.name) for d in departments]


def department_parents(company_id: str) -> dict[int, int | None]:
    """What each department of a company lies below."""
    found = Department.objects.filter(company_id=company_id)
    return dict(found.values_list("pk", "parent_id"))


def postings_of(employee_ids: Collection[int]) -> list[Posting]:
    """The postings of employees, the main one first: the one that was said, or the earliest."""
    found = Posting.objects.filter(employee_id__in=employee_ids)
    return list(
        found.select_related("department__company").order_by(
            "employee_id", "-is_main", "posted_on", "pk"
        )
    )


def paths(
    departments: Sequence[ChartDepartment], *, between: str = rules.BETWEEN
) -> Mapping[int, str]:
    """Each department's names from the top of its company down. Any depth, parents in any order."""
    by_id = {department.id: department for department in departments}
    found: dict[int, str] = {}
    for department in departments:
        waiting: list[ChartDepartment] = []
        step: ChartDepartment | None = department
        while step is not None and step.id not in found:
            waiting.append(step)
            step = by_id.get(step.parent) if step.parent is not None else None
        for below in reversed(waiting):
            above = found.get(below.parent) if below.parent is not None else None
            found[below.id] = below.name if above is None else f"{above}{between}{below.name}"
    return found


def working_in(department_id: int, day: date) -> int:
    """How many registered employees are posted to a department."""
    registered = Employee.objects.filter(Exists(_accounts_now(day)))
    return Posting.objects.filter(department_id=department_id, employee__in=registered).count()


def posting(company_id: str, posting_id: int) -> Posting | None:
    """A posting of one of the company's employees, or in one of its departments."""
    mine = Q(employee__company=company_id) | Q(department__company=company_id)
    return Posting.objects.filter(mine, pk=posting_id).select_related("employee").first()


def postings_in(
    department_id: int, companies: Collection[str], day: date, *, skip: int = 0, most: int
) -> list[Posting]:
    """The postings to a department of those who are registered in these companies."""
    employees = Employee.objects.filter(Exists(_accounts_now(day)), company_id__in=companies)
    found = Posting.objects.filter(department_id=department_id, employee__in=employees)
    found = found.select_related("employee__company").order_by("posted_on", "employee__name", "pk")
    return list(found[skip : skip + most])


def find_employee(company_id: str, called: str, companies: Collection[str]) -> Employee | None:
    """An employee by number; of another of these companies by <company id>/<number>."""
    own = Employee.objects.filter(company_id=company_id, number=called).first()
    if own is not None:
        return own
    other, _slash, number = called.partition(rules.BETWEEN)
    elsewhere = [id for id in companies if id == other]
    return Employee.objects.filter(company_id__in=elsewhere, number=number).first()
