"""What is sent twice takes effect once and is answered alike. R: H4."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from groupco import queries as groups
from groupco.models import Account
from products import queries
from tests import databases
from tests.api.callers import DAY, Caller, caller, code, service
from tests.companies import paid
from tests.groupco.rivals import meets
from workplace_console import inventory, tasks
from workplace_console.common import answers, sql
from workplace_console.common.answers import Said
from workplace_console.common.models import Answer, AuditEntry
from workplace_console.common.refusal import Refused

pytestmark = pytest.mark.django_db

AT_ONCE = 16
KIM = {"number": "E1", "name": "김서연"}


def hours_go_by(hours: int) -> None:
    sql.changed("UPDATE common_answer SET at = at - make_interval(hours => %(h)s)", h=hours)


class TestOnce:
    @pytest.fixture
    def program(self, acme: str) -> Caller:
        return caller(acme)

    def test_the_same_again_is_answered_as_the_first_time(self, program: Caller) -> None:
        first = program.post("acme/accounts", KIM, key="k1")
        program.post("acme/accounts/exclude", {"number": "E1"})

        again = program.post("acme/accounts", KIM, key="k1")

        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert first.status_code == 201
        assert again.headers["Idempotent-Replayed"] == "true"
        assert "Idempotent-Replayed" not in first.headers
        assert groups.registered("acme", DAY) == 2

    def test_the_same_is_the_same_however_its_json_is_written(self, program: Caller) -> None:
        first = program.post("acme/accounts", b'{"number":"E1","name":"Kim"}', key="k")

        again = program.post("acme/accounts", b'{ "name": "\\u004bim", "number": "E1" }', key="k")

        assert again.content == first.content
        assert again.status_code == 201

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("acme/accounts", {"number": "E1"}),
            ("acme/accounts", {"number": "E1", "name": "김서윤"}),
            ("acme/accounts/exclude", {"number": "E1"}),
        ],
    )
    def test_something_else_with_the_same_key_is_refused(
        self, program: Caller, path: str, body: Any
    ) -> None:
        program.post("acme/accounts", KIM, key="k")

        answer = program.post(path, body, key="k")

        assert answer.status_code == 409
        assert code(answer) == "key_reused"
        assert groups.registered("acme", DAY) == 3

    def test_keys_of_two_tokens_have_nothing_to_do_with_each_other(self, program: Caller) -> None:
        program.post("acme/storage", {"board": 1}, key="k")

        assert caller("acme").post("acme/storage", {"board": 2}, key="k").status_code == 200

        assert queries.capacity("acme", DAY).used == 2

    def test_what_was_refused_leaves_its_key_free(self, program: Caller) -> None:
        program.post("acme/accounts", KIM)

        assert program.post("acme/accounts", KIM, key="k").status_code == 409
        program.post("acme/accounts/exclude", {"number": "E1"})

        assert program.post("acme/accounts", KIM, key="k").status_code == 201

    def test_an_answer_is_kept_for_48_hours(self, program: Caller) -> None:
        program.post("acme/storage", {"board": 1}, key="k")
        hours_go_by(47)
        assert tasks.drop_answers(later=1) == 0
        assert program.post("acme/storage", {"board": 2}, key="k").status_code == 409

        hours_go_by(2)
        assert program.post("acme/storage", {"board": 2}, key="k").status_code == 200
        hours_go_by(49)
        assert tasks.drop_answers() == 1
        assert not Answer.objects.exists()

    def test_an_answer_goes_with_its_company_s_data(self, acme: str) -> None:
        paid("other", on=DAY)
        program = service()
        for company in ("acme", "other"):
            program.post(f"{company}/storage", {"board": 1})

        inventory.delete(inventory.DATA, ["acme"])

        assert list(Answer.objects.values_list("company", flat=True)) == ["other"]

    @pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "ключ", "k\x7f"])
    def test_a_write_needs_a_key(self, program: Caller, key: str) -> None:
        answer = program.post("acme/storage", {"board": 1}, **{"idempotency-key": key})

        assert answer.status_code == 400
        assert code(answer) == "no_key"
        assert queries.capacity("acme", DAY).used == 0


def act(number: int) -> Said:
    """An effect that can be counted."""
    AuditEntry.objects.create(on=date(2026, 1, 1), actor=str(number), action="done")
    return Said(200, str(number))


def refuse() -> Said:
    raise Refused("no", "no")


def test_the_second_of_two_waits_for_the_first_and_says_the_same(database: str) -> None:
    said: list[Said] = []

    def first() -> None:
        said.append(answers.once("k", "same", company="acme", act=lambda: act(1)))

    def second() -> None:
        said.append(answers.once("k", "same", company="acme", act=lambda: act(2)))

    assert meets(database, first, second) == "done"
    assert [(one.body, one.is_again) for one in said] == [("1", False), ("1", True)]
    with databases.connected(database):
        assert AuditEntry.objects.get(action="done").actor == "1"


def test_something_else_waits_too_and_is_then_refused(database: str) -> None:
    outcome = meets(
        database,
        lambda: answers.once("k", "one", company="acme", act=lambda: act(1)),
        lambda: answers.once("k", "two", company="acme", act=lambda: act(2)),
    )

    assert outcome == "key_reused"


def test_sixteen_at_once_are_one(database: str, settings: Any) -> None:
    settings.CONSOLE_TODAY = DAY
    with databases.connected(database):
        program = caller(paid("acme", on=DAY, accounts=2))

    def send(path: str, body: Any, key: str) -> tuple[int, bytes]:
        with databases.connected(database):
            answer = program.post(path, body, key=key)
            return answer.status_code, answer.content

    bodies = {
        "acme/accounts": {"name": "김"},
        "acme/accounts/exclude": {"number": "W000001"},
        "acme/storage": {"board": 7},
        "acme/cards": {"count": 7, "as_of": "2026-03-02T09:00:00+09:00"},
    }
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for path, body in bodies.items():
            sent = [pool.submit(send, path, body, path) for _ in range(AT_ONCE)]
            ((status, content),) = {one.result(60) for one in sent}
            assert status in (200, 201)
            assert json.loads(content)

    with databases.connected(database):
        assert Account.objects.filter(company="acme").count() == 3
        assert groups.registered("acme", DAY) == 2
        entries = AuditEntry.objects.filter(actor__startswith="token:")
        assert sorted(entries.values_list("action", flat=True)) == [
            "accounts_excluded",
            "accounts_registered",
            "cards_reported",
            "storage_reported",
        ]
