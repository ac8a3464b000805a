"""Who holds an account, and who came and went."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import OuterRef, Q, QuerySet

from groupco.models import Account, Employee, Headcount
from workplace_console.common import prepared, sql
from workplace_console.common.sorting import ordered_sql


def registered(company_id: str, day: date) -> int:
    """Accounts registered now, seen on `day`: one that was excluded that day is gone already."""
    return Account.objects.filter(still_there(day), company_id=company_id).count()


def newest_registered(company_id: str, day: date, *, most: int) -> list[Account]:
    """Registered accounts, those registered last first."""
    accounts = Account.objects.filter(still_there(day), company_id=company_id)
    return list(accounts.order_by("-registered_on", "-pk")[:most])


COUNTED: Final = """
    SELECT count FROM groupco_headcount
    WHERE company_id = %(company)s AND %(day)s BETWEEN starts_on AND ends_on"""


def counted(company_id: str, day: date) -> int:
    """Accounts that count on a day: every one that was registered at any time of it. R: E4."""
    found = prepared.rows(COUNTED, company=company_id, day=day)
    return found[0][0] if found else 0


def counted_in(company_ids: Collection[str], day: date) -> dict[str, int]:
    """As `counted`, for many companies in one statement; those with nobody are left out."""
    spans = Headcount.objects.filter(
        company_id__in=company_ids, starts_on__lte=day, ends_on__gte=day
    )
    return dict(spans.values_list("company_id", "count"))


def still_there(day: date) -> Q:
    return Q(registered_on__lte=day) & (Q(excluded_on=None) | Q(excluded_on__gt=day))


# What a list of accounts can be sorted by; the number tells those apart that are alike.
ACCOUNT_SORTS: Final = {
    "number": ("number",),
    "name": ("name", "number"),
    "email": ("email", "number"),
    "registered_on": ("registered_on", "number"),
}
ACCOUNTS_NOW: Final = f"""
    SELECT {sql.columns(Account, "account")}, {sql.columns(Employee, "employee")}
    FROM groupco_account AS account
    JOIN groupco_employee AS employee ON employee.id = account.employee_id
    WHERE account.company_id = %(company)s AND registered_on <= %(day)s
      AND (excluded_on IS NULL OR excluded_on > %(day)s) AND number > %(after)s"""  # noqa: S608
SEARCHED: Final = """
      AND strpos(upper(concat_ws(chr(10), number, name, email)), upper(%(search)s)) > 0"""


def accounts_now(
    company_id: str,
    day: date,
    *,
    search: str = "",
    after: str = "",
    sort: str = "number",
    skip: int = 0,
    most: int | None = None,
) -> list[Account]:
    """Registered accounts with their employees; `search` in number, name, address, `after` a
    number; `sort` is one of ACCOUNT_SORTS, from the end with a - before it."""
    found = []
    for row in prepared.rows(
        f"""{ACCOUNTS_NOW}{SEARCHED if search else ""}
            ORDER BY {ordered_sql(ACCOUNT_SORTS, sort)} OFFSET %(skip)s LIMIT %(most)s""",
        **{"search": search} if search else {},
        company=company_id,
        day=day,
        after=after,
        skip=skip,
        most=most,
    ):
        account, account.employee = sql.made(row, Account, Employee)
        found.append(account)
    return found


def all_accounts(company_id: str) -> list[Account]:
    """Every account a company ever had, with its employee, by number and day."""
    found = Account.objects.filter(company_id=company_id).select_related("employee")
    return list(found.order_by("employee__number", "registered_on"))


def accounts_of(company_id: str, account_ids: Collection[int], day: date) -> list[Account]:
    """Those of these accounts that are the company's and registered, with their employees."""
    found = Account.objects.filter(still_there(day), company_id=company_id, pk__in=account_ids)
    return list(found.select_related("employee").order_by("employee__number"))


def _accounts_now(day: date) -> QuerySet[Account]:
    return Account.objects.filter(still_there(day), employee_id=OuterRef("pk"))


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


# Each kind by itself: in one condition they would be looked for among all users there are.
PEOPLE: Final = """
    SELECT acting.id, coalesce(nullif(acting.name, ''), acting.email)
    FROM groupco_user AS acting
    WHERE acting.id IN (
        SELECT user_id FROM groupco_admin WHERE company_id = %(company)s
        UNION
        SELECT user_id FROM groupco_employee
        WHERE company_id = %(company)s AND is_workplace_admin AND user_id IS NOT NULL)
    ORDER BY acting.email"""


def people_of(company_id: str) -> dict[int, str]:
    """Who may stand in a company's audit log: its admins, and employees who can act; by user id."""
    return dict(prepared.rows(PEOPLE, company=company_id))
