"""Users: one mail address that can sign in, and whom it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Upper
from django.utils import timezone

from groupco import queries
from groupco.models import Account, Device, Employee, RecoveryCode, SecondFactor, Session, User
from workplace_console.common import messages, sql


@transaction.atomic
def set_sign_in(*, email: str, password: str, staff_roles: Sequence[str] = ()) -> User:
    """Give an address, new or known, a password, and roles as support staff. R: A5, A6."""
    user = queries.user(email) or User(email=email.strip().lower())
    user.staff_roles = sorted({*user.staff_roles, *staff_roles})
    user.set_password(password)
    user.save()
    return user


@transaction.atomic
def set_password(*, user: User, password: str, keep: str = "") -> None:
    """A new password; every session ends with it, but the one whose key is kept. R: A5."""
    user.set_password(password)
    user.save(update_fields=["password"])
    Session.objects.filter(user=user.pk).exclude(pk=keep).delete()


def set_profile(*, user: User, name: str, language: str) -> None:
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])


def set_language(*, user: User, language: str) -> None:
    """What the console speaks to this user. R: H3."""
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def link_employee(
    *, company_id: str, number: str, user: User, is_workplace_admin: bool = False
) -> None:
    """Let a user sign in as an employee of a company, by the employee's number. R: A5."""
    Employee.objects.filter(company_id=company_id, number=number).update(
        user=user, email=user.email, is_workplace_admin=is_workplace_admin
    )


@transaction.atomic
def let_employee_in(*, company_id: str, email: str, today: date) -> User | None:
    """The user of an employee with this address and an account today, made now if need be. R: A5.

    None for anybody else. They have no password yet; only who reads the mail can set one.
    """
    email = email.strip().lower()
    if not email or queries.locked(company_id) is None:
        return None
    registered = Account.objects.filter(queries.still_there(today), employee_id=OuterRef("pk"))
    employee = (
        Employee.objects.filter(Exists(registered), company_id=company_id, user=None)
        .filter(person=Upper(Value(email)))
        .order_by("pk")
        .first()
    )
    if employee is None:
        return None
    user, _is_new = User.objects.get_or_create(
        email=email, defaults={"password": make_password(None), "name": employee.name}
    )
    employee.user = user
    employee.save(update_fields=["user"])
    return user


# Who of them is linked to nothing any more. Staff stay.
FORGET_USERS: Final = """
    DELETE FROM groupco_user AS someone WHERE id = ANY(%(users)s) AND staff_roles = '{}'
      AND NOT EXISTS (SELECT FROM groupco_admin WHERE user_id = someone.id)
      AND NOT EXISTS (SELECT FROM groupco_employee WHERE user_id = someone.id)
    RETURNING id, email"""


@transaction.atomic
def forget_users(users: Collection[int]) -> None:
    """Delete those of the users whose last link to a company is gone, what they signed in with, and
    mails that were theirs alone. R: A5."""
    gone = dict(sql.rows(FORGET_USERS, users=list(users)))
    Session.objects.filter(user__in=gone).delete()
    for kept in (Device, SecondFactor, RecoveryCode):
        kept.objects.filter(user__in=gone).delete()
    messages.forget(gone.values())


def forget_sessions() -> None:
    """Delete the sessions that have run out."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
