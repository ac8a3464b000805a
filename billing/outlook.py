"""What would be charged: day rows read off the facts, for days that have not been charged yet.

The same columns as the table of day charges, so the one reckoning takes either, or both together.
What is only being thought about, another paid term or more accounts, comes in as values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from products import rules as product_rules
from products.choices import Cycle, Item, Plan
from workplace_console.common import days

MONTH_FROM: Final = "date_trunc('month', day)::date"
MONTH_TO: Final = "(date_trunc('month', day) + interval '1 month - 1 day')::date"

# The price of each day's `known` item, plan and cycle, which holds until the next of its kind does;
# a day without one has no row. R: E11.
PRICE: Final = """
    JOIN (
        SELECT item, coalesce(plan, 0) AS plan, coalesce(cycle, 0) AS cycle, unit_price, starts_on,
               lead(starts_on, 1, 'infinity') OVER (
                   PARTITION BY item, plan, cycle ORDER BY starts_on) AS next_from
        FROM products_price
    ) AS price ON price.item = known.item AND price.plan = known.plan
     AND price.cycle = known.cycle AND day >= price.starts_on AND day < price.next_from"""

# What holds on some of the days asked about, as the constraints' own indexes look for it: counts of
# years ago are not read.
DAYS: Final = "daterange(starts_on, ends_on, '[]')"
ASKED: Final = "daterange(%(first)s::date, greatest(%(first)s::date, %(last)s::date), '[]')"

# For the companies and days given. Prices and payers are those of each day; a day without one is
# left out here, and parked by the night (billing/operations/charge.py). `trying` names a company
# whose coming term is replaced by another, `changing` one with more or fewer of an item.
ROWS: Final = f"""
    WITH headcount AS MATERIALIZED (
        SELECT company_id, count, starts_on, ends_on FROM groupco_headcount
        WHERE company_id = ANY(%(companies)s) AND {DAYS} && {ASKED}
    ),
    phase AS MATERIALIZED (
        SELECT company_id, plan::int, cycle::int, starts_on,
               CASE WHEN company_id = %(trying)s THEN least(ends_on, %(start)s::date - 1)
                    ELSE ends_on END AS ends_on,
               contract_from
        FROM products_phase
        WHERE company_id = ANY(%(companies)s)
          AND (company_id IS DISTINCT FROM %(trying)s OR starts_on <= %(today)s)
        UNION ALL
        SELECT %(trying)s::text, %(plan)s::int, %(cycle)s::int, %(start)s::date,
               %(open_end)s::date, %(contract_from)s::date
        WHERE %(trying)s::text IS NOT NULL
    )
    SELECT day, company, known.item, nullif(known.plan, 0) AS plan,
           nullif(known.cycle, 0) AS cycle, quantity, price.unit_price, payer.payer_id AS payer,
           CASE known.cycle WHEN {Cycle.ANNUAL.value} THEN year.from_day ELSE {MONTH_FROM} END
               AS period_from,
           CASE known.cycle WHEN {Cycle.ANNUAL.value} THEN year.to_day ELSE {MONTH_TO} END
               AS period_to
    FROM (SELECT generate_series(%(first)s::date, %(last)s::date, '1 day')::date AS day) AS each_day
    CROSS JOIN unnest(%(companies)s::text[]) AS company
    JOIN phase ON phase.company_id = company AND day BETWEEN phase.starts_on AND phase.ends_on
    LEFT JOIN headcount ON headcount.company_id = company
     AND day BETWEEN headcount.starts_on AND headcount.ends_on
    LEFT JOIN products_addedcapacity AS added ON added.company_id = company
     AND day BETWEEN added.starts_on AND added.ends_on
    CROSS JOIN LATERAL (
        VALUES ({Item.SEAT.value}, phase.plan, phase.cycle, coalesce(headcount.count, 0)),
               ({Item.CAPACITY.value}, 0, 0, coalesce(added.count, 0))
    ) AS known (item, plan, cycle, count)
    CROSS JOIN LATERAL (
        SELECT (known.count + coalesce((
            SELECT sum(step) FROM unnest(%(steps)s::int[], %(steps_from)s::date[])
                AS change (step, from_day)
            WHERE company = %(changing)s AND known.item = %(change_item)s AND day >= from_day
        ), 0))::int OFFSET 0
    ) AS counted (quantity)
    JOIN groupco_payer AS payer ON payer.company_id = company
     AND day BETWEEN payer.starts_on AND payer.ends_on
    {PRICE}
    LEFT JOIN unnest(%(contracts)s::date[], %(years_from)s::date[], %(years_to)s::date[])
        AS year (contract_from, from_day, to_day)
        ON year.contract_from = phase.contract_from AND day BETWEEN year.from_day AND year.to_day
    WHERE quantity > 0"""


@dataclass(frozen=True)
class Trying:
    """A paid term in place of what comes next for a company: a reservation, or an upgrade.

    `contract_from` is the first day of its contract, if that is not the term's own.
    """

    company: str
    plan: Plan
    cycle: Cycle
    start: date
    contract_from: date | None = None


@dataclass(frozen=True)
class Changing:
    """So many accounts or TB more (or, negative, fewer) in a company from each of some days on."""

    company: str
    item: Item
    steps: Sequence[tuple[date, int]]


def values(
    companies: Iterable[str],
    *,
    first: date,
    last: date,
    today: date,
    contracts: Iterable[date],
    trying: Trying | None = None,
    changing: Changing | None = None,
) -> dict[str, Any]:
    """What ROWS names. `contracts` are the first days of the annual contracts there are."""
    trying_from = (trying.contract_from or trying.start) if trying else None
    starts = set(contracts) | ({trying_from} if trying_from else set())
    years = [(start, *year) for start in sorted(starts) for year in _years(start, first, last)]
    return {
        "companies": list(companies),
        "first": first,
        "last": last,
        "today": today,
        "open_end": days.OPEN_END,
        "trying": trying.company if trying else None,
        "plan": trying.plan.value if trying else None,
        "cycle": trying.cycle.value if trying else None,
        "start": trying.start if trying else None,
        "contract_from": trying_from,
        "changing": changing.company if changing else None,
        "change_item": changing.item.value if changing else Item.SEAT.value,
        "steps": [step for _day, step in changing.steps] if changing else [],
        "steps_from": [day for day, _step in changing.steps] if changing else [],
        "contracts": [start for start, _from, _to in years],
        "years_from": [from_day for _start, from_day, _to in years],
        "years_to": [to_day for _start, _from, to_day in years],
    }


def _years(start: date, first: date, last: date) -> list[tuple[date, date]]:
    """The contract years of a contract that touch a range of days. R: E3."""
    found = []
    day = max(start, first)
    while day <= last:
        year = product_rules.contract_year(start, day)
        found.append(year)
        day = year[1] + days.ONE_DAY
    return found
