"""Deletions while others are at work, and very many at once. R: G3."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groupco import operations as groups
from groupco import queries
from groupco.choices import Role
from groupco.models import Admin, Company
from products.models import Deletion
from tests import databases
from tests.companies import BY, trial
from tests.groupco.rivals import meets
from tests.test_deletion import TODAY, rows_with
from workplace_console import daily, deletion
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

LEFT = {*("groupco_takenid", "products_deletion", "common_auditentry", "common_mail")}


@pytest.fixture
def due(database: str) -> str:
    """A database in which a trial is over, and its data goes today."""
    with databases.connected(database):
        trial("gone", on=TODAY - timedelta(days=30), accounts=3)
        daily.run(until=TODAY, grace_days=1)
        Deletion.objects.update(due_on=TODAY)
    return database


def sweep() -> None:
    deletion.sweep(day=TODAY)


def invite() -> None:
    groups.invite_admin(
        company_id="gone", email="late@x.example", role=Role.VIEWER, today=TODAY, by=BY
    )


def test_what_is_being_written_is_waited_for_and_goes_too(due: str) -> None:
    assert meets(due, first=invite, second=sweep) == "done"

    with databases.connected(due):
        assert set(rows_with("gone")) == LEFT
        assert not Admin.objects.exists()


def test_who_comes_while_it_is_deleted_is_refused_and_writes_nothing(due: str) -> None:
    assert meets(due, first=sweep, second=invite) == "unknown_company"

    with databases.connected(due):
        assert set(rows_with("gone")) == LEFT


def test_two_sweeps_at_once_delete_once(due: str) -> None:
    assert meets(due, first=sweep, second=sweep) == "done"

    with databases.connected(due):
        (record,) = rows_with("gone")["products_deletion"]
        assert '"groupco_account": 3' in record.replace('""', '"')
        actions = [row for row in rows_with("gone")["common_auditentry"] if "data_deleted" in row]
        assert len(actions) == 1


def test_a_mark_that_is_taken_back_meanwhile_spares_the_company(due: str) -> None:
    """As whoever undoes a termination does: the company first, then the mark."""

    def undo() -> None:
        queries.locked("gone")
        Deletion.objects.filter(pk="gone").delete()

    assert meets(due, first=undo, second=sweep) == "done"

    with databases.connected(due):
        assert Company.objects.filter(pk="gone").exists()
        assert len(rows_with("gone")["groupco_account"]) == 3


def test_many_companies_take_as_many_statements_as_one() -> None:
    counts = []
    for round_, number in enumerate((1, 12)):
        for company in range(number):
            trial(f"c{round_}-{company}", on=TODAY, accounts=1)
            terminate(company_id=f"c{round_}-{company}", grace_days=0, today=TODAY, by=BY)
        with CaptureQueriesContext(
            connection,
        ) as found:
            sweep()
        counts.append(len(found))
        with CaptureQueriesContext(connection) as found:
            deletion.sweep(day=TODAY + timedelta(days=90))
        counts[-1] += len(found)

    assert counts[0] == counts[1]


@pytest.mark.deep
def test_a_thousand_companies_go_in_a_minute() -> None:
    for company in range(1000):
        trial(f"co-{company}", on=TODAY - timedelta(days=29), accounts=20)
    daily.run(until=TODAY)

    daily.run(until=TODAY + timedelta(days=1))

    assert not Company.objects.exists()
    assert Deletion.objects.filter(done_on__isnull=False).count() == 1000
