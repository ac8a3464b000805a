"""Companies come and their people go."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Q

from groupco import rules
from groupco.choices import Role
from groupco.models import Account, Admin, Company, Employee, Headcount, Payer, TakenId, User
from workplace_console.common import audit
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
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
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


def forget_people(company_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Delete the employees of companies, their accounts and counts; how many of each, by company.

    A user whose last link this was goes too, staff excepted; console admins stay. R: A5, G3.
    """
    counts: dict[str, dict[str, int]] = {company_id: {} for company_id in company_ids}
    if not counts:
        return counts
    users = list(
        Employee.objects.filter(company_id__in=company_ids, user__isnull=False)
        .values_list("user_id", flat=True)
        .distinct()
    )
    for company_id in company_ids:
        for label, rows in (
            ("accounts", Account.objects.filter(company_id=company_id)),
            ("employees", Employee.objects.filter(company_id=company_id)),
            ("headcounts", Headcount.objects.filter(company_id=company_id)),
        ):
            counts[company_id][label] = rows.delete()[0]
    linked = Q(admin_of__isnull=False) | Q(employee_of__isnull=False) | Q(is_staff=True)
    User.objects.filter(pk__in=users).exclude(linked).delete()
    return counts
