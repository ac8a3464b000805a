"""The audit log is added to, and nothing else; only the law's deletion removes. R: G3, H2."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction
from psycopg2.errors import InsufficientPrivilege

from products.models import Deletion
from tests.companies import NEW_YEAR, trial
from workplace_console import inventory
from workplace_console.common import sql
from workplace_console.common.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _entries() -> None:
    trial("acme")
    trial("other")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE common_auditentry SET actor = 'nobody'",
        "UPDATE common_auditentry SET actor = 'nobody' WHERE false",
        "DELETE FROM common_auditentry",
        "DELETE FROM common_auditentry WHERE company = 'acme'",
        "TRUNCATE common_auditentry",
        """INSERT INTO common_auditentry SELECT * FROM common_auditentry
           ON CONFLICT (id) DO UPDATE SET actor = 'nobody'""",
    ],
)
def test_the_database_refuses_whatever_is_not_adding(statement: str) -> None:
    before = list(AuditEntry.objects.order_by("pk").values())

    with pytest.raises(ProgrammingError) as no, transaction.atomic():
        sql.changed(statement)

    assert isinstance(no.value.__cause__, InsufficientPrivilege)
    assert list(AuditEntry.objects.order_by("pk").values()) == before


def test_not_even_the_setting_lets_anybody_change_an_entry() -> None:
    sql.changed("SET LOCAL console.removes = 'by law'")
    with pytest.raises(ProgrammingError), transaction.atomic():
        sql.changed("UPDATE common_auditentry SET actor = 'nobody'")


def test_what_looks_like_replication_is_refused_too() -> None:
    sql.changed("SET LOCAL session_replication_role = 'replica'")
    with pytest.raises(ProgrammingError), transaction.atomic():
        sql.changed("DELETE FROM common_auditentry")


class TestByLaw:
    def test_entries_go_with_their_company_and_those_of_the_contract_stay(self) -> None:
        Deletion.objects.create(
            company="acme", reason="terminated", marked_on=NEW_YEAR, due_on=NEW_YEAR
        )
        others = AuditEntry.objects.filter(company="other").count()

        inventory.delete(inventory.DATA, ["acme"])

        left = set(AuditEntry.objects.filter(company="acme").values_list("action", flat=True))
        assert left == {"company_created", "trial_started"}
        inventory.delete(inventory.LEGAL, ["acme"])
        assert not AuditEntry.objects.filter(company="acme").exists()
        assert AuditEntry.objects.filter(company="other").count() == others

    def test_entries_of_a_company_that_is_not_to_be_deleted_stay(self) -> None:
        before = AuditEntry.objects.count()

        inventory.delete(inventory.LEGAL, ["acme", "other"])

        assert AuditEntry.objects.count() == before

    def test_the_way_is_shut_again_when_it_has_been_used(self) -> None:
        sql.column("SELECT forget_audit_entries(ARRAY['acme'], ARRAY[]::text[])")

        with pytest.raises(ProgrammingError), transaction.atomic():
            sql.changed("DELETE FROM common_auditentry")
