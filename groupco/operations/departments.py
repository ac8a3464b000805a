"""Departments come, are renamed and moved, and go. R: F4."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max

from groupco import queries, rules
from groupco.models import Company, Department
from workplace_console.common import audit
from workplace_console.common.audit import Actor, Change
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def add_department(
    *,
    company_id: str,
    name: str,
    parent_id: int | None = None,
    code: str = "",
    today: date,
    by: Actor,
) -> Department:
    """A new department, last among those beside it.

    Raises Refused: bad_department_name, bad_department_code, no_such_department,
    department_name_taken, department_code_taken.
    """
    _locked(company_id)
    name, code = name.strip(), code.strip()
    rules.check_department(name, code)
    parents = queries.department_parents(company_id)
    rules.check_parent(0, parent_id, parents=parents)
    _check_free(company_id, None, name=name, parent_id=parent_id, code=code)
    department = Department.objects.create(
        company_id=company_id,
        parent_id=parent_id,
        name=name,
        code=code,
        position=next_position(company_id),
    )
    figures = {"department": department.pk, "parent": parent_id}
    audit.record(Change(company_id, "department_added", after=figures), on=today, by=by)
    return department


@transaction.atomic
def change_department(
    *,
    company_id: str,
    department_id: int,
    name: str,
    parent_id: int | None,
    code: str,
    today: date,
    by: Actor,
) -> None:
    """Another name, code or place. Raises Refused: as add_department, department_below_itself."""
    department = _department(company_id, department_id)
    name, code = name.strip(), code.strip()
    rules.check_department(name, code)
    parents = queries.department_parents(company_id)
    rules.check_parent(department_id, parent_id, parents=parents)
    _check_free(company_id, department_id, name=name, parent_id=parent_id, code=code)
    wanted = {"name": name, "parent_id": parent_id, "code": code}
    changed = [field for field, value in wanted.items() if getattr(department, field) != value]
    if not changed:
        return
    before = department.parent_id
    for field in changed:
        setattr(department, field, wanted[field])
    department.save(update_fields=changed)
    # What it is called now may name people, so it isn't repeated here.
    figures = {"department": department_id, "fields": [_FIELDS[field] for field in changed]}
    moved = {"parent": parent_id} if before != parent_id else {}
    was = {"department": department_id} | ({"parent": before} if moved else {})
    audit.record(Change(company_id, "department_changed", was, figures | moved), on=today, by=by)


_FIELDS = {"name": "department_name", "parent_id": "department_parent", "code": "department_code"}


@transaction.atomic
def shift_department(
    *, company_id: str, department_id: int, up: bool, today: date, by: Actor
) -> None:
    """Change places with the one before (or after) it under the same parent; at the end: stay."""
    department = _department(company_id, department_id)
    siblings = [
        sibling
        for sibling in queries.departments(company_id)
        if sibling.parent_id == department.parent_id
    ]
    here = siblings.index(department)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(siblings):
        return
    siblings[here], siblings[there] = siblings[there], siblings[here]
    positions = sorted(sibling.position for sibling in siblings)
    if len(set(positions)) < len(positions):
        positions = list(range(len(positions)))
    for sibling, position in zip(siblings, positions, strict=True):
        sibling.position = position
    Department.objects.bulk_update(siblings, ["position"])
    figures = {"department": department_id}
    audit.record(Change(company_id, "department_shifted", after=figures), on=today, by=by)


@transaction.atomic
def delete_department(*, company_id: str, department_id: int, today: date, by: Actor) -> None:
    """A department goes, once nobody and nothing is in it any more.

    What is left of people who hold no account goes with it. Raises Refused: no_such_department,
    has_departments, has_people.
    """
    department = _department(company_id, department_id)
    rules.check_deletable(
        departments=department.children.count(),
        people=queries.working_in(department_id, today),
    )
    department.delete()
    figures = {"department": department_id}
    audit.record(Change(company_id, "department_deleted", figures), on=today, by=by)


def next_position(company_id: str) -> int:
    """After every department there is; the company is locked."""
    greatest = Department.objects.filter(company_id=company_id).aggregate(last=Max("position"))
    return 0 if greatest["last"] is None else int(greatest["last"]) + 1


def _locked(company_id: str) -> Company:
    company = queries.locked(company_id)
    if company is None:
        raise Company.DoesNotExist(company_id)
    return company


def _department(company_id: str, department_id: int) -> Department:
    """A department of the company, which is locked now."""
    _locked(company_id)
    department = Department.objects.filter(company_id=company_id, pk=department_id).first()
    if department is None:
        raise Refused(
            "no_such_department",
            gettext_noop("없어진 부서입니다. 목록을 다시 확인하세요."),
        )
    return department


def _check_free(
    company_id: str, department_id: int | None, *, name: str, parent_id: int | None, code: str
) -> None:
    """Nobody beside it is called the same, and nobody in the company has the code."""
    others = Department.objects.filter(company_id=company_id)
    if department_id is not None:
        others = others.exclude(pk=department_id)
    if others.filter(parent_id=parent_id, name=name).exists():
        raise Refused(
            "department_name_taken",
            gettext_noop("같은 자리에 이름이 같은 부서가 있습니다. 다른 이름을 적으세요."),
        )
    if code and others.filter(code=code).exists():
        raise Refused(
            "department_code_taken",
            gettext_noop("다른 부서가 쓰는 코드입니다. 다른 코드를 적으세요."),
        )
