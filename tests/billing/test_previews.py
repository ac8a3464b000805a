"""A price shown before something is done is the price that follows, to the won."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from billing import previews, queries, reckoning
from billing.models import DayCharge
from groupco import queries as groups
from products import operations
from products import queries as products
from products.choices import Cycle, Item, Plan, State
from products.models import Price
from tests import companies
from tests.billing.stories import (
    Story,
    company_ids,
    contracts_of,
    exclude,
    live,
    next_month,
    owed,
    register,
    stories,
    undone,
)
from tests.companies import BY
from workplace_console import daily
from workplace_console.common import days

pytestmark = pytest.mark.django_db


def at_month_end(company: str, today: date, act: Callable[[], None]) -> int:
    """What a company's month, and its running contract year, come to by the month's end."""
    with undone():
        act()
        daily.run(until=next_month(today), grace_days=0)
        charges = DayCharge.objects.filter(company=company, period_to__gte=today)
        return sum(line.amount for line in owed(charges))


def assert_worth_what_it_shows(story: Story, company: str, more: int) -> None:
    """Both futures are lived: the difference is what was shown."""
    today = story.today
    fewer = min(more, groups.registered(company, today))
    contracts = contracts_of(company, today)

    shown = previews.headcount(company, changes=(more, -fewer), contracts=contracts, today=today)
    end = previews.month_end(company, contracts=contracts, today=today)

    now = at_month_end(company, today, lambda: None)
    with_more = at_month_end(company, today, lambda: register(company, more, today))
    with_fewer = at_month_end(company, today, lambda: exclude(company, fewer, today))
    event(f"shown: {min(abs(shown[0]), 1)}")
    assert (end, shown) == (now, [with_more - now, with_fewer - now])


@pytest.mark.parametrize("long_percent", [0, 100])
def test_more_and_fewer_accounts(long_percent: int, examples) -> None:
    number = examples(few=2, deep=30) if long_percent else examples(few=3, deep=80)

    @settings(max_examples=number)
    @given(stories(long_percent=long_percent), st.integers(1, 9))
    def run(story: Story, more: int) -> None:
        with undone():
            live(story)
            active = [
                company
                for company in company_ids()
                if (standing := products.standing(company, story.today)) and standing.is_active
            ]
            assume(active)
            assert_worth_what_it_shows(story, active[0], more)

    run()


class TestHeadcount:
    def test_who_leaves_today_still_counts_today(self) -> None:
        companies.paid("acme", accounts=5)
        today = date(2026, 1, 31)
        daily.run(until=today)

        shown = previews.headcount("acme", changes=(1, -1), contracts=[], today=today)

        assert shown == [5_000 // 31, 0]

    def test_nothing_in_a_trial_without_a_reservation(self) -> None:
        companies.trial("acme", accounts=5)

        shown = previews.headcount("acme", changes=(3,), contracts=[], today=companies.NEW_YEAR)

        assert shown == [0]

    def test_from_the_first_paid_day_on_where_one_is_reserved(self) -> None:
        companies.trial("acme", accounts=1)
        operations.reserve(
            company_id="acme",
            plan=Plan.WORKPLACE,
            cycle=Cycle.MONTHLY,
            start=date(2026, 1, 22),
            today=companies.NEW_YEAR,
            by=BY,
        )

        shown = previews.headcount("acme", changes=(1,), contracts=[], today=companies.NEW_YEAR)

        assert shown == [20 * 5_000 // 31 - 10 * 5_000 // 31]

    def test_one_statement(self, django_assert_num_queries) -> None:
        companies.paid("acme", accounts=200)

        with django_assert_num_queries(1):
            previews.headcount("acme", changes=(1, -1, 7), contracts=[], today=companies.NEW_YEAR)


@dataclass(frozen=True)
class Conversion:
    """A company in trial since `on` that thinks, on `today`, about a paid term."""

    on: date
    today: date
    start: date
    plan: Plan
    cycle: Cycle
    accounts: int
    has_reserved: bool
    price_on: date
    joins: int


@st.composite
def conversions(draw: st.DrawFn, cycle: Cycle) -> Conversion:
    on = draw(st.sampled_from([date(2024, 1, 31), date(2024, 2, 28), date(2025, 12, 2)]))
    today = on + timedelta(days=draw(st.integers(0, 20)))
    start = today + timedelta(days=draw(st.integers(0, (on - today).days + 29)))
    return Conversion(
        on,
        today,
        start,
        plan=draw(st.sampled_from(Plan)),
        cycle=cycle,
        accounts=draw(st.integers(0, 30)),
        has_reserved=draw(st.booleans()),
        price_on=start + timedelta(days=draw(st.integers(-10, 70))),
        joins=draw(st.integers(0, 3)),
    )


def assert_billed_as_previewed(story: Conversion) -> None:
    terms = {"plan": story.plan, "cycle": story.cycle, "start": story.start}
    companies.trial("acme", on=story.on, accounts=story.accounts)
    Price.objects.update_or_create(
        item=Item.SEAT,
        plan=story.plan,
        cycle=story.cycle,
        starts_on=story.price_on,
        defaults={"unit_price": 7_777},
    )
    daily.run(until=story.today)
    apply = operations.reserve
    if story.has_reserved and story.today < story.start:
        operations.reserve(
            company_id="acme",
            plan=Plan.COLLABO,
            cycle=Cycle.MONTHLY,
            start=story.start,
            today=story.today,
            by=BY,
        )
        apply = operations.change_reservation
    if story.joins:
        register("acme", story.joins, story.today)

    preview = previews.conversion("acme", **terms, today=story.today)
    apply(company_id="acme", **terms, today=story.today, by=BY)
    daily.run(until=preview.full_period[1] + days.ONE_DAY)

    bills = queries.statements("acme")
    event(f"bills: {len(bills)}")
    expected = [lines for lines in (preview.first, preview.full) if lines]
    assert [bill.lines for bill in bills] == expected
    if bills:
        last = bills[-1].invoice
        assert preview.sums == reckoning.Sums(last.supply, last.vat)
        assert preview.sums.total == last.total
    assert preview.accounts == story.accounts + story.joins


def test_a_monthly_term_costs_what_was_shown(examples) -> None:
    """The month it begins in, and the whole one after."""

    @settings(max_examples=examples(few=5, deep=150))
    @given(conversions(Cycle.MONTHLY))
    def run(story: Conversion) -> None:
        with undone():
            assert_billed_as_previewed(story)

    run()


def test_an_annual_term_costs_what_was_shown(examples) -> None:
    """The first contract year, on one bill."""

    @settings(max_examples=examples(few=2, deep=40))
    @given(conversions(Cycle.ANNUAL))
    def run(story: Conversion) -> None:
        with undone():
            assert_billed_as_previewed(story)

    run()


class TestConversion:
    def test_a_contract_from_29_february(self) -> None:
        companies.trial("acme", on=date(2024, 2, 20), accounts=3)

        preview = previews.conversion(
            "acme",
            plan=Plan.WORKPLACE,
            cycle=Cycle.ANNUAL,
            start=date(2024, 2, 29),
            today=date(2024, 2, 20),
        )

        assert preview.full_period == (date(2024, 2, 29), date(2025, 2, 27))
        assert preview.sums.supply == 150_000

    def test_nothing_is_left_behind_and_one_statement(self, django_assert_num_queries) -> None:
        companies.trial("acme", accounts=100)

        with django_assert_num_queries(1):
            previews.conversion(
                "acme",
                plan=Plan.WORKPLACE,
                cycle=Cycle.MONTHLY,
                start=date(2026, 1, 31),
                today=companies.NEW_YEAR,
            )

        standing = products.standing("acme", companies.NEW_YEAR)
        assert standing is not None
        assert standing.state is State.TRIAL
