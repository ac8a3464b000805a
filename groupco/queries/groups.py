"""Which companies belong together, and who pays for whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from groupco.models import Membership, Payer


def paid_for(payer: str, first: date, last: date) -> list[str]:
    """The companies that a payer pays for on some day of a range, its own included. R: F3."""
    return list(
        Payer.objects.filter(payer_id=payer, starts_on__lte=last, ends_on__gte=first)
        .order_by("company")
        .values_list("company_id", flat=True)
        .distinct()
    )


def memberships(company_ids: Collection[str], day: date) -> dict[str, Membership]:
    """Those of the companies that are in a group and go on to be after `day`. R: F7."""
    found = Membership.objects.filter(
        company_id__in=company_ids, starts_on__lte=day, ends_on__gt=day
    )
    return {membership.company_id: membership for membership in found}


def grouped(company_ids: Collection[str], day: date) -> set[str]:
    """Those of the companies that are in a group on a day, or will be. R: F7, F9."""
    found = Membership.objects.filter(company_id__in=company_ids, ends_on__gte=day)
    return set(found.values_list("company_id", flat=True))


def members(group_id: int, day: date, *, other_than: str) -> list[str]:
    """The other companies that are in a group and go on to be after `day`."""
    found = Membership.objects.filter(group_id=group_id, starts_on__lte=day, ends_on__gt=day)
    others = found.exclude(company_id=other_than).order_by("company_id")
    return list(others.values_list("company_id", flat=True))
