"""The first step of every operation: lock the company, then read where it stands."""

from __future__ import annotations

from datetime import date

from groupco import queries as groups
from products import queries, rules


def lock_active(company_id: str, today: date) -> rules.Standing:
    """Hold a company until the transaction ends; raises Refused: not_active."""
    groups.locked(company_id)
    return rules.check_active(queries.standing(company_id, today))
