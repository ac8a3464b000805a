"""Many companies over hundreds of days on one thread, with a queue that loses, doubles, delays and
mixes up its messages, and workers that die before any statement. All of it is drawn from a seed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from workplace_console.celery import app
from workplace_console.common.refusal import Refused
from workplace_console.simulation import play
from workplace_console.simulation.scenario import Scenario, ScenarioCompany, ScenarioEvent, read
from workplace_console.termination import terminate

Json = dict[str, Any]

# These have tests of their own: tests/common/test_mail.py and tests/deletion/test_on_disk.py. All
# other tasks there are, a new one too, are lost, doubled and mixed up here.
OTHERWISE: Final = ("send_mail", "rewrite_tables")
PREFIX: Final = "workplace_console.tasks."
app.loader.import_default_modules()
HINTS: Final[dict[str, Callable[..., object]]] = {
    name.removeprefix(PREFIX): task
    for name, task in sorted(app.tasks.items())
    if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in OTHERWISE
}


class Killed(BaseException):
    """A process is no more: nobody catches that."""


def dies_at(statement: int) -> Callable[..., Any]:
    """An execute_wrapper that kills before a statement is sent. Those about savepoints don't count:
    who dies at one is no further than at the statement before."""
    left = statement

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if counts(sql):
            left -= 1
            if left == 0:
                raise Killed
        return execute(sql, params, many, context)

    return watch


def counts(sql: str) -> bool:
    return not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO"))


@dataclass
class Faulty:
    """A day's work, done by workers that die, at the word of a queue that can't be trusted."""

    random: Random
    delayed: dict[date, list[str]] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)
    still: int = 0  # so many days more nobody looks

    def hints(self, today: date) -> list[str]:
        """What is delivered today, in the order of delivery."""
        if self.still:
            self.still -= 1
            self.met["a day without a word"] += 1
            return []
        if self.random.random() < 0.04:
            self.still = self.random.randrange(1, 10)
        delivered = self.delayed.pop(today, [])
        for name in HINTS:
            fate = self.random.random()
            if fate < 0.1:
                self.met["dropped"] += 1
            elif fate < 0.2:
                later = today + timedelta(days=self.random.randrange(1, 30))
                self.delayed.setdefault(later, []).append(name)
                self.met["delayed"] += 1
            elif fate < 0.4:
                delivered += [name] * self.random.randrange(2, 6)
                self.met["doubled"] += 1
            else:
                delivered.append(name)
        self.random.shuffle(delivered)
        return delivered

    def do(self, act: Callable[[], object], *, percent: int) -> bool:
        """Have something done; False when whoever did it was killed, which happens so often."""
        if self.random.random() * 100 >= percent:
            act()
            return True
        try:
            with connection.execute_wrapper(dies_at(self.random.randrange(1, 60))):
                act()
        except Killed:
            connection.close()
            self.met["killed"] += 1
            return False
        return True

    def certainly(self, act: Callable[[], object]) -> None:
        """As somebody does who presses the button again after an error page."""
        while not self.do(act, percent=15):
            self.met["pressed again"] += 1


def live(scenario: Json, seed: int) -> tuple[list[Json], Counter[str]]:
    """Live through a scenario; what was refused, and what the simulation met with."""
    told = read(json.loads(json.dumps(scenario)))
    faulty = Faulty(Random(seed))
    rejected: list[Json] = []
    for today in each_day(told):
        settings.CONSOLE_TODAY = today
        hints = faulty.hints(today)
        early = faulty.random.randrange(len(hints) + 1)  # before and after what people do
        for name in hints[:early]:
            faulty.do(HINTS[name], percent=30)
        for company in (company for company in told.companies if company.on == today):
            faulty.certainly(lambda company=company: come(company))
        for event in (event for event in told.events if event.on == today):
            faulty.certainly(lambda event=event: happen(event, rejected))
        for name in hints[early:]:
            faulty.do(HINTS[name], percent=30)
    settings.CONSOLE_TODAY = told.until
    for _in_the_end in range(3):
        for hint in HINTS.values():
            hint()
    return rejected, faulty.met


def each_day(scenario: Scenario) -> Iterator[date]:
    for number in range((scenario.until - scenario.start).days):
        yield scenario.start + timedelta(days=number)


@transaction.atomic
def come(company: ScenarioCompany) -> None:
    play._sign_up(company)  # noqa: SLF001


def happen(event: ScenarioEvent, rejected: list[Json]) -> None:
    operations = play.OPERATIONS | {"terminate": lambda **how: terminate(**how, grace_days=0)}
    try:
        operations[event.do](company_id=event.company, today=event.on, by=play.BY, **event.values)
    except Refused as no:
        rejected.append({"event": event.index, "code": no.code})


def outcome(scenario: Json) -> Json:
    """What has come of it, as the second reckoning tells it: bills, companies, deletions."""
    found = play._read(read(json.loads(json.dumps(scenario))), [], [])  # noqa: SLF001
    return {
        "invoices": found["invoices"],
        "companies": found["companies"],
        "deleted": sorted((row["company"], row["reason"]) for row in found["deleted"]),
    }


def expected(answer: Json) -> Json:
    """The same of the second reckoning's answer."""
    return {
        "invoices": answer["invoices"],
        "companies": answer["companies"],
        "deleted": sorted((row["company"], row["reason"]) for row in answer["deleted"]),
    }
