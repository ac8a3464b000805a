"""Real workers, beat, broker and PostgreSQL die at any moment, after days on which nobody looked:
the end is that of a run that nobody disturbed, and what a second reckoning says. Goals G1, G5, G6,
G7 and G22 of docs/reliability.md.
"""

from __future__ import annotations

import json
import os
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from redis import Redis

from billing import books
from tests import databases
from tests.crash.dump import dump
from tests.crash.house import House, eventually, house
from tests.crash.simulation import expected, outcome
from tests.crash.town import town
from tests.reckoning import reckon
from tests.servers import PREFIX
from workplace_console import collection, daily, deletion
from workplace_console.common.models import JobRun, Parked
from workplace_console.local.servers import Postgres, Valkey
from workplace_console.simulation import play
from workplace_console.simulation.scenario import Scenario, read

TASKS: Final = ("run_daily", "collect_payments", "delete_data", "check_books", "drop_answers")
BUSY: Final = 12


def a_town(*, companies: int, days: int) -> dict[str, Any]:
    """Companies that do something on the first days; then nobody looks until the last."""
    scenario = town(20, companies=companies, days=days, busy=BUSY)
    return scenario | {"prices": reckon.CATALOGUE}


def live_until_nobody_looks(scenario: dict[str, Any]) -> None:
    told = read(json.loads(json.dumps(scenario)))
    play.set_prices(list(told.prices or ()))
    last = date.fromisoformat(max(event["on"] for event in scenario["events"]))
    play.live(Scenario(told.start, last, None, told.companies, told.events))


def catch_up(today: date) -> None:
    """What the night and the sweeps do, by one who is not disturbed."""
    daily.run(until=today)
    deletion.sweep(day=today)
    collection.collect(today=today)


def is_done(today: date) -> bool:
    """All nights are run, nothing stands parked, the day's payments are collected."""
    last = JobRun.objects.filter(day=today).values_list("job", flat=True)
    names = {job.name for job in daily.the_night(grace_days=0)} | {collection.ROUND}
    return names <= set(last)


def check(database: str, scenario: dict[str, Any], undisturbed: dict[str, list[str]]) -> None:
    """Every row is that of the undisturbed run, and the bills are the second reckoning's."""
    assert dump(database) == undisturbed
    with databases.connected(database):
        answer = reckon.comparable(reckon.answer(scenario))
        assert outcome(scenario) == expected(answer)
        assert not Parked.objects.exists()
        assert books.differences(today=read(scenario).until) == []


@contextmanager
def eve(scenario: dict[str, Any], empty: str) -> Iterator[str]:
    """A database of that town, in which nobody has looked since the last that it did."""
    with databases.copy_of(empty) as name:
        with databases.connected(name):
            live_until_nobody_looks(scenario)
        yield name


def test_workers_die_and_messages_are_lost_and_it_ends_the_same(
    migrated_database: str, db: None, tmp_path: Path
) -> None:
    """The small dose: without beat, whose part the test takes, on the tests' own servers."""
    scenario = a_town(companies=10, days=40)
    until = date.fromisoformat(scenario["until"])
    broker = os.environ["REDIS_URL"].rpartition("/")[0] + "/5"
    with eve(scenario, migrated_database) as before:
        expected_rows = undisturbed_run(before, until)
        with (
            databases.copy_of(before) as name,
            house(name, broker, today=until, folder=tmp_path, random=Random(1)) as built,
        ):
            Redis.from_url(broker).flushdb()
            built.start_worker()
            for _kill in range(2):
                built.say(*TASKS)
                built.kill_child()
            built.flush_broker()
            eventually(lambda: goes_on(built, until))
            check(name, scenario, expected_rows)
        assert built.met["child killed while one was in a transaction"] >= 1


def undisturbed_run(before: str, until: date) -> dict[str, list[str]]:
    with databases.copy_of(before) as name, databases.connected(name):
        catch_up(until)
        assert is_done(until)
        return dump(name)


