"""Which keys should the daily-charge table have? Measured on a scratch database.

Every layout gets a schema of its own with the same made-up facts, in the key types of the
layout, so that the same statements run against all of them. In a round the layouts take turns
(and another one starts each time): only ratios within a round mean anything, the absolute
times depend on what else the machine is doing.
"""
# ruff: noqa: S311 the random numbers are made-up facts

from __future__ import annotations

import argparse
import io
import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 it is a class

FIRST_DAY = date(2026, 1, 1)
ONE_DAY = timedelta(days=1)
CLOSED_DAYS = 31
ESTIMATED_DAYS = 20
ESTIMATED_COMPANIES = 200
ENOUGH_MEMORY = "256MB"  # work_mem of the second close

SMALLINT_CODES: dict[str, int | str] = {
    "seat": 1,
    "capacity": 2,
    "workplace": 1,
    "workplace-plus": 2,
    "monthly": 1,
    "annual": 2,
}
TEXT_CODES: dict[str, int | str] = {name: name for name in SMALLINT_CODES}
TEXT = 'text COLLATE "C"'

NOT_EXISTS = """WHERE NOT EXISTS (
    SELECT FROM charge
    WHERE charge.day = %(day)s AND charge.company = due.company AND charge.item = due.item
)"""
DAY_FIRST = "PRIMARY KEY (day, company, item)"


@dataclass(frozen=True)
class Layout:
    """The key types and constraints of a charge table, and how a second run is kept harmless."""

    name: str
    label: str
    company: str = "integer"
    code: str = "smallint"
    price: str = "integer"
    extra_column: str = ""
    constraints: str = DAY_FIRST
    index: str = ""
    guard: str = NOT_EXISTS
    on_conflict: str = ""

    @property
    def codes(self) -> dict[str, int | str]:
        return TEXT_CODES if self.code == TEXT else SMALLINT_CODES

    @property
    def has_slugs(self) -> bool:
        return self.company == TEXT


LAYOUTS = [
    Layout("A", "integer company and payer, smallint codes"),
    Layout("A8", "as A, but bigint company, payer and price", company="bigint", price="bigint"),
    Layout("B", "slug company and payer, smallint codes", company=TEXT),
    Layout("C", "slug company and payer, text codes", company=TEXT, code=TEXT),
    Layout(
        "D",
        "as A, but surrogate id + unique (day, company, item)",
        extra_column="id bigserial PRIMARY KEY,",
        constraints="UNIQUE (day, company, item)",
    ),
    Layout(
        "E",
        "Django's default: id, unique (company, day, item), foreign key + index",
        company="bigint",
        extra_column="id bigserial PRIMARY KEY,",
        constraints="UNIQUE (company, day, item), FOREIGN KEY (company) REFERENCES company (id)"
        " DEFERRABLE INITIALLY DEFERRED",
        index="CREATE INDEX ON charge (company)",
    ),
    Layout(
        "A-conflict",
        "as A, ON CONFLICT DO NOTHING instead of NOT EXISTS",
        guard="",
        on_conflict="ON CONFLICT DO NOTHING",
    ),
]
BASELINE = "A"

SCHEMA = """
CREATE TABLE company (id {company} PRIMARY KEY);
CREATE TABLE phase (
    company {company}, day_from date, day_to date, plan {code}, cycle {code},
    PRIMARY KEY (company, day_from)
);
CREATE TABLE span (company {company}, day_from date, day_to date, count integer);
CREATE TABLE capacity (company {company}, day_from date, day_to date, count integer);
CREATE TABLE payer (
    company {company}, day_from date, day_to date, payer {company},
    PRIMARY KEY (company, day_from)
);
CREATE TABLE price (
    item {code}, plan {code}, cycle {code}, day_from date, amount {price},
    PRIMARY KEY (item, plan, cycle, day_from)
);
CREATE TABLE charge (
    {extra_column}
    day date NOT NULL, company {company} NOT NULL, item {code} NOT NULL,
    plan {code} NOT NULL, cycle {code} NOT NULL,
    quantity integer NOT NULL, unit_price {price} NOT NULL, payer {company} NOT NULL,
    period_from date NOT NULL, period_to date NOT NULL,
    {constraints}
) WITH (autovacuum_enabled = off);
"""

