"""The main pages of a console, as multiples of the floor page, and while a month is closed.

The floor page is what any page of ours costs at least: a signed-in user, three indexed queries, 25
rows. Pages are called through the whole middleware, in a process that does nothing else, as one
that serves does: in the benchmark's own, with all it remembers, they take a third longer. For the
multiples CPU time counts, of that process and of its database backend: other work on the machine
moves wall times of the same page by a factor of two within a minute. Against a close, wall time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import cycle
from select import select
from statistics import quantiles
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
CLOSES = 4  # a round
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
    company, call = visitor()
    addresses = pages(company)
    sizes = {name: len(call(url)) / 1024 for name, url in addresses.items()}
    found = {
        "pages": measure(addresses, call, rounds=rounds, calls=20),
        "sizes": sizes,
        "waits": during_close(addresses, call, rounds=rounds, calls=25),
    }
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


def during_close(
    addresses: dict[str, str], call: Callable[[str], bytes], *, rounds: int, calls: int
) -> dict[str, tuple[float, float]]:
    """Wall time, p50 and p99 in ms over all rounds, alone and from the first to the last moment of
    a close, which is then undone; several closes a round."""
    urls = [addresses[name] for name in ("dashboard", "accounts", "bills", "day by day")]
    waits: dict[str, list[float]] = {"alone": [], "during a close": []}
    with closing() as begin_close:
        for _turn in range(rounds):
            waits["alone"] += [timed(partial(call, url)) for _call in range(calls) for url in urls]
            for _close in range(CLOSES):
                is_over = begin_close()
                turns = cycle(urls)
                while not is_over():
                    waits["during a close"].append(timed(partial(call, next(turns))))
                tidy_up()
    return {name: (at(waited, 50), at(waited, 99)) for name, waited in waits.items()}


def at(values: list[float], percent: int) -> float:
    return quantiles(values, n=100)[percent - 1]


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


def visitor() -> tuple[str, Callable[[str], bytes]]:
    """A company with some accounts, and its owner, who asks for pages."""
    from groupco.models import User
    from workplace_console import urls
    from workplace_console.common import sql

    ((company, number),) = sql.rows(A_COMPANY)
    floor.add_to(urls, today=TODAY)
    return company, floor.visitor(User.objects.get(pk=number + 1), host=HOST)


if __name__ == "__main__":
    main()
