"""How long a backup and a restore take, with companies to be deleted again: goal G17.

    python -m benchmarks.restore [--companies 2000] [--accounts 100000] [--ended 20]

On a PostgreSQL of its own: companies with a year of charged days; a backup; then some of them are
terminated and their data is deleted; then the restore into an empty database, and the time of each
of its parts. Stops unless those who were deleted are gone again, nobody else is, and the charged
days of all others are what they were.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from benchmarks.scale import places
from benchmarks.scale.places import Place
from benchmarks.scale.rounds import timed

TODAY = date(2028, 2, 1)
FIRST = date(2027, 2, 1)
LAST = TODAY - timedelta(days=1)
CHARGED = """
    SELECT count(*), sum(hashtext(charge::text)::bigint) FROM billing_daycharge AS charge
    WHERE day < %(today)s AND NOT company = ANY(%(gone)s)"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=2000)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--ended", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, places.server() as url:
        os.environ |= {"DELETION_REGISTER": f"{folder}/deletions", "DELETION_GRACE_DAYS": "0"}
        places.set_up(url, TODAY.isoformat())
        place = Place.new("backed_up")
        fill(place, options.companies, options.accounts)
        with place:
            drill(place, Path(folder), ended=options.ended)


def fill(place: Place, companies: int, accounts: int) -> None:
    """A year of all, and the last night."""
    from benchmarks.scale import facts
    from workplace_console import daily

    month = LAST.replace(day=1)
    facts.fill(place, companies=companies, accounts=accounts, first=FIRST, month=month, until=LAST)
    with place:
        daily.run(until=TODAY)


def drill(place: Place, folder: Path, *, ended: int) -> None:
    from django.core.management import call_command

    gone = to_end(place, ended)
    size = place.sql("SELECT pg_database_size(current_database())")[0][0]
    days = place.sql("SELECT count(*) FROM billing_daycharge")[0][0]
    print(f"{size / 2**20:,.0f} MiB, {days:,} charged days")
    told("backup", lambda: call_command("backup", str(folder)))
    (file,) = folder.glob("*.dump")
    print(f"a file of {file.stat().st_size / 2**20:,.0f} MiB")
    told(f"{ended} companies end and are deleted", lambda: end(gone))
    expected = place.sql(CHARGED, today=TODAY, gone=gone)

    other = Place.empty("restored")
    with other:
        told("restore, with all that it does again", lambda: restore(file))
    if other.sql(CHARGED, today=TODAY, gone=gone) != expected:
        raise RuntimeError("charged days differ")
    employees = "SELECT count(*) FROM groupco_employee WHERE company_id = ANY(%(gone)s)"
    if other.sql(employees, gone=gone) != [(0,)]:
        raise RuntimeError("deleted people are there")
    other.close()


def to_end(place: Place, number: int) -> list[str]:
    """Companies that pay for themselves; and what the facts were made from goes."""
    found = place.sql(
        "SELECT id FROM made WHERE is_paid AND NOT is_grouped ORDER BY n LIMIT %(number)s",
        number=number,
    )
    place.sql("DROP TABLE made")
    return [company for (company,) in found]


def end(companies: list[str]) -> None:
    from workplace_console import deletion, register
    from workplace_console.common.audit import SYSTEM
    from workplace_console.termination import terminate

    for company in companies:
        terminate(company_id=company, grace_days=0, today=TODAY, by=SYSTEM)
    deletion.sweep(day=TODAY)
    register.keep()


def restore(file: Path) -> None:
    """The parts of `manage.py restore`, each with its time."""
    from django.core.management import call_command

    from workplace_console import backups, register, restoring, self_check
    from workplace_console.common.audit import SYSTEM

    told("  the file's rows", lambda: backups.put_back(file))
    told("  migrations", lambda: call_command("migrate", verbosity=0))
    entries = register.read().entries
    told(
        f"  {len(entries)} deleted again",
        lambda: restoring.reapply(entries, today=TODAY, by=SYSTEM),
    )
    # It has findings here: made-up companies lack some of what it counts.
    told("  self-check", lambda: self_check.run(today=TODAY))


def told(what: str, act: Callable[[], object]) -> None:
    print(f"{what}: {timed(act) / 1000:.1f} s", flush=True)


if __name__ == "__main__":
    main()
