"""그룹사 신청: from being applied for to a group, and every way it may end before. R: F1, F7."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from groupco import operations as groups
from groupco import queries
from groupco.choices import ApplicationOutcome, Role
from groupco.models import Company, Group, GroupApplication, Payer
from groupco.rules import Wanted
from products import operations
from products.matching import matching
from tests import databases
from tests.companies import BY, paid, trial
from tests.groupco.rivals import code_of, meets
from workplace_console import daily, deletion
from workplace_console.common.models import AuditEntry, Mail, Notice
from workplace_console.termination import terminate

DAY = date(2026, 3, 2)
COMMON: dict[str, Any] = {"today": DAY, "by": BY}
NUMBERS = {"lead": "9998100015", "one": "9998100029", "two": "9998100034", "other": "9998100048"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def _companies(kept_for_module: None) -> None:
    companies()


def companies() -> None:
    """lead pays; one and two are in use; each knows its business number."""
    paid("lead", on=DAY)
    paid("one", on=DAY)
    trial("two", on=DAY)
    paid("other", on=DAY)
    for company_id, number in NUMBERS.items():
        Company.objects.filter(pk=company_id).update(business_number=number)


def wanted(*ids: str) -> list[Wanted]:
    return [Wanted(id, NUMBERS.get(id, "9998100053")) for id in ids]


def apply_for(*ids: str, by_company: str = "lead", today: date = DAY) -> int:
    found = operations.apply_for_group(
        company_id=by_company, companies=wanted(*ids), today=today, by=BY
    )
    return found.row.pk


def matched(*ids: str, by_company: str = "lead") -> int:
    pk = apply_for(*ids, by_company=by_company)
    groups.receive_application(application_id=pk, **COMMON)
    operations.match_application(application_id=pk, **COMMON)
    return pk


def outcome(pk: int) -> str:
    return GroupApplication.objects.get(pk=pk).outcome


def kinds(company_id: str) -> list[str]:
    """What a company was told about groups, in order."""
    found = Notice.objects.filter(company=company_id, audience=Notice.Audience.CONSOLE)
    return [
        kind
        for kind in found.order_by("pk").values_list("kind", flat=True)
        if kind.startswith(("group", "representative"))
    ]


def payers(company_id: str, *days: date) -> list[str]:
    return [
        Payer.objects.get(company=company_id, starts_on__lte=day, ends_on__gte=day).payer_id
        for day in days
    ]


def members(company_id: str, day: date = DAY) -> list[str]:
    return [member.id for member in queries.group_of(company_id, day)]


class TestTheWholeWay:
    def test_when_the_last_company_has_agreed_the_group_exists_and_all_are_told(self) -> None:
        pk = matched("one", "two")

        assert operations.agree_to_group(company_id="one", **COMMON) is False
        assert members("lead") == []
        assert operations.agree_to_group(company_id="two", **COMMON) is True

        assert members("one") == ["lead", "one", "two"]
        assert payers("two", DAY - timedelta(days=0), DAY + timedelta(days=1)) == ["lead", "lead"]
        assert outcome(pk) == ApplicationOutcome.APPROVED
        assert kinds("lead") == ["group_applied", "group_formed"]
        assert kinds("one") == ["group_agreement_asked", "group_formed"]
        done = AuditEntry.objects.filter(company="one").values_list("action", flat=True)
        assert {"group_agreement_asked", "group_agreed", "group_formed"} <= set(done)

    def test_the_owners_alone_are_mailed_for_their_agreement(self) -> None:
        groups.add_admin(company_id="one", email="reads@one.example", role=Role.VIEWER, **COMMON)

        matched("one")

        mail = Mail.objects.get(kind="group_agreement_asked")
        assert mail.recipients == ["admin@one.example"]

    def test_the_representative_asks_for_one_more_in_the_same_way(self) -> None:
        matched("one")
        operations.agree_to_group(company_id="one", **COMMON)

        matched("two")
        assert members("lead") == ["lead", "one"]
        operations.agree_to_group(company_id="two", **COMMON)

        assert members("lead") == ["lead", "one", "two"]
        assert kinds("one")[-1] == kinds("two")[-1] == "group_joined"

    def test_staff_is_told_that_something_waits(self) -> None:
        apply_for("one")

        notice = Notice.objects.get(audience=Notice.Audience.STAFF, kind="group_applied")
        assert notice.company == "lead"


class TestNobodyLearns:
    """A4: applying says nothing about companies of others."""

    def test_what_exists_and_what_does_not_is_applied_for_alike(self) -> None:
        known, unknown = apply_for("one"), apply_for("nosuch", by_company="other")

        assert outcome(known) == outcome(unknown) == ""
        assert kinds("one") == []
        assert queries.application_of("one") is None

    def test_a_company_that_was_named_applies_itself_as_if_it_had_not_been(self) -> None:
        apply_for("one")

        apply_for("two", by_company="one")


class TestRefusals:
    @pytest.mark.parametrize(
        ("companies", "code"),
        [
            ([], "no_companies"),
            ([Wanted("lead", NUMBERS["lead"])], "company_twice"),
            (wanted("one", "one"), "company_twice"),
            ([Wanted("one", "123")], "bad_business_number"),
            ([Wanted("No Id", NUMBERS["one"])], "bad_company_id"),
            ([Wanted(f"c{n:02}", NUMBERS["one"]) for n in range(31)], "too_many_companies"),
        ],
        ids=["none", "oneself", "twice", "number", "id", "many"],
    )
    def test_what_cannot_be_applied_for(self, companies: Sequence[Wanted], code: str) -> None:
        def act() -> object:
            return operations.apply_for_group(company_id="lead", companies=companies, **COMMON)

        assert code_of(act) == code
        assert not GroupApplication.objects.exists()

    def test_only_who_pays_applies(self) -> None:
        assert code_of(lambda: apply_for("one", by_company="two")) == "not_paid"

    def test_one_application_at_a_time(self) -> None:
        matched("one")

        assert code_of(lambda: apply_for("two")) == "application_open"
        assert code_of(lambda: apply_for("two", by_company="one")) == "application_open"

    def test_a_member_does_not_add_companies(self) -> None:
        operations.form_group(company_id="lead", members=["one"], **COMMON)

        assert code_of(lambda: apply_for("two", by_company="one")) == "not_a_representative"

    def test_steps_are_taken_in_their_turn(self) -> None:
        pk = apply_for("one")

        def match() -> None:
            operations.match_application(application_id=pk, **COMMON)

        def receive() -> None:
            groups.receive_application(application_id=pk, **COMMON)

        assert code_of(match) == "wrong_step"
        assert code_of(lambda: operations.agree_to_group(company_id="one", **COMMON)) == (
            "no_application"
        )
        assert [code_of(receive), code_of(receive)] == ["done", "wrong_step"]
        assert [code_of(match), code_of(match)] == ["done", "wrong_step"]


class TestMatching:
    @pytest.mark.parametrize(
        ("entry", "off"),
        [
            (Wanted("nosuch", NUMBERS["one"]), ["unknown"]),
            (Wanted("one", NUMBERS["two"]), ["number_differs"]),
            (Wanted("bare", NUMBERS["two"]), ["no_number"]),
            (Wanted("grouped", "9998100067"), ["grouped"]),
            (Wanted("asked", "9998100072"), ["asked_elsewhere"]),
            (Wanted("gone", "9998100086"), ["not_active"]),
            (Wanted("one", NUMBERS["one"]), []),
        ],
        ids=["unknown", "number", "no number", "grouped", "asked", "ended", "right"],
    )
    def test_what_is_off_is_found_and_stops_it(self, entry: Wanted, off: list[str]) -> None:
        for company_id, number in (
            ("bare", ""),
            ("grouped", "9998100067"),
            ("asked", "9998100072"),
            ("gone", "9998100086"),
        ):
            paid(company_id, on=DAY)
            Company.objects.filter(pk=company_id).update(business_number=number)
        operations.form_group(company_id="other", members=["grouped"], **COMMON)
        apply_for("two", by_company="asked")
        terminate(company_id="gone", grace_days=3, **COMMON)
        pk = operations.apply_for_group(company_id="lead", companies=[entry], **COMMON).row.pk
        groups.receive_application(application_id=pk, **COMMON)

        found = queries.application(pk)
        assert found
        _lead, beside = matching(found, DAY)
        result = code_of(lambda: operations.match_application(application_id=pk, **COMMON))

        assert [str(what) for what in beside.off] == off
        assert result == ("entry_off" if off else "done")
        assert (queries.application_of(entry.id) is not None) == (entry.id == "asked" or not off)

    def test_staff_corrects_an_entry_and_what_was_given_stays(self) -> None:
        pk = apply_for("wrong")
        groups.receive_application(application_id=pk, **COMMON)
        found = queries.application(pk)
        assert found
        (entry,) = found.members

        groups.correct_application(
            application_id=pk,
            entry_id=entry.pk,
            wanted=Wanted("one", "999-81-00029"),
            **COMMON,
        )
        operations.match_application(application_id=pk, **COMMON)

        entry.refresh_from_db()
        assert (entry.given_id, entry.wanted_id, entry.company_id) == ("wrong", "one", "one")

    def test_a_company_named_twice_by_correction_is_off(self) -> None:
        pk = apply_for("one", "wrong")
        groups.receive_application(application_id=pk, **COMMON)
        found = queries.application(pk)
        assert found
        groups.correct_application(
            application_id=pk, entry_id=found.members[1].pk, wanted=wanted("one")[0], **COMMON
        )

        assert code_of(lambda: operations.match_application(application_id=pk, **COMMON)) == (
            "entry_off"
        )


class TestEnds:
    def test_rejected_with_a_reason_by_mail(self) -> None:
        pk = apply_for("one")

        groups.reject_application(application_id=pk, reason="번호가 다릅니다", **COMMON)

        assert outcome(pk) == "rejected"
        assert Mail.objects.get(kind="group_application_ended").figures["reason"] == (
            "번호가 다릅니다"
        )
        assert kinds("one") == []
        apply_for("one")

    def test_a_reason_is_needed(self) -> None:
        pk = apply_for("one")

        for reason in ("", " ", "a\nb", "x" * 201):

            def act(reason: str = reason) -> None:
                groups.reject_application(application_id=pk, reason=reason, **COMMON)

            assert code_of(act) == "bad_reason"
        assert outcome(pk) == ""

    def test_withdrawn_by_who_applied_and_by_nobody_else(self) -> None:
        pk = matched("one")

        assert code_of(lambda: groups.withdraw_application(company_id="one", **COMMON)) == (
            "no_application"
        )
        groups.withdraw_application(company_id="lead", **COMMON)

        assert outcome(pk) == "withdrawn"
        assert kinds("one") == ["group_agreement_asked", "group_application_ended"]

    def test_declined_by_one_it_ends_for_all(self) -> None:
        pk = matched("one", "two")
        operations.agree_to_group(company_id="one", **COMMON)

        groups.decline_application(company_id="two", **COMMON)

        assert outcome(pk) == "declined"
        assert members("lead") == []
        assert code_of(lambda: operations.agree_to_group(company_id="one", **COMMON)) == (
            "no_application"
        )

    @pytest.mark.parametrize("company_id", ["one", "lead"])
    def test_a_termination_ends_what_the_company_was_part_of(self, company_id: str) -> None:
        pk = matched("one", "two")

        terminate(company_id=company_id, grace_days=3, **COMMON)

        assert outcome(pk) == "lapsed"
        assert kinds("two") == ["group_agreement_asked", "group_application_ended"]
        other = "lead" if company_id == "one" else "one"
        assert queries.open_applications([other]) == {}

    def test_so_does_the_end_of_a_trial(self) -> None:
        pk = matched("one", "two")
        daily.run(until=DAY)

        daily.run(until=DAY + timedelta(days=30))

        assert outcome(pk) == "lapsed"
        assert queries.open_applications(["lead", "one"]) == {}

    def test_what_a_deleted_company_was_part_of_goes_with_it(self) -> None:
        mine = apply_for("one")
        theirs = apply_for("lead", by_company="other")

        terminate(company_id="lead", grace_days=0, **COMMON)
        deletion.sweep(day=DAY)

        assert not GroupApplication.objects.filter(pk=mine).exists()
        assert queries.application(theirs).members == []  # type: ignore[union-attr]


class TestTwoAtOnce:
    """R: F1. What the second meets while the first has not committed yet."""

    @pytest.fixture
    def asked(self, database: str) -> str:
        """A database in which one and two are asked to agree."""
        with databases.connected(database):
            companies()
            matched("one", "two")
        return database

    def agree(self, company_id: str) -> bool:
        return operations.agree_to_group(company_id=company_id, **COMMON)

    def test_the_last_two_agree_and_there_is_one_group(self, asked: str) -> None:
        outcome_of_two = meets(asked, lambda: self.agree("one"), lambda: self.agree("two"))

        assert outcome_of_two == "done"
        with databases.connected(asked):
            assert members("lead") == ["lead", "one", "two"]
            assert Group.objects.count() == 1

    def test_one_agrees_while_the_applicant_withdraws(self, asked: str) -> None:
        with databases.connected(asked):
            self.agree("one")

        def withdraw() -> None:
            groups.withdraw_application(company_id="lead", **COMMON)

        assert meets(asked, withdraw, lambda: self.agree("two")) == "no_application"
        with databases.connected(asked):
            assert members("lead") == []

    def test_two_applicants_are_matched_with_the_same_company(self, database: str) -> None:
        with databases.connected(database):
            companies()
            keys = [apply_for("two", by_company=lead) for lead in ("lead", "other")]
            for pk in keys:
                groups.receive_application(application_id=pk, **COMMON)

        def match(pk: int) -> None:
            operations.match_application(application_id=pk, **COMMON)

        assert meets(database, lambda: match(keys[0]), lambda: match(keys[1])) == "entry_off"