def goes_on(built: House, until: date) -> bool:
    """Say it once more, unless all is done."""
    with databases.connected(built.database):
        if is_done(until):
            return True
    if not Redis.from_url(built.broker).llen("celery"):
        built.say(*TASKS)
    return False


# --- Servers of their own, which crash, too -------------------------------------------------------


class Servers:
    """PostgreSQL and Valkey of this test alone."""

    def __init__(self, folder: Path) -> None:
        self.postgres, self.valkey = Postgres(folder), Valkey(folder, durable=False)

    def crash_postgres(self) -> None:
        """As `pg_ctl stop -m immediate`: nothing more is written, and it recovers by its log."""
        pid = int((self.postgres.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        eventually(self.postgres.exited)
        self.postgres.start()

    def crash_valkey(self) -> None:
        """With all messages."""
        process = self.valkey._process  # noqa: SLF001 - nobody else has to kill it
        assert process
        process.kill()
        process.wait()
        self.valkey.start()


@contextmanager
def own_servers(template: str) -> Iterator[tuple[Servers, str, str]]:
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX) as name,
        pytest.MonkeyPatch.context() as patch,
    ):
        folder = Path(name)
        folder.chmod(0o711)
        servers = Servers(folder)
        schema = databases.dump(template)
        patch.setenv("DATABASE_URL", servers.postgres.start())
        broker = servers.valkey.start()
        try:
            with databases.copy_of(None) as empty:
                databases.run(
                    [servers.postgres.bin / "psql", "--quiet", "--dbname", databases.url(empty)],
                    stdin=schema,
                )
                yield servers, empty, broker
        finally:
            servers.valkey.stop()
            servers.postgres.stop()


ROUNDS: Final = [
    pytest.param(12, marks=pytest.mark.thorough, id="12 blows"),
    pytest.param(500, marks=pytest.mark.deep, id="500 blows"),
]


@pytest.mark.parametrize("blows", ROUNDS)
def test_everything_dies_at_any_moment_and_it_ends_the_same(
    migrated_database: str, db: None, tmp_path: Path, blows: int, record_property: Any
) -> None:
    """Two workers and two beats, and servers that crash; days of standstill before it begins, and
    the more blows, the more of them."""
    random = Random(blows)
    scenario = a_town(companies=20 + blows // 4, days=60 + blows)
    until = date.fromisoformat(scenario["until"])
    with own_servers(migrated_database) as (servers, empty, broker):
        with eve(scenario, empty) as before:
            expected_rows = undisturbed_run(before, until)
            with (
                databases.copy_of(before) as name,
                house(name, broker, today=until, folder=tmp_path, random=random) as built,
            ):
                for _two in range(2):
                    built.start_worker()
                    built.start_beat()
                met = struck(built, servers, blows, until)
                eventually(lambda: is_over(name, until))
                check(name, scenario, expected_rows)
        record_property("met", dict(met))
        print(f"\n{dict(met)}, {(until - read(scenario).start).days} days")  # noqa: T201 - the figures


def is_over(name: str, until: date) -> bool:
    """As far as can be seen from a database that may just be coming back."""
    try:
        with databases.connected(name):
            return is_done(until)
    except Exception:
        return False


def struck(built: House, servers: Servers, blows: int, until: date) -> Counter[str]:
    """So many blows, as long as there is work that one can interrupt."""
    often = [built.kill_child] * 4 + [built.kill_worker, built.cut_connections, built.flush_broker]
    each_once = [
        *(built.kill_child, built.kill_worker, built.kill_beat, built.cut_connections),
        *(built.flush_broker, servers.crash_postgres, servers.crash_valkey),
    ]
    crashes = [servers.crash_postgres, servers.crash_valkey, built.kill_beat]
    first = built.random.sample(each_once, len(each_once))
    later = [built.random.choice(often + crashes) for _blow in range(blows - len(first))]
    for way in first + later:
        way()
        if way in crashes[:2]:
            built.met[way.__name__] += 1
        if is_over(built.database, until):
            break
    return built.met
