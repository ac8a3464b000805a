"""The night and the month's close, ours beside the limit and the usual way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from importlib import import_module
from typing import Any
from unittest.mock import patch

from benchmarks.scale.places import ROOT, Contest
from benchmarks.scale.rounds import Rounds, in_turn

ONE_DAY = timedelta(days=1)


def charges(contests: Sequence[Contest], days: Sequence[date], record: dict[str, float]) -> Rounds:
    """A new day in every round, and the same day once more."""
    from billing import operations as billing
    from workplace_console import daily
    from workplace_console.common import jobs

    (job,) = (job for job in daily.the_night(grace_days=0) if job.name == "charge")
    remaining = {
        f"{what} {contest.label}": iter(days)
        for contest in contests
        for what in ("ours", "again", "limit", "usual")
    }

    def ours(contest: Contest, day: date) -> None:
        with contest.place:
            jobs.run_due([job], first_day=day + ONE_DAY, today=day + ONE_DAY)

    def again(contest: Contest, day: date) -> None:
        with contest.place:
            billing.charge(day=day)

    def usual(contest: Contest, day: date) -> None:
        with contest.place:
            record["charge rows"] = contest.usual.charge(day) if contest.usual else 0

    ways = {
        "ours": ours,
        "again": again,
        "limit": lambda c, day: c.limit.charge(day),
        "usual": usual,
    }

    def act(what: str, contest: Contest) -> Callable[[], object]:
        name = f"{what} {contest.label}"
        return lambda: ways[what](contest, next(remaining[name]))

    acts = {
        f"{what} {contest.label}": act(what, contest)
        for contest in contests
        for what in ("ours", "again", "limit", "usual")
        if contest.can(what)
    }
    by_label = {contest.label: contest for contest in contests}

    def checkpoint(name: str) -> None:
        by_label[name.partition(" ")[2]].place.sql("CHECKPOINT")

    ((charged,),) = contests[0].place.sql(
        "SELECT count(*) FROM billing_daycharge WHERE day = %(day)s", day=days[0] - ONE_DAY
    )
    record["charged ours 1 month"] = charged

    # In this order within a round, so that "again" finds the day charged.
    return _in_order(acts, rounds=len(days), before=checkpoint)


def _in_order(
    acts: dict[str, Callable[[], object]], *, rounds: int, before: Callable[[str], object]
) -> Rounds:
    times: Rounds = {name: [] for name in acts}
    for _turn in range(rounds):
        for name, found in in_turn(acts, rounds=1, before=before).items():
            times[name] += found
    return times


def closes(
    contests: Sequence[Contest], day: date, *, rounds: int, record: dict[str, float]
) -> Rounds:
    """The month before a 1st, closed again and again: what was made is deleted in between."""
    from django.db import transaction

    from billing import operations as billing

    module = import_module("billing.operations.close")

    def ours(contest: Contest) -> None:
        with contest.place, patch.object(module, "_announce"), transaction.atomic():
            billing.close(day=day)

    def told(contest: Contest) -> None:
        with contest.place, transaction.atomic():
            billing.close(day=day)

    def usual(contest: Contest) -> None:
        with contest.place:
            record["invoices"] = contest.usual.close(day) if contest.usual else 0

    ways = {"ours": ours, "told": told, "limit": lambda c: c.limit.close(day), "usual": usual}
    acts = {
        f"{what} {contest.label}": lambda what=what, contest=contest: ways[what](contest)
        for contest in contests
        for what in ways
        if contest.can(what)
    }
    by_label = {contest.label: contest for contest in contests}
    totals: dict[str, tuple[int, int]] = {}

    def reopen(name: str) -> None:
        what, _space, label = name.partition(" ")
        contest = by_label[label]
        if what != "usual":
            issued = billed(contest, what, day)
            record[f"issued {name}"] = issued[0]
            if totals.setdefault(label, issued) != issued:
                raise RuntimeError(f"{name} issued {issued}, others {totals[label]}")
        reopened(contest, day)

    return in_turn(acts, rounds=rounds, after=reopen)


def billed(contest: Contest, what: str, day: date) -> tuple[int, int]:
    """How many invoices a close has issued, and what they come to, VAT included."""
    table = "bare.invoice" if what == "limit" else "billing_invoice"
    ((count, total),) = contest.place.sql(
        f"SELECT count(*), coalesce(sum(total), 0) FROM {table} WHERE issued_on = %(day)s", day=day
    )
    return int(count), int(total)


def reopened(contest: Contest, day: date) -> None:
    """The month as if it had never been closed."""
    place = contest.place
    # Without looking for what points at each invoice: nothing does but the lines.
    place.sql("SET session_replication_role = replica")
    place.sql(
        """DELETE FROM billing_invoiceline USING billing_invoice AS invoice
           WHERE invoice.id = invoice_id AND issued_on = %(day)s""",
        day=day,
    )
    place.sql("DELETE FROM billing_invoice WHERE issued_on = %(day)s", day=day)
    place.sql("RESET session_replication_role")
    place.sql("SET console.removes = 'by law'")  # the log lets nobody else remove anything
    place.sql("TRUNCATE common_notice, common_mail, common_auditentry")
    place.sql("RESET console.removes")
    if contest.limit:
        place.sql("TRUNCATE bare.invoice, bare.line")
    if contest.usual:
        place.sql("TRUNCATE usual_line, usual_invoice")
    place.sql("VACUUM billing_invoice")
    place.sql("VACUUM billing_invoiceline")
    place.sql("CHECKPOINT")


# Is ready, waits until it is told to begin, and says how long it took and how much memory it had.
NIGHT = """
import json, resource, sys, time
from benchmarks.scale import places
places.set_up(sys.argv[1], sys.argv[2])
from datetime import date
from django.db import connection
from workplace_console import daily
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
daily.run(until=date.fromisoformat(sys.argv[2]))
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
"""
SHARES = 8


def whole(contest: Contest, day: date, *, workers: int = 0) -> dict[str, Any]:
    """All jobs of a 1st by so many processes, or (0) by one and not in shares: milliseconds, and
    the most memory that one of them had, in MiB."""
    _undone(contest, day)
    waiting = [_worker(contest, day, shares=SHARES if workers else 1) for _ in range(workers or 1)]
    for process in waiting:
        process.stdout.readline()
    contest.place.sql("CHECKPOINT")
    begun = time.perf_counter()
    for process in waiting:
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate()[0] for process in waiting]
    took = (time.perf_counter() - begun) * 1000
    if any(process.returncode for process in waiting):
        raise RuntimeError(f"{contest.label}: a night failed")
    issued = billed(contest, "ours", day)
    reopened(contest, day)
    return {
        "ms": took,
        "MiB": max(json.loads(text.splitlines()[-1]) for text in said),
        "invoices": issued[0],
        "won": issued[1],
    }


def _worker(contest: Contest, day: date, *, shares: int) -> Any:
    return subprocess.Popen(
        [sys.executable, "-c", NIGHT, contest.place.url, day.isoformat()],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": contest.place.url, "NIGHT_SHARES": str(shares)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _undone(contest: Contest, day: date) -> None:
    """The night of a day is to come, the days before are done."""
    from workplace_console import daily

    contest.place.sql(
        """INSERT INTO common_jobrun (job, day, at)
           SELECT DISTINCT job, %(before)s::date, now() FROM unnest(%(jobs)s) AS job
           ON CONFLICT DO NOTHING""",
        before=day - ONE_DAY,
        jobs=[job.name for job in daily.the_night(grace_days=0)],
    )
    contest.place.sql("DELETE FROM common_jobrun WHERE day >= %(day)s", day=day)
    contest.place.sql("DELETE FROM billing_daycharge WHERE day = %(day)s", day=day - ONE_DAY)
    contest.place.sql("TRUNCATE billing_budgetalert")
    contest.place.sql("VACUUM billing_daycharge")
