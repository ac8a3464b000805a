"""The first step of every operation: hold day and company, then read where it stands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from groupco import queries as groups
from products import queries, rules
from workplace_console.common import jobs


def lock_active(company_id: str, today: date) -> rules.Standing:
    """Hold the day and the company until the transaction ends.

    Raises Refused: day_is_over, not_active.
    """
    return rules.check_active(lock_standing(company_id, today))


def lock_open(company_id: str, today: date) -> rules.Standing:
    """As lock_active, for what changes what the day will be billed for.

    Raises Refused: day_is_over, not_active, day_is_billed.
    """
    return rules.check_open(lock_active(company_id, today))


def lock_standing(company_id: str, today: date) -> rules.Standing | None:
    """As lock_active, for a company that may have ended; None when there is no such company.

    Raises Refused: day_is_over.
    """
    jobs.hold_day(today)
    groups.locked(company_id)
    return queries.standing(company_id, today)


def lock_companies(company_ids: Collection[str], today: date) -> None:
    """Hold the day and several companies, always in the same order. Raises Refused: day_is_over."""
    jobs.hold_day(today)
    groups.lock(company_ids)