# "to" is the last day; NULL is open.
SPAN_INDEX = "CREATE INDEX ON span (day_to, day_from) INCLUDE (company, count)"

# The price is joined to rows that are ready: joined as one of several tables it is taken early
# (its rows are few, and PostgreSQL can't tell how many), and multiplies every company by the
# plans and cycles there are. That costs twice the time.
CHARGE_THE_DAY = """
INSERT INTO charge (
    day, company, item, plan, cycle, quantity, unit_price, payer, period_from, period_to
)
WITH used AS (
    SELECT company, %(seat)s AS item, count AS quantity FROM span
    WHERE day_to >= %(day)s AND day_from <= %(day)s
    UNION ALL
    SELECT company, %(seat)s, count FROM span
    WHERE day_to IS NULL AND day_from <= %(day)s
    UNION ALL
    SELECT company, %(capacity)s, count FROM capacity
    WHERE day_from <= %(day)s AND (day_to >= %(day)s OR day_to IS NULL)
), due AS MATERIALIZED (
    SELECT
        phase.company, used.item, phase.plan, phase.cycle, used.quantity, payer.payer,
        CASE WHEN phase.cycle = %(annual)s THEN contract_year.first_day ELSE %(month_from)s
        END AS period_from,
        CASE WHEN phase.cycle = %(annual)s
            THEN (contract_year.first_day + interval '1 year' - interval '1 day')::date
            ELSE %(month_to)s
        END AS period_to
    FROM phase
    JOIN used USING (company)
    JOIN payer ON payer.company = phase.company
        AND payer.day_from <= %(day)s AND (payer.day_to >= %(day)s OR payer.day_to IS NULL)
    CROSS JOIN LATERAL (
        SELECT (phase.day_from + make_interval(
            years => extract(year FROM age(%(day)s, phase.day_from::timestamp))::integer
        ))::date AS first_day
    ) AS contract_year
    WHERE phase.day_from <= %(day)s AND (phase.day_to >= %(day)s OR phase.day_to IS NULL)
        AND used.quantity > 0
), price_in_force AS MATERIALIZED (
    SELECT DISTINCT ON (item, plan, cycle) item, plan, cycle, amount FROM price
    WHERE day_from <= %(day)s
    ORDER BY item, plan, cycle, day_from DESC
)
SELECT %(day)s, company, item, plan, cycle, quantity, amount, payer, period_from, period_to
FROM due JOIN price_in_force USING (item, plan, cycle)
{guard}
ORDER BY company, item
{on_conflict}
"""

# Lists what the inner joins above left out: no payer, no price, no headcount.
BILLABLE_WITHOUT_CHARGE = """
SELECT phase.company FROM phase
WHERE phase.day_from <= %(day)s AND (phase.day_to >= %(day)s OR phase.day_to IS NULL)
    AND NOT EXISTS (
        SELECT FROM charge WHERE charge.day = %(day)s AND charge.company = phase.company
    )
ORDER BY phase.company
"""

LINES = """
SELECT
    payer, company, item, plan, cycle, unit_price, period_from, period_to,
    unit_price::bigint * sum(quantity)::bigint / 31 AS amount
FROM charge
WHERE day = ANY(%(days)s) {of_one_company}
GROUP BY payer, company, item, plan, cycle, unit_price, period_from, period_to
"""
MONTH_CLOSE = f"""
WITH line AS MATERIALIZED ({LINES.format(of_one_company="")}),
invoice AS (SELECT payer, count(*) AS lines, sum(amount) AS total FROM line GROUP BY payer)
SELECT count(*), sum(lines), sum(total) FROM invoice
"""
ESTIMATE = LINES.format(of_one_company="AND company = %(company)s")


@dataclass
class Facts:
    """What happened, with company numbers; a layout turns the numbers into its keys."""

    slugs: list[str]
    phases: list[tuple[int, date, date | None, str, str]] = field(default_factory=list)
    spans: list[tuple[int, date, date | None, int]] = field(default_factory=list)
    capacities: list[tuple[int, date, date | None, int]] = field(default_factory=list)
    payers: list[tuple[int, date, date | None, int]] = field(default_factory=list)


