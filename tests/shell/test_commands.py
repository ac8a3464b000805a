"""Commands as an operator types them: what is wrong costs one clear line and exit 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, get_commands

from groupco.models import Company
from tests import companies, databases
from tests.example import ANSWER, EXAMPLE
from workplace_console.common.models import JobRun
from workplace_console.management.command import BadInput, ConsoleCommand
from workplace_console.simulation import play
from workplace_console.simulation.database import own_database
from workplace_console.simulation.scenario import Malformed, read

OURS = sorted(name for name, app in get_commands().items() if app == "workplace_console")


def run(*arguments: str, database: str, stdin: str | None = None) -> tuple[int, str, str]:
    done = databases.manage(*arguments, database=database, today="2026-01-01", stdin=stdin)
    return done.returncode, done.stdout, done.stderr


class TestSimulate:
    def test_the_example_of_its_contract_answers_exactly_as_printed(self, database: str) -> None:
        status, said, _errors = run("simulate", "-", database=database, stdin=json.dumps(EXAMPLE))

        assert status == 0
        assert json.loads(said) == ANSWER

    def test_answers_line_by_line_and_keeps_nothing(self, database: str) -> None:
        lines = [json.dumps(EXAMPLE), '{"start": 1}', "", json.dumps(EXAMPLE), "no json"]

        status, said, errors = run(
            "simulate", "--lines", "-", database=database, stdin="\n".join(lines)
        )

        assert status == 0, errors
        answers = [json.loads(line) for line in said.splitlines()]
        assert answers[0] == answers[3] == ANSWER
        assert answers[1]["error"].startswith("until: ")
        assert "JSON" in answers[2]["error"]
        assert "JSON" in answers[4]["error"]
        assert run("show_invoices", "acme", database=database)[0] == 2

    def test_a_table_for_people(self, database: str) -> None:
        _status, said, _errors = run(
            "simulate", "--table", "-", database=database, stdin=json.dumps(EXAMPLE)
        )

        assert "19,354원" in said
        assert "21,289원" in said
        assert "522 GB" in said

    def test_a_scenario_that_is_malformed_costs_one_line_and_exit_2(self, database: str) -> None:
        status, said, errors = run("simulate", "-", database=database, stdin='{"start": "x"}')

        assert (status, said) == (2, "")
        assert len(errors.splitlines()) == 1


def changed(path: str, value: Any) -> dict[str, Any]:
    """The example with one value changed, added or (for a deletion) left out."""
    scenario = json.loads(json.dumps(EXAMPLE))
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    place = scenario
    for step in steps:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return scenario


GONE = object()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("start", GONE, "start: "),
        ("start", 5, "start: "),
        ("start", "2026-13-01", "start: "),
        ("start", "20260101", "start: "),
        ("start", "0001-01-01", "start: "),
        ("until", "9999-12-31", "until: "),
        ("until", "2026-01-01", "until: "),
        ("until", "2999-12-31", "until: "),
        ("colour", 1, "colour: "),
        ("prices", {}, "prices: "),
        ("prices/0/item", "seats", "prices[0].item: "),
        ("prices/0/item", ["seat"], "prices[0].item: "),
        ("prices/0/plan", GONE, "prices[0].plan: "),
        ("prices/0/cycle", None, "prices[0].cycle: "),
        ("prices/0/unit_price", -1, "prices[0].unit_price: "),
        ("prices/0/unit_price", 1.5, "prices[0].unit_price: "),
        ("prices/0/unit_price", True, "prices[0].unit_price: "),
        ("prices/0/unit_price", 10**30, "prices[0].unit_price: "),
        ("prices/1/plan", "workplace", "prices[1].plan: "),
        ("prices/1", EXAMPLE["prices"][0], "prices[1]: "),
        ("prices/0/from", "2026-01-25", "prices: "),
        ("companies/0/id", "Acme", "companies[0].id: "),
        ("companies/0/id", "www", "companies[0].id: "),
        ("companies/0/on", "2026-02-11", "companies[0].on: "),
        ("companies/0/accounts", -1, "companies[0].accounts: "),
        ("companies/0/accounts", "10", "companies[0].accounts: "),
        ("companies/0/trial_days", 0, "companies[0].trial_days: "),
        ("companies/0/trial_days", 10**9, "companies[0].trial_days: "),
        ("companies/0/name", "x", "companies[0].name: "),
        ("companies", [{"id": "acme"}, {"id": "acme"}], "companies[1]: "),
        ("events/0", [], "events[0]: "),
        ("events/0/on", "2025-12-31", "events[0].on: "),
        ("events/0/on", "2026-02-11", "events[0].on: "),
        ("events/0/company", "other", "events[0].company: "),
        ("events/0/do", "dance", "events[0].do: "),
        ("events/0/do", {}, "events[0].do: "),
        ("events/0/plan", "gold", "events[0].plan: "),
        ("events/0/start", GONE, "events[0].start: "),
        ("events/0/count", 1, "events[0].count: "),
        (
            "events/0",
            {"on": "2026-01-02", "company": "acme", "do": "register_accounts", "count": 0},
            "events[0].count: ",
        ),
        (
            "events/0",
            {"on": "2026-01-02", "company": "acme", "do": "change_reservation"},
            "events[0]: ",
        ),
    ],
)
def test_what_is_malformed_is_named_by_its_place(path: str, value: Any, place: str) -> None:
    with own_database(), pytest.raises(Malformed) as fault:
        play.answer(read(changed(path, value)), [])

    assert str(fault.value).startswith(place)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize("command", OURS)
def test_help_is_for_strangers(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """R: I5."""
    with pytest.raises(SystemExit) as end:
        call_command(command, "--help")

    assert end.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: ")
    assert any("가" <= letter <= "힣" for letter in said)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ("create_company",),
        ("create_company", "Acme"),
        ("create_company", "www"),
        ("create_company", "acme", "--on", "2026-02-30"),
        ("create_company", "acme", "--on", "2999-01-01"),
        ("create_company", "acme", "--admin", "nobody"),
        ("create_company", "acme", "--brn", "1234567890"),
        ("create_company", "acme", "--name", " "),
        ("create_company", "acme", "--name", "x" * 101),
        ("create_company", "acme", "--colour", "red"),
        ("import_accounts", "nobody", "x.csv"),
        ("import_accounts", "known", "/no/such/file.csv"),
        ("import_accounts", "known", "/"),
        ("convert", "nobody", "--withdraw"),
        ("convert", "known"),
        ("convert", "known", "--withdraw"),
        ("convert", "known", "--change"),
        ("convert", "known", "--plan", "gold", "--cycle", "monthly", "--start", "2026-01-01"),
        ("convert", "known", "--plan", "workplace", "--cycle", "monthly", "--start", "1999-01-01"),
        ("run_daily", "--until", "tomorrow"),
        ("run_daily", "--until", "2999-01-01"),
        ("show_invoices", "nobody"),
        ("check_books", "nobody"),
        ("simulate",),
        ("simulate", "/no/such/file.json"),
        ("demo",),
        ("api_token",),
        ("api_token", "issue"),
        ("api_token", "issue", "--name", "x" * 61),
        ("api_token", "issue", "--name", "erp", "--scope", "everything"),
        ("api_token", "issue", "--name", "erp", "--company", "nobody"),
        ("api_token", "withdraw"),
        ("api_token", "withdraw", "--number", "9" * 30),
        ("api_token", "withdraw", "--number", "7"),
        ("reset_second_factor",),
        ("reset_second_factor", "nobody"),
        ("reset_second_factor", "nobody@acme.example"),
        ("reset_second_factor", "admin@known.example"),
    ],
    ids=" ".join,
)
def test_bad_input_changes_nothing(arguments: tuple[str, ...]) -> None:
    """R: I5."""
    companies.trial("known", on=date(2026, 1, 1))

    with pytest.raises(BadInput) as bad:
        call_command(*arguments)

    assert bad.value.returncode == 2
    assert len(str(bad.value).splitlines()) == 1
    assert list(Company.objects.values_list("pk", flat=True)) == ["known"]
    assert not JobRun.objects.exists()


def test_ours_share_one_way_to_say_no() -> None:
    from django.core.management import load_command_class

    for name in OURS:
        assert isinstance(load_command_class("workplace_console", name), ConsoleCommand)


@pytest.mark.django_db
def test_the_business_day_never_lies_before_the_last_day_run(settings: Any) -> None:
    """R: I3."""
    companies.trial("acme", on=date(2026, 1, 1))
    settings.CONSOLE_TODAY = date(2026, 1, 5)
    call_command("run_daily")

    settings.CONSOLE_TODAY = date(2026, 1, 4)

    with pytest.raises(BadInput, match="2026"):
        call_command("show_invoices", "acme")


class TestSettings:
    """R: I2, I3."""

    GOOD = {
        "DEMO": "0",
        "DEBUG": "0",
        "SECRET_KEY": "".join(map(str, range(40))),
        "ALLOWED_HOSTS": "console.example",
        "COMPANY_DOMAIN": "workplace.example",
        "CONSOLE_URL": "https://console.example",
        "DATABASE_URL": "postgres://a:b@127.0.0.1:1/c",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:25",
    }

    def start(self, **changes: str) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value for name, value in os.environ.items() if name not in self.GOOD
        } | self.GOOD
        return subprocess.run(
            [sys.executable, "manage.py", "check"],
            cwd=Path(__file__).parent.parent.parent,
            env=environment | changes,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_starts_with_all_of_them(self) -> None:
        assert self.start().returncode == 0

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            *((name, "") for name in GOOD if name not in {"DEMO", "DEBUG"}),
            ("SECRET_KEY", "short"),
            ("SECRET_KEY", "a" * 60),
            ("DATABASE_URL", "sqlite:///x"),
            ("DATABASE_URL", "nonsense"),
            ("REDIS_URL", "nonsense"),
            ("EMAIL_URL", "dummymail://"),
            ("ALLOWED_HOSTS", "*"),
            ("CONSOLE_TODAY", "2026-01-01"),
            ("TRIAL_DAYS", "0"),
            ("TRIAL_DAYS", "many"),
            ("DELETION_GRACE_DAYS", "-1"),
            ("DELETION_GRACE_DAYS", "99999999"),
        ],
    )
    def test_refuses_what_is_missing_or_unsafe_by_name(self, name: str, value: str) -> None:
        done = self.start(**{name: value})

        assert done.returncode != 0
        assert name in done.stderr.splitlines()[-1]


@pytest.mark.django_db
@pytest.mark.parametrize("start", ["0001-01-01", "9999-12-31"])
def test_a_reservation_for_a_day_far_away_is_refused_not_malformed(start: str) -> None:
    with own_database():
        answer = play.answer(read(changed("events/0/start", start)), [])

    assert [row["code"] for row in answer["rejected"]] == ["reservation_out_of_range"]
