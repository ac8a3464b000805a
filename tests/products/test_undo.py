"""해지 취소, and converting after the trial: until the day of the deletion. R: G3."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing import books
from billing import queries as billing
from billing.models import InvoiceLine
from groupco import queries as groups
from groupco.models import Payer
from products import operations, queries
from products.choices import Cycle, Item, Plan, State
from products.models import Deletion, Phase
from tests import companies, databases
from tests.billing.stories import undone
from tests.companies import BY
from tests.groupco.rivals import code_of, meets
from workplace_console import daily, deletion
from workplace_console.common import days
from workplace_console.common.models import AuditEntry, Mail, Notice
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

BEGUN = date(2026, 3, 2)
ENDED = date(2026, 4, 14)
GRACE = 30
GONE = ENDED + timedelta(days=GRACE)


def end(company: str = "acme", *, on: date = ENDED, grace: int = GRACE) -> None:
    daily.run(until=on, grace_days=grace)
    terminate(company_id=company, grace_days=grace, today=on, by=BY)


def undo(day: date, company: str = "acme") -> date:
    daily.run(until=day, grace_days=GRACE)
    return operations.undo_termination(company_id=company, today=day, by=BY)


def refusal(act: Callable[[], object]) -> str:
    with undone():
        return code_of(act)


def state(day: date, company: str = "acme") -> State | None:
    standing = queries.standing(company, day)
    return standing and standing.state


def convert(start: date, *, today: date, company: str = "acme") -> Phase:
    return operations.reserve(
        company_id=company,
        plan=Plan.COLLABO,
        cycle=Cycle.MONTHLY,
        start=start,
        today=today,
        by=BY,
    )


class TestUndo:
    @pytest.mark.parametrize(
        ("cycle", "after"), [(Cycle.MONTHLY, 1), (Cycle.ANNUAL, GRACE - 1)], ids=["month", "year"]
    )
    def test_the_same_plan_goes_on_in_a_new_contract_and_what_lies_between_is_free(
        self, cycle: Cycle, after: int
    ) -> None:
        companies.paid(on=BEGUN, accounts=3, plan=Plan.COLLABO, cycle=cycle)
        operations.add_capacity(company_id="acme", tb=2, today=BEGUN, by=BY)
        end()
        until = GONE + timedelta(days=20)
        day = ENDED + timedelta(days=after)

        assert undo(day) == day

        standing = queries.standing("acme", day)
        assert standing
        assert standing.term
        assert (standing.state, standing.term.plan) == (State.PAID, Plan.COLLABO)
        assert (standing.term.cycle, standing.term.contract_from) == (cycle, day)
        assert queries.capacity("acme", day).added_tb == 0
        assert not Deletion.objects.exists()
        daily.run(until=until, grace_days=GRACE)
        charged = {row[0] for row in billing.all_charges("acme", ("day",))}
        assert charged == {*days.each(BEGUN, ENDED), *days.each(day, until - days.ONE_DAY)}

    def test_from_the_day_of_deletion_on_there_is_no_way_back(self) -> None:
        companies.paid(on=BEGUN)
        end()
        daily.run(until=GONE - days.ONE_DAY, grace_days=GRACE)
        assert refusal(lambda: undo(GONE - days.ONE_DAY)) == "done"

        assert refusal(lambda: undo(GONE)) == "deletion_begun"
        # Nor before the job has come to it.
        record = Deletion.objects.get()
        assert record.done_on is None
        assert (
            refusal(lambda: operations.undo_termination(company_id="acme", today=GONE, by=BY))
            == "deletion_begun"
        )

    @pytest.mark.parametrize("grace", [0, 1])
    def test_without_grace_nothing_can_be_undone(self, grace: int) -> None:
        companies.paid(on=BEGUN)
        end(grace=grace)
        assert refusal(lambda: undo(ENDED)) == ("done" if grace else "deletion_begun")

    def test_who_was_not_terminated_has_nothing_to_undo(self) -> None:
        companies.paid(on=BEGUN)
        assert refusal(lambda: undo(ENDED)) == "not_terminated"
        end()
        undo(ENDED)
        assert refusal(lambda: undo(ENDED)) == "not_terminated"
        assert refusal(lambda: undo(ENDED, "nosuch")) == "not_terminated"

    def test_it_is_told_once_and_written_down(self) -> None:
        companies.paid(on=BEGUN)
        end()
        undo(ENDED + days.ONE_DAY)

        entry = AuditEntry.objects.get(action="termination_undone")
        assert entry.before == {"due_on": str(GONE)}
        assert entry.after == {
            "plan": "workplace",
            "cycle": "monthly",
            "starts_on": str(ENDED + days.ONE_DAY),
        }
        assert Mail.objects.filter(kind="termination_undone").count() == 1
        assert Notice.objects.filter(kind="termination_undone").count() == 1

    def test_a_company_out_of_a_group_pays_for_itself_then(self) -> None:
        for company in ("lead", "acme"):
            companies.paid(company, on=BEGUN)
        operations.form_group(company_id="lead", members=["acme"], today=BEGUN, by=BY)
        end()
        undo(ENDED + timedelta(days=2))

        assert groups.memberships(["acme"], ENDED + timedelta(days=2)) == {}
        payer = Payer.objects.get(company="acme", ends_on=days.OPEN_END)
        assert (payer.payer_id, payer.starts_on) == ("acme", ENDED + days.ONE_DAY)


class TestOnTheSameDay:
    """Today is on the final invoice: what would change it waits for tomorrow's new contract."""

    @pytest.fixture(autouse=True)
    def _back(self) -> None:
        companies.paid(on=BEGUN, accounts=3)
        companies.paid("other", on=BEGUN)
        end()
        assert undo(ENDED) == ENDED + days.ONE_DAY

    def test_people_are_in_and_today_can_not_be_changed_any_more(self) -> None:
        assert state(ENDED) is State.PAID
        standing = queries.standing("acme", ENDED)
        assert standing
        assert standing.upgrade is None
        common = {"company_id": "acme", "today": ENDED, "by": BY}
        for act in (
            lambda: operations.register_new_persons(count=1, **common),
            lambda: operations.add_capacity(tb=1, **common),
            lambda: operations.request_upgrade(plan=Plan.COLLABO, **common),
            lambda: operations.form_group(members=["other"], **common),
        ):
            assert refusal(act) == "day_is_billed"
        assert refusal(lambda: operations.exclude_newest(count=1, **common)) == "done"

    def test_it_may_be_terminated_and_undone_once_more_without_another_bill(self) -> None:
        bills = len(billing.statements("acme"))
        end()
        assert undo(ENDED) == ENDED + days.ONE_DAY
        assert len(billing.statements("acme")) == bills
        assert Mail.objects.filter(kind="terminated").count() == 2

    def test_the_new_contract_begins_at_the_next_midnight(self) -> None:
        tomorrow = ENDED + days.ONE_DAY
        daily.run(until=tomorrow)
        operations.register_new_persons(company_id="acme", count=1, today=tomorrow, by=BY)
        daily.run(until=date(2026, 5, 2))
        assert books.differences(today=date(2026, 5, 2)) == []
        seats = InvoiceLine.objects.filter(company="acme", item=Item.SEAT)
        april = seats.filter(period_from=date(2026, 4, 1)).order_by("invoice__issued_on")
        assert [line.quantity_days for line in april] == [3 * 14, 4 * 16]


