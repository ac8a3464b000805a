"""The self-check: silent while all is well, and each thing that must not be is found. R: I5."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.utils import timezone

from billing import operations as billing
from groupco.models import Company
from groupco.operations import set_sign_in
from tests.companies import BY, paid
from tests.pages import people
from workplace_console import daily, self_check, tasks
from workplace_console.common import sql
from workplace_console.common.models import Notice

pytestmark = pytest.mark.django_db

DAY: Final = date(2026, 4, 29)
TODAY: Final = date(2026, 5, 2)

# What breaks one promise each, past the operations; the checks named must find it.
SEEDS: Final[dict[str, tuple[str, str]]] = {
    "a line that went": ("sums", "DELETE FROM billing_invoiceline"),
    "a sum of an invoice": (
        "sums",
        "UPDATE billing_invoice SET supply = supply + 10, total = total + 10",
    ),
    "a day that was left out": ("gaps", "DELETE FROM common_jobrun WHERE day = '2026-05-01'"),
    "a night that never came": ("late_night", "DELETE FROM common_jobrun WHERE day > '2026-04-30'"),
    "a night from the future": ("late_night", "UPDATE common_jobrun SET day = day + 300"),
    "a charge after the end": (
        "after_the_end",
        """INSERT INTO products_deletion (company, reason, marked_on, due_on, counts, marked_at)
           VALUES ('acme', 'terminated', '2026-04-29', '2026-06-01', '{}', now())""",
    ),
    "a deletion that did not come": (
        "not_deleted",
        """INSERT INTO products_deletion (company, reason, marked_on, due_on, counts, marked_at)
           VALUES ('acme', 'terminated', '2026-04-29', '2026-04-29', '{}', now())""",
    ),
    "people after their deletion": (
        "still_there",
        """INSERT INTO products_deletion (company, reason, marked_on, due_on, done_on, counts,
               marked_at)
           VALUES ('acme', 'terminated', '2026-05-01', '2026-05-01', '2026-05-01', '{}', now())""",
    ),
    "a record that is kept too long": (
        "kept_too_long",
        """INSERT INTO products_deletion (company, reason, marked_on, due_on, done_on, closed_on,
               counts, marked_at)
           VALUES ('old', 'terminated', '2021-04-01', '2021-04-01', '2021-04-01', '2021-08-01',
               '{}', now())""",
    ),
    "a charge of nobody": (
        "orphans",
        """INSERT INTO billing_daycharge SELECT day, 'nobody', item, plan, cycle, quantity,
               unit_price, payer, period_from, period_to FROM billing_daycharge LIMIT 1""",
    ),
    "an id that could be handed out": ("id_not_taken", "DELETE FROM groupco_takenid"),
    "a company without a trial": ("no_trial", "DELETE FROM products_trial"),
    "a company without an owner": ("no_owner", "UPDATE groupco_admin SET role = 'viewer'"),
    "a count that is wrong": ("headcount", "UPDATE groupco_headcount SET count = count + 1"),
    "an account that was not counted": (
        "headcount",
        "UPDATE groupco_account SET excluded_on = '2026-05-01'",
    ),
    "a mail that waits": (
        "waiting_mail",
        """UPDATE common_mail SET state = 'queued', sent_at = NULL,
               created_at = now() - interval '2 days'""",
    ),
    "a company that stands parked": (
        "parked",
        """INSERT INTO common_parked (job, day, company, reason, detail, since, tried_at)
           VALUES ('charge', '2026-05-01', 'acme', 'error', '', now() - '2 days'::interval,
               now())""",
    ),
    "an audit log that sleeps": (
        "asleep",
        "ALTER TABLE common_auditentry DISABLE TRIGGER append_only",
    ),
    "a record of accesses without its trigger": (
        "asleep",
        "DROP TRIGGER append_only ON common_access",
    ),
    "a table that nobody knows": ("unlisted", "CREATE TABLE forgotten (name text)"),
    "a migration that was not applied": (
        "migrations",
        "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)",
    ),
    "a secret that no key opens": (
        "secrets",
        "UPDATE billing_paymentmethod SET sealed_key = 'x' WHERE sealed_key <> ''",
    ),
    "an access that is too old": (
        "old_accesses",
        """INSERT INTO common_access (at, "on", company, actor, page, way, reason)
           VALUES (now(), '2024-04-30', 'acme', 'user:1', 'accounts', 'looked', '')""",
    ),
    "a constraint that is not valid": (
        "unsound",
        "ALTER TABLE groupco_company ADD CONSTRAINT never CHECK (name <> '') NOT VALID",
    ),
    "a charge that is wrong": ("books", "UPDATE billing_daycharge SET quantity = quantity + 1"),
    "a charge that is missing": ("books", "DELETE FROM billing_daycharge WHERE day = '2026-05-01'"),
    "a refund beyond the payment": (
        "refunds",
        """INSERT INTO billing_refund (number, payment_id, payer, amount, "left", "on", sequence,
               reason, created_at)
           SELECT 'r' || n, number, payer, amount, amount, '2026-05-02', n, '', now()
           FROM billing_payment CROSS JOIN generate_series(1, 2) AS n""",
    ),
}


@pytest.fixture(autouse=True)
def _sound(settings: Any) -> None:
    """A company that has a bill, a card, a transfer, and nothing amiss."""
    settings.CONSOLE_TODAY = TODAY
    paid("acme", on=DAY, accounts=3)
    billing.register_card(
        company_id="acme", billing_key="k", brand="x", last_four="4242", today=DAY, by=BY
    )
    daily.run(until=TODAY)
    billing.record_transfer(payer="acme", amount=100, received_on=TODAY, today=TODAY, by=BY)
    sql.changed("UPDATE common_mail SET state = 'sent', sent_at = %(now)s", now=timezone.now())
    sql.changed("SET CONSTRAINTS ALL IMMEDIATE")


def test_while_all_is_well_nothing_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert self_check.run(today=TODAY) == []
    call_command("self_check")
    assert capsys.readouterr().out == "모두 맞습니다.\n"


@pytest.mark.parametrize("seed", SEEDS)
def test_what_must_not_be_is_found(seed: str) -> None:
    check, statement = SEEDS[seed]

    sql.changed(statement)

    assert check in {finding.check for finding in self_check.run(today=TODAY)}


def test_every_check_has_a_seed() -> None:
    checks = {check.name for check in (*self_check.CHECKS, self_check.BOOKS)}
    assert checks - {seed for seed, _statement in SEEDS.values()} == {"register"}


def test_a_register_that_knows_better_is_found(settings: Any, tmp_path: Any) -> None:
    settings.DELETION_REGISTER = tmp_path / "register"
    line = (
        '{"company": "acme", "reason": "terminated", "marked_on": "2026-05-01",'
        ' "due_on": "2026-05-01", "done_on": "2026-05-01", "closed_on": null}'
    )
    settings.DELETION_REGISTER.write_text(f"{line}\n{line[:40]}\n")

    found = self_check.run(today=TODAY, with_books=False)

    assert [(f.check, f.company, f.where) for f in found] == [
        ("register", "", "line 2"),
        ("register", "acme", "deleted before"),
    ]


def test_a_finding_is_a_line_and_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    Company.objects.create(id="lone", name="x", signed_up_on=TODAY)

    with pytest.raises(SystemExit) as ended:
        call_command("self_check")

    assert ended.value.code == 1
    assert "[id_not_taken] 회사 id가 쓰인 id에 없습니다: lone\n" in capsys.readouterr().out


def test_the_night_tells_staff_once(settings: Any) -> None:
    assert tasks.check_itself() == 0
    assert not Notice.objects.filter(kind="unsound").exists()

    sql.changed("DELETE FROM groupco_takenid")
    sql.changed("DELETE FROM products_trial")
    assert [tasks.check_itself(), tasks.check_itself()] == [2, 2]

    told = Notice.objects.get(kind="unsound")
    assert told.audience == Notice.Audience.STAFF
    assert told.figures == {"found": 2, "checks": "id_not_taken, no_trial"}

    settings.CONSOLE_TODAY = TODAY + timedelta(days=1)
    assert tasks.check_itself() == 0, "the night is not done yet"


def test_staff_see_it() -> None:
    staff = set_sign_in(email="staff@console.example", password="", staff_roles=["support"])
    client = people.signed_in(staff)
    assert "모두 맞습니다" in client.get("/support/self-check/").content.decode()

    sql.changed("DELETE FROM groupco_takenid")

    page = client.get("/support/self-check/").content.decode()
    assert "회사 id가 쓰인 id에 없습니다" in page
    assert "acme" in page
    assert client.post("/support/self-check/").status_code == 405
