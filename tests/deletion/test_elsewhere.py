"""What lies outside of the company's own rows goes too: mails in files, messages, users, sessions.
R: A5, G3."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings as configured
from django.utils import timezone
from redis import Redis

from groupco import operations as groups
from groupco.choices import Role
from groupco.models import Admin, Device, Payer, Session, User
from products import operations as products
from tests.companies import BY, paid, trial
from tests.pages import people
from tests.test_deletion import BEGUN, MARK, TODAY, fill, rows_with
from workplace_console import daily, deletion, inventory, password_reset
from workplace_console.celery import app
from workplace_console.common import mail, mailbox
from workplace_console.common.models import Mail
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

TOMORROW: Final = TODAY + timedelta(days=1)


class TestTheMailbox:
    """The files of the demo."""

    @pytest.fixture
    def folder(self, tmp_path: Path, settings: Any) -> Path:
        settings.EMAIL_BACKEND = "workplace_console.common.mailbox.EmailBackend"
        settings.EMAIL_FILE_PATH = tmp_path / "mail"
        return tmp_path / "mail"

    def files_with(self, folder: Path, text: str) -> set[str]:
        """The kinds of the mails that hold it."""
        return {
            letter.kind for letter in mailbox.letters() if text in letter.path.read_text("utf-8")
        }

    def test_goes_with_the_data_but_for_what_is_still_told(self, folder: Path) -> None:
        for company in ("gone", "stays"):
            paid(company, on=BEGUN, accounts=2)
        daily.run(until=TODAY)
        for company in ("gone", "stays"):
            fill(company)
        terminate(company_id="gone", grace_days=0, today=TODAY, by=BY)
        mail.send_due()
        guests = f"{MARK}-gone@guest".lower()
        assert self.files_with(folder, guests) == {"admin_invited"}

        deletion.sweep(day=TODAY)
        mail.send_due()
        deletion.sweep(day=TODAY)

        assert not self.files_with(folder, guests)
        assert self.files_with(folder, f"{MARK}-stays@guest".lower()) == {"admin_invited"}
        left = self.files_with(folder, "admin@gone.example")
        assert {"terminated", "data_deleted"} <= left <= set(inventory.STILL_TOLD)

    def test_goes_whole_with_an_expired_trial(self, folder: Path) -> None:
        trial("gone", on=TODAY - timedelta(days=29))
        daily.run(until=TODAY)
        fill("gone")
        mail.send_due()
        daily.run(until=TOMORROW)
        mail.send_due()
        assert self.files_with(folder, "gone.example")

        deletion.sweep(day=TOMORROW)

        # What told a person of their own sign-in is about no company, and goes after a day.
        assert {letter.company for letter in mailbox.letters()} <= {""}

    def test_a_link_for_a_person_goes_after_a_day(self, folder: Path) -> None:
        trial("gone", on=TODAY)
        password_reset.send(email="admin@gone.example", company_id=None, today=TODAY)
        Mail.objects.exclude(kind="password_reset").delete()
        mail.send_due()
        deletion.sweep(day=TODAY)
        (letter,) = mailbox.letters()
        assert letter.company == ""

        yesterday = f"{timezone.localtime() - timedelta(days=1, seconds=9):%Y%m%d-%H%M%S}"
        letter.path.rename(folder / f"{yesterday}.-.password_reset.0.eml")
        deletion.sweep(day=TODAY)

        assert not mailbox.letters()


@pytest.fixture
def broker() -> Iterator[Redis]:
    """The tests' own Valkey, emptied afterwards."""
    with Redis.from_url(configured.CELERY_BROKER_URL) as broker:
        yield broker
        broker.flushall()


def test_messages_in_the_queue_name_no_company(broker: Redis) -> None:
    trial("gone", on=TODAY - timedelta(days=29))
    daily.run(until=TODAY)
    fill("gone")
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"])

    kept = b"\n".join([key + everything_under(broker, key) for key in broker.scan_iter()])

    assert b"workplace_console.tasks.delete_data" in kept  # the search can find
    assert b"gone" not in kept
    assert MARK.encode() not in kept


def everything_under(broker: Redis, key: bytes) -> bytes:
    """A key's whole value, whatever its type."""
    read = {
        b"list": lambda: broker.lrange(key, 0, -1),
        b"set": lambda: sorted(broker.smembers(key)),
        b"hash": lambda: [part for pair in broker.hgetall(key).items() for part in pair],
        b"zset": lambda: broker.zrange(key, 0, -1),
        b"string": lambda: [broker.get(key)],
    }
    return b"\n".join(read[broker.type(key)]())


