"""Companies come and their people go."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from groupco import rules
from groupco.choices import Role
from groupco.models import Admin, Company, Payer, TakenId, User
from workplace_console.common import audit, sql
from workplace_console.common.audit import Actor, Change
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def create_company(
    *, company_id: str, name: str, business_number: str = "", today: date, by: Actor
) -> Company:
    """A new company, paying for itself. R: A3.

    Raises Refused: bad_company_id, reserved_company_id, company_id_taken, bad_business_number,
    bad_company_name.
    """
    rules.check_company_id(company_id)
    name = name.strip()
    rules.check_company_name(name)
    digits = rules.business_number(business_number) if business_number else ""
    _taken, is_new = TakenId.objects.get_or_create(id=company_id)
    if not is_new:
        raise Refused(
            "company_id_taken",
            gettext_noop("{company_id}은(는) 이미 쓰인 id입니다. 다른 id를 고르세요."),
            company_id=company_id,
        )
    company = Company.objects.create(
        id=company_id, name=name, business_number=digits, signed_up_on=today
    )
    Payer.objects.create(company=company, payer=company, starts_on=today)
    audit.record(
        Change(company_id, "company_created", after={"signed_up_on": today}), on=today, by=by
    )
    return company


@transaction.atomic
def add_admin(*, company_id: str, email: str, role: Role, today: date, by: Actor) -> Admin:
    """Make a user, new or known, a console admin of a company; their role if one already. R: A5."""
    email = email.strip().lower()
    user, _is_new = User.objects.get_or_create(
        email=email, defaults={"password": make_password(None)}
    )
    admin, is_new = Admin.objects.get_or_create(
        user=user, company_id=company_id, defaults={"role": role}
    )
    before = None if is_new else {"role": admin.role}
    if admin.role != role:
        admin.role = role
        admin.save(update_fields=["role"])
    if is_new or before != {"role": role}:
        audit.record(
            Change(company_id, "admin_set", before, {"user": user.pk, "role": role}),
            on=today,
            by=by,
        )
    return admin


FORGET: Final = """
    WITH gone AS (DELETE FROM {table} WHERE company_id = ANY(%(companies)s) RETURNING company_id)
    SELECT company_id, count(*) FROM gone GROUP BY company_id"""

# Users of these companies' employees who are linked to nothing else.
FORGET_USERS: Final = """
    DELETE FROM groupco_user AS someone WHERE id = ANY(%(users)s) AND NOT is_staff
      AND NOT EXISTS (SELECT FROM groupco_admin WHERE user_id = someone.id)
      AND NOT EXISTS (SELECT FROM groupco_employee WHERE user_id = someone.id)"""


@transaction.atomic
def forget_people(company_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Delete the employees of companies, their accounts and counts; how many of each, by company.

    A user whose last link this was goes too, staff excepted; console admins stay. R: A5, G3.
    """
    counts: dict[str, dict[str, int]] = {
        company_id: {"accounts": 0, "employees": 0} for company_id in company_ids
    }
    companies = list(company_ids)
    users = sql.column(
        """SELECT DISTINCT user_id FROM groupco_employee
           WHERE company_id = ANY(%(companies)s) AND user_id IS NOT NULL""",
        companies=companies,
    )
    for what in ("headcount", "account", "employee"):
        table = f"groupco_{what}"
        for company_id, gone in sql.rows(FORGET.format(table=table), companies=companies):
            if what != "headcount":
                counts[company_id][f"{what}s"] = gone
    sql.changed(FORGET_USERS, users=users)
    return counts
