"""Users: one mail address that can sign in, and whom it belongs to."""

from __future__ import annotations

from django.db import transaction

from groupco.models import Employee, User


@transaction.atomic
def set_sign_in(*, email: str, password: str, is_staff: bool = False) -> User:
    """Give an address, new or known, a password. R: A5."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        return User.objects.create_user(email, password, is_staff=is_staff)
    user.is_staff = user.is_staff or is_staff
    user.set_password(password)
    user.save(update_fields=["is_staff", "password"])
    return user


@transaction.atomic
def link_employee(
    *, company_id: str, number: str, user: User, is_workplace_admin: bool = False
) -> None:
    """Let a user sign in as an employee of a company, by the employee's number. R: A5."""
    Employee.objects.filter(company_id=company_id, number=number).update(
        user=user, email=user.email, is_workplace_admin=is_workplace_admin
    )
