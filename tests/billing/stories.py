"""Stories that companies live through, and what a payer owes for charged days by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st

from billing.models import DayCharge
from billing.reckoning import Line
from groupco.models import Company, Payer
from products import operations, queries
from products.choices import Cycle, Item, Plan
from products.models import Price
from tests.companies import BY
from tests.reckoning.scenarios import KINDS, scenarios
from workplace_console import daily
from workplace_console.common import days
from workplace_console.common.refusal import Refused
from workplace_console.signup import sign_up
from workplace_console.simulation.play import OPERATIONS
from workplace_console.simulation.scenario import Scenario, ScenarioCompany, read

LONG_AGO = date(2000, 1, 1)

# What a company does by itself: who pays for whom is drawn here.
ALONE = [kind for kind in KINDS if kind not in ("form_group", "join_group", "terminate")]


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Story:
    """A scenario up to some day of it; on `joined_on` the first company, if it pays then, becomes
    the payer of all others."""

    scenario: Scenario
    today: date
    joined_on: date


@st.composite
def stories(draw: st.DrawFn, long_percent: int = 0) -> Story:
    scenario = read(draw(scenarios(kinds=ALONE, long_percent=long_percent)))
    length = (scenario.until - scenario.start).days
    today = scenario.start + timedelta(days=length - draw(st.integers(0, length // 2)))
    joined_on = scenario.start + timedelta(days=draw(st.integers(0, length)))
    return Story(scenario, today, joined_on)


def live(story: Story) -> None:
    """Live through the days up to today, with all that today brings."""
    set_prices(story.scenario)
    for day in days.each(story.scenario.start, story.today):
        daily.run(until=day, grace_days=0)
        for company in story.scenario.companies:
            if company.on == day:
                arrive(company)
        if day == story.joined_on:
            join(story.scenario.companies[0].id, day)
        for event in story.scenario.events:
            if event.on == day:
                with suppress(Refused):
                    OPERATIONS[event.do](company_id=event.company, today=day, by=BY, **event.values)


def arrive(company: ScenarioCompany) -> None:
    sign_up(
        company_id=company.id,
        name=company.id,
        trial_days=company.trial_days,
        today=company.on,
        by=BY,
    )
    if company.accounts:
        register(company.id, company.accounts, company.on)


def register(company: str, count: int, day: date) -> None:
    operations.register_new_persons(company_id=company, count=count, today=day, by=BY)


def exclude(company: str, count: int, day: date) -> None:
    operations.exclude_newest(company_id=company, count=count, today=day, by=BY)


def set_prices(scenario: Scenario) -> None:
    """The scenario's prices; where one would be missing, an old one."""
    Price.objects.all().delete()
    old = [
        Price(
            item=Item.SEAT,
            plan=plan,
            cycle=cycle,
            unit_price=plan * cycle * 997,
            starts_on=LONG_AGO,
        )
        for plan in Plan
        for cycle in Cycle
    ]
    own = [
        Price(
            item=price.item,
            plan=price.plan,
            cycle=price.cycle,
            unit_price=price.unit_price,
            starts_on=price.starts_on,
        )
        for price in scenario.prices or ()
    ]
    Price.objects.bulk_create([*old, *own])


def join(payer: str, day: date) -> None:
    """From this day on, `payer` pays for every other company, if it is one that pays. R: F3."""
    standing = queries.standing(payer, day)
    if standing is None or standing.term is None:
        return
    for company in Company.objects.exclude(pk=payer):
        join_one(company.pk, payer, day)


def join_one(company: str, payer: str, day: date) -> None:
    """From this day on, `payer` pays for a company."""
    own = Payer.objects.get(company=company, ends_on=days.OPEN_END)
    if own.starts_on == day:
        own.delete()
    else:
        own.ends_on = day - days.ONE_DAY
        own.save()
    Payer.objects.create(company_id=company, payer_id=payer, starts_on=day, ends_on=days.OPEN_END)


def company_ids() -> list[str]:
    return list(Company.objects.order_by("pk").values_list("pk", flat=True))


def contracts_of(company: str, day: date) -> list[date]:
    """The first days of a company's annual contracts, begun or reserved."""
    standing = queries.standing(company, day)
    assert standing is not None
    return [
        term.contract_from
        for term in (standing.term, standing.reserved)
        if term and term.cycle is Cycle.ANNUAL
    ]


def next_month(day: date) -> date:
    return days.last_of_month(day) + days.ONE_DAY


def owed(charges: Iterable[DayCharge]) -> list[Line]:
    """The lines of charged days, added up and rounded down here. R: E2, E3."""
    quantities: defaultdict[tuple[Any, ...], int] = defaultdict(int)
    for row in charges:
        plan = Plan(row.plan) if row.plan else None
        cycle = Cycle(row.cycle) if row.cycle else None
        period = (row.period_from, row.period_to)
        key = (row.payer, row.company, Item(row.item), plan, cycle, row.unit_price, *period)
        quantities[key] += row.quantity
    lines = []
    for key, quantity in quantities.items():
        length = (key[7] - key[6]).days + 1
        lines.append(Line(*key, quantity, length, quantity * key[5] // length))
    return sorted(lines, key=lambda line: line.order)
