"""What was found, as a table: ratios first, for times move with whatever else the machine does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any

from benchmarks.floor import FLOOR
from benchmarks.scale.pages import ALONE, CLOSING, LIMIT, LIMITS, Waits
from benchmarks.scale.places import ROOT
from benchmarks.scale.rounds import Rounds, ratio

README = ROOT / "benchmarks" / "README.md"
RESULTS = ROOT / "benchmarks" / "results.json"
# Ten times the companies with two years of history, which take as long to make as all else.
LONG = "many, 24 months"
BEGIN, END = "<!-- make bench -->", "<!-- /make bench -->"


@dataclass(frozen=True)
class Found:
    """Milliseconds by what was done and by round, and what else was noted."""

    charges: Rounds
    closes: Rounds
    reads: Rounds
    nights: dict[str, dict[str, Any]]
    shared: dict[str, list[float]]
    pages: Rounds
    page_sizes: dict[str, float]
    waits: Waits
    record: dict[str, float]


Row = tuple[str, str, str, str]


def rows(found: Found) -> Iterator[Row]:
    """What, its ratio, what it must be, and the medians it comes from."""
    yield from _against(found.charges, "charge of a day", "ours", found)
    yield from _against(found.closes, "month close: invoices, lines", "ours", found)
    yield from _told(found)
    yield from _per_second(found)
    yield from _of_one(found)
    for label, night in found.nights.items():
        yield (
            f"all jobs of a 1st, {label}: memory of the process",
            f"{night['MiB']:.0f} MiB",
            "< 200 MiB",
            f"{night['ms'] / 1000:.1f} s",
        )
    for workers in ("1", "2", "4"):
        yield (
            f"all jobs of a 1st, many, in shares by {workers} workers, to one transaction",
            _times(ratio(found.shared, workers, "0")),
            "–",
            f"{_ms(found.shared[workers])} / {_ms(found.shared['0'])}",
        )


def _against(times: Rounds, what: str, mine: str, found: Found) -> Iterator[Row]:
    for label in ("1 month", "24 months", "many"):
        one, other = f"{mine} {label}", f"limit {label}"
        yield (
            f"{what}, {label}, to the limit",
            _times(ratio(times, one, other)),
            "≤ 1.5 ×" if label == "many" else "–",
            f"{_ms(times[one])} / {_ms(times[other])}",
        )
    yield from _grown(times, what, mine)
    if times is found.charges:
        yield (
            "a day that is charged already, many, to its first time",
            _times(ratio(times, "again many", "ours many")),
            "≤ 0.7 ×",
            f"{_ms(times['again many'])} / {_ms(times['ours many'])}",
        )


def _grown(times: Rounds, what: str, mine: str) -> Iterator[Row]:
    """What more history and more companies add."""
    for one, other, must, called in (
        ("24 months", "1 month", "≤ 1.15 ×", "24 months of history to 1"),
        (LONG, "many", "≤ 1.15 ×", "many, 24 months of history to 1"),
        ("many", "1 month", "≤ 12 ×", "ten times the companies"),
    ):
        first, second = f"{mine} {one}", f"{mine} {other}"
        if first in times:
            yield (
                f"{what}, {called}",
                _times(ratio(times, first, second)),
                must,
                f"{_ms(times[first])} / {_ms(times[second])}",
            )


def _told(found: Found) -> Iterator[Row]:
    what = "the same with notices, mails and audit entries"
    told, limit = found.closes["told many"], found.closes["limit many"]
    yield (
        f"{what}, many, to the limit",
        _times(ratio(found.closes, "told many", "limit many")),
        "–",
        f"{_ms(told)} / {_ms(limit)}",
    )
    yield from _grown(found.closes, what, "told")


def _per_second(found: Found) -> Iterator[Row]:
    """How many times as many a second as the ORM does, one company after another."""
    record = found.record
    for times, what, done, all_of, label, must in (
        (found.charges, "day charges", "charge rows", "charged", "1 month", "–"),
        (found.closes, "invoices", "invoices", "issued", "many", "≥ 150 ×"),
    ):
        mine = record.get(f"{all_of} ours {label}", 0) / median(times[f"ours {label}"])
        usual = record.get(done, 0) / median(times["usual 1 month"])
        yield (
            f"{what} a second, {label}, to the ORM's loop",
            f"{mine / usual:,.0f} ×" if usual else "–",
            must,
            f"{mine * 1000:,.0f} / {usual * 1000:,.0f} a second",
        )


def _of_one(found: Found) -> Iterator[Row]:
    times = found.reads
    yield (
        "estimate of one company, to the bare query",
        _times(ratio(times, "estimate", "bare estimate")),
        "≤ 2 ×",
        f"{_ms(times['estimate'])} / {_ms(times['bare estimate'])}",
    )
    for name, must in (
        ("trend, in the database", "≤ 2 ms"),
        ("estimate, group of 50, in the database", "≤ 5 ms"),
        ("estimate, group of 50", "–"),
        ("trend", "–"),
        ("outlook", "–"),
        ("outlook, group of 50", "–"),
        ("trend, group of 50", "–"),
    ):
        yield name, _ms(times[name]), must, ""


def page_rows(found: Found) -> Iterator[tuple[str, ...]]:
    """What, CPU and wall time to the floor page's, what they must be, what they come from, and how
    much longer one waits while a month is closed."""
    floor = median(found.waits[FLOOR][ALONE])
    for name, waited in found.waits.items():
        if name != FLOOR:
            alone, busy = median(waited[ALONE]), median(waited[CLOSING])
            yield (
                name,
                _times(ratio(found.pages, name, FLOOR)),
                _times(alone / floor),
                f"≤ {LIMITS.get(name, LIMIT):g} ×",
                f"{alone:.1f} ms, {found.page_sizes[name]:.0f} KB",
                _times(busy / alone),
            )


def slowest(found: Found) -> str:
    """The slowest of a hundred pages, alone and while a month is closed."""
    alone, busy = (
        quantiles(
            [ms for name in found.waits if name != FLOOR for ms in found.waits[name][when]], n=100
        )[-1]
        for when in (ALONE, CLOSING)
    )
    return (
        f"p99 of all these pages while a month is closed, to alone: **{_times(busy / alone)}** "
        f"({busy:.0f} / {alone:.0f} ms), must: ≤ 2 ×."
    )


def _times(value: float) -> str:
    return f"{value:.2f} ×"


def _ms(times: list[float]) -> str:
    value = median(times)
    return f"{value:.1f} ms" if value < 100 else f"{value:,.0f} ms"


def written(found: Found, size: str, rounds: int) -> str:
    """The tables in Markdown."""
    lines = [f"Size `{size}`, medians of {rounds} rounds.", ""]
    lines += table(("what", "found", "must", "medians"), rows(found))
    lines += ["", "Pages of a company with two years of history, to the floor page:", ""]
    head = ("page", "CPU time", "p50 over HTTP", "must", "p50", "p50 while a month is closed")
    lines += table(head, page_rows(found))
    return "\n".join([*lines, "", slowest(found)])


def table(head: tuple[str, ...], body: Iterator[tuple[str, ...]]) -> list[str]:
    return [
        "| " + " | ".join(head) + " |",
        "| --- |" + " --: |" * (len(head) - 1),
        *("| " + " | ".join(row) + " |" for row in body),
    ]


def keep(found: Found, size: str, rounds: int, companies: int) -> None:
    """The figures themselves, beside those of other sizes."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results[size] = {"rounds": rounds, "companies": companies} | asdict(found)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def write(found: Found, size: str, rounds: int) -> None:
    """Between the marks of benchmarks/README.md."""
    text = README.read_text(encoding="utf-8")
    before, _mark, rest = text.partition(BEGIN)
    _old, _mark, after = rest.partition(END)
    tables = written(found, size, rounds)
    README.write_text(f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}", encoding="utf-8")