SYLLABLES = ["an", "bit", "cha", "dae", "dong", "eun", "gang", "geum", "gil", "gyeo", "han", "hwa"]
SYLLABLES += [
    "hye",
    "ji",
    "jin",
    "jo",
    "kyu",
    "mi",
    "min",
    "na",
    "nam",
    "noa",
    "ora",
    "pung",
    "ran",
]
SYLLABLES += ["sae", "san", "seo", "shin", "so", "su", "tae", "un", "won", "yang", "yeo", "yul"]
TRADES = ["tech", "soft", "labs", "food", "bio", "works", "motors", "energy", "media", "chem"]


def make_slugs(count: int, chance: random.Random) -> list[str]:
    """Distinct ids about twelve characters long, in no order at all."""
    slugs: dict[str, None] = {}
    while len(slugs) < count:
        slug = "".join(chance.choices(SYLLABLES, k=chance.choice([1, 1, 2, 2, 3])))
        slug += "-" + chance.choice(TRADES)
        if slug in slugs:
            slug += f"-{chance.randrange(count):05}"
        slugs[slug] = None
    return list(slugs)


def make_spans(
    company: int, until: date, chance: random.Random
) -> Iterator[tuple[int, date, date | None, int]]:
    """A headcount that takes a step every three to twenty days; the last span is open."""
    headcount = int(chance.lognormvariate(3.5, 1.2)) + 1
    day = FIRST_DAY
    while True:
        next_day = day + timedelta(days=chance.randint(3, 20))
        if next_day > until:
            yield company, day, None, headcount
            return
        yield company, day, next_day - ONE_DAY, headcount
        day, headcount = next_day, max(1, headcount + chance.randint(-3, 4))


def make_facts(companies: int, until: date, chance: random.Random) -> Facts:
    """95 % pay, a tenth changed plan, a fifth is annual, a fifth is paid for by another."""
    facts = Facts(make_slugs(companies, chance))
    change = FIRST_DAY + timedelta(days=40)
    for company in range(companies):
        facts.spans += make_spans(company, until, chance)
        if chance.random() < 0.001:
            continue  # somebody always slips through: billable, but nobody pays
        payer = company - company % 50 if chance.random() < 0.2 else company
        facts.payers.append((company, FIRST_DAY, None, payer))
    for company in range(companies):
        if chance.random() < 0.05:
            continue  # still in its trial
        start = FIRST_DAY - timedelta(days=chance.randrange(1, 700))
        cycle = "annual" if chance.random() < 0.2 else "monthly"
        if chance.random() < 0.1:
            facts.phases.append((company, start, change - ONE_DAY, "workplace", cycle))
            facts.phases.append((company, change, None, "workplace-plus", cycle))
        else:
            facts.phases.append((company, start, None, "workplace", cycle))
        if chance.random() < 0.05:
            facts.capacities.append((company, FIRST_DAY, None, chance.randint(1, 20)))
    # Spans are written as people come and go, all companies mixed.
    chance.shuffle(facts.spans)
    facts.spans.sort(key=lambda span: span[1])
    return facts


