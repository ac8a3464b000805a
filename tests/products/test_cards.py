"""How many corporate cards are linked to a company, and when they were counted. R: F2."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from groupco import queries
from products import operations
from tests.companies import BY, NEW_YEAR, trial
from tests.products.refused import refused
from workplace_console.common.clock import SEOUL
from workplace_console.common.models import AuditEntry

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 1, 1, 12, tzinfo=SEOUL)


def report(count: int, as_of: datetime = NOON) -> None:
    operations.report_cards(company_id="acme", count=count, as_of=as_of, today=NEW_YEAR, by=BY)


def test_the_last_report_stands_with_its_moment() -> None:
    trial("acme")
    trial("other")

    report(7)
    report(0, NOON + timedelta(minutes=1))

    cards = queries.corporate_cards(["acme", "other"])
    assert {company: (c.count, c.as_of) for company, c in cards.items()} == {
        "acme": (0, NOON + timedelta(minutes=1))
    }
    last = AuditEntry.objects.filter(action="cards_reported").latest("pk")
    assert (last.before or {})["cards"] == 7
    assert (last.after or {})["cards"] == 0


def test_an_old_number_never_replaces_a_newer_one() -> None:
    trial("acme")
    report(7)

    with refused("newer_known"):
        report(6, NOON - timedelta(seconds=1))
    report(8)

    assert queries.corporate_cards(["acme"])["acme"].count == 8


def test_nobody_counts_on_a_day_to_come() -> None:
    trial("acme")
    report(1, datetime(2026, 1, 1, 23, 59, 59, tzinfo=SEOUL))

    with refused("as_of_in_future"):
        report(2, datetime(2026, 1, 2, tzinfo=SEOUL))


def test_nothing_is_taken_of_a_company_whose_trial_is_over() -> None:
    trial("acme", trial_days=1)

    with refused("not_active"):
        operations.report_cards(
            company_id="acme", count=1, as_of=NOON, today=NEW_YEAR + timedelta(days=1), by=BY
        )
