"""Every read of companies, people and accounts that another room needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Q

from groupco.models import Account, Admin, Company, Headcount, Payer
from workplace_console.common import sql


def company(company_id: str) -> Company | None:
    return Company.objects.filter(pk=company_id).first()


def locked(company_id: str) -> Company | None:
    """The company, held against other operations until the transaction ends; None if there is none.

    Every operation on a company takes this lock first, so that none waits in a circle.
    """
    companies = Company.objects.select_for_update(of=("self",), no_key=True)
    return companies.filter(pk=company_id).first()


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