@dataclass
class Bench:
    """One connection, set to the schema of one layout."""

    layout: Layout
    connection: Connection
    keys: Sequence[int | str]

    def execute(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        codes = self.layout.codes
        known = {"seat": codes["seat"], "capacity": codes["capacity"], "annual": codes["annual"]}
        with self.connection.cursor() as cursor:
            cursor.execute(statement, known | parameters)
            return cursor.fetchall() if cursor.description else []

    def charge(self, day: date) -> None:
        month_from, next_month = day.replace(day=1), (day.replace(day=1) + 31 * ONE_DAY)
        self.execute(
            CHARGE_THE_DAY.format(guard=self.layout.guard, on_conflict=self.layout.on_conflict),
            day=day,
            month_from=month_from,
            month_to=next_month.replace(day=1) - ONE_DAY,
        )

    def copy(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        text = "".join(
            "\t".join(r"\N" if value is None else str(value) for value in row) + "\n"
            for row in rows
        )
        with self.connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(text))

    def load(self, facts: Facts) -> None:
        layout, keys, codes = self.layout, self.keys, self.layout.codes
        name = sql.Identifier(layout.name).as_string(self.connection)
        self.execute(f"CREATE SCHEMA {name}")
        self.execute(f"SET search_path TO {name}")
        self.execute(SCHEMA.format_map(vars(layout)))
        self.copy("company", ((key,) for key in keys))
        self.copy(
            "phase",
            (
                (keys[company], start, end, codes[plan], codes[cycle])
                for company, start, end, plan, cycle in facts.phases
            ),
        )
        for table, rows in [("span", facts.spans), ("capacity", facts.capacities)]:
            self.copy(table, ((keys[row[0]], *row[1:]) for row in rows))
        self.copy("payer", ((keys[row[0]], row[1], row[2], keys[row[3]]) for row in facts.payers))
        self.copy(
            "price",
            (
                (codes[item], codes[plan], codes[cycle], start, won)
                for item, won in [("seat", 6000), ("capacity", 50000)]
                for plan in ["workplace", "workplace-plus"]
                for cycle in ["monthly", "annual"]
                for start, won in [(FIRST_DAY, won), (FIRST_DAY + timedelta(days=60), won + 500)]
            ),
        )
        self.execute(SPAN_INDEX)
        if layout.index:
            self.execute(layout.index)
        for table in ["company", "phase", "span", "capacity", "payer", "price"]:
            self.execute(f"VACUUM (ANALYZE) {table}")

    def vacuum(self) -> None:
        self.execute("VACUUM (ANALYZE) charge")

    def write_history(self, days: Sequence[date]) -> None:
        self.execute("SET synchronous_commit = off")
        for number, day in enumerate(days):
            self.charge(day)
            if number in {0, 7}:
                self.execute("ANALYZE charge")
        self.execute("RESET synchronous_commit")

    def wal_position(self) -> int:
        return int(self.execute("SELECT pg_current_wal_lsn() - '0/0'")[0][0])

    def bytes_per_row(self) -> tuple[float, float]:
        """Heap and indexes."""
        query = "SELECT pg_relation_size('charge'), pg_indexes_size('charge'), count(*) FROM charge"
        [(heap, indexes, rows)] = self.execute(query)
        return heap / rows, indexes / rows


@dataclass
class Result:
    insert: list[float] = field(default_factory=list)
    wal: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)
    close: list[float] = field(default_factory=list)
    close_in_memory: list[float] = field(default_factory=list)
    estimate: list[float] = field(default_factory=list)
    heap: float = 0.0
    indexes: float = 0.0


Results = dict[str, Result]


def timed(act: Callable[..., object], *positional: Any, **named: Any) -> float:
    """Milliseconds, as the client sees them, with the commit."""
    start = time.perf_counter()
    act(*positional, **named)
    return (time.perf_counter() - start) * 1000


def in_turn(benches: Sequence[Bench], rounds: int) -> Iterator[Bench]:
    for number in range(rounds):
        first = number % len(benches)
        yield from [*benches[first:], *benches[:first]]


def measure_inserts(benches: Sequence[Bench], results: Results, days: Sequence[date]) -> None:
    remaining = {bench.layout.name: iter(days) for bench in benches}
    for bench in in_turn(benches, len(days)):
        day, result = next(remaining[bench.layout.name]), results[bench.layout.name]
        bench.execute("CHECKPOINT")
        before = bench.wal_position()
        result.insert.append(timed(bench.charge, day))
        result.wal.append(bench.wal_position() - before)
        result.check.append(timed(bench.execute, BILLABLE_WITHOUT_CHARGE, day=day))


def measure_reads(
    benches: Sequence[Bench],
    results: Results,
    days: Sequence[date],
    rounds: int,
    companies: Sequence[int],
) -> None:
    """Each read is run once before it is timed: all layouts together overflow the cache."""
    bills = set()
    for bench in in_turn(benches, rounds):
        result = results[bench.layout.name]
        bills.add(bench.execute(MONTH_CLOSE, days=days[-CLOSED_DAYS:])[0])
        result.close.append(timed(bench.execute, MONTH_CLOSE, days=days[-CLOSED_DAYS:]))
        bench.execute(f"SET work_mem = '{ENOUGH_MEMORY}'")
        result.close_in_memory.append(timed(bench.execute, MONTH_CLOSE, days=days[-CLOSED_DAYS:]))
        bench.execute("RESET work_mem")
        asked = {"days": days[-ESTIMATED_DAYS:]}
        for number in companies:
            bench.execute(ESTIMATE, company=bench.keys[number], **asked)
        result.estimate.append(
            median(
                timed(bench.execute, ESTIMATE, company=bench.keys[number], **asked)
                for number in companies
            )
        )
    if len(bills) != 1:
        raise SystemExit(f"the layouts disagree about the month: {bills}")
    [(invoices, lines, total)] = bills
    print(f"Month closed: {invoices:,} invoices, {lines:,} lines, {total:,} won.\n")


