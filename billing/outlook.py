"""What would be charged: day rows read off the facts, for days that have not been charged yet.

The same columns as the table of day charges, so the one reckoning takes either, or both together.
What is only being thought about, another paid term or more accounts, comes in as values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from products import rules as product_rules
from products.choices import Cycle, Item, Plan
from workplace_console.common import days

# For the companies and days given. Prices and payers are those of each day; a day without one is
# left out here, and parked by the night (billing/operations/charge.py). `trying` names a company
# whose reservation is replaced by another term, `changing` one with more or fewer accounts.
ROWS: Final = f"""
    SELECT day, company, {Item.SEAT.value} AS item, phase.plan, phase.cycle, quantity,
           price.unit_price, payer.payer_id AS payer,
           CASE phase.cycle WHEN {Cycle.ANNUAL.value} THEN year.from_day
                ELSE date_trunc('month', day)::date END AS period_from,
           CASE phase.cycle WHEN {Cycle.ANNUAL.value} THEN year.to_day
                ELSE (date_trunc('month', day) + interval '1 month - 1 day')::date END AS period_to
    FROM (SELECT generate_series(%(first)s::date, %(last)s::date, '1 day')::date AS day) AS each_day
    CROSS JOIN unnest(%(companies)s::text[]) AS company
    JOIN (
        SELECT company_id, plan, cycle, starts_on, ends_on, contract_from FROM products_phase
        WHERE company_id = ANY(%(companies)s)
          AND (company_id IS DISTINCT FROM %(trying)s OR starts_on <= %(today)s)
        UNION ALL
        SELECT %(trying)s::text, %(plan)s::int, %(cycle)s::int, %(start)s::date,
               %(open_end)s::date, %(start)s::date
        WHERE %(trying)s::text IS NOT NULL
    ) AS phase ON phase.company_id = company AND day BETWEEN phase.starts_on AND phase.ends_on
    LEFT JOIN groupco_headcount AS headcount ON headcount.company_id = company
     AND day BETWEEN headcount.starts_on AND headcount.ends_on
    CROSS JOIN LATERAL (
        SELECT coalesce(headcount.count, 0) + CASE
            WHEN company = %(changing)s AND day >= %(change_from)s THEN %(change)s ELSE 0 END
    ) AS counted (quantity)
    JOIN groupco_payer AS payer ON payer.company_id = company
     AND day BETWEEN payer.starts_on AND payer.ends_on
    CROSS JOIN LATERAL (
        SELECT unit_price FROM products_price AS price
        WHERE price.item = {Item.SEAT.value} AND price.plan = phase.plan
          AND price.cycle = phase.cycle AND price.starts_on <= day
        ORDER BY price.starts_on DESC LIMIT 1
    ) AS price
    LEFT JOIN unnest(%(contracts)s::date[], %(years_from)s::date[], %(years_to)s::date[])
        AS year (contract_from, from_day, to_day)
        ON year.contract_from = phase.contract_from AND day BETWEEN year.from_day AND year.to_day
    WHERE quantity > 0"""


@dataclass(frozen=True)
class Trying:
    """A paid term in place of what a company has reserved."""

    company: str
    plan: Plan
    cycle: Cycle
    start: date


@dataclass(frozen=True)
class Changing:
    """So many accounts more (or, negative, fewer) in a company from a day on."""

    company: str
    change: int
    from_day: date


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
    starts = set(contracts) | ({trying.start} if trying else set())
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
        "changing": changing.company if changing else None,
        "change": changing.change if changing else 0,
        "change_from": changing.from_day if changing else first,
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
