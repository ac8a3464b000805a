"""Companies by id, and the lock that every operation takes first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from groupco.choices import Topic
from groupco.models import BillingAddress, Company, TakenId
from workplace_console.common import sql


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


def first_sign_up() -> date | None:
    """The day the first company came, or None."""
    first: date | None = sql.column("SELECT min(signed_up_on) FROM groupco_company")[0]
    return first


# Spread by a hash of the id: the same on every machine, and about as many in each.
SHARE: Final = """
    SELECT id FROM groupco_company
    WHERE (hashtext(id)::bigint & 2147483647) %% %(of)s = %(number)s ORDER BY id"""


def share(number: int, of: int) -> list[str]:
    """The ids of one of so many shares of all companies, counted from 0."""
    return sql.column(SHARE, number=number, of=of)


def company_names(company_ids: Collection[str]) -> dict[str, str]:
    """The names of companies by id; one that is gone is missing."""
    found = Company.objects.filter(pk__in=company_ids)
    return dict(found.values_list("pk", "name"))


def gone(company_ids: Collection[str]) -> set[str]:
    """Those that were companies once and are none any more. R: A3."""
    taken = TakenId.objects.filter(pk__in=company_ids)
    return set(taken.values_list("pk", flat=True)) - company_names(company_ids).keys()


def billing_addresses(company_id: str) -> list[str]:
    """이용 요금 안내 주소, in the order in which they were given. R: E10."""
    return list(topics_of_addresses(company_id))


def topics_of_addresses(company_id: str) -> dict[str, frozenset[Topic]]:
    """What each 이용 요금 안내 주소 is mailed about, in the order in which they were given."""
    found = BillingAddress.objects.filter(company_id=company_id).order_by("pk")
    return {row.email: frozenset(map(Topic, row.topics)) for row in found}
