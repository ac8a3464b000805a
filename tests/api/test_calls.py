"""What each call does, and what it refuses. R: D2, D3, E4, F2, H4."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groupco import queries as groups
from groupco.choices import Scope
from groupco.models import ApiToken, Employee
from products import operations as products
from products import queries
from products.choices import StorageCategory
from tests.api.callers import DAY, Caller, caller, code, service
from tests.companies import BY, trial
from workplace_console.common.models import AuditEntry, Mail, Notice
from workplace_console.common.sizes import GB
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(acme: str) -> Caller:
    return caller(acme)


def said(answer: Any, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.content.decode()
    found: dict[str, Any] = json.loads(answer.content)
    return found


class TestTheCompany:
    def test_stands_as_its_console_says(self, program: Caller) -> None:
        products.add_capacity(company_id="acme", tb=1, today=DAY, by=BY)
        program.post("acme/storage", {"board": 7 * GB})
        program.post("acme/cards", {"count": 3, "as_of": "2026-03-02T09:00:00+09:00"})

        assert said(program.get("acme")) == {
            "id": "acme",
            "name": "acme",
            "day": "2026-03-02",
            "is_active": True,
            "state": "paid",
            "plan": "workplace",
            "cycle": "monthly",
            "trial_ends_on": "2026-03-31",
            "accounts": 2,
            "shared_capacity": {
                "total_bytes": (512 + 2 + 1024) * GB,
                "used_bytes": 7 * GB,
                "used_bytes_by_category": {
                    "attachment": 0,
                    "photo": 0,
                    "messenger": 0,
                    "board": 7 * GB,
                },
                "added_tb": 1,
            },
            "corporate_cards": {"count": 3, "as_of": "2026-03-02T09:00:00+09:00"},
        }

    def test_in_trial_has_no_plan_and_no_cards_yet(self, acme: str) -> None:
        trial("fresh", on=DAY)

        now = said(service().get("fresh"))

        assert (now["state"], now["plan"], now["cycle"]) == ("trial", None, None)
        assert now["corporate_cards"] is None

    def test_is_still_told_when_it_has_ended(self, acme: str) -> None:
        program = service()
        terminate(company_id="acme", grace_days=7, today=DAY, by=BY)

        now = said(program.get("acme"))

        assert (now["state"], now["is_active"]) == ("terminated", False)


class TestJoining:
    def test_registers_a_person_as_the_page_does(self, program: Caller) -> None:
        answer = program.post(
            "acme/accounts", {"number": "E1", "name": " 김서연 ", "email": "kim@acme.example"}
        )

        assert said(answer, 201) == {
            "number": "E1",
            "registered_on": "2026-03-02",
            "accounts": 3,
        }
        employee = Employee.objects.get(company_id="acme", number="E1")
        assert (employee.name, employee.email) == ("김서연", "kim@acme.example")
        entry = AuditEntry.objects.filter(action="accounts_registered").latest("pk")
        assert entry.actor == f"token:{ApiToken.objects.get().pk}"
        assert entry.address == "127.0.0.1"

    def test_gives_a_number_to_those_who_come_without(self, program: Caller) -> None:
        assert said(program.post("acme/accounts", {"name": "김"}), 201)["number"] == "W000003"

    @pytest.mark.parametrize(
        ("body", "status", "why", "pointer"),
        [
            ({}, 422, "nobody", "#/name"),
            ({"number": "W000001"}, 409, "already_registered", "#/number"),
            ({"number": "E1", "email": "taken@acme.example"}, 409, "email_taken", "#/email"),
        ],
    )
    def test_is_refused_with_a_code_and_the_field(
        self, program: Caller, body: dict[str, str], status: int, why: str, pointer: str
    ) -> None:
        program.post("acme/accounts", {"number": "E0", "email": "taken@acme.example"})

        answer = program.post("acme/accounts", body)

        problem = said(answer, status)
        assert code(answer) == why
        assert problem["errors"][0]["pointer"] == pointer
        assert problem["detail"] == problem["errors"][0]["detail"]


class TestLeaving:
    def test_excludes_from_today_on(self, program: Caller) -> None:
        answer = program.post("acme/accounts/exclude", {"number": "W000001"})

        assert said(answer) == {"number": "W000001", "excluded_on": "2026-03-02", "accounts": 1}
        assert groups.counted("acme", DAY) == 2

    def test_of_nobody_is_refused(self, program: Caller) -> None:
        answer = program.post("acme/accounts/exclude", {"number": "E404"})

        assert code(answer) == "not_registered"
        assert answer.status_code == 409


class TestTheList:
    def test_comes_page_by_page_in_order(self, program: Caller) -> None:
        products.register_new_persons(company_id="acme", count=5, today=DAY, by=BY)
        first = said(program.get("acme/accounts?limit=3"))
        program.post("acme/accounts/exclude", {"number": "W000001"})
        second = said(program.get(f"acme/accounts?limit=3&after={first['next']}"))
        third = said(program.get(f"acme/accounts?limit=3&after={second['next']}"))

        numbers = [row["number"] for page in (first, second, third) for row in page["accounts"]]
        assert numbers == [f"W00000{n}" for n in range(1, 8)]
        assert third["next"] is None

    @pytest.mark.parametrize(
        "query", ["limit=0", "limit=1001", "limit=x", "limit=9" * 30, "after=%00", "page=2"]
    )
    def test_says_which_parameter_is_wrong(self, program: Caller, query: str) -> None:
        answer = program.get(f"acme/accounts?{query}")

        assert answer.status_code == 422
        assert json.loads(answer.content)["errors"][0]["parameter"] == query.split("=")[0]


class TestStorage:
    def test_takes_one_category_or_all_and_leaves_the_others(self, program: Caller) -> None:
        program.post("acme/storage", {"attachment": 1, "photo": 2, "messenger": 3, "board": 4})

        answer = program.post("acme/storage", {"messenger": 30})

        assert said(answer)["used_bytes_by_category"] == {
            "attachment": 1,
            "photo": 2,
            "messenger": 30,
            "board": 4,
        }
        assert queries.capacity("acme", DAY).used == 37
        assert queries.storage_days("acme", DAY, DAY) == [(DAY, 37)]

    def test_is_written_down_only_where_it_has_changed(self, program: Caller) -> None:
        for sizes in ({"board": 5, "photo": 0}, {"board": 5, "photo": 6}, {"board": 5}):
            program.post("acme/storage", sizes)

        entries = AuditEntry.objects.filter(action="storage_reported").order_by("pk")
        assert [(entry.before, entry.after) for entry in entries] == [
            ({"category": "board", "bytes": 0}, {"category": "board", "bytes": 5}),
            ({"category": "photo", "bytes": 0}, {"category": "photo", "bytes": 6}),
        ]

    def test_alerts_once_by_what_all_of_them_come_to(self, program: Caller) -> None:
        program.post("acme/storage", {"attachment": 400 * GB})
        # The first alone would pass the capacity; all together stay below it.
        program.post("acme/storage", {"board": 510 * GB, "attachment": 1 * GB})

        kinds = list(Notice.objects.filter(company="acme").values_list("kind", flat=True))
        assert kinds.count("capacity_low") == 1
        assert "capacity_full" not in kinds
        assert Mail.objects.filter(kind="capacity_low").count() <= 1

    def test_may_pass_the_capacity_and_any_size_that_is_safe(self, program: Caller) -> None:
        full = dict.fromkeys((c.value for c in StorageCategory), 2**53 - 1)

        assert said(program.post("acme/storage", full))["used_bytes"] == 4 * (2**53 - 1)

    @pytest.mark.parametrize(
        ("body", "pointer", "why"),
        [
            ({}, "#", "missing"),
            ([], "#", "not_an_object"),
            ({"board": "7"}, "#/board", "not_a_number"),
            ({"board": 7.0}, "#/board", "not_a_number"),
            ({"board": True}, "#/board", "not_a_number"),
            ({"board": None}, "#/board", "not_a_number"),
            ({"board": -1}, "#/board", "out_of_range"),
            ({"board": 2**53}, "#/board", "out_of_range"),
            ({"board": 1, "a/b~": 1}, "#/a~1b~0", "unknown_field"),
            ({"board": 1, "\ud800": 1}, "#/\ud800", "unknown_field"),
        ],
    )
    def test_says_which_value_is_wrong(
        self, program: Caller, body: Any, pointer: str, why: str
    ) -> None:
        answer = program.post("acme/storage", body)

        assert answer.status_code == 422
        assert code(answer) == "invalid"
        (error,) = json.loads(answer.content)["errors"]
        assert (error["pointer"], error["code"]) == (pointer, why)
        assert queries.capacity("acme", DAY).used == 0


class TestCards:
    def test_are_kept_with_their_moment(self, program: Caller) -> None:
        answer = program.post("acme/cards", {"count": 5, "as_of": "2026-03-02T00:00:00Z"})

        assert said(answer) == {"count": 5, "as_of": "2026-03-02T09:00:00+09:00"}
        assert groups.corporate_cards(["acme"])["acme"].count == 5

    @pytest.mark.parametrize(
        ("as_of", "status", "why"),
        [
            ("2026-03-02T00:00:00", 422, "not_a_moment"),
            ("2026-03-02", 422, "not_a_moment"),
            ("2026-02-30T00:00:00Z", 422, "not_a_moment"),
            ("2026-03-02T00:00:00+99:00", 422, "not_a_moment"),
            ("2999-12-31T23:59:59-23:59", 422, "as_of_in_future"),
            ("2026-03-02T24:00:00Z", 422, "not_a_moment"),
            (1772409600, 422, "not_a_moment"),
            ("2026-03-03T00:00:00+09:00", 422, "as_of_in_future"),
            ("2026-03-01T00:00:00+09:00", 409, "newer_known"),
        ],
    )
    def test_of_another_moment_are_refused(
        self, program: Caller, as_of: Any, status: int, why: str
    ) -> None:
        program.post("acme/cards", {"count": 5, "as_of": "2026-03-02T00:00:00+09:00"})

        answer = program.post("acme/cards", {"count": 6, "as_of": as_of})

        problem = said(answer, status)
        assert problem["errors"][0]["code"] == why
        assert problem["errors"][0]["pointer"] == "#/as_of"
        assert groups.corporate_cards(["acme"])["acme"].count == 5


WRITES = (
    ("accounts", {"number": "E1"}),
    ("accounts/exclude", {"number": "W000001"}),
    ("storage", {"board": 1}),
    ("cards", {"count": 1, "as_of": "2026-03-02T00:00:00+09:00"}),
)


@pytest.mark.parametrize(("path", "body"), WRITES, ids=[path for path, _body in WRITES])
def test_nothing_is_taken_of_a_company_that_has_ended(
    acme: str, settings: Any, path: str, body: Any
) -> None:
    program = service()
    trial("gone", on=date(2026, 2, 1), trial_days=3)

    answer = program.post(f"gone/{path}", body)

    assert answer.status_code == 403
    assert code(answer) == "not_active"
    assert program.get("gone/accounts").status_code == 403


def test_problems_are_in_the_language_that_is_asked_for(program: Caller) -> None:
    asked = {"number": "W000001"}
    korean = program.post("acme/accounts", asked)
    english = program.post("acme/accounts", asked, **{"accept-language": "en-GB,ko;q=0.5"})

    assert korean.headers["Content-Language"] == "ko"
    assert "이미 등록된 사번입니다" in json.loads(korean.content)["detail"]
    assert english.headers["Content-Language"] == "en"
    assert "already" in json.loads(english.content)["detail"]
    for header in ("*", "de", "ko,en;q=0.9", "x" * 5000, ";;;q=,"):
        answer = program.get("acme", **{"accept-language": header})
        assert answer.headers["Content-Language"] == "ko", header


def test_answers_are_kept_by_nobody_on_the_way(program: Caller) -> None:
    answer = program.get("acme")

    assert answer.headers["Cache-Control"] == "no-store"
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_token_says_on_which_day_it_was_last_used(program: Caller) -> None:
    program.get("acme")

    assert ApiToken.objects.get().last_used_on == DAY


class TestTheRate:
    def test_is_counted_for_each_token(self, acme: str, settings: Any) -> None:
        settings.API_CALLS_A_MINUTE = 3
        one, other = caller("acme"), caller("acme")

        for _ in range(3):
            assert one.get("acme").status_code == 200
        answer = one.get("acme")

        assert answer.status_code == 429
        assert code(answer) == "too_many_calls"
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert other.get("acme").status_code == 200

    def test_is_counted_for_what_is_refused_too(self, acme: str, settings: Any) -> None:
        settings.API_CALLS_A_MINUTE = 1
        program = caller("acme", Scope.CARDS)

        assert program.get("acme/accounts").status_code == 403
        assert program.get("acme/accounts").status_code == 429


# Token, rate and company are three; whoever is shown people is written down; a POST claims its key,
# keeps its answer, and is a transaction whose operations are savepoints.
QUERIES = {
    "GET ": 6,
    "GET accounts": 6,
    "POST accounts": 34,
    "POST accounts/exclude": 25,
    "POST storage": 20,
    "POST cards": 21,
}


def test_a_call_asks_the_database_seldom_however_many_accounts_there_are(acme: str) -> None:
    program = service()
    program.get("acme")  # its first use of the day is written down
    program.post("acme/cards", {"count": 1, "as_of": "2026-03-02T00:00:00+09:00"})
    few = counts(program, "E1")
    assert few == QUERIES

    products.register_new_persons(company_id="acme", count=3000, today=DAY, by=BY)

    assert counts(program, "E2") == few


def counts(program: Caller, number: str) -> dict[str, int]:
    found = {}
    bodies = dict(WRITES) | {
        "accounts": {"number": number, "email": f"{number}@acme.example"},
        "accounts/exclude": {"number": number},
        "storage": {"board": int(number[1:])},
    }
    for name in QUERIES:
        method, _blank, path = name.partition(" ")
        with CaptureQueriesContext(connection) as asked:
            url = f"acme/{path}".rstrip("/")
            answer = program.get(url) if method == "GET" else program.post(url, bodies[path])
        assert answer.status_code in (200, 201), answer.content.decode()
        found[name] = len(asked)
    return found
