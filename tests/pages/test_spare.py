"""Idle accounts and persons registered twice: found, and never more than is known. R: H4."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from groupco import queries, rules
from groupco.choices import Role
from groupco.models import Employee, User
from groupco.operations import Person, set_sign_in
from groupco.rules import Holder, Likeness
from products import operations
from products.choices import Cycle, Plan
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily
from workplace_console.common.models import AuditEntry

BEGUN = date(2026, 3, 2)
TODAY = date(2026, 5, 11)
IDLE, DUPLICATES = "/c/acme/accounts/?show=idle", "/c/acme/accounts/?show=duplicates"
WON = re.compile(r"\d\s*(<[^>]*>)*원|₩|요금")


def holder(account: int, number: str, name: str = "", email: str = "", **more: Any) -> Holder:
    return Holder(account, number, name, email, more.get("since", BEGUN), more.get("used"))


SAME = [
    ("the same address", ("1", "김하나", "kim@a.example"), ("2", "김두리", "KIM@a.example"), True),
    ("a zero that was lost", ("0012", "김하나", ""), ("12", "김 하나", ""), True),
    ("separators and capitals", ("E-012", "김하나", ""), ("e12", "김하나", ""), True),
    ("another domain", ("1", "김하나", "kim@a.example"), ("7", "김하나", "kim@b.example"), True),
    ("a tag", ("1", "김하나", "kim@a.example"), ("7", "김하나", "kim+w@a.example"), True),
    ("the same name alone", ("1", "김하나", ""), ("7", "김하나", ""), False),
    ("no name, no address", ("1", "", ""), ("01", "", ""), False),
    ("other zeros", ("100", "김하나", ""), ("10", "김하나", ""), False),
    ("a mailbox of another", ("1", "김하나", "info@a.example"), ("2", "이두리", "info@b.example"),
     False),
]  # fmt: skip


class TestSamePersons:
    @pytest.mark.parametrize(
        ("one", "other", "is_same"), [case[1:] for case in SAME], ids=[case[0] for case in SAME]
    )
    def test_what_is_taken_for_one_person(
        self, one: tuple[str, ...], other: tuple[str, ...], is_same: bool
    ) -> None:
        found = rules.same_persons([holder(1, *one), holder(2, *other)])
        assert [len(same.holders) for same in found] == ([2] if is_same else [])

    def test_who_is_alike_through_a_third_is_one_and_the_last_used_is_kept(self) -> None:
        (same,) = rules.same_persons(
            [
                holder(1, "0012", "김하나", "kim@a.example"),
                holder(2, "12", "김하나", "", used=TODAY),
                holder(3, "77", "김하나", "kim@b.example"),
                holder(4, "90", "이두리", "lee@a.example"),
            ]
        )
        assert [h.account for h in same.holders] == [2, 1, 3]
        assert same.likenesses == [Likeness.NUMBER, Likeness.MAILBOX]

    def test_nobody_is_in_two_groups_whatever_the_order(self, examples: Any) -> None:
        persons = st.builds(
            holder,
            account=st.just(0),
            number=st.sampled_from(["1", "01", "2", "E1"]),
            name=st.sampled_from(["", "김", "이"]),
            email=st.sampled_from(["", "a@x.example", "a@y.example", "b@x.example"]),
        )

        @settings(max_examples=examples(few=50, deep=5000))
        @given(st.lists(persons, max_size=9), st.randoms(use_true_random=False))
        def run(found: list[Holder], random: Any) -> None:
            numbered = [
                Holder(n, h.number, h.name, h.email, h.registered_on, None)
                for n, h in enumerate(found)
            ]
            groups = grouped(numbered)
            random.shuffle(numbered)
            assert grouped(numbered) == groups
            assert sum(map(len, groups)) == len(frozenset().union(*groups))

        run()


def grouped(holders: list[Holder]) -> set[frozenset[int]]:
    found = rules.same_persons(holders)
    return {frozenset(h.account for h in same.holders) for same in found}


@pytest.fixture
def acme(db: None, settings: Any) -> None:
    """Ten people since March; reports since then, in which two no longer stand."""
    settings.CONSOLE_TODAY = TODAY
    paid("acme", on=BEGUN, plan=Plan.COLLABO, accounts=0)
    persons = [Person(f"{n:04}", f"사원{n}", f"e{n}@acme.example") for n in range(10)]
    operations.register_accounts(company_id="acme", persons=persons, today=BEGUN, by=BY)
    for day, first in ((BEGUN, 0), (TODAY - timedelta(days=30), 1), (TODAY, 2)):
        daily.run(until=day)
        report([f"{n:04}" for n in range(first, 10)], day)


def report(numbers: list[str], day: date) -> int:
    return operations.report_use(company_id="acme", numbers=numbers, today=day, by=BY)


def idle(day: date = TODAY) -> list[str]:
    found, count = queries.idle("acme", day, skip=0, most=50)
    assert len(found) == count
    return [holder.number for holder in found]


@pytest.mark.usefixtures("acme")
class TestUse:
    def test_idle_is_who_was_registered_and_not_seen_for_thirty_days(self) -> None:
        assert idle() == ["0000", "0001"]
        assert idle(TODAY - timedelta(days=1)) == ["0000"]
        new = [Person("new", "새 사원")]
        operations.register_accounts(company_id="acme", persons=new, today=TODAY, by=BY)
        assert idle(TODAY + timedelta(days=29)) == ["0000", "0001"]
        assert "new" in idle(TODAY + timedelta(days=30))

    def test_a_report_is_news_once_and_passes_strangers_over(self) -> None:
        assert report(["0000", "0001", "nobody"], TODAY) == 2
        assert report(["0000", "0001", "nobody"], TODAY) == 0
        assert idle() == []
        assert AuditEntry.objects.filter(action="use_reported").count() == 4

    def test_it_is_known_only_when_reported_for_so_long(self) -> None:
        assert not rules.knows_idle(None, TODAY)
        assert not rules.knows_idle(TODAY - timedelta(days=29), TODAY)
        assert rules.knows_idle(TODAY - timedelta(days=30), TODAY)

    def test_signing_in_at_the_company_s_host_is_a_use(self) -> None:
        user = people.employee("acme", today=TODAY)
        set_sign_in(email=user.email, password="long-enough-2026!")
        client = Client(headers={"host": "acme.localhost"})
        client.post("/", {"login": user.email, "password": "wrong"})
        assert Employee.objects.get(user=user).last_used_on is None
        client.post("/", {"login": user.email, "password": "long-enough-2026!"})
        assert Employee.objects.get(user=user).last_used_on == TODAY


def owner() -> Client:
    return people.signed_in(people.admin("acme", Role.OWNER, today=TODAY))


def text(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.usefixtures("acme")
class TestThePages:
    def test_idle_accounts_with_what_they_cost_lead_into_their_exclusion(self) -> None:
        client = owner()
        page = client.get(IDLE).content.decode()
        # Two of them for the twenty days from tomorrow on, and for a whole month.
        assert f"{10 * 8000 - (10 * 11 + 8 * 20) * 8000 // 31:,}" in text(page)
        assert "16,000" in text(page)
        keys = re.findall(r'name="account" value="(\d+)"', page)

        asked = client.post("/c/acme/accounts/exclude/", {"account": keys})
        assert "2명의 계정을 제외합니다." in text(asked.content.decode())
        client.post("/c/acme/accounts/exclude/", {"account": keys, "act": "exclude"})
        assert "쓰지 않는 계정이 없습니다" in client.get(IDLE).content.decode()

    def test_all_of_a_page_are_chosen_by_a_link(self) -> None:
        assert " checked" not in owner().get(IDLE).content.decode()
        assert owner().get(f"{IDLE}&all=1").content.decode().count(" checked") == 2

    def test_an_annual_seat_saves_a_twelfth_of_its_price(self) -> None:
        trial("year", on=TODAY, accounts=0)
        twice = [Person("7", "김하나", "k@year.example"), Person("8", "김하", "k@year.example")]
        operations.register_accounts(company_id="year", persons=twice, today=TODAY, by=BY)
        operations.reserve(
            company_id="year",
            plan=Plan.WORKPLACE,
            cycle=Cycle.ANNUAL,
            start=TODAY,
            today=TODAY,
            by=BY,
        )
        people.admin("year", Role.OWNER, today=TODAY, email="owner@acme.example")
        client = people.signed_in(User.objects.get(email="owner@acme.example"))
        page = text(client.get("/c/year/accounts/?show=duplicates").content.decode())
        assert f"매월 줄어드는 요금 {50_000 // 12:,}" in page

    def test_duplicates_name_what_is_alike_and_whom_to_keep(self) -> None:
        twice = [Person("7", "사원7")]
        operations.register_accounts(company_id="acme", persons=twice, today=TODAY, by=BY)
        page = owner().get(DUPLICATES).content.decode()
        assert "같은 이름, 0이나 기호만 다른 사번" in page
        assert re.findall(r"<span>(\S+)</span></label>( <span class=\"badge\">)?", page) == [
            ("사원7", ' <span class="badge">'),
            ("사원7", ""),
        ]
        assert "8,000" in text(page)

    def test_a_company_that_nothing_is_reported_of_is_told_so(self) -> None:
        trial("acme2", on=TODAY)
        people.admin("acme2", Role.OWNER, today=TODAY, email="owner@acme.example")
        client = people.signed_in(User.objects.get(email="owner@acme.example"))
        page = text(client.get("/c/acme2/accounts/?show=idle").content.decode())
        assert "WORKPLACE가 아직 사용을 보고하지 않았습니다." in page

    @pytest.mark.parametrize("show", ["idle", "duplicates", ""])
    def test_workplace_admins_see_the_same_without_won(self, show: str) -> None:
        twice = [Person("7", "사원7")]
        operations.register_accounts(company_id="acme", persons=twice, today=TODAY, by=BY)
        boss = people.employee("acme", today=TODAY, is_workplace_admin=True)
        client = people.signed_in(boss, host="acme.localhost")
        page = client.get(f"/accounts/?show={show}").content.decode()
        assert 'name="account"' in page
        assert not WON.search(page)
        assert "/c/acme/" not in page

    def test_an_unknown_list_is_all_of_them(self) -> None:
        for show in ("x", "\x00", "idle ", "IDLE"):
            page = owner().get("/c/acme/accounts/", {"show": show}).content.decode()
            assert "등록된 사용자" in page
