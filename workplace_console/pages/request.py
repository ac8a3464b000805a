"""What the guard puts on a request before a view sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest

from groupco.choices import Role
from groupco.models import Admin, Company, Employee, User
from products.rules import Standing
from workplace_console.common.audit import Actor


class GuardedRequest(HttpRequest):
    """Any request to a declared address."""

    # The company whose own host was called; None at the console.
    company_of_host: str | None
    today: date
    by: Actor
    # Why people's data is taken away, where the page has asked.
    reason: str
    # The address of that name at this host, for this company.
    link: Callable[..., str]
    # Whether who asks may POST to the address of that name.
    may: Callable[[str], bool]


class SignedInRequest(GuardedRequest):
    user: User


class CompanyRequest(SignedInRequest):
    """About one company that is the user's: as console admin, or at its own host as employee."""

    company: Company
    standing: Standing
    base_template: str
    shows_won: bool


class ConsoleRequest(CompanyRequest):
    """Of a console admin, at one of the console's addresses of their company."""

    role: Role
    admin: Admin
    # Unread notices, where a page has counted them already.
    unread: int | None
    # The same user at every company of theirs, this one included.
    admin_of: list[Admin]


class HostRequest(CompanyRequest):
    """Of an employee, at their company's own host."""

    employee: Employee
