"""Console admins, workplace admins, and where mail about a company goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from groupco import rules
from groupco.choices import Role, Topic
from groupco.models import Admin, Company, Employee, Invitation
from workplace_console.common import messages, prepared, sql


def admin_addresses(company_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The mail addresses of each company's console admins. R: B4."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    admins = Admin.objects.filter(company_id__in=company_ids, user__is_active=True)
    for company_id, address in admins.order_by("pk").values_list("company_id", "user__email"):
        found[company_id].append(address)
    return {company_id: tuple(found[company_id]) for company_id in company_ids}


def owner_addresses(company_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The mail addresses of each company's owners, who decide for it. R: A6, F1."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    owners = Admin.objects.filter(company_id__in=company_ids, role=Role.OWNER, user__is_active=True)
    for company_id, address in owners.order_by("pk").values_list("company_id", "user__email"):
        found[company_id].append(address)
    return {company_id: tuple(found[company_id]) for company_id in company_ids}


# Each page of the console asks this.
ADMIN_OF: Final = f"""
    SELECT {sql.columns(Admin, "admin")}, {sql.columns(Company, "company")}
    FROM groupco_admin AS admin JOIN groupco_company AS company ON company.id = admin.company_id
    WHERE admin.user_id = %(user)s ORDER BY company.name, company.id"""  # noqa: S608


def admin_of(user_id: int) -> list[Admin]:
    """The user as console admin, once for each of their companies, by name. R: A4."""
    found = []
    for row in prepared.rows(ADMIN_OF, user=user_id):
        admin, admin.company = sql.made(row, Admin, Company)
        found.append(admin)
    return found


def admin_of_company(user_id: int, company_id: str) -> bool:
    return Admin.objects.filter(user_id=user_id, company_id=company_id).exists()


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
    SELECT company_id, array_agg(email ORDER BY place) AS addresses FROM (
        SELECT company_id, email, min(place) AS place FROM (
            SELECT admin.company_id, someone.email, ARRAY[1, admin.id] AS place
            FROM groupco_admin AS admin
            JOIN groupco_user AS someone ON someone.id = admin.user_id AND someone.is_active
            UNION ALL
            SELECT company_id, email, ARRAY[2, id] FROM groupco_billingaddress
            WHERE %(topic)s = ANY(topics)
        ) AS one WHERE company_id = ANY({companies}) GROUP BY company_id, email
    ) AS told GROUP BY company_id"""


def told_sql(companies: str) -> str:
    """SQL of company_id and addresses: whom each of an SQL array of companies has told.

    Admins, then the billing addresses that want %(topic)s; each address once. R: B4, E10.
    """
    return TOLD.format(companies=companies)


def told_addresses(company_ids: Collection[str], *, about: Topic) -> dict[str, tuple[str, ...]]:
    """Whom each company has told about a topic, as `told_sql` finds them; one statement."""
    found = dict(
        sql.rows(told_sql("%(companies)s"), companies=list(company_ids), topic=about.value)
    )
    return {company_id: tuple(found.get(company_id, ())) for company_id in company_ids}


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
