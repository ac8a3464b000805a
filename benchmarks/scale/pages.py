"""The main pages of a console, as multiples of the floor page, and while a month is closed.

The floor page is what any page of ours costs at least: a signed-in user, three indexed queries, 25
rows. Each page is asked for twice. Once through the whole middleware, in a process of its own:
there CPU time counts, its own and its database backend's, for other work on the machine moves wall
times by a factor of two within a minute. And once from gunicorn, by one client over one
connection: there wall time counts, alone and while a month is closed.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection
from importlib import import_module
from itertools import cycle
from select import select
from typing import Any

from benchmarks import floor
from benchmarks.floor import FLOOR
from benchmarks.scale import places
from benchmarks.scale.places import ROOT
from benchmarks.scale.rounds import Rounds, timed

TODAY = date(2028, 2, 1)

HOST = "localhost"
# At most so many times the floor page.
LIMITS = {"dashboard": 3.0, "day by day": 3.0, "trend": 3.0}
LIMIT = 2.0
CLOSES = 8  # a round
ALONE, CLOSING = "alone", "during a close"
Waits = dict[str, dict[str, list[float]]]  # ms, by page
A_COMPANY = """
    SELECT id, n FROM made WHERE is_paid AND NOT is_annual AND NOT is_grouped
    ORDER BY abs(people - 100), n LIMIT 1"""


def pages(company: str) -> dict[str, str]:
    """The addresses, by what they are."""
    return {
        FLOOR: f"/floor/{company}/",
        "dashboard": f"/c/{company}/",
        "product": f"/c/{company}/product/",
        "accounts": f"/c/{company}/accounts/",
        "usage": f"/c/{company}/usage/",
        "day by day": f"/c/{company}/usage/2027-12/",
        "trend": f"/c/{company}/usage/trend/",
        "bills": f"/c/{company}/bills/",
        "a bill": f"/c/{company}/bills/{company}-202801-1/",
        "payment": f"/c/{company}/payment/",
        "notices": f"/c/{company}/notices/",
        "audit log": f"/c/{company}/audit/",
        "help": f"/c/{company}/help/",
    }


def in_a_process(database_url: str, *, rounds: int) -> dict[str, Any]:
    """What `main` measures on a database."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scale.pages", str(rounds)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure the pages of DATABASE_URL in so many rounds; print what was found as JSON."""
    rounds = int(sys.argv[1])
    places.set_up(os.environ["DATABASE_URL"], TODAY.isoformat())
    company, user = visitor()
    floor.add_to(import_module("workplace_console.urls"), today=TODAY)
    addresses, call = pages(company), floor.visitor(user, host=HOST)
    found: dict[str, Any] = {
        "pages": measure(addresses, call, rounds=rounds, calls=20),
        "sizes": {name: len(call(url)) / 1024 for name, url in addresses.items()},
    }
    with served(user) as ask:
        found["waits"] = during_closes(addresses, ask, rounds=rounds, calls=20)
    print(json.dumps(found))


def measure(
    addresses: dict[str, str], call: Callable[[str], bytes], *, rounds: int, calls: int
) -> Rounds:
    """CPU milliseconds of each page by round, after one that warms up."""
    found: Rounds = {name: [] for name in addresses}
    for turn in range(rounds + 1):
        for name, url in addresses.items():
            spent = floor.cpu(lambda url=url: call(url), calls)
            if turn:
                found[name].append(spent)
    return found


def during_closes(
    addresses: dict[str, str], ask: Callable[[str], object], *, rounds: int, calls: int
) -> Waits:
    """Wall time of each page in ms, alone and from the first to the last moment of a close, which
    is then undone; several closes a round."""
    waits: Waits = {name: {ALONE: [], CLOSING: []} for name in addresses}
    turns = cycle(addresses)

    def timed_one(when: str) -> None:
        name = next(turns)
        waits[name][when].append(round(timed(partial(ask, addresses[name])), 2))

    for url in addresses.values():
        for _call in range(calls):  # it warms up
            ask(url)
    with closing() as begin_close:
        for _turn in range(rounds):
            for _call in range(calls * len(addresses)):
                timed_one(ALONE)
            for _close in range(CLOSES):
                is_over = begin_close()
                while not is_over():
                    timed_one(CLOSING)
                tidy_up()
    return waits


@contextmanager
def served(user: Any) -> Iterator[Callable[[str], None]]:
    """What asks gunicorn for pages, signed in, over one connection."""
    from django.conf import settings

    cookie = f"{settings.SESSION_COOKIE_NAME}={floor.sign_in(user, host=HOST)}"
    headers = {"Host": HOST, "Cookie": cookie, "Accept-Encoding": "gzip"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "benchmarks.scale.served:application"),
            *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4"),
            *("--keep-alive", "75", "--no-control-socket", "--log-level", "warning"),
        ],
        cwd=ROOT,
    )
    connection = HTTPConnection("127.0.0.1", port)

    def ask(url: str) -> None:
        connection.request("GET", url, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(url, answer.status)

    try:
        for _try in range(100):
            try:
                connection.connect()
                break
            except ConnectionRefusedError:
                time.sleep(0.1)  # it is starting
        yield ask
    finally:
        connection.close()
        process.terminate()
        process.wait(30)


@contextmanager
def closing() -> Iterator[Callable[[], Callable[[], bool]]]:
    """A process that closes the month and undoes it whenever it is told to, and what tells it; that
    returns what says whether it is over."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.scale.closing"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    said: Any = process.stdout
    tell: Any = process.stdin

    def begin() -> Callable[[], bool]:
        tell.write("\n")
        tell.flush()
        return lambda: bool(select([said], [], [], 0)[0] and said.readline())

    try:
        said.readline()  # it is ready
        yield begin
    finally:
        tell.close()
        process.wait(30)


def tidy_up() -> None:
    """What the server would else do by itself, while the next close runs."""
    from workplace_console.common import sql

    sql.changed("VACUUM")
    sql.changed("CHECKPOINT")


def visitor() -> tuple[str, Any]:
    """A company with some accounts, and its owner."""
    from groupco.models import User
    from workplace_console.common import sql

    ((company, number),) = sql.rows(A_COMPANY)
    return company, User.objects.get(pk=number + 1)


if __name__ == "__main__":
    main()
