"""Who works where: in departments of the company, or of another one of its group. R: F4."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from groupco import queries, rules
from groupco.models import Department, Employee, Posting
from workplace_console.common import audit
from workplace_console.common.audit import Actor, Change
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def post_employee(
    *,
    company_id: str,
    employee_id: int,
    department_id: int | None,
    title: str = "",
    is_main: bool = False,
    today: date,
    by: Actor,
) -> Posting:
    """Post an employee to a department; without one, directly below their own company.

    Either the employee or the department is the company's, the other of its group at most. Said
    again, title and main change. Raises Refused: no_such_employee, no_such_department,
    outside_group, bad_title.
    """
    title = title.strip()
    rules.check_title(title)
    queries.locked(company_id)
    employee, department = _both(company_id, employee_id, department_id, today)
    if is_main:
        Posting.objects.filter(employee=employee, is_main=True).update(is_main=False)
    posting, is_new = Posting.objects.get_or_create(
        employee=employee,
        department=department,
        defaults={"title": title, "is_main": is_main, "posted_on": today},
    )
    if not is_new:
        posting.title, posting.is_main = title, is_main
        posting.save(update_fields=["title", "is_main"])
    _record(posting, "posting_set", today=today, by=by)
    return posting


@transaction.atomic
def end_posting(*, company_id: str, posting_id: int, today: date, by: Actor) -> None:
    """An employee works there no more; a posting that is gone already is none.

    Of the company's employees, or in its departments.
    """
    queries.locked(company_id)
    posting = queries.posting(company_id, posting_id)
    if posting is None:
        return
    _record(posting, "posting_ended", today=today, by=by)
    posting.delete()


def _both(
    company_id: str, employee_id: int, department_id: int | None, today: date
) -> tuple[Employee, Department | None]:
    """Who is posted where, if the company may say so."""
    within = queries.group_companies(company_id, today)
    employee = Employee.objects.filter(pk=employee_id, company_id__in=within).first()
    if employee is None:
        raise Refused("no_such_employee", gettext_noop("그런 사원이 없습니다. 사번을 확인하세요."))
    if department_id is None:
        _check_one_is_own(company_id, employee.company_id)
        return employee, None
    department = Department.objects.filter(pk=department_id, company_id__in=within).first()
    if department is None:
        raise Refused(
            "no_such_department",
            gettext_noop("없어진 부서입니다. 목록을 다시 확인하세요."),
        )
    _check_one_is_own(company_id, employee.company_id, department.company_id)
    return employee, department


def _check_one_is_own(company_id: str, *companies: str) -> None:
    if company_id not in companies:
        raise Refused(
            "outside_group",
            gettext_noop(
                "다른 회사의 사원은 우리 회사 부서에만 배치할 수 있습니다. 부서를 고르세요."
            ),
        )


def _record(posting: Posting, action: str, *, today: date, by: Actor) -> None:
    """With both companies, when they are two."""
    figures = {
        "employee": posting.employee_id,
        "department": posting.department_id,
        "is_main": int(posting.is_main),
    }
    companies = {posting.employee.company_id}
    if posting.department is not None:
        companies.add(posting.department.company_id)
    ended = action == "posting_ended"
    audit.record(
        *(
            Change(id, action, figures if ended else None, None if ended else figures)
            for id in sorted(companies)
        ),
        on=today,
        by=by,
    )
