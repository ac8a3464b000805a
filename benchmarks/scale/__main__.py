"""Builds the data, measures, prints, and writes the table of benchmarks/README.md."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.scale import places, report
from benchmarks.scale.places import Place, say
from benchmarks.scale.rounds import Rounds, timed

MONTH = date(2028, 1, 1)
CLOSED_ON = date(2028, 2, 1)
LAST = CLOSED_ON - timedelta(days=1)
LONG_AGO = date(2026, 2, 1)


@dataclass(frozen=True)
class Size:
    """How much data: companies and accounts, once with a month of history and once with two years;
    then ten times the companies, with a month, and where it is asked for with two years too."""

    companies: int
    accounts: int
    many_accounts: int
    sample: int  # companies that the usual way is tried on

    @property
    def contests(self) -> dict[str, tuple[int, int, date]]:
        return {
            "1 month": (self.companies, self.accounts, MONTH),
            "24 months": (self.companies, self.accounts, LONG_AGO),
            "many": (self.companies * 10, self.many_accounts, MONTH),
            report.LONG: (self.companies * 10, self.many_accounts, LONG_AGO),
        }


SIZES = {
    "tiny": Size(200, 2000, 8000, 5),
    "small": Size(1000, 100_000, 500_000, 60),
    "full": Size(10_000, 1_000_000, 5_000_000, 200),
}


def main() -> None:
    options = arguments()
    with places.server() as url:
        places.set_up(url, CLOSED_ON.isoformat())
        found = measure(
            SIZES[options.size],
            rounds=options.rounds,
            nights=options.nights,
            has_long=options.history,
        )
    print(report.written(found, options.size, options.rounds))
    if options.write:
        report.keep(found, options.size, options.rounds, SIZES[options.size].companies)
        if options.size == "full":
            report.write(found, options.size, options.rounds)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full", help="small takes two minutes")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--nights", type=int, default=3, help="rounds of nights in shares")
    parser.add_argument(
        "--history", action="store_true", help="two years of ten times the companies too"
    )
    parser.add_argument("--write", action="store_true", help="into benchmarks/README.md")
    return parser.parse_args()


def measure(size: Size, *, rounds: int, nights: int, has_long: bool) -> report.Found:
    from benchmarks.scale import night, pages, reads

    until = LAST - timedelta(days=rounds)
    labels = [label for label in size.contests if has_long or label != report.LONG]
    contests = [contest(label, size, until) for label in labels]
    record: dict[str, float] = {}
    days = [until + timedelta(days=n + 1) for n in range(rounds)]
    say("charges")
    charges = night.charges(contests, days, record)
    say(json.dumps(charges))
    _settle(contests)
    say("closes")
    closes = night.closes(contests, CLOSED_ON, rounds=rounds, record=record)
    say(json.dumps(closes))
    _settle(contests)
    say("reads")
    read: Rounds = reads.reads(contests[1], rounds=rounds)
    say(json.dumps(read))
    say("the whole night")
    whole = {one.label: night.whole(one, CLOSED_ON) for one in contests}
    say(json.dumps(whole))
    shared = _shared(contests[2], nights)
    say(json.dumps(shared))
    _settle(contests)
    say("pages")
    shown = pages.in_a_process(contests[1].place.url, rounds=rounds)
    say(json.dumps(shown))
    for one in contests:
        one.place.close()
    return report.Found(
        *(charges, closes, read, whole, shared),
        *(shown["pages"], shown["sizes"], shown["waits"]),
        record,
    )


def _shared(many: places.Contest, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of a 1st by so many workers, in turn; all come to the same won."""
    from benchmarks.scale import night

    took: dict[str, list[float]] = {}
    won = set()
    for _turn in range(rounds):
        for workers in (0, 1, 2, 4):
            found = night.whole(many, CLOSED_ON, workers=workers)
            took.setdefault(str(workers), []).append(found["ms"])
            won.add((found["invoices"], found["won"]))
    if len(won) != 1:
        raise RuntimeError(f"workers come to different bills: {won}")
    return took


def contest(label: str, size: Size, until: date) -> places.Contest:
    """A database of its own, with the bare tables and, for one, the usual ones."""
    from benchmarks.scale import facts, usual
    from benchmarks.scale.limit import Limit

    companies, accounts, first = size.contests[label]
    place = Place.new("bench_" + re.sub(r"\W+", "_", label))

    def fill() -> None:
        facts.fill(
            place, companies=companies, accounts=accounts, first=first, month=MONTH, until=until
        )

    say(f"{label}: {companies:,} companies, made in {timed(fill) / 1000:.0f} s")
    limit, loops = None, None
    if label != report.LONG:
        limit = Limit(place)
        limit.fill()
    if label == "1 month":
        loops = usual.Usual(place, usual.models(), sample=size.sample)
        loops.fill((MONTH, until), most=companies)
    place.settle()
    return places.Contest(label, companies, place, limit, loops)


def _settle(contests: list[places.Contest]) -> None:
    for one in contests:
        one.place.settle()


if __name__ == "__main__":
    main()
