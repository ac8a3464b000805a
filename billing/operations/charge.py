"""The nightly charge: one statement for all companies. R: E1."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from products import queries as products
from products import rules as product_rules
from products.choices import Cycle, Item, Plan
from workplace_console.common import days, sql
from workplace_console.common.jobs import Trouble
from workplace_console.common.transactions import joined

# Of a fact: that it holds on the day; of all companies, or of some.
HOLDS: Final = """starts_on <= %(day)s AND ends_on >= %(day)s
             AND (%(only)s::text[] IS NULL OR company_id = ANY(%(only)s))"""

# Sorts and hashes of very many companies stay in memory, in this transaction.
ROOM: Final = "SET LOCAL work_mem = '64MB'"

# What companies use on a day: seats, and capacity they added; a company without either uses
# nothing. Each kind of fact is read by itself and put together by hash: the planner can't know how
# few of the many counts of years ago hold on the day, and would look them up for each company.
# OFFSET 0 is what keeps them apart; MATERIALIZED would write each down first, a fifth of the time.
# Then, of what is not charged yet, prices, joined last and to rows at hand (twice as quick);
# capacity is of no plan and no cycle, 0 stands for them while joining. What can be charged is, in
# the order of the key, so that rows land on the last pages of the table and of its index; what
# can't, for want of a price or a payer, is returned.
CHARGE: Final = f"""
    WITH used AS (
        SELECT company_id AS company, item, plan, cycle, quantity, contract_from,
               payer.payer_id AS payer
        FROM (
            SELECT company_id, {Item.SEAT} AS item, plan::int, cycle::int, count AS quantity,
                   contract_from
            FROM (SELECT * FROM products_phase WHERE {HOLDS} OFFSET 0) AS phase
            JOIN (SELECT company_id, count FROM groupco_headcount
                  WHERE {HOLDS} AND count > 0 OFFSET 0) AS headcount USING (company_id)
            UNION ALL
            SELECT company_id, {Item.CAPACITY}, 0, 0, count, NULL
            FROM products_addedcapacity WHERE {HOLDS}
        ) AS of_a_company
        LEFT JOIN (SELECT company_id, payer_id FROM groupco_payer WHERE {HOLDS} OFFSET 0) AS payer
          USING (company_id)
        OFFSET 0
    ),
    priced AS MATERIALIZED (
        SELECT used.*, price.unit_price,
               CASE cycle WHEN {Cycle.ANNUAL} THEN year.from_day ELSE %(month_from)s END
                   AS period_from,
               CASE cycle WHEN {Cycle.ANNUAL} THEN year.to_day ELSE %(month_to)s END AS period_to
        FROM used
        LEFT JOIN (
            SELECT DISTINCT ON (item, plan, cycle) item, coalesce(plan, 0) AS plan,
                   coalesce(cycle, 0) AS cycle, unit_price
            FROM products_price WHERE starts_on <= %(day)s
            ORDER BY item, plan, cycle, starts_on DESC
        ) price USING (item, plan, cycle)
        LEFT JOIN unnest(%(contracts)s::date[], %(years_from)s::date[], %(years_to)s::date[])
            AS year (contract_from, from_day, to_day) USING (contract_from)
        WHERE NOT EXISTS (SELECT FROM billing_daycharge charged WHERE charged.day = %(day)s
                          AND charged.company = used.company AND charged.item = used.item)
    ),
    charged AS (
        INSERT INTO billing_daycharge (day, company, item, plan, cycle, quantity, unit_price,
                                       payer, period_from, period_to)
        SELECT %(day)s, company, item, nullif(plan, 0), nullif(cycle, 0), quantity, unit_price,
               payer, period_from, period_to
        FROM priced WHERE unit_price IS NOT NULL AND payer IS NOT NULL
        ORDER BY company, item
    )
    SELECT company, payer IS NULL, item, nullif(plan, 0), nullif(cycle, 0)
    FROM priced WHERE unit_price IS NULL OR payer IS NULL ORDER BY company, item"""

CHARGED_COMPANIES: Final = """
    SELECT DISTINCT company_id FROM products_phase
    WHERE starts_on <= %(day)s AND ends_on >= %(day)s ORDER BY company_id"""


@joined
def charge(*, day: date, only: Collection[str] | None = None) -> list[Trouble]:
    """Charge a day that is over, for all companies or some; what is charged stays as it is. R: E1.

    Returns the companies that it can't charge, for want of a price or a payer.
    """
    sql.changed(ROOM)
    rows = sql.rows(CHARGE, **_values(day, only))
    return [_trouble(company, list(found)) for company, found in groupby(rows, key=itemgetter(0))]


def _trouble(company: str, rows: Sequence[Sequence[Any]]) -> Trouble:
    """A company stands parked once, whatever number of its items can't be charged."""
    no_payer = any(row[1] for row in rows)
    what = ", ".join(_item(*row[2:]) for row in rows)
    return Trouble(company, "no_payer" if no_payer else "no_price", what)


def _item(item: int, plan: int | None, cycle: int | None) -> str:
    words = [Item(item).code]
    if plan and cycle:
        words += [Plan(plan).code, Cycle(cycle).code]
    return " ".join(words)


def charged_companies(day: date) -> list[str]:
    """The companies in a paid term on a day."""
    return sql.column(CHARGED_COMPANIES, day=day)


def _values(day: date, only: Collection[str] | None) -> dict[str, Any]:
    contracts = [start for start in products.contract_starts() if start <= day]
    years = [product_rules.billing_period(Cycle.ANNUAL, start, day) for start in contracts]
    month_from, month_to = days.first_of_month(day), days.last_of_month(day)
    return {
        "day": day,
        "only": None if only is None else list(only),
        "month_from": month_from,
        "month_to": month_to,
        "contracts": contracts,
        "years_from": [first for first, _last in years],
        "years_to": [last for _first, last in years],
    }
