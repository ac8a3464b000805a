"""Companies come together only while they are in use; how they do is groupco's. R: F1, F3."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from groupco import operations as groups
from products import queries, rules
from products.operations.locking import lock_companies
from workplace_console.common.audit import Actor


@transaction.atomic
def form_group(*, company_id: str, members: Sequence[str], today: date, by: Actor) -> None:
    """From today on the company represents a group with these members, and pays for them. R: F1.

    Raises Refused: day_is_over, not_active, day_is_billed, not_paid, already_grouped.
    """
    everyone = [company_id, *members]
    lock_companies(everyone, today)
    standings = queries.standings(everyone, today)
    rules.check_paid(_open(standings.get(company_id)))
    groups.check_ungrouped(everyone, today=today)
    for member in members:
        _open(standings.get(member))
    groups.form_group(representative=company_id, members=members, today=today, by=by)


@transaction.atomic
def join_group(*, company_id: str, representative: str, today: date, by: Actor) -> None:
    """From today on the company is in the group of this representative, who pays. R: F3.

    Raises Refused: day_is_over, not_active, day_is_billed, already_grouped, not_a_representative.
    """
    lock_companies([company_id, representative], today)
    standings = queries.standings([company_id], today)
    _open(standings.get(company_id))
    groups.check_ungrouped([company_id], today=today)
    groups.join_group(company_id=company_id, representative=representative, today=today, by=by)


def _open(standing: rules.Standing | None) -> rules.Standing:
    """Who pays can't change on a day that has its final bill. R: G3."""
    return rules.check_open(rules.check_active(standing))