class TestUsers:
    def test_an_admin_who_was_removed_long_before_goes_too(self) -> None:
        trial("gone", on=TODAY)
        former = people.admin("gone", Role.VIEWER, today=TODAY, email="former@gone.example")
        groups.remove_admin(
            company_id="gone", admin_id=Admin.objects.get(user=former).pk, today=TODAY, by=BY
        )

        end("gone")

        assert not User.objects.filter(pk=former.pk).exists()

    def test_mails_about_nobody_but_them_go_with_them(self) -> None:
        trial("gone", on=TODAY - timedelta(days=29))
        trial("stays", on=TODAY)
        daily.run(until=TODAY)
        for company in ("gone", "stays"):
            password_reset.send(email=f"admin@{company}.example", company_id=None, today=TODAY)

        daily.run(until=TOMORROW)

        resets = Mail.objects.filter(kind="password_reset")
        assert [mail.recipients for mail in resets] == [["admin@stays.example"]]

    def test_a_reset_asked_for_at_the_company_s_host_goes_with_the_company(self) -> None:
        """Also of somebody who stays, since another company is theirs as well."""
        trial("gone", on=TODAY)
        trial("stays", on=TODAY)
        user = people.employee("gone", today=TODAY)
        groups.add_admin(company_id="stays", email=user.email, role=Role.VIEWER, today=TODAY, by=BY)
        password_reset.send(email=user.email, company_id="gone", today=TODAY)
        assert rows_with("gone.localhost")

        end("gone")

        assert User.objects.filter(pk=user.pk).exists()
        assert not rows_with("gone.localhost")

    def test_sessions_at_the_company_s_host_go_and_no_others(self, settings: Any) -> None:
        settings.COMPANY_DOMAIN = "workplace.example"
        trial("gone", on=TODAY)
        trial("stays", on=TODAY)
        user = people.employee("gone", today=TODAY)
        people.signed_in(user, host="gone.workplace.example")
        people.signed_in(user, host="Gone.workplace.example:8000")
        # The console may be called as a company is, at another domain.
        admin = people.admin("stays", Role.VIEWER, today=TODAY, email="viewer@stays.example")
        people.signed_in(admin, host="gone.console.example")

        end("gone")

        assert [session.host for session in Session.objects.all()] == ["gone.console.example"]

    def test_sessions_that_have_run_out_are_swept(self) -> None:
        trial("stays", on=TODAY)
        people.signed_in(people.admin("stays", today=TODAY, email="o@stays.example"))
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

        deletion.sweep(day=TODAY)

        assert not Session.objects.exists()


def test_a_browser_that_was_not_used_for_half_a_year_is_forgotten() -> None:
    """R: A5. Whoever comes back with it is told of a new one."""
    trial("stays", on=TODAY)
    user = people.admin("stays", today=TODAY, email="o@stays.example")
    long_ago = timezone.now() - groups.DEVICE_KNOWN_FOR
    for key, off in (("old", -timedelta(minutes=1)), ("known", timedelta(minutes=1))):
        Device.objects.create(user=user, key=key, place=key, seen_at=long_ago + off)

    deletion.sweep(day=TODAY)

    assert [device.key for device in Device.objects.all()] == ["known"]


def test_what_was_written_after_the_data_went_goes_with_the_console() -> None:
    """Console admins read on for a while; nothing that they are told or do then is left behind."""
    trial("gone", on=TODAY)
    terminate(company_id="gone", grace_days=0, today=TODAY, by=BY)
    deletion.sweep(day=TODAY)
    groups.invite_admin(
        company_id="gone", email="late@x.example", role=Role.VIEWER, today=TODAY, by=BY
    )

    deletion.sweep(day=TODAY + timedelta(days=90))
    Mail.objects.update(state="sent", sent_at=timezone.now())
    deletion.sweep(day=TODAY + timedelta(days=90))

    assert set(rows_with("gone")) == {
        *("groupco_takenid", "products_deletion", "common_auditentry"),
    }
    assert not rows_with("late@x.example")


def test_a_former_representative_goes_and_its_members_stay_as_they_were() -> None:
    """R: F7. But for the days on which it paid for them: its id can't stand there without it."""
    for company in ("lead", "member"):
        paid(company, on=BEGUN, accounts=2)
    products.form_group(company_id="lead", members=["member"], today=BEGUN, by=BY)
    daily.run(until=date(2026, 4, 2))
    terminate(company_id="member", grace_days=9, today=date(2026, 4, 2), by=BY)
    fill("lead")
    end("lead")
    before = rows_with("member")
    assert "groupco_payer" in before

    deletion.close(["lead"], day=TOMORROW)  # as when its bills are settled

    after = rows_with("member")
    assert [row for row in before.pop("groupco_payer") if "lead" not in row] == after.pop(
        "groupco_payer"
    )
    gone = set(before["groupco_membership"]) - set(after.pop("groupco_membership"))
    assert all("lead" in row or "member" in row for row in gone)
    before.pop("groupco_membership")
    assert {table: [r for r in rows if "lead" not in r] for table, rows in before.items()} == {
        table: [r for r in rows if "lead" not in r] for table, rows in after.items()
    }
    assert not Payer.objects.filter(payer="lead").exists()


def end(company: str) -> None:
    """Terminated, its data and its console deleted."""
    terminate(company_id=company, grace_days=0, today=TODAY, by=BY)
    deletion.sweep(day=TODAY)
    if company != "lead":
        deletion.sweep(day=TODAY + timedelta(days=90))
