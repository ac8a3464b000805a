"""Random lives of several companies, judged after every step by a model of their own. R: B–G.

STEPS says how many steps are taken; CI takes 20,000.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from copy import deepcopy
from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from billing import books
from products import operations as products
from products import queries
from products.choices import Cycle, Plan, StorageCategory
from products.models import Phase
from tests.billing.stories import undone
from tests.companies import BY, paid, trial
from tests.groupco.rivals import code_of
from tests.life import model
from tests.life.model import DONE, World
from workplace_console import daily, deletion
from workplace_console.common import sql
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

STEPS: Final = int(os.environ.get("STEPS", "600"))
STEPS_A_LIFE: Final = 60

# A 29 February and an end of month are near, and a contract's year is not too far.
START: Final = date(2024, 2, 22)
TRIALS: Final = {"acme": 5, "beta": 9, "gamma": 20}
PAYING: Final = ("delta", "lead")

companies = st.sampled_from([*TRIALS, *PAYING])
plans = st.sampled_from(Plan)
cycles = st.sampled_from(Cycle)
ahead = st.integers(-1, 12).map(lambda number: timedelta(days=number))


def begin() -> World:
    """Companies that have just come, with two accounts each: three in trial, two that pay."""
    for company, length in TRIALS.items():
        trial(company, on=START, accounts=2, trial_days=length)
    for company in PAYING:
        paid(company, on=START, accounts=2)
    daily.run(until=START)
    world = World(START, {})
    for company, length in (TRIALS | dict.fromkeys(PAYING, 30)).items():
        trial_to = START + timedelta(days=length - 1)
        world.companies[company] = model.Company(company, trial_to, accounts=2, counted=2)
    for company in PAYING:
        world.companies[company].phases = [model.Phase(1, 1, START)]
    return world


class Lives(RuleBasedStateMachine):
    """Each rule does the same to the product and to the model, and compares what came of it."""

    taken = 0
    came_of: Counter[tuple[str, str]] = Counter()
    first: World

    def __init__(self) -> None:
        super().__init__()
        self.world = deepcopy(self.first)
        self.life = ExitStack()
        self.life.enter_context(undone())

    @initialize(grace_days=st.sampled_from([0, 2]))
    def choose(self, grace_days: int) -> None:
        self.world.grace_days = grace_days

    def act(
        self, what: str, company: str, expected: Callable[[], str], do: Callable[[], object]
    ) -> None:
        """Do it and compare: the outcome, where the company stands, and, refused, every row."""
        type(self).taken += 1
        code = expected()
        self.came_of[what, code] += 1
        before = None if code == DONE else checksum()
        assert code_of(do) == code
        if before is not None:
            assert checksum() == before
        self.compare(company)

    def compare(self, company: str) -> None:
        """The company's terms and capacity are the model's."""
        told, today = self.world.companies[company], self.world.today
        if told.data_goes_on and told.data_goes_on <= today:
            return
        phases = Phase.objects.filter(company=company).order_by("starts_on")
        assert list(phases.values_list("plan", "cycle", "starts_on", "ends_on")) == [
            (phase.plan, phase.cycle, phase.first, phase.last) for phase in told.phases
        ]
        assert len([phase for phase in told.phases if phase.first > today]) <= 1
        now = queries.capacity(company, today)
        assert (now.accounts, now.added_tb, now.counted_tb) == (told.accounts, told.tb, told.peak)
        assert (now.used, now.total) == (told.use, self.world.capacity(told))

    def common(self, company: str) -> dict[str, Any]:
        return {"company_id": company, "today": self.world.today, "by": BY}

    @rule(company=companies, plan=plans, cycle=cycles, start=ahead)
    def reserve(self, company: str, plan: Plan, cycle: Cycle, start: timedelta) -> None:
        terms = {"plan": plan, "cycle": cycle, "start": self.world.today + start}
        told = self.world.companies[company]
        self.act(
            "reserve",
            company,
            lambda: self.world.reserve(told, **terms),
            lambda: products.reserve(**self.common(company), **terms),
        )

    @rule(company=companies, plan=plans, cycle=cycles, start=ahead)
    def change(self, company: str, plan: Plan, cycle: Cycle, start: timedelta) -> None:
        terms = {"plan": plan, "cycle": cycle, "start": self.world.today + start}
        told = self.world.companies[company]
        self.act(
            "change",
            company,
            lambda: self.world.change(told, **terms),
            lambda: products.change_reservation(**self.common(company), **terms),
        )

    @rule(company=companies, plan=plans, cycle=cycles, start=ahead, other=ahead)
    def reserve_and_change(
        self, company: str, plan: Plan, cycle: Cycle, start: timedelta, other: timedelta
    ) -> None:
        """What seldom meets by chance."""
        self.reserve(company, plan, cycle, start)
        self.change(company, plan, cycle, other)

    @rule(company=companies)
    def withdraw(self, company: str) -> None:
        self.act(
            "withdraw",
            company,
            lambda: self.world.withdraw(self.world.companies[company]),
            lambda: products.withdraw_reservation(**self.common(company)),
        )

    @rule(company=companies, further=st.integers(-2, 9))
    def extend(self, company: str, further: int) -> None:
        told = self.world.companies[company]
        to = told.trial_to + timedelta(days=further)
        self.act(
            "extend",
            company,
            lambda: self.world.extend(told, to=to),
            lambda: products.extend_trial(**self.common(company), ends_on=to),
        )

    @rule(company=companies, count=st.integers(1, 5))
    def register(self, company: str, count: int) -> None:
        self.act(
            "register",
            company,
            lambda: self.world.register(self.world.companies[company], count=count),
            lambda: products.register_new_persons(**self.common(company), count=count),
        )

    @rule(company=companies, count=st.integers(1, 5))
    def exclude(self, company: str, count: int) -> None:
        self.act(
            "exclude",
            company,
            lambda: self.world.exclude(self.world.companies[company], count=count),
            lambda: products.exclude_newest(**self.common(company), count=count),
        )

    @rule(company=companies, plan=plans, by_support=st.booleans())
    def upgrade(self, company: str, plan: Plan, by_support: bool) -> None:
        how = {"plan": plan, "by_support": by_support}
        self.act(
            "upgrade",
            company,
            lambda: self.world.upgrade(self.world.companies[company], **how),
            lambda: products.request_upgrade(**self.common(company), **how),
        )

    @rule(company=companies)
    def withdraw_upgrade(self, company: str) -> None:
        self.act(
            "withdraw_upgrade",
            company,
            lambda: self.world.withdraw_upgrade(self.world.companies[company]),
            lambda: products.withdraw_upgrade(**self.common(company)),
        )

    @rule(company=companies, plan=plans)
    def upgrade_and_withdraw(self, company: str, plan: Plan) -> None:
        """As above."""
        self.upgrade(company, plan, by_support=False)
        self.upgrade(company, plan, by_support=False)
        self.withdraw_upgrade(company)

    @rule(company=companies, tb=st.integers(1, 4))
    def add(self, company: str, tb: int) -> None:
        self.act(
            "add",
            company,
            lambda: self.world.add(self.world.companies[company], tb=tb),
            lambda: products.add_capacity(**self.common(company), tb=tb),
        )

    @rule(company=companies, tb=st.integers(1, 4))
    def give_back(self, company: str, tb: int) -> None:
        self.act(
            "give_back",
            company,
            lambda: self.world.give_back(self.world.companies[company], tb=tb),
            lambda: products.return_capacity(**self.common(company), tb=tb),
        )

    @rule(
        company=companies,
        category=st.sampled_from([StorageCategory.BOARD, StorageCategory.PHOTO]),
        percent=st.sampled_from([0, 50, 99, 100, 101, 200]),
        tb_free=st.integers(0, 2),
    )
    def report(self, company: str, category: StorageCategory, percent: int, tb_free: int) -> None:
        """About as much as there is room for, or would be with a TB or two less."""
        told = self.world.companies[company]
        size = max(self.world.capacity(told) - tb_free * model.TB, 0) * percent // 100
        self.act(
            "report",
            company,
            lambda: self.world.report(told, category=category.value, size=size),
            lambda: products.report_storage(**self.common(company), category=category, bytes=size),
        )

    @rule(company=companies, tb=st.integers(1, 3), tb_free=st.integers(0, 3))
    def add_fill_and_give_back(self, company: str, tb: int, tb_free: int) -> None:
        """What seldom meets by chance."""
        self.add(company, tb)
        self.report(company, StorageCategory.BOARD, 100, tb_free)
        self.give_back(company, tb)

    @rule(lead=companies, members=st.lists(companies, min_size=1, max_size=3, unique=True))
    def form_group(self, lead: str, members: list[str]) -> None:
        members = [member for member in members if member != lead]
        if not members:
            return
        told = [self.world.companies[member] for member in members]
        self.act(
            "form_group",
            lead,
            lambda: self.world.form(self.world.companies[lead], told),
            lambda: products.form_group(**self.common(lead), members=members),
        )

    @rule(company=companies, lead=companies)
    def join_group(self, company: str, lead: str) -> None:
        if company == lead:
            return
        told = self.world.companies
        self.act(
            "join_group",
            company,
            lambda: self.world.join(told[company], told[lead]),
            lambda: products.join_group(**self.common(company), representative=lead),
        )

    @rule(lead=companies, member=companies, joins=companies)
    def form_and_join_and_want_to_leave(self, lead: str, member: str, joins: str) -> None:
        """As above: a group that grows, and whose representative would go."""
        self.form_group(lead, [member])
        if self.world.companies[member].represented_by == lead:
            self.join_group(joins, lead)
            self.terminate(lead, really=0)

    @rule(company=companies, really=st.integers(0, 3))
    def terminate(self, company: str, really: int) -> None:
        if really:  # the others would be over too soon
            return
        told = self.world.companies[company]
        self.act(
            "terminate",
            company,
            lambda: self.world.terminate(told),
            lambda: terminate(**self.common(company), grace_days=self.world.grace_days),
        )
        deletion.sweep(day=self.world.today)
        self.compare_what_ended()

    @rule(company=companies, really=st.integers(0, 5))
    def end_twice_and_undo(self, company: str, really: int) -> None:
        """As above; where there are days of grace, it comes back."""
        if really:
            return
        self.terminate(company, really=0)
        self.terminate(company, really=0)
        self.undo(company)

    @rule(company=companies, lead=companies)
    def end_and_come_back(self, company: str, lead: str) -> None:
        """On one day: what belongs to the old contract and what to the new one is easily mixed."""
        if self.world.grace_days and self.world.companies[company].represented_by:
            self.terminate(company, 0)
            self.undo(company)
            self.join_group(company, lead)

    @rule(company=companies)
    def undo(self, company: str) -> None:
        self.act(
            "undo",
            company,
            lambda: self.world.undo(self.world.companies[company]),
            lambda: products.undo_termination(**self.common(company)),
        )
        self.compare_what_ended()

    @rule(count=st.sampled_from([1, 1, 1, 1, 2, 3, 8]))
    def days_go_by(self, count: int) -> None:
        """Some nights; more than one are caught up at once."""
        type(self).taken += 1
        for _night in range(count):
            self.world.midnight()
        assert daily.run(until=self.world.today, grace_days=self.world.grace_days).parked == 0
        deletion.sweep(day=self.world.today)
        for company in self.world.companies:
            self.compare(company)
        self.compare_what_ended()
        assert charges() == self.world.charges

    def compare_what_ended(self) -> None:
        """Who has ended is marked, and nobody else; whose day has come has no people any more."""
        today, told = self.world.today, self.world.companies.values()
        marked = sql.rows("SELECT company, due_on, done_on IS NOT NULL FROM products_deletion")
        assert {company: (due_on, is_done) for company, due_on, is_done in marked} == {
            company.id: (company.data_goes_on, company.data_goes_on <= today)
            for company in told
            if company.data_goes_on
        }
        there = sql.column("SELECT DISTINCT company_id FROM groupco_employee ORDER BY 1")
        assert there == sorted(c.id for c in told if not c.data_goes_on or c.data_goes_on > today)

    def teardown(self) -> None:
        with self.life:
            assert charges() == self.world.charges
            assert books.differences(today=self.world.today) == []


CHECKSUM: Final = """
    (SELECT coalesce(sum(hashtext(t::text)::bigint), 0) || '/' || count(*) FROM {} AS t)"""


def checksum() -> list[str]:
    """All rows of all tables, in a few bytes."""
    tables = sql.column(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
    )
    return sql.column("SELECT unnest(ARRAY[" + ", ".join(map(CHECKSUM.format, tables)) + "])")


def charges() -> model.Charges:
    return {
        (day, company, item): (quantity, plan, payer)
        for day, company, item, quantity, plan, payer in sql.rows(
            "SELECT day, company, item, quantity, plan, payer FROM billing_daycharge"
        )
    }


@pytest.mark.parametrize("half", [1, 2])  # so that both cores have something to do
def test_random_lives_are_as_the_rules_have_them(half: int) -> None:
    Lives.first = begin()
    Lives.taken = 0
    Lives.came_of.clear()
    turn = 0
    while Lives.taken < STEPS // 2:
        turn += 1
        lives = max(1, (STEPS // 2 - Lives.taken) // STEPS_A_LIFE)
        run_state_machine_as_test(
            # Where the same is drawn each time (in CI), each turn draws something of its own.
            seed(1000 * half + turn)(Lives) if settings().derandomize else Lives,
            settings=settings(max_examples=lives, stateful_step_count=STEPS_A_LIFE, database=None),
        )

    assert STEPS < 10_000 or not COMMON - Lives.came_of.keys()


# What many steps come by.
COMMON: Final = {
    *(("reserve", code) for code in (DONE, "already_paid", "already_reserved", "not_active")),
    *(("change", code) for code in (DONE, "reservation_started", "no_reservation")),
    *(("upgrade", code) for code in (DONE, "not_paid", "upgrade_pending", "not_an_upgrade")),
    *(("withdraw_upgrade", code) for code in (DONE, "no_upgrade_pending")),
    *(("give_back", code) for code in (DONE, "nothing_to_return", "capacity_in_use")),
    *(("exclude", code) for code in (DONE, "not_that_many_accounts")),
    *(("form_group", code) for code in (DONE, "not_paid", "already_grouped")),
    *(("join_group", code) for code in (DONE, "not_a_representative")),
    *(("terminate", code) for code in (DONE, "representative_of_group", "not_active")),
    *(("undo", code) for code in (DONE, "not_terminated", "deletion_begun")),
}
