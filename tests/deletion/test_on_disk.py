"""What a deletion leaves on disk, and what it leaves when it is killed: nothing more. R: G3.

On a server of their own: a transaction in any other database would hold up the rewriting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg2
import pytest
from django.db import transaction
from django.utils import timezone

from products.models import Deletion
from tests import databases
from tests.companies import BY, paid, trial
from tests.crash.dump import dump
from tests.crash.killed import KILLS, killer, moments, order
from tests.test_deletion import BEGUN, MARK, TODAY, fill, rows_with
from workplace_console import daily, deletion, inventory, rewriting
from workplace_console.common import sql
from workplace_console.common.models import Mail
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

TOMORROW: Final = TODAY + timedelta(days=1)


@pytest.fixture(scope="module")
def undisturbed(migrated_database: str) -> Iterator[str]:
    """A database on a server of its own: a transaction in any other would hold up the rewriting."""
    with databases.a_server_of_our_own(migrated_database) as name:
        yield name


@pytest.fixture
def own(undisturbed: str) -> Iterator[str]:
    """A copy of it, which all queries of the test go to."""
    with databases.copy_of(undisturbed) as name, databases.connected(name):
        yield name


def tables_with(name: str, text: str) -> set[str]:
    """The tables of a database in whose files a text stands, or in those of their indexes, after
    everything is written to disk."""
    sql.changed("CHECKPOINT")
    ((folder, oid),) = sql.rows(
        "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = %(name)s",
        name=name,
    )
    files = (Path(folder) / "base" / str(oid)).iterdir()
    found = [file.name for file in files if text.encode() in bytes_of(file)]
    return set(sql.column(TABLES_OF_FILES, files=[name.split(".")[0] for name in found]))


def bytes_of(file: Path) -> bytes:
    """A file that the server removes meanwhile holds nothing any more."""
    with suppress(FileNotFoundError):
        return file.read_bytes()
    return b""


# A file that is no relation's any more belongs to nobody and goes by itself.
TABLES_OF_FILES: Final = """
    SELECT coalesce(index.indrelid::regclass::text, file.oid::regclass::text, 'none')
    FROM unnest(%(files)s::text[]) AS name
    LEFT JOIN pg_class AS file ON pg_relation_filenode(file.oid)::text = name
    LEFT JOIN pg_index AS index ON index.indexrelid = file.oid"""


def test_after_an_expired_trial_no_dump_and_no_file_holds_what_was_deleted(own: str) -> None:
    trial("gone", on=TODAY - timedelta(days=29))
    paid("stays", on=BEGUN, accounts=2)
    daily.run(until=TODAY)
    for company in ("gone", "stays"):
        fill(company)
    sql.changed("ANALYZE")  # the planner keeps samples of names
    daily.run(until=TOMORROW)
    send_all()
    deletion.sweep(day=TOMORROW)
    assert not rows_with(f"{MARK}-gone")
    assert tables_with(own, f"{MARK}-gone")  # the rows are gone, their bytes are not

    assert rewriting.rewrite_tables()

    assert not tables_with(own, f"{MARK}-gone")
    assert not tables_with(own, f"{MARK}-gone".lower())
    assert tables_with(own, f"{MARK}-stays")  # the search can find
    assert Deletion.objects.get(pk="gone").rewritten_at
    dumped = databases.dump(own)
    assert f"{MARK}-gone" not in dumped
    assert f"{MARK}-stays" in dumped


# The buyer's details on the bill, who reads it, and where mails about it go; and the planner.
READ: Final = {
    *("billing_invoice", "groupco_company", "groupco_user"),
    *("groupco_billingaddress", "common_mail", "pg_statistic"),
}


def test_after_a_termination_files_hold_what_the_bill_needs(own: str) -> None:
    for company in ("gone", "stays"):
        paid(company, on=BEGUN, accounts=2)
    daily.run(until=TODAY)
    for company in ("gone", "stays"):
        fill(company)
    sql.changed("ANALYZE")
    end("gone")
    charges = sql.column("SELECT pg_relation_filenode('billing_daycharge')")

    assert rewriting.rewrite_tables()

    assert tables_with(own, f"{MARK}-gone") <= READ
    assert not tables_with(own, f"{MARK}-gone@p".lower())  # the people's addresses
    assert tables_with(own, f"{MARK}-stays@p".lower())
    assert f"{MARK}-gone@p".lower() not in databases.dump(own)
    # What the law wants kept is not locked and copied each time.
    assert sql.column("SELECT pg_relation_filenode('billing_daycharge')") == charges

    Deletion.objects.update(closed_on=TODAY, marked_on=TODAY.replace(year=2021))
    deletion.end_retention(day=TOMORROW)
    assert rewriting.rewrite_tables()
    assert sql.column("SELECT pg_relation_filenode('billing_daycharge')") != charges
    assert "gone" not in sql.column("SELECT company FROM billing_daycharge")


def test_a_mail_sent_after_the_last_rewriting_asks_for_another(own: str) -> None:
    trial("gone", on=TODAY)
    trial("told", on=TODAY)
    daily.run(until=TODAY)
    end("gone")
    deletion.sweep(day=TODAY + timedelta(days=90))
    assert rewriting.rewrite_tables()

    send_all()
    deletion.sweep(day=TODAY + timedelta(days=90))

    assert not Mail.objects.filter(company="gone").exists()
    assert Deletion.objects.get(pk="gone").rewritten_at is None
    assert rewriting.rewrite_tables()
    assert tables_with(own, "admin@told.example")
    assert not tables_with(own, "admin@gone.example")


def test_somebody_at_work_makes_the_rewriting_wait(
    own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting, "PATIENCE", "20ms")
    trial("gone", on=TODAY - timedelta(days=29))
    daily.run(until=TODAY)
    reader = psycopg2.connect(dbname=own, **databases.address())
    with reader, reader.cursor() as cursor:
        cursor.execute("SELECT name FROM groupco_company")
        daily.run(until=TOMORROW)

        assert not rewriting.rewrite_tables()
        assert Deletion.objects.get(pk="gone").rewritten_at is None

    assert rewriting.rewrite_tables()
    assert rewriting.rewrite_tables()  # nothing is left to be done


def test_who_may_still_see_the_rows_makes_the_rewriting_wait(own: str) -> None:
    """A snapshot taken while the deletion ran: it holds no table, and PostgreSQL the rows."""
    trial("gone", on=TODAY - timedelta(days=29))
    daily.run(until=TODAY)
    reader = psycopg2.connect(dbname=own, **databases.address())
    reader.set_session(isolation_level="REPEATABLE READ")
    with reader, reader.cursor() as cursor:
        with transaction.atomic():
            daily.run(until=TOMORROW)
            cursor.execute("SELECT 1")

        assert not rewriting.rewrite_tables()

    reader.close()
    assert rewriting.rewrite_tables()


def end(company: str) -> None:
    terminate(company_id=company, grace_days=0, today=TODAY, by=BY)
    deletion.sweep(day=TODAY)


def send_all() -> None:
    """The mails are sent; what has no address left stays queued for nobody."""
    Mail.objects.update(state="sent", sent_at=timezone.now())


DUE: Final = TODAY + timedelta(days=2)


@pytest.fixture(scope="module")
def eve(undisturbed: str, django_db_setup, django_db_blocker) -> Iterator[str]:
    """A database in which on one day all there is falls due: a terminated company's data, an
    expired trial's, a console, what the law wanted kept, a mail that is sent at last."""
    with databases.copy_of(undisturbed) as name:
        with django_db_blocker.unblock(), databases.connected(name):
            for company in ("kept", "told"):
                trial(company, on=TODAY)
                end(company)
            deletion.sweep(day=TODAY + timedelta(days=90))
            Deletion.objects.filter(pk="kept").update(marked_on=TODAY.replace(year=2021))
            trial("read", on=TODAY)
            end("read")
            Deletion.objects.filter(pk="read").update(marked_on=DUE - timedelta(days=90))
            send_all()
            trial("brief", on=TODAY - timedelta(days=29))
            for company in ("gone", "stays"):
                paid(company, on=BEGUN, accounts=2)
            daily.run(until=TODAY)
            for company in ("brief", "gone", "stays"):
                fill(company)
            terminate(company_id="gone", grace_days=2, today=TODAY, by=BY)
            daily.run(until=TOMORROW, grace_days=1)
        yield name


