"""What an upgrade, capacity, people and an end would cost is what they then do cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from billing import previews, queries
from billing.reckoning import Line, sums
from groupco.models import Company
from products import operations as products
from products import queries as facts
from products.choices import Cycle, Item, Plan
from products.models import Price
from tests.billing.stories import contracts_of, next_month, register, undone
from tests.companies import BY, NEW_YEAR, paid
from workplace_console import daily
from workplace_console.common import days
from workplace_console.common.refusal import Refused
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

ACTS: dict[str, Callable[[str, int, date], object]] = {
    "register": lambda company, n, day: register(company, n, day),
    "exclude": lambda company, n, day: products.exclude_newest(
        company_id=company, count=n, today=day, by=BY
    ),
    "add": lambda company, n, day: products.add_capacity(
        company_id=company, tb=n, today=day, by=BY
    ),
    "return": lambda company, n, day: products.return_capacity(
        company_id=company, tb=n, today=day, by=BY
    ),
    "upgrade": lambda company, n, day: products.request_upgrade(
        company_id=company, plan=Plan(n % 3 + 1), by_support=True, today=day, by=BY
    ),
    "terminate": lambda company, _n, day: terminate(company_id=company, today=day, by=BY),
}


@dataclass(frozen=True)
class Story:
    """Acme since `start`, what was done in it on which days, and what somebody thinks of today."""

    start: date
    cycle: Cycle
    accounts: int
    done: Sequence[tuple[int, str, int]]
    today: date
    act: str
    number: int
    joins_on: int | None
    new_price_on: int


@st.composite
def stories(draw: st.DrawFn) -> Story:
    start = draw(st.sampled_from([date(2024, 1, 31), date(2024, 2, 29), date(2025, 12, 2)]))
    length = draw(st.integers(0, 70))
    act = st.sampled_from(["register", "exclude", "add", "return", "upgrade"])
    done = draw(
        st.lists(st.tuples(st.integers(0, length), act, st.integers(1, 6)), max_size=6).map(sorted)
    )
    return Story(
        start,
        draw(st.sampled_from(Cycle)),
        draw(st.integers(0, 9)),
        done,
        start + timedelta(days=length),
        draw(st.sampled_from(sorted(ACTS))),
        draw(st.integers(1, 6)),
        draw(st.none() | st.integers(0, length)),
        draw(st.integers(0, length + 20)),
    )


def live(story: Story) -> None:
    paid("lead", on=story.start, accounts=1)
    paid("acme", on=story.start, accounts=story.accounts, cycle=story.cycle)
    Price.objects.create(
        item=Item.CAPACITY,
        unit_price=77_777,
        starts_on=story.start + timedelta(days=story.new_price_on),
    )
    for number in range((story.today - story.start).days + 1):
        day = story.start + timedelta(days=number)
        daily.run(until=day)
        if number == story.joins_on:
            products.form_group(company_id="lead", members=["acme"], today=day, by=BY)
        for on, act, n in story.done:
            if on == number:
                with suppress(Refused):
                    ACTS[act]("acme", n, day)


def month_end_then(today: date, act: Callable[[], object]) -> int:
    """What acme's month has come to at its end, whoever pays, when this is done today."""
    with undone():
        act()
        end = next_month(today)
        daily.run(until=end)
        first = days.first_of_month(today)
        lines: list[Line] = []
        for payer in Company.objects.values_list("pk", flat=True):
            month = queries.month(payer, first=first)
            lines += [*month.lines, *month.accrued]
        # A contract year that ended inside the month is on an invoice before its end.
        return sum(line.amount for line in lines if line.company == "acme")


def assert_costs_what_was_shown(story: Story) -> None:
    live(story)
    today = story.today
    standing = facts.standing("acme", today)
    assert standing
    assert standing.term
    contracts = contracts_of("acme", today)
    shown: int | None = None
    if story.act == "terminate":
        assert_final(story, contracts)
        return
    if story.act in ("register", "exclude"):
        change = story.number if story.act == "register" else -story.number
        (shown,) = previews.headcount("acme", changes=[change], contracts=contracts, today=today)
    elif story.act in ("add", "return"):
        change = story.number if story.act == "add" else -story.number
        now = facts.capacity("acme", today)
        if now.added_tb + change < 0:
            return
        (shown,) = previews.capacity(
            "acme",
            added=(now.counted_tb, now.added_tb),
            changes=[change],
            contracts=contracts,
            today=today,
        )
    else:
        plan = Plan(story.number % 3 + 1)
        if plan <= standing.term.plan or standing.upgrade:
            return
        now, then = previews.upgrades("acme", plans=[plan], term=standing.term, today=today)
        shown = then - now
        assert now == month_end_then(today, lambda: None)
    before = month_end_then(today, lambda: None)
    try:
        after = month_end_then(today, lambda: ACTS[story.act]("acme", story.number, today))
    except Refused:
        return
    event(f"{story.act}: shown")
    assert after - before == shown


def assert_final(story: Story, contracts: Sequence[date]) -> None:
    shown = previews.final("acme", contracts=contracts, today=story.today)
    already = {bill.invoice.number for bill in queries.statements("acme")}
    terminate(company_id="acme", today=story.today, by=BY)
    issued = [bill for bill in queries.statements("acme") if bill.invoice.number not in already]
    event(f"terminate: {len(issued)} invoice")
    assert [bill.lines for bill in issued] == ([shown] if shown else [])
    if issued:
        assert issued[0].invoice.total == sums(shown).total


@pytest.mark.parametrize("batch", [1, 2])
def test_random_changes_cost_what_was_shown(batch: int, examples) -> None:
    @settings(max_examples=examples(few=6, deep=200))
    @given(stories())
    def run(story: Story) -> None:
        with undone():
            assert_costs_what_was_shown(story)

    run()


def test_an_upgrade_in_figures() -> None:
    """R: C4, C5. Ten people: today on the old plan, the rest of January on the new one."""
    paid("acme", accounts=10)
    today = date(2026, 1, 11)
    daily.run(until=today)
    standing = facts.standing("acme", today)
    assert standing
    assert standing.term

    now, then = previews.upgrades("acme", plans=[Plan.COLLABO], term=standing.term, today=today)

    assert now == 50_000
    assert then == 10 * 11 * 5_000 // 31 + 10 * 20 * 8_000 // 31


def test_capacity_returned_and_added_on_one_day_counts_once() -> None:
    """R: D5. Two TB go and one comes: today counts two, tomorrow one."""
    paid("acme", accounts=0)
    products.add_capacity(company_id="acme", tb=2, today=NEW_YEAR, by=BY)
    products.return_capacity(company_id="acme", tb=2, today=NEW_YEAR, by=BY)

    now = facts.capacity("acme", NEW_YEAR)
    one, three = previews.capacity(
        "acme",
        added=(now.counted_tb, now.added_tb),
        changes=[1, 3],
        contracts=[],
        today=NEW_YEAR,
    )

    assert one == (2 + 30) * 90_000 // 31 - 2 * 90_000 // 31
    assert three == 3 * 90_000 - 2 * 90_000 // 31


def test_nothing_is_owed_when_a_trial_ends_or_on_the_first_day_without_accounts() -> None:
    paid("acme", accounts=0)

    assert previews.final("acme", contracts=[], today=NEW_YEAR) == []