class TestTheBooks:
    def test_they_agree_whatever_was_undone_when(self, examples: Callable[..., int]) -> None:
        """What follows a termination is estimated, projected and billed as if it had never met
        what lies before."""

        @settings(max_examples=examples(few=2, deep=150))
        @given(
            cycle=st.sampled_from(Cycle),
            lasts=st.integers(0, 70),
            gap=st.integers(0, GRACE - 1),
            added=st.integers(0, 2),
            again=st.none() | st.integers(1, 40),
        )
        def run(cycle: Cycle, lasts: int, gap: int, added: int, again: int | None) -> None:
            ended = BEGUN + timedelta(days=lasts)
            back = ended + timedelta(days=gap)
            with undone():
                companies.paid(on=BEGUN, accounts=3, cycle=cycle)
                daily.run(until=ended, grace_days=GRACE)
                if added:
                    operations.add_capacity(company_id="acme", tb=added, today=ended, by=BY)
                end(on=ended)
                start = undo(back)
                daily.run(until=start, grace_days=GRACE)
                operations.register_new_persons(company_id="acme", count=1, today=start, by=BY)
                if added:
                    operations.add_capacity(company_id="acme", tb=1, today=start, by=BY)
                if again:
                    end(on=start + timedelta(days=again))
                today = start + timedelta(days=(again or 0) + 1)
                for _close in range(2):
                    daily.run(until=today, grace_days=GRACE)
                    assert books.differences(today=today) == []
                    close = days.last_of_month(today) + days.ONE_DAY
                    outlook = billing.outlook("acme", today=today)
                    with undone():
                        before = len(billing.statements("acme"))
                        daily.run(until=close, grace_days=GRACE)
                        new = billing.statements("acme")[before:]
                        monthly = [
                            line.amount
                            for statement in new
                            for line in statement.lines
                            if line.cycle != Cycle.ANNUAL
                        ]
                    assert sum(line.amount for line in outlook.projected) == sum(monthly)
                    today = close + days.ONE_DAY

        run()