def test_a_deletion_that_is_killed_ends_as_one_that_is_not(eve: str) -> None:
    with killer() as process:
        with databases.copy_of(eve) as undisturbed:
            before = dump(undisturbed)
            statements, ended = order(process, "delete", undisturbed, day=DUE)
            expected = dump(undisturbed)
        assert ended == "done"
        assert_much_went(before, expected)

        for statement in moments(statements):
            with databases.copy_of(eve) as database:
                killed = order(process, "delete", database, statement=statement, day=DUE)
                assert killed == (statement, "killed")
                assert order(process, "delete", database, day=DUE)[1] == "done"
                assert dump(database) == expected, f"killed at statement {statement}"


def assert_much_went(before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    """The test would prove little if nothing went; and what is another's may not."""
    for table, rows in before.items():
        assert [row for row in rows if "stays" in row] == [r for r in after[table] if "stays" in r]
    left = {company: rows_of(after, company) for company in ("brief", "gone", "read", "kept")}
    assert left["gone"] >= {"groupco_company", "billing_invoice", "products_deletion"}
    assert "groupco_employee" not in left["gone"]
    kept = {"groupco_takenid", "products_deletion", "common_auditentry"}
    assert left["read"] == kept
    assert left["brief"] == kept | {"common_mail"}  # what it is still owed waits to be sent
    assert left["kept"] == {"groupco_takenid", "products_deletion"}
    assert len(rows_of(before, "gone")) >= len(inventory.tables(inventory.DATA)) - 3
    assert any("told" in row for row in before["common_mail"])
    assert not any("told" in row for row in after["common_mail"])


def rows_of(rows: dict[str, list[str]], company: str) -> set[str]:
    return {table for table, found in rows.items() if any(company in row for row in found)}


def test_a_rewriting_that_is_killed_is_done_by_the_next(eve: str) -> None:
    with killer() as process, databases.copy_of(eve) as deleted:
        assert order(process, "delete", deleted, day=DUE)[1] == "done"
        expected = dump(deleted)
        with databases.copy_of(deleted) as undisturbed:
            statements, ended = order(process, "rewrite", undisturbed, day=DUE)
        assert ended == "done"

        for statement in moments(statements, most=KILLS // 3):
            with databases.copy_of(deleted) as database:
                killed = order(process, "rewrite", database, statement=statement, day=DUE)
                assert killed == (statement, "killed")
                assert order(process, "rewrite", database, day=DUE)[1] == "done"
                assert dump(database) == expected
                with databases.connected(database):
                    assert not Deletion.objects.filter(rewritten_at=None).exists()
                    assert not tables_with(database, f"{MARK}-brief")
