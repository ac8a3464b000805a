"""Every read of companies, people and accounts that another room needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from groupco import rules
from groupco.choices import Role
from groupco.models import (
    Account,
    Admin,
    BillingAddress,
    Company,
    Employee,
    Headcount,
    Invitation,
    Membership,
    Payer,
    User,
)
from workplace_console.common import messages, sql


def company(company_id: str) -> Company | None:
    return Company.objects.filter(pk=company_id).first()


def locked(company_id: str) -> Company | None:
    """The company, held against other operations until the transaction ends; None if there is none.

    Every operation on a company takes this lock first, so that none waits in a circle.
    """
    companies = Company.objects.select_for_update(of=("self",), no_key=True)
    return companies.filter(pk=company_id).first()


LOCK: Final = """
    SELECT FROM groupco_company WHERE id = ANY(%(companies)s) ORDER BY id FOR NO KEY UPDATE"""


def lock(company_ids: Collection[str]) -> None:
    """Hold several companies as `locked` does, in an order that makes no circle."""
    sql.changed(LOCK, companies=sorted(company_ids))


USERS: Final = """
    SELECT user_id FROM groupco_admin WHERE company_id = ANY(%(companies)s)
    UNION
    SELECT user_id FROM groupco_employee
    WHERE company_id = ANY(%(companies)s) AND user_id IS NOT NULL ORDER BY 1"""


def users_of(company_ids: Collection[str]) -> list[int]:
    """Everybody who signs in for one of these companies. R: A5."""
    return sql.column(USERS, companies=list(company_ids))


def first_sign_up() -> date | None:
    """The day the first company came, or None."""
    first: date | None = sql.column("SELECT min(signed_up_on) FROM groupco_company")[0]
    return first


def admin_addresses(company_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The mail addresses of each company's console admins. R: B4."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    admins = Admin.objects.filter(company_id__in=company_ids, user__is_active=True)
    for company_id, address in admins.order_by("pk").values_list("company_id", "user__email"):
        found[company_id].append(address)
    return {company_id: tuple(found[company_id]) for company_id in company_ids}


def registered(company_id: str, day: date) -> int:
    """Accounts registered now, seen on `day`: one that was excluded that day is gone already."""
    return Account.objects.filter(still_there(day), company_id=company_id).count()


def newest_registered(company_id: str, day: date, *, most: int) -> list[Account]:
    """Registered accounts, those registered last first."""
    accounts = Account.objects.filter(still_there(day), company_id=company_id)
    return list(accounts.order_by("-registered_on", "-pk")[:most])


def counted(company_id: str, day: date) -> int:
    """Accounts that count on a day: every one that was registered at any time of it. R: E4."""
    spans = Headcount.objects.filter(
        company_id=company_id, starts_on__lte=day, ends_on__gte=day
    ).values_list("count", flat=True)
    return next(iter(spans), 0)


def counted_in(company_ids: Collection[str], day: date) -> dict[str, int]:
    """As `counted`, for many companies in one statement; those with nobody are left out."""
    spans = Headcount.objects.filter(
        company_id__in=company_ids, starts_on__lte=day, ends_on__gte=day
    )
    return dict(spans.values_list("company_id", "count"))


def paid_for(payer: str, first: date, last: date) -> list[str]:
    """The companies that a payer pays for on some day of a range, its own included. R: F3."""
    return list(
        Payer.objects.filter(payer_id=payer, starts_on__lte=last, ends_on__gte=first)
        .order_by("company")
        .values_list("company_id", flat=True)
        .distinct()
    )


def still_there(day: date) -> Q:
    return Q(registered_on__lte=day) & (Q(excluded_on=None) | Q(excluded_on__gt=day))


def accounts_now(
    company_id: str, day: date, *, search: str = "", skip: int = 0, most: int | None = None
) -> list[Account]:
    """Registered accounts with their employees, by number; `search` in number, name, address."""
    found = Account.objects.filter(still_there(day), company_id=company_id)
    if search:
        found = found.filter(
            Q(employee__number__icontains=search)
            | Q(employee__name__icontains=search)
            | Q(employee__email__icontains=search)
        )
    found = found.select_related("employee").order_by("employee__number")
    return list(found[skip : None if most is None else skip + most])


def all_accounts(company_id: str) -> list[Account]:
    """Every account a company ever had, with its employee, by number and day."""
    found = Account.objects.filter(company_id=company_id).select_related("employee")
    return list(found.order_by("employee__number", "registered_on"))


def accounts_of(company_id: str, account_ids: Collection[int], day: date) -> list[Account]:
    """Those of these accounts that are the company's and registered, with their employees."""
    found = Account.objects.filter(still_there(day), company_id=company_id, pk__in=account_ids)
    return list(found.select_related("employee").order_by("employee__number"))


def admin_of(user_id: int) -> list[Admin]:
    """The user as console admin, once for each of their companies, by name. R: A4."""
    admins = Admin.objects.filter(user_id=user_id).select_related("company")
    return list(admins.order_by("company__name", "company_id"))


def admin_of_company(user_id: int, company_id: str) -> bool:
    return Admin.objects.filter(user_id=user_id, company_id=company_id).exists()


def employee_of(user_id: int, company_id: str, day: date) -> Employee | None:
    """The user as employee of a company, while an account of theirs is registered. R: A2."""
    employees = Employee.objects.filter(user_id=user_id, company_id=company_id)
    return employees.filter(Exists(_accounts_now(day))).select_related("company").first()


