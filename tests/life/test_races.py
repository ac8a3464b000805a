"""Two who meet: what comes of it is what came of one after the other. R: B6, C4, D5, E1, G4."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from threading import Barrier, Event
from typing import Any, Final

import pytest
from django.db import connection

from billing import books
from products import operations as products
from products import queries
from products.choices import Cycle, Plan, StorageCategory
from products.models import Deletion
from tests import databases
from tests.companies import BY, paid, trial
from tests.groupco.rivals import code_of
from workplace_console import daily
from workplace_console.common import sql
from workplace_console.common.sizes import TB
from workplace_console.termination import terminate

START: Final = date(2026, 3, 1)

Act = Callable[[str, date], object]


@pytest.fixture
def raced(database: str, db: None) -> Iterator[str]:
    """A database of its own, on its first day; at the end its books agree."""
    with databases.connected(database):
        trial("first", on=START)
        daily.run(until=START)
        yield database
        today = max(sql.column("SELECT max(day) FROM common_jobrun"))
        assert books.differences(today=today) == []


@dataclass(frozen=True)
class Race:
    """A company as it is before, and two acts of one day."""

    make: Act
    acts: tuple[Act, Act]


def pays(company: str, day: date) -> None:
    paid(company, on=day, accounts=3)


def nearly_full(company: str, day: date) -> None:
    """A TB was added; without it there would be too little."""
    has_added(company, day)
    now = queries.capacity(company, day)
    report(company, day, now.total - TB + 1)


def has_added(company: str, day: date) -> None:
    pays(company, day)
    add(company, day)


def add(company: str, day: date) -> None:
    products.add_capacity(company_id=company, tb=1, today=day, by=BY)


def give_back(company: str, day: date) -> None:
    products.return_capacity(company_id=company, tb=1, today=day, by=BY)


def report(company: str, day: date, size: int) -> None:
    products.report_storage(
        company_id=company, category=StorageCategory.BOARD, bytes=size, today=day, by=BY
    )


def rise(company: str, day: date) -> None:
    report(company, day, 600 * 1024**3)


def upgrade(company: str, day: date) -> None:
    products.request_upgrade(company_id=company, plan=Plan.COLLABO, today=day, by=BY)


def withdraw(company: str, day: date) -> None:
    products.withdraw_upgrade(company_id=company, today=day, by=BY)


def end(company: str, day: date) -> None:
    terminate(company_id=company, grace_days=5, today=day, by=BY)


def convert(company: str, day: date) -> None:
    terms = {"plan": Plan.WORKPLACE, "cycle": Cycle.MONTHLY, "start": day}
    products.reserve(company_id=company, **terms, today=day, by=BY)


RACES: Final = {
    "terminating and upgrading": Race(pays, (end, upgrade)),
    "adding and returning": Race(nearly_full, (add, give_back)),
    "rising use and returning": Race(has_added, (rise, give_back)),
    "terminating and adding": Race(pays, (end, add)),
}


@pytest.mark.parametrize("name", RACES)
def test_what_comes_of_it_is_one_after_the_other(name: str, raced: str, examples) -> None:
    race = RACES[name]
    orders = [serial(race, f"order-{first}", first) for first in (0, 1)]
    assert orders[0] != orders[1]

    for number in range(examples(few=8, deep=200)):
        company = f"race-{number}"
        race.make(company, START)
        codes = at_once(raced, *((act, company, START) for act in race.acts))
        assert (codes, left_of(company)) in orders


def serial(race: Race, company: str, first: int) -> tuple[list[str], list[str]]:
    """The outcomes of both acts, and what is left, when one of them is done before the other."""
    race.make(company, START)
    order = (first, 1 - first)
    codes = {number: code_of(lambda n=number: race.acts[n](company, START)) for number in order}
    return [codes[0], codes[1]], left_of(company)


def at_once(database: str, *acts: tuple[Act, str, date]) -> list[str]:
    """How each of them ended; what is neither done nor refused is raised here."""
    begin = Barrier(len(acts))

    def one(act: tuple[Act, str, date]) -> str:
        do, company, day = act
        with databases.connected(database):
            sql.rows("SELECT 1")  # the connection stands
            begin.wait(30)
            return code_of(lambda: do(company, day))

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


# Where what was done shows: terms, capacity, the mark, money.
TABLES: Final = {
    "products_phase": "plan, starts_on, ends_on",
    "products_addedcapacity": "starts_on, ends_on, count",
    "products_storageuse": "category, bytes",
    "products_capacityalert": "level",
    "products_deletion": "due_on",
    "billing_daycharge": "day, item, quantity, payer = company",
    "billing_invoiceline": "item, amount",
}


def left_of(company: str) -> list[str]:
    found = []
    for table, columns in TABLES.items():
        key = "company_id" if table.startswith("products_") else "company"
        key = "company" if table == "products_deletion" else key
        rows = sql.column(
            f"SELECT ROW({columns})::text FROM {table} WHERE {key} = %(id)s ORDER BY 1",  # noqa: S608
            id=company,
        )
        found += [f"{table} {row}" for row in rows]
    return found


def night(_company: str, day: date) -> None:
    daily.run(until=day + timedelta(days=1), grace_days=0)


def after(statements: int, late: Act, first: Act) -> tuple[Act, Act]:
    """Who is quicker would win every time; so `late` begins when `first` has sent so many."""
    go = Event()

    def waits(company: str, day: date) -> object:
        assert go.wait(30)
        return late(company, day)

    def lets_go(company: str, day: date) -> object:
        sent = count(1)

        def watch(execute: Callable[..., Any], *statement: Any) -> Any:
            if next(sent) > statements:
                go.set()
            return execute(*statement)

        try:
            with connection.execute_wrapper(watch):
                return first(company, day)
        finally:
            go.set()

    return waits, lets_go


def test_a_trial_is_converted_or_gone(raced: str, examples) -> None:
    """R: B6. Never is a paid one deleted, and never both."""
    won: set[str] = set()
    for number in range(examples(few=8, deep=200)):
        day, company = START + timedelta(days=number), f"race-{number}"
        trial(company, on=day, accounts=2, trial_days=1)

        acts = after(number * 7 % 80, convert, night)
        codes = at_once(raced, *((act, company, day) for act in acts))

        charged = sql.rows(
            "SELECT day, quantity FROM billing_daycharge WHERE company = %(c)s", c=company
        )
        gone = Deletion.objects.filter(company=company, done_on__isnull=False).exists()
        if codes == ["done", "done"]:
            assert (charged, gone) == ([(day, 2)], False)
        else:
            assert codes == ["day_is_over", "done"]
            assert (charged, gone) == ([], True)
        won.add(codes[0])
    assert examples(few=8, deep=200) < 100 or won == {"done", "day_is_over"}


def test_an_upgrade_is_withdrawn_or_begins(raced: str, examples) -> None:
    """R: C4. The day of the request on the old plan, the next on what was decided by then."""
    for number in range(examples(few=8, deep=200)):
        day, company = START + timedelta(days=number), f"race-{number}"
        pays(company, day)
        upgrade(company, day)

        codes = at_once(raced, (withdraw, company, day), (night, company, day))

        standing: Any = queries.standing(company, day + timedelta(days=1))
        plan = {"done": Plan.WORKPLACE, "day_is_over": Plan.COLLABO}[codes[0]]
        assert standing.term.plan is plan
        assert standing.upgrade is None
        charged = sql.rows(
            "SELECT day, plan FROM billing_daycharge WHERE company = %(c)s", c=company
        )
        assert charged == [(day, Plan.WORKPLACE)]
