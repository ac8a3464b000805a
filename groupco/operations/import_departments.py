"""A file of departments and postings is taken over, whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from groupco import queries
from groupco.models import Company, Department, Employee, Posting
from groupco.operations.departments import next_position
from groupco.rules import BETWEEN, BadRoster, DepartmentRow
from workplace_console.common import audit
from workplace_console.common.audit import Actor, Change
from workplace_console.common.refusal import gettext_noop

BATCH: Final = 5000

Path = tuple[str, ...]
# An employee and a department: who stands where.
Place = tuple[int, int | None]


@dataclass(frozen=True)
class DepartmentsReport:
    """What a file of departments brought: new ones, new and changed postings, and the rest."""

    departments: int
    recoded: int
    postings: int
    changed: int
    unchanged: int

    @property
    def changes_nothing(self) -> bool:
        return not (self.departments or self.recoded or self.postings or self.changed)


@transaction.atomic
def import_departments(
    *, company_id: str, rows: Sequence[DepartmentRow], today: date, by: Actor
) -> DepartmentsReport:
    """Add what a file says to the departments and postings there are; again: nothing changes.

    Departments that are only named in the path of another are made too. What the file doesn't
    mention stays. Raises BadRoster with the line.
    """
    if queries.locked(company_id) is None:
        raise Company.DoesNotExist(company_id)
    ids, made = _departments(company_id, rows)
    recoded = _recode(company_id, rows, ids)
    employees = _employees(company_id, rows, today)
    held = _held(rows, ids, employees)
    new, changed, same = _compare(rows, ids, employees, held, today)
    Posting.objects.bulk_create(new, batch_size=BATCH)
    Posting.objects.bulk_update(changed, ["title", "is_main"], batch_size=BATCH)
    report = DepartmentsReport(made, recoded, len(new), len(changed), same)
    if not report.changes_nothing:
        figures = {"departments": made, "postings": len(new), "changed": len(changed) + recoded}
        audit.record(Change(company_id, "departments_imported", after=figures), on=today, by=by)
    return report


def _departments(company_id: str, rows: Iterable[DepartmentRow]) -> tuple[dict[Path, int], int]:
    """Every department by its path, those that are new made level by level; how many those are."""
    charted = queries.chart_departments([company_id])
    ids = {tuple(path.split(BETWEEN)): id for id, path in queries.paths(charted).items()}
    wanted = dict.fromkeys(
        row.path[:length] for row in rows for length in range(1, len(row.path) + 1)
    )
    new = [path for path in wanted if path not in ids]
    position = next_position(company_id)
    places = {path: position + place for place, path in enumerate(new)}
    for level in sorted({len(path) for path in new}):
        paths = [path for path in new if len(path) == level]
        made = Department.objects.bulk_create(
            (
                Department(
                    company_id=company_id,
                    parent_id=ids[path[:-1]] if level > 1 else None,
                    name=path[-1],
                    position=places[path],
                )
                for path in paths
            ),
            batch_size=BATCH,
        )
        ids |= {path: department.pk for path, department in zip(paths, made, strict=True)}
    return ids, len(new)


def _recode(company_id: str, rows: Iterable[DepartmentRow], ids: Mapping[Path, int]) -> int:
    """Give departments the codes that the file says; a code is one department's."""
    known = {d.pk: d for d in Department.objects.filter(company_id=company_id)}
    holders = {department.code: department.pk for department in known.values()}
    changed: dict[int, Department] = {}
    for row in rows:
        department = known[ids[row.path]] if row.path and row.code else None
        if department is None or department.code == row.code:
            continue
        if row.code in holders or department.pk in changed:
            raise BadRoster(
                row.line,
                gettext_noop("코드 {found}은(는) 다른 부서가 쓰거나 둘째 코드입니다. 고치세요."),
                found=row.code,
            )
        holders[row.code] = department.pk
        department.code = row.code
        changed[department.pk] = department
    Department.objects.bulk_update(changed.values(), ["code"], batch_size=BATCH)
    return len(changed)


def _employees(company_id: str, rows: Sequence[DepartmentRow], today: date) -> dict[str, Employee]:
    """Who is meant by what the file calls them. Raises BadRoster for who isn't there."""
    within = queries.group_companies(company_id, today)
    named = [row for row in rows if row.employee]
    own = _numbered([company_id], {row.employee for row in named})
    found = {number: employee for (_company, number), employee in own.items()}
    others = [row for row in named if row.employee not in found]
    split = {row.employee: row.employee.partition("/") for row in others}
    elsewhere = _numbered(
        [id for id in within if id != company_id], {number for _id, _, number in split.values()}
    )
    for row in others:
        company, _slash, number = split[row.employee]
        employee = elsewhere.get((company, number))
        if employee is None or not row.path:
            raise BadRoster(
                row.line,
                gettext_noop(
                    "사번 {number}인 사원이 없습니다. 사용자를 먼저 등록하거나 사번을 고치세요."
                ),
                number=row.employee,
            )
        found[row.employee] = employee
    return found


def _numbered(
    company_ids: Collection[str], numbers: Collection[str]
) -> dict[tuple[str, str], Employee]:
    if not company_ids or not numbers:
        return {}
    employees = Employee.objects.filter(company_id__in=company_ids, number__in=numbers)
    return {(employee.company_id, employee.number): employee for employee in employees}


def _held(
    rows: Iterable[DepartmentRow], ids: Mapping[Path, int], employees: Mapping[str, Employee]
) -> dict[Place, Posting]:
    """The postings of everybody in the file; main no more where the file says another one is."""
    mains = {
        employees[row.employee].pk: ids.get(row.path)
        for row in rows
        if row.employee and row.is_main
    }
    postings = list(
        Posting.objects.filter(employee_id__in=[employee.pk for employee in employees.values()])
    )
    demoted = [
        posting
        for posting in postings
        if posting.is_main
        and posting.employee_id in mains
        and posting.department_id != mains[posting.employee_id]
    ]
    for posting in demoted:
        posting.is_main = False
    Posting.objects.bulk_update(demoted, ["is_main"], batch_size=BATCH)
    return {(posting.employee_id, posting.department_id): posting for posting in postings}


def _compare(
    rows: Iterable[DepartmentRow],
    ids: Mapping[Path, int],
    employees: Mapping[str, Employee],
    held: Mapping[Place, Posting],
    today: date,
) -> tuple[list[Posting], list[Posting], int]:
    """Which postings are new, which get another title or become the main one, how many neither."""
    new: list[Posting] = []
    changed: list[Posting] = []
    same = 0
    for row in rows:
        if not row.employee:
            continue
        employee = employees[row.employee]
        department_id = ids[row.path] if row.path else None
        known = held.get((employee.pk, department_id))
        if known is None:
            new.append(
                Posting(
                    employee=employee,
                    department_id=department_id,
                    title=row.title,
                    is_main=row.is_main,
                    posted_on=today,
                )
            )
        elif _takes_over(known, row):
            changed.append(known)
        else:
            same += 1
    return new, changed, same


def _takes_over(posting: Posting, row: DepartmentRow) -> bool:
    """Carry title and main over; an empty title and no main say nothing. Whether one is new."""
    title, is_main = row.title or posting.title, row.is_main or posting.is_main
    if (title, is_main) == (posting.title, posting.is_main):
        return False
    posting.title, posting.is_main = title, is_main
    return True