def employers_of(user_id: int, day: date) -> list[Company]:
    """The companies in which the user holds an account."""
    employees = Employee.objects.filter(Exists(_accounts_now(day)), user_id=user_id)
    return list(Company.objects.filter(employees__in=employees).order_by("pk").distinct())


def _accounts_now(day: date) -> QuerySet[Account]:
    return Account.objects.filter(still_there(day), employee_id=OuterRef("pk"))


def user(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower()).first()


def admins(company_id: str) -> list[Admin]:
    """The console admins with their users, in the order in which they came."""
    return list(Admin.objects.filter(company_id=company_id).select_related("user").order_by("pk"))


@dataclass(frozen=True)
class MaskedAdmin:
    """A console admin as somebody may see them who is none. R: A1."""

    email: str
    role: Role


def masked_admins(company_id: str, *, only_owners: bool = False) -> list[MaskedAdmin]:
    return [
        MaskedAdmin(rules.masked(admin.user.email), Role(admin.role))
        for admin in admins(company_id)
        if admin.role == Role.OWNER or not only_owners
    ]


TOLD: Final = """
    SELECT company_id, email FROM (
        SELECT admin.company_id, someone.email, 1 AS kind, admin.id FROM groupco_admin AS admin
        JOIN groupco_user AS someone ON someone.id = admin.user_id AND someone.is_active
        WHERE admin.company_id = ANY(%(companies)s)
        UNION ALL
        SELECT company_id, email, 2, id FROM groupco_billingaddress
        WHERE company_id = ANY(%(companies)s)
    ) AS told ORDER BY company_id, kind, id"""


def told_addresses(company_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Whom each company has told about conversions and bills: admins, then billing addresses.

    R: B4, E10. Each address once; one statement.
    """
    told: dict[str, dict[str, None]] = {company_id: {} for company_id in company_ids}
    for company_id, address in sql.rows(TOLD, companies=list(company_ids)):
        told[company_id][address] = None
    return {company_id: tuple(found) for company_id, found in told.items()}


def workplace_admin_addresses(company_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The mail addresses of each company's workplace admins. R: D3."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    admins = Employee.objects.filter(company_id__in=company_ids, is_workplace_admin=True)
    for company_id, own, address in admins.order_by("pk").values_list(
        "company_id", "email", "user__email"
    ):
        if address or own:
            found[company_id].append(address or own)
    return {company_id: tuple(found[company_id]) for company_id in company_ids}


def memberships(company_ids: Collection[str], day: date) -> dict[str, Membership]:
    """Those of the companies that are in a group and go on to be after `day`. R: F7."""
    found = Membership.objects.filter(
        company_id__in=company_ids, starts_on__lte=day, ends_on__gt=day
    )
    return {membership.company_id: membership for membership in found}


def members(group_id: int, day: date, *, other_than: str) -> list[str]:
    """The other companies that are in a group and go on to be after `day`."""
    found = Membership.objects.filter(group_id=group_id, starts_on__lte=day, ends_on__gt=day)
    others = found.exclude(company_id=other_than).order_by("company_id")
    return list(others.values_list("company_id", flat=True))


def company_names(company_ids: Collection[str]) -> dict[str, str]:
    """The names of companies by id; one that is gone is missing."""
    found = Company.objects.filter(pk__in=company_ids)
    return dict(found.values_list("pk", "name"))


@dataclass(frozen=True)
class Movement:
    """Somebody whose account began on a day, or counts on it for the last time. R: E4, E7."""

    day: date
    has_come: bool
    who: str


def movements(company_id: str, first: date, last: date) -> list[Movement]:
    """Who came and who left in a range of days, in order; by name, else by number. R: E7."""
    found = (
        Account.objects.filter(company_id=company_id)
        .filter(Q(registered_on__range=(first, last)) | Q(excluded_on__range=(first, last)))
        .order_by("pk")
        .values_list("registered_on", "excluded_on", "employee__name", "employee__number")
    )
    moves = [
        Movement(day, has_come, name or number)
        for came, left, name, number in found
        for day, has_come in ((came, True), (left, False))
        if day and first <= day <= last
    ]
    return sorted(moves, key=lambda move: (move.day, not move.has_come))


def people_of(company_id: str) -> dict[int, str]:
    """Who may stand in a company's audit log: its admins, and employees who can act; by user id."""
    acting = Q(admin_of__company=company_id) | Q(
        employee_of__company=company_id, employee_of__is_workplace_admin=True
    )
    users = User.objects.filter(acting).distinct().order_by("email")
    return {pk: name or email for pk, name, email in users.values_list("pk", "name", "email")}


def billing_addresses(company_id: str) -> list[str]:
    """이용 요금 안내 주소, in the order in which they were given. R: E10."""
    found = BillingAddress.objects.filter(company_id=company_id).order_by("pk")
    return list(found.values_list("email", flat=True))


def invitations(company_id: str) -> list[Invitation]:
    """Invitations that nobody has accepted or withdrawn, newest first."""
    return list(Invitation.objects.filter(company_id=company_id).order_by("-invited_on", "-pk"))


def find_invitation(token: str, today: date) -> Invitation | None:
    """The invitation that a link is for; None when it is not ours, was used, or is too old."""
    pk, _colon, nonce = (messages.unsigned(token) or "").partition(":")
    if not pk.isdecimal():
        return None
    found = Invitation.objects.filter(pk=pk, nonce=nonce, expires_on__gte=today)
    return found.select_related("company").first()
