"""How many corporate cards are linked to companies."""

from __future__ import annotations

from collections.abc import Collection

from groupco.models import CorporateCards


def corporate_cards(company_ids: Collection[str]) -> dict[str, CorporateCards]:
    """The number of each company's linked corporate cards and the moment it was counted at.

    Companies of which nothing was reported yet are left out. R: F2.
    """
    return CorporateCards.objects.in_bulk(list(company_ids))
