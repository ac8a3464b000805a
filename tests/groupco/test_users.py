"""Users: who signs in, as employee, admin or staff. R: A2, A5, A6."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.test import RequestFactory

from groupco import operations, queries
from groupco.choices import StaffRole
from groupco.models import Employee, User
from groupco.operations import Person
from products import operations as products
from tests import companies
from tests.companies import BY, NEW_YEAR

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 5)
KIM = "kim@acme.example"


def register(company_id: str = "acme", *, number: str = "7", email: str = KIM) -> Employee:
    products.register_accounts(
        company_id=company_id, persons=[Person(number, "김", email)], today=NEW_YEAR, by=BY
    )
    return Employee.objects.get(company_id=company_id, number=number)


def exclude(employee: Employee, *, on: date) -> None:
    products.exclude_accounts(
        company_id=employee.company_id,
        account_ids=[employee.accounts.get().pk],
        today=on,
        by=BY,
    )


def let_in(email: str = KIM, *, company_id: str = "acme", today: date = DAY) -> User | None:
    return operations.let_employee_in(company_id=company_id, email=email, today=today)


class TestLettingEmployeesIn:
    def test_an_employee_with_an_account_gets_a_user_without_a_password(self) -> None:
        companies.trial()
        employee = register()

        user = let_in(" KIM@acme.example ")

        assert user
        assert (user.email, user.name) == (KIM, "김")
        assert not user.has_usable_password()
        assert queries.employee_of(user.pk, "acme", DAY) == employee

    def test_twice_is_once(self) -> None:
        companies.trial()
        register()
        let_in()

        assert let_in() is None
        assert User.objects.filter(email=KIM).count() == 1

    def test_a_user_of_that_address_is_linked_and_keeps_the_password(self) -> None:
        companies.trial()
        companies.trial("other")
        register()
        known = operations.set_sign_in(email=KIM, password="correct-horse-2026")

        user = let_in()

        assert user == known
        assert user.check_password("correct-horse-2026")
        assert [c.pk for c in queries.employers_of(user.pk, DAY)] == ["acme"]

    def test_others_do_not_get_in(self) -> None:
        companies.trial()
        companies.trial("other")
        register()
        register(number="8", email="")

        assert let_in("lee@acme.example") is None
        assert let_in("") is None
        assert let_in(company_id="other") is None
        assert let_in(company_id="nosuch") is None
        assert not User.objects.filter(email=KIM).exists()

    def test_who_was_excluded_does_not_get_in_from_that_day_on(self) -> None:
        companies.trial()
        exclude(register(), on=DAY)

        assert let_in(today=DAY) is None
        assert not User.objects.filter(email=KIM).exists()


class TestEmployees:
    def test_one_is_employee_while_the_account_is_registered(self) -> None:
        companies.trial()
        employee = register()
        user = let_in()
        assert user
        exclude(employee, on=DAY)

        assert queries.employee_of(user.pk, "acme", DAY - timedelta(days=1)) == employee
        assert queries.employee_of(user.pk, "acme", DAY) is None
        assert queries.employers_of(user.pk, DAY) == []

    def test_one_may_be_employee_of_several_companies(self) -> None:
        for company_id in ("zzz", "acme"):
            companies.trial(company_id)
            register(company_id)
            user = let_in(company_id=company_id)

        assert user
        assert [c.pk for c in queries.employers_of(user.pk, DAY)] == ["acme", "zzz"]
        assert queries.employee_of(user.pk, "other", DAY) is None


def test_whoever_signs_in_is_written_to_in_their_language_nobody_else() -> None:
    """R: H3."""
    companies.trial("acme")
    user = User.objects.get(email="admin@acme.example")
    operations.set_language(user=user, language="en")

    asked = ["Admin@acme.example", "books@acme.example"]

    assert queries.languages(asked) == {"Admin@acme.example": "en"}
    assert queries.languages([]) == {}


class TestStaff:
    def test_any_role_makes_staff(self) -> None:
        both = operations.set_sign_in(
            email="s@console.example", password="x", staff_roles=list(StaffRole)
        )
        none = operations.set_sign_in(email="n@console.example", password="x")

        assert both.is_staff
        assert both.staff_roles == ["billing", "support"]
        assert not none.is_staff

    def test_a_new_password_keeps_the_roles(self) -> None:
        operations.set_sign_in(email="s@console.example", password="x", staff_roles=["support"])

        user = operations.set_sign_in(email=" S@console.example", password="y")

        assert user.staff_roles == ["support"]
        assert user.check_password("y")
        assert User.objects.count() == 1

    def test_only_staff_is_let_into_the_support_site(self) -> None:
        request = RequestFactory().get("/support/")
        for roles, may in (([], False), (["billing"], True)):
            request.user = User(email="s@console.example", staff_roles=roles)
            assert admin.site.has_permission(request) is may
