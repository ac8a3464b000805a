"""Which companies belong together, and who pays for whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet

from groupco.models import Membership, Payer
from workplace_console.common import days, sql


def paid_for(payer: str, first: date, last: date) -> list[str]:
    """The companies that a payer pays for on some day of a range, its own included. R: F3."""
    return list(
        Payer.objects.filter(payer_id=payer, starts_on__lte=last, ends_on__gte=first)
        .order_by("company")
        .values_list("company_id", flat=True)
        .distinct()
    )


def memberships(company_ids: Collection[str], day: date) -> dict[str, Membership]:
    """Those of the companies that are in a group the day after `day`, as what. R: F7.

    What begins today holds the day after, too; what ends today no longer counts, and a new
    representative does from the day it was agreed to (R: F9).
    """
    found = _staying(day).filter(company_id__in=company_ids)
    return {membership.company_id: membership for membership in found}


def grouped(company_ids: Collection[str], day: date) -> set[str]:
    """Those of the companies that are in a group on a day, or will be. R: F7, F9."""
    found = Membership.objects.filter(company_id__in=company_ids, ends_on__gte=day)
    return set(found.values_list("company_id", flat=True))


def members(group_id: int, day: date, *, other_than: str) -> list[str]:
    """The other companies that are in a group the day after `day`."""
    others = _staying(day).filter(group_id=group_id).exclude(company_id=other_than)
    return list(others.order_by("company_id").values_list("company_id", flat=True))


@dataclass(frozen=True)
class PaidCompany:
    """Another company that a payer pays for, or once did.

    `stays`: whether the payer represents a group the day after, and the company is in it.
    """

    id: str
    name: str
    stays: bool


PAID_COMPANIES: Final = """
    SELECT company.id, company.name, EXISTS (
        SELECT FROM groupco_membership AS own
        JOIN groupco_membership AS other ON other.group_id = own.group_id
        WHERE own.company_id = %(payer)s AND own.is_representative
          AND %(day)s + 1 BETWEEN own.starts_on AND own.ends_on
          AND other.company_id = company.id
          AND %(day)s + 1 BETWEEN other.starts_on AND other.ends_on)
    FROM groupco_company AS company
    WHERE company.id <> %(payer)s
      AND company.id IN (SELECT company_id FROM groupco_payer WHERE payer_id = %(payer)s)
    ORDER BY company.id"""


def paid_companies(payer: str, day: date) -> list[PaidCompany]:
    """The other companies that a payer pays for or paid for; one statement. R: F3, F7.

    Whoever is in a group is paid for by its representative, so none of those who stay is missing.
    """
    return [PaidCompany(*row) for row in sql.rows(PAID_COMPANIES, payer=payer, day=day)]


@dataclass(frozen=True)
class ChartGroup:
    """The group whose chart a company is in: which 저장 its arrangement is, and who may save.

    `represents`: whether the company represents it from tomorrow on, and so arranges it. R: F8.
    """

    id: int
    order_version: int
    scope_version: int
    represents: bool


CHART_GROUP: Final = """
    SELECT of.id, of.order_version, of.scope_version, EXISTS (
        SELECT FROM groupco_membership AS next
        WHERE next.company_id = mine.company_id AND next.group_id = mine.group_id
          AND next.is_representative AND %(day)s + 1 BETWEEN next.starts_on AND next.ends_on)
    FROM groupco_membership AS mine JOIN groupco_group AS of ON of.id = mine.group_id
    WHERE mine.company_id = %(company)s AND %(day)s BETWEEN mine.starts_on AND mine.ends_on"""


def chart_group(company_id: str, day: date) -> ChartGroup | None:
    """The group that a company is in on a day, as far as its chart goes. R: F4, F6."""
    rows = sql.rows(CHART_GROUP, company=company_id, day=day)
    return ChartGroup(*rows[0]) if rows else None


def companies_of_groups(group_ids: Collection[int], day: date) -> dict[int, list[tuple[str, bool]]]:
    """The companies of each group on a day, and whether they represent it; those first."""
    found = Membership.objects.filter(
        group_id__in=group_ids, starts_on__lte=day, ends_on__gte=day
    ).order_by("-is_representative", "company_id")
    groups: dict[int, list[tuple[str, bool]]] = {}
    for group_id, company, leads in found.values_list(
        "group_id", "company_id", "is_representative"
    ):
        groups.setdefault(group_id, []).append((company, leads))
    return groups


def _staying(day: date) -> QuerySet[Membership]:
    day_after = day + days.ONE_DAY
    return Membership.objects.filter(starts_on__lte=day_after, ends_on__gte=day_after)


@dataclass(frozen=True)
class GroupMember:
    """A company of a group, as it is on a day. R: F2.

    `accounts` count on the day; `cards` were linked at `cards_as_of`, both None when nothing was
    reported yet. `last_day` is set when it leaves; `since` is the first day of its latest stay.
    """

    id: str
    name: str
    is_representative: bool
    since: date
    last_day: date | None
    accounts: int
    payer: str
    cards: int | None
    cards_as_of: datetime | None


# An adjoining row of the same company is the same stay: its part changed, not that it was there.
GROUP: Final = """
    SELECT company.id, company.name, member.is_representative,
           (SELECT max(began.starts_on) FROM groupco_membership AS began
            WHERE began.group_id = member.group_id AND began.company_id = member.company_id
              AND began.starts_on <= %(day)s
              AND NOT EXISTS (SELECT FROM groupco_membership AS before
                              WHERE before.group_id = began.group_id
                                AND before.company_id = began.company_id
                                AND before.ends_on = began.starts_on - 1)),
           CASE WHEN member.ends_on < %(open_end)s AND next.company_id IS NULL
                THEN member.ends_on END,
           coalesce(headcount.count, 0), coalesce(payer.payer_id, company.id),
           cards.count, cards.as_of
    FROM groupco_membership AS mine
    JOIN groupco_membership AS member ON member.group_id = mine.group_id
     AND %(day)s BETWEEN member.starts_on AND member.ends_on
    LEFT JOIN groupco_membership AS next ON next.group_id = member.group_id
     AND next.company_id = member.company_id AND next.starts_on = member.ends_on + 1
    JOIN groupco_company AS company ON company.id = member.company_id
    LEFT JOIN groupco_headcount AS headcount ON headcount.company_id = company.id
     AND %(day)s BETWEEN headcount.starts_on AND headcount.ends_on
    LEFT JOIN groupco_payer AS payer ON payer.company_id = company.id
     AND %(day)s BETWEEN payer.starts_on AND payer.ends_on
    LEFT JOIN groupco_corporatecards AS cards ON cards.company_id = company.id
    WHERE mine.company_id = %(company)s AND %(day)s BETWEEN mine.starts_on AND mine.ends_on
    ORDER BY member.is_representative DESC, 4, company.id"""


def group_of(company_id: str, day: date) -> list[GroupMember]:
    """The companies that are one group with this one on a day, the representative first.

    None: it is in no group. One statement. R: F2.
    """
    rows = sql.rows(GROUP, company=company_id, day=day, open_end=days.OPEN_END)
    return [GroupMember(*row) for row in rows]
