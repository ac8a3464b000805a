"""What one company asks for, beside the bare query: estimate, trend, a group of fifty."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from statistics import median
from typing import Any

from benchmarks.scale.limit import ESTIMATE
from benchmarks.scale.places import Contest
from benchmarks.scale.rounds import Rounds, timed

TODAY = date(2028, 1, 21)
MANY = 40


def reads(contest: Contest, *, rounds: int) -> Rounds:
    """Milliseconds: the median of forty companies, or of groups, in each round."""
    from billing import queries
    from billing.trend import trend

    place = contest.place
    solo = [
        id
        for (id,) in place.sql(
            f"SELECT id FROM made WHERE is_paid AND NOT is_grouped ORDER BY md5(id) LIMIT {MANY}"
        )
    ]
    leads = [
        id
        for (id,) in place.sql(
            f"SELECT id FROM made WHERE is_grouped AND leads ORDER BY n LIMIT {MANY}"
        )
    ]
    acts: dict[str, tuple[list[str], Callable[[str], object]]] = {
        "bare estimate": (solo, lambda id: bare(contest, [id], id)),
        "estimate": (solo, lambda id: queries.estimate(id, today=TODAY)),
        "estimate, group of 50": (leads, lambda id: queries.estimate(id, today=TODAY)),
        "outlook": (solo, lambda id: queries.outlook(id, today=TODAY)),
        "outlook, group of 50": (leads, lambda id: queries.outlook(id, today=TODAY)),
        "trend": (solo, lambda id: trend(id, today=TODAY)),
        "trend, group of 50": (leads, lambda id: trend(id, today=TODAY)),
    }
    found: Rounds = {name: [] for name in acts}
    with place:
        for turn in range(rounds + 1):
            for name, (companies, act) in acts.items():
                times = [timed(partial(act, id)) for id in companies]
                if turn:  # the first warms up
                    found[name].append(median(times))
        found["trend, in the database"] = [
            median(in_database(lambda id=id: trend(id, today=TODAY)) for id in solo)
            for _turn in range(rounds)
        ]
        found["estimate, group of 50, in the database"] = [
            median(in_database(lambda id=id: queries.estimate(id, today=TODAY)) for id in leads)
            for _turn in range(rounds)
        ]
    return found


def bare(contest: Contest, companies: list[str], payer: str) -> None:
    """The estimate of one company without Django, on the product's own keys."""
    days = [TODAY.replace(day=1) + timedelta(days=n) for n in range(TODAY.day - 1)]
    contest.place.sql(
        ESTIMATE.replace("FROM charge", "FROM billing_daycharge"),
        days=days,
        companies=companies,
        payer=payer,
        length=31,
    )


def in_database(act: Callable[[], object]) -> float:
    """Milliseconds that the server spends on planning and running the statements of an act."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        act()
    spent = 0.0
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY, FORMAT JSON) "
                + query["sql"].replace("%", "%%"),
                {},
            )
            plan: Any = cursor.fetchone()[0]
            (told,) = json.loads(plan) if isinstance(plan, str) else plan
            spent += told["Planning Time"] + told["Execution Time"]
    return spent