def ratio(values: Sequence[float], baseline: Sequence[float]) -> str:
    """The median over the rounds of the ratio within a round."""
    return f"{median(a / b for a, b in zip(values, baseline, strict=True)):.2f}"


def print_layouts(benches: Sequence[Bench], results: Results) -> None:
    base = results[BASELINE]
    print(
        "| layout | insert ms | × A | WAL MB | heap + index B/row | close ms | × A "
        f"| close at {ENOUGH_MEMORY} ms | × A | estimate ms | × A |"
    )
    print("| --- |" + " --: |" * 10)
    for bench in benches:
        mine = results[bench.layout.name]
        cells = [
            f"{bench.layout.name}: {bench.layout.label}",
            f"{median(mine.insert):.0f}",
            ratio(mine.insert, base.insert),
            f"{median(mine.wal) / 1e6:.1f}",
            f"{mine.heap:.0f} + {mine.indexes:.0f}",
            f"{median(mine.close):.0f}",
            ratio(mine.close, base.close),
            f"{median(mine.close_in_memory):.0f}",
            ratio(mine.close_in_memory, base.close_in_memory),
            f"{median(mine.estimate):.2f}",
            ratio(mine.estimate, base.estimate),
        ]
        print("| " + " | ".join(cells) + " |")


def print_check(results: Results) -> None:
    base = results[BASELINE]
    both = [insert + check for insert, check in zip(base.insert, base.check, strict=True)]
    print(
        f"\nA, with a second statement that lists billable companies without a row: "
        f"{median(base.check):.0f} ms more, {ratio(both, base.insert)} × the insert alone."
    )


@contextmanager
def scratch_database(url: str) -> Iterator[Callable[[], Connection]]:
    name = f"charge_layout_{os.getpid()}"

    def connect() -> Connection:
        connection = psycopg2.connect(url, dbname=name)
        connection.autocommit = True
        return connection

    with closing(psycopg2.connect(url)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            try:
                yield connect
            finally:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--database-url", default=os.environ.get("DATABASE_URL", ""))
    parser.add_argument("--companies", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--months", type=int, default=3, help="history of 31 days each")
    names = [layout.name for layout in LAYOUTS]
    parser.add_argument("--layouts", nargs="+", choices=names, default=names)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    options = parse_arguments()
    chance = random.Random(options.seed)
    last = options.months * 31 + options.rounds
    days = [FIRST_DAY + timedelta(days=number) for number in range(last)]
    history, measured = days[: -options.rounds], days[-options.rounds :]
    facts = make_facts(options.companies, days[-1], chance)
    numbers = range(1, options.companies + 1)
    chosen = [layout for layout in LAYOUTS if layout.name in {BASELINE, *options.layouts}]
    length = sum(map(len, facts.slugs)) / len(facts.slugs)
    with scratch_database(options.database_url) as connect:
        benches = [
            Bench(layout, connect(), facts.slugs if layout.has_slugs else numbers)
            for layout in chosen
        ]
        results = {bench.layout.name: Result() for bench in benches}
        for bench in benches:
            bench.load(facts)
            bench.write_history(history)
            bench.vacuum()
        rows = benches[0].execute("SELECT count(*) FROM charge")[0][0]
        print(
            f"{options.companies:,} companies, {rows:,} rows of history, "
            f"{len(facts.spans):,} spans, slugs of {length:.1f} characters, "
            f"{options.rounds} rounds."
        )
        measure_inserts(benches, results, measured)
        for bench in benches:
            bench.vacuum()
            mine = results[bench.layout.name]
            mine.heap, mine.indexes = bench.bytes_per_row()
        asked = chance.sample(range(options.companies), min(ESTIMATED_COMPANIES, options.companies))
        measure_reads(benches, results, days, options.rounds, asked)
        print_layouts(benches, results)
        print_check(results)
        for bench in benches:
            bench.connection.close()


if __name__ == "__main__":
    main()
