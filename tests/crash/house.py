"""The console's own processes, as they run in earnest: workers with children, beat, and the servers
they talk to; and the ways in which they die.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

import psycopg2
from redis import Redis

from tests import databases
from workplace_console.celery import app
from workplace_console.local.processes import is_alive

WAIT: Final = 90.0
PATIENCE: Final = 15.0  # until somebody is at work, after which nobody will be
CELERY: Final = (sys.executable, "-m", "celery", "-A", "tests.crash.hurried")


@dataclass
class House:
    """Workers and beats on a database and a broker, on a fixed business day."""

    database: str
    broker: str
    today: date
    folder: Path
    random: Random
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    beats: list[subprocess.Popen[bytes]] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    @property
    def log(self) -> Path:
        return self.folder / "processes.log"

    def start_worker(self, *, children: int = 2) -> None:
        self.workers.append(
            self._start(
                *("worker", "--concurrency", str(children), "--loglevel", "INFO"),
                *("--without-gossip", "--without-mingle", "--hostname", f"w{len(self.workers)}@%h"),
            )
        )

    def start_beat(self) -> None:
        name = self.folder / f"beat-{len(self.beats)}-{self.met['beat killed']}"
        self.beats.append(self._start("beat", "--pidfile", "", "--schedule", str(name)))

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*CELERY, *arguments],
                cwd=databases.ROOT,
                env=os.environ
                | {
                    "DATABASE_URL": databases.url(self.database),
                    "REDIS_URL": self.broker,
                    "CONSOLE_TODAY": self.today.isoformat(),
                    "EMAIL_URL": "smtp://127.0.0.1:1",
                    "DELETION_REGISTER": str(self.folder / "register"),
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def say(self, *tasks: str) -> None:
        """What beat would: look now. Twice, and in any order."""
        with app.connection_for_write(self.broker) as connection:
            for name in self.random.sample(tasks * 2, len(tasks) * 2):
                app.send_task(f"workplace_console.tasks.{name}", connection=connection)

    # --- How they die ------------------------------------------------------------------------

    def kill_child(self) -> None:
        """kill -9 of a process that does tasks, while one is in a transaction, if any is."""
        is_busy = self.waits_until_somebody_works()
        children = [child for worker in self.workers for child in children_of(worker.pid)]
        if children:
            with suppress(ProcessLookupError):
                os.kill(self.random.choice(children), signal.SIGKILL)
            self.met["child killed"] += 1
            self.met["child killed while one was in a transaction"] += is_busy

    def kill_worker(self) -> None:
        """kill -9 of a worker with all its children; another takes its place."""
        worker = self.workers.pop(self.random.randrange(len(self.workers)))
        kill_group(worker)
        self.met["worker killed"] += 1
        self.start_worker()

    def kill_beat(self) -> None:
        kill_group(self.beats.pop())
        self.met["beat killed"] += 1
        self.start_beat()

    def flush_broker(self) -> None:
        """All messages are lost, also those that workers have taken and not done."""
        with suppress(Exception):
            Redis.from_url(self.broker).flushdb()
            self.met["broker flushed"] += 1

    def cut_connections(self) -> None:
        """PostgreSQL ends the connections of everybody who is at work."""
        with suppress(psycopg2.Error):
            self.met["connection cut"] += len(
                self._ask(f"SELECT pg_terminate_backend(pid) {WORKING}")
            )

    def stop(self) -> None:
        for process in (*self.workers, *self.beats):
            kill_group(process)

    # --- What they are at ----------------------------------------------------------------------

    def waits_until_somebody_works(self) -> bool:
        with suppress(psycopg2.Error, AssertionError):
            eventually(lambda: self._ask(f"SELECT 1 {WORKING}"), within=PATIENCE)
            return True
        return False

    def _ask(self, query: str) -> list[tuple[object, ...]]:
        connection = psycopg2.connect(dbname="postgres", **databases.address())
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(query, [self.database])
                return list(cursor.fetchall())
        finally:
            connection.close()


WORKING: Final = "FROM pg_stat_activity WHERE datname = %s AND xact_start IS NOT NULL"


@contextmanager
def house(
    database: str, broker: str, *, today: date, folder: Path, random: Random
) -> Iterator[House]:
    """A house in which nobody is left afterwards."""
    built = House(database, broker, today, folder, random)
    try:
        yield built
    except BaseException:
        print(built.log.read_text(encoding="utf-8", errors="replace")[-4000:])  # noqa: T201 - why
        raise
    finally:
        built.stop()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def children_of(pid: int) -> list[int]:
    """The living children of a process."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except FileNotFoundError:
        return []
    return [int(child) for child in text.split() if is_alive(int(child))]


def eventually(condition: Callable[[], object], *, within: float = WAIT) -> None:
    """Wait until something comes true."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)  # other processes are at it; there is nothing else to wait on
