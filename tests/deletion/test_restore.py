"""A drill: a backup, companies end, a restore; whoever was deleted stays deleted. R: G3."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from billing.models import Invoice
from groupco.models import Admin, Company, Employee, TakenId
from products import operations as products
from products import queries
from products.choices import Cycle, Plan
from products.models import Deletion, Price
from tests import databases
from tests.companies import BY, paid, trial
from tests.crash.dump import dump
from workplace_console import backups, daily, deletion, register, restoring, self_check
from workplace_console.common.refusal import Refused
from workplace_console.management.command import BadInput
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

BEGUN: Final = date(2026, 4, 20)
BACKED_UP: Final = date(2026, 4, 28)
ENDED: Final = date(2026, 5, 2)
TODAY: Final = date(2026, 5, 4)


@dataclass(frozen=True)
class Taken:
    """A backup, and the register of deletions as it was when the database was lost."""

    file: Path
    register: str


@pytest.fixture(scope="module")
def taken(
    migrated_database: str,
    django_db_setup: None,
    django_db_blocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Taken:
    """Taken on 28 April. Since then a paying company was terminated, a trial ran out and one that
    came later did too; another converted, and one took its termination back."""
    folder = tmp_path_factory.mktemp("backup")
    with (
        django_db_blocker.unblock(),
        override_settings(DELETION_REGISTER=folder / "deletions", CONSOLE_TODAY=TODAY),
        databases.copy_of(migrated_database) as name,
        databases.connected(name),
    ):
        live_until_the_backup()
        call_command("backup", str(folder))
        live_on()
        register.keep()
    (file,) = folder.glob("*.dump")
    return Taken(file, (folder / "deletions").read_text())


def live_until_the_backup() -> None:
    paid("stays", on=BEGUN, accounts=2)
    paid("ended", on=BEGUN, accounts=3)
    paid("undone", on=BEGUN, accounts=1)
    trial("expired", on=BEGUN, accounts=2, trial_days=10)
    trial("converted", on=BEGUN, accounts=2, trial_days=10)
    daily.run(until=BACKED_UP)
    terminate(company_id="undone", grace_days=5, today=BACKED_UP, by=BY)


def live_on() -> None:
    day = {"today": BACKED_UP, "by": BY}
    products.undo_termination(company_id="undone", **day)
    products.reserve(
        company_id="converted",
        plan=Plan.WORKPLACE,
        cycle=Cycle.MONTHLY,
        start=BACKED_UP + timedelta(days=1),
        **day,
    )
    trial("brief", on=BACKED_UP, accounts=1, trial_days=2)
    products.register_new_persons(company_id="ended", count=4, **day)
    daily.run(until=ENDED)
    terminate(company_id="ended", grace_days=0, today=ENDED, by=BY)
    daily.run(until=TODAY)
    deletion.sweep(day=TODAY)


@pytest.fixture
def register_at(tmp_path: Path, settings) -> Path:
    settings.DELETION_REGISTER = tmp_path / "deletions.jsonl"
    settings.CONSOLE_TODAY = TODAY
    return settings.DELETION_REGISTER


@pytest.fixture
def backup(taken: Taken, register_at: Path, tmp_path: Path) -> Path:
    register_at.write_text(taken.register)
    return Path(shutil.copy(taken.file, tmp_path))


@pytest.fixture
def own(migrated_database: str) -> Iterator[str]:
    with databases.copy_of(migrated_database) as name, databases.connected(name):
        yield name


@contextmanager
def restored(file: Path) -> Iterator[str]:
    with databases.copy_of(None) as name, databases.connected(name):
        call_command("restore", str(file))
        yield name


def test_deleted_companies_stay_deleted_and_nobody_else_goes(
    backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(register.read().entries) == {"ended", "expired", "brief"}

    with restored(backup):
        assert capsys.readouterr().out.splitlines()[-4:] == [
            "다시 삭제한 회사: expired, ended",
            "삭제를 미룬 회사(전환, 연장이나 해지 취소가 백업에 없습니다): converted, undone",
            "마지막 청구서를 다시 만들지 못한 회사: 없음",
            "모두 맞습니다.",
        ]
        assert set(Employee.objects.values_list("company", flat=True)) == {
            *("stays", "undone", "converted"),
        }
        assert not Company.objects.filter(pk="expired").exists()
        assert not Admin.objects.filter(company="expired").exists()
        done = Deletion.objects.filter(done_on__isnull=False)
        assert set(done.values_list("company", flat=True)) == {"ended", "expired"}
        # What the law wants is there, and the last bill was made again on its day.
        assert Invoice.objects.filter(payer="ended", issued_on=ENDED).exists()
        # An id that the backup never knew is not handed out again.
        assert TakenId.objects.filter(pk="brief").exists()
        daily.run(until=TODAY)
        deletion.sweep(day=TODAY)
        assert Employee.objects.filter(company="converted").count() == 2
        assert queries.standing("converted", TODAY).trial_ends_on > TODAY
        assert self_check.run(today=TODAY) == []


def test_a_restore_that_is_begun_again_finds_nothing_left_to_do(backup: Path) -> None:
    from workplace_console import restoring

    with restored(backup) as name:
        before = dump(name)
        report = restoring.reapply(register.read().entries, today=TODAY, by=BY)
        after = dump(name)

        assert report.spared == report.unbilled == []
        assert after == before


def test_without_the_register_nothing_is_restored(backup: Path, register_at: Path) -> None:
    register_at.unlink()
    with databases.copy_of(None) as name, databases.connected(name):
        with pytest.raises(BadInput, match="삭제 대장이 없습니다"):
            call_command("restore", str(backup))
        assert dump(name) == {}


def test_a_register_that_is_damaged_stops_the_restore(backup: Path, register_at: Path) -> None:
    lines = register_at.read_text().splitlines()
    register_at.write_text("\n".join([lines[0], lines[1][:30]]))
    with (
        databases.copy_of(None) as name,
        databases.connected(name),
        pytest.raises(BadInput, match="2번째 줄을 읽을 수 없습니다"),
    ):
        call_command("restore", str(backup))


def test_a_backup_that_is_damaged_leaves_the_database_empty(backup: Path) -> None:
    content = backup.read_bytes()
    backup.write_bytes(content[: len(content) // 2])
    with databases.copy_of(None) as name, databases.connected(name):
        with pytest.raises(BadInput, match="pg_restore: "):
            call_command("restore", str(backup))
        assert dump(name) == {}


def test_a_database_that_holds_something_is_not_restored_into(own: str, backup: Path) -> None:
    with pytest.raises(BadInput, match="비어 있지 않습니다"):
        call_command("restore", str(backup))


def test_a_backup_that_fails_leaves_no_file(
    own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")

    with pytest.raises(Refused, match="pg_dump: "):
        backups.take(tmp_path, at=datetime(2026, 5, 4))  # noqa: DTZ001

    assert list(tmp_path.iterdir()) == []


class TestTheRegister:
    def test_a_line_is_written_once_and_again_when_more_is_gone(
        self, own: str, register_at: Path
    ) -> None:
        trial("gone", on=BEGUN, accounts=1)
        terminate(company_id="gone", grace_days=0, today=BEGUN, by=BY)
        deletion.sweep(day=BEGUN)

        assert [register.keep(), register.keep()] == [1, 0]
        assert register.read().entries["gone"].closed_on is None
        deletion.sweep(day=BEGUN + timedelta(days=90))
        assert register.keep() == 1
        assert register.read().entries["gone"].closed_on == BEGUN + timedelta(days=90)
        assert len(register_at.read_text().splitlines()) == 2
        assert register_at.stat().st_mode & 0o077 == 0

    def test_a_line_that_was_torn_does_not_spoil_the_next(
        self, own: str, register_at: Path
    ) -> None:
        register_at.write_text('{"company": "half')
        trial("gone", on=BEGUN, trial_days=1)
        daily.run(until=BEGUN + timedelta(days=2))

        register.keep()

        assert set(register.read().entries) == {"gone"}
        assert register.read().unreadable == [1]


def test_a_machine_without_the_programs_says_so(
    settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.RELAXED = False
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PG_BIN", raising=False)

    with pytest.raises(Refused) as no:
        backups.take(tmp_path, at=datetime(2026, 5, 4))  # noqa: DTZ001

    assert no.value.code == "no_program"


def test_the_register_makes_its_folder_and_is_written_line_by_line(
    db: None, settings: Any, tmp_path: Path
) -> None:
    """Handles are given back: a worker writes for months."""
    settings.DELETION_REGISTER = tmp_path / "new" / "folder" / "deletions"
    before = handles()
    for company in ("one", "two"):
        deleted(company)
        assert register.keep() == 1

    assert set(register.read().entries) == {"one", "two"}
    assert handles() <= before  # others may have been given back meanwhile


def test_lines_that_are_none_of_ours_are_told_by_number(settings: Any, tmp_path: Path) -> None:
    settings.DELETION_REGISTER = tmp_path / "deletions"
    settings.DELETION_REGISTER.write_text('5\n[]\n"company"\n{}\n{"company": "x"}\nnull\n')

    assert register.read().unreadable == [1, 2, 3, 4, 5, 6]
    assert register.read().entries == {}


def deleted(company: str) -> None:
    reason, day = Deletion.Reason.TERMINATED, BEGUN
    Deletion.objects.create(company=company, reason=reason, marked_on=day, due_on=day, done_on=day)


def handles() -> int:
    """How many files this process holds open, where the system tells."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def test_without_a_register_nothing_is_kept(db: None, settings: Any) -> None:
    settings.DELETION_REGISTER = os.devnull
    deleted("one")

    assert [register.keep(), register.keep()] == [1, 1]
    assert register.read().entries == {}


def test_who_can_t_be_billed_again_is_deleted_all_the_same_and_named(db: None) -> None:
    """Its days can't be charged again as they were; who restores has to look at its last bill."""
    paid("unpriced", on=BEGUN, accounts=2)
    trial("tried", on=BEGUN, accounts=1)
    daily.run(until=BACKED_UP)
    Price.objects.all().delete()
    entries = {
        company: register.Entry(company, reason, ENDED, ENDED, ENDED, None)
        for company, reason in (("unpriced", "terminated"), ("tried", "trial_expired"))
    }

    report = restoring.reapply(entries, today=TODAY, by=BY)

    assert report.unbilled == ["unpriced"]
    assert sorted(report.deleted) == ["tried", "unpriced"]
    assert not Employee.objects.exists()
    assert {mark.company for mark in Deletion.objects.exclude(done_on=None)} == set(entries)

    again = restoring.reapply(entries, today=TODAY, by=BY)
    assert (again.unbilled, again.spared) == ([], [])