class TestATrial:
    def test_it_goes_on_to_its_last_day_and_then_expires_as_any_other(self) -> None:
        companies.trial(on=BEGUN, accounts=2)
        convert(BEGUN + timedelta(days=20), today=BEGUN)
        end(on=BEGUN + timedelta(days=3))
        last = BEGUN + timedelta(days=29)

        assert undo(last) == last

        assert state(last) is State.TRIAL
        assert not Phase.objects.exists()
        daily.run(until=last + days.ONE_DAY, grace_days=GRACE)
        assert Deletion.objects.get().reason == Deletion.Reason.TRIAL_EXPIRED
        assert billing.statements("acme") == []

    def test_it_is_refused_once_the_trial_would_be_over(self) -> None:
        companies.trial(on=BEGUN)
        end(on=BEGUN + timedelta(days=10))
        assert refusal(lambda: undo(BEGUN + timedelta(days=30))) == "trial_is_over"

    def test_the_day_of_leaving_is_the_old_group_s_and_no_other_s(self) -> None:
        """R: F7, F9."""
        companies.paid("lead", on=BEGUN)
        companies.trial(on=BEGUN)
        daily.run(until=BEGUN)
        operations.form_group(company_id="lead", members=["acme"], today=BEGUN, by=BY)
        terminate(company_id="acme", grace_days=GRACE, today=BEGUN, by=BY)
        operations.undo_termination(company_id="acme", today=BEGUN, by=BY)

        def join(day: date) -> None:
            daily.run(until=day)
            operations.join_group(company_id="acme", representative="lead", today=day, by=BY)

        assert refusal(lambda: join(BEGUN)) == "already_grouped"
        join(BEGUN + days.ONE_DAY)


class TestAfterAnExpiry:
    LAST = BEGUN + timedelta(days=29)

    @pytest.fixture(autouse=True)
    def _expired(self) -> None:
        companies.trial(on=BEGUN, accounts=2)
        daily.run(until=self.LAST + timedelta(days=3), grace_days=GRACE)

    def test_it_converts_from_today_and_its_data_stays(self) -> None:
        today = self.LAST + timedelta(days=3)
        assert state(today) is State.EXPIRED

        convert(today, today=today)

        assert state(today) is State.PAID
        assert not Deletion.objects.exists()
        daily.run(until=today + timedelta(days=60), grace_days=GRACE)
        charged = {row[0] for row in billing.all_charges("acme", ("day",))}
        assert min(charged) == today
        assert books.differences(today=today + timedelta(days=60)) == []

    def test_another_day_or_anything_else_is_refused(self) -> None:
        today = self.LAST + timedelta(days=3)
        for start in (self.LAST, today - days.ONE_DAY, today + days.ONE_DAY):
            assert (
                refusal(lambda start=start: convert(start, today=today))
                == "reservation_out_of_range"
            )
        common = {"company_id": "acme", "today": today, "by": BY}
        assert refusal(lambda: operations.register_new_persons(count=1, **common)) == "not_active"
        assert refusal(lambda: operations.undo_termination(**common)) == "not_terminated"

    def test_on_the_day_of_deletion_it_is_over(self) -> None:
        gone = self.LAST + timedelta(days=1 + GRACE)
        assert refusal(lambda: convert(gone, today=gone)) == "not_active"
        daily.run(until=gone, grace_days=GRACE)
        assert state(gone) is None


class TestTwoAtOnce:
    """Whoever is first has the mark; the other is refused or finds nothing to do."""

    @pytest.fixture
    def ended(self, database: str) -> str:
        with databases.connected(database):
            companies.paid(on=BEGUN)
            end()
        return database

    def test_an_undo_while_the_job_deletes_is_refused(self, ended: str) -> None:
        assert (
            meets(
                ended,
                lambda: deletion.delete_due(day=GONE, only=None),
                lambda: operations.undo_termination(
                    company_id="acme", today=GONE - days.ONE_DAY, by=BY
                ),
            )
            == "deletion_begun"
        )

    def test_the_job_leaves_alone_what_is_being_undone(self, ended: str) -> None:
        undone_on = GONE - days.ONE_DAY
        assert (
            meets(
                ended,
                lambda: operations.undo_termination(company_id="acme", today=undone_on, by=BY),
                lambda: deletion.sweep(day=GONE),
            )
            == "done"
        )
        with databases.connected(ended):
            assert state(GONE) is State.PAID
            assert groups.registered("acme", GONE) == 1

    def test_two_undos_are_one(self, ended: str) -> None:
        def act() -> object:
            return operations.undo_termination(company_id="acme", today=ENDED, by=BY)

        assert meets(ended, act, act) == "not_terminated"
        with databases.connected(ended):
            assert Phase.objects.filter(company="acme").count() == 2
