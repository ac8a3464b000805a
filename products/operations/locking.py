"""The first step of every operation: hold day and company, then read where it stands."""

from __future__ import annotations

from datetime import date

from groupco import queries as groups
from products import queries, rules
from workplace_console.common import jobs


def lock_active(company_id: str, today: date) -> rules.Standing:
    """Hold the day and the company until the transaction ends.

    Raises Refused: day_is_over, not_active.
    """
    jobs.hold_day(today)
    groups.locked(company_id)
    return rules.check_active(queries.standing(company_id, today))
