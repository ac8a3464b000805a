"""Who signs in, and for whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db.models import Exists

from groupco.models import Company, Employee, User
from groupco.queries.accounts import _accounts_now
from workplace_console.common import prepared, sql

# Who was removed as an admin stands in the audit log alone.
USERS: Final = """
    SELECT user_id FROM groupco_admin WHERE company_id = ANY(%(companies)s)
    UNION
    SELECT user_id FROM groupco_employee
    WHERE company_id = ANY(%(companies)s) AND user_id IS NOT NULL
    UNION
    SELECT (before ->> 'user')::bigint FROM common_auditentry
    WHERE company = ANY(%(companies)s) AND action = 'admin_removed' ORDER BY 1"""


# Each page at a company's host asks this.
EMPLOYEE_OF: Final = f"""
    SELECT {sql.columns(Employee, "employee")}, {sql.columns(Company, "company")}
    FROM groupco_employee AS employee
    JOIN groupco_company AS company ON company.id = employee.company_id
    WHERE employee.user_id = %(user)s AND employee.company_id = %(company)s AND EXISTS (
        SELECT FROM groupco_account AS account
        WHERE account.employee_id = employee.id AND account.registered_on <= %(day)s
            AND (account.excluded_on IS NULL OR account.excluded_on > %(day)s))
    ORDER BY employee.id LIMIT 1"""


def users_of(company_ids: Collection[str]) -> list[int]:
    """Everybody who signs in, or once did, for one of these companies. R: A5."""
    return sql.column(USERS, companies=list(company_ids))


def employee_of(user_id: int, company_id: str, day: date) -> Employee | None:
    """The user as employee of a company, while an account of theirs is registered. R: A2."""
    for row in prepared.rows(EMPLOYEE_OF, user=user_id, company=company_id, day=day):
        employee, employee.company = sql.made(row, Employee, Company)
        return employee  # type: ignore[no-any-return]
    return None


def employers_of(user_id: int, day: date) -> list[Company]:
    """The companies in which the user holds an account."""
    employees = Employee.objects.filter(Exists(_accounts_now(day)), user_id=user_id)
    return list(Company.objects.filter(employees__in=employees).order_by("pk").distinct())


def languages(emails: Collection[str]) -> dict[str, str]:
    """What those of these addresses that sign in read; others are not in the answer. R: H3."""
    known = User.objects.filter(email__in={email.strip().lower() for email in emails})
    read = dict(known.values_list("email", "language"))
    return {email: read[key] for email in emails if (key := email.strip().lower()) in read}


def user(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower()).first()
