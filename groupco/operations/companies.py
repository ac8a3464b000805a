"""Companies come and their people go."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db import transaction

from groupco import queries, rules
from groupco.models import Company, Payer, TakenId
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


FORGET: Final = """
    WITH gone AS (DELETE FROM {table} WHERE company_id = ANY(%(companies)s) RETURNING company_id)
    SELECT company_id, count(*) FROM gone GROUP BY company_id"""

# Users of these companies' employees who are linked to nothing else.
FORGET_USERS: Final = """
    DELETE FROM groupco_user AS someone WHERE id = ANY(%(users)s) AND staff_roles = '{}'
      AND NOT EXISTS (SELECT FROM groupco_admin WHERE user_id = someone.id)
      AND NOT EXISTS (SELECT FROM groupco_employee WHERE user_id = someone.id)"""


@transaction.atomic
def forget_people(company_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Delete the employees of companies, their accounts and counts; how many of each, by company.

    Invitations and billing addresses go, too, and a user whose last link this was, staff excepted;
    console admins stay. R: A5, G3.
    """
    companies = sorted(company_ids)
    # Whoever is writing about one of them now is waited for, so that nothing is left behind.
    queries.lock(companies)
    counts: dict[str, dict[str, int]] = {
        company_id: {"accounts": 0, "employees": 0} for company_id in company_ids
    }
    users = sql.column(
        """SELECT DISTINCT user_id FROM groupco_employee
           WHERE company_id = ANY(%(companies)s) AND user_id IS NOT NULL""",
        companies=companies,
    )
    for what in ("headcount", "invitation", "billingaddress", "account", "employee"):
        table = f"groupco_{what}"
        for company_id, gone in sql.rows(FORGET.format(table=table), companies=companies):
            if (counted := f"{what}s") in counts[company_id]:
                counts[company_id][counted] = gone
    sql.changed(FORGET_USERS, users=users)
    return counts
