"""The limit: the same facts in bare tables with whole numbers for keys, and SQL written by hand.

The tables of charge_layout.py, layout A, which is the quickest there is for a night's charge.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from benchmarks.charge_layout import (
    CHARGE_THE_DAY,
    NOT_EXISTS,
    SCHEMA,
    SMALLINT_CODES,
    SPAN_INDEX,
)
from benchmarks.scale.places import Place

FACTS = """
INSERT INTO company SELECT n FROM public.made;
INSERT INTO phase SELECT n, starts_on, nullif(ends_on, '9999-12-31'), plan, cycle
FROM public.products_phase JOIN public.made ON made.id = company_id ORDER BY n;
INSERT INTO span SELECT n, starts_on, nullif(ends_on, '9999-12-31'), count
FROM public.groupco_headcount AS headcount JOIN public.made ON made.id = company_id
ORDER BY headcount.id;
INSERT INTO capacity SELECT n, starts_on, nullif(ends_on, '9999-12-31'), count
FROM public.products_addedcapacity JOIN public.made ON made.id = company_id;
INSERT INTO payer SELECT made.n, starts_on, nullif(ends_on, '9999-12-31'), payer.n
FROM public.groupco_payer JOIN public.made ON made.id = company_id
JOIN public.made AS payer ON payer.id = payer_id;
INSERT INTO price SELECT price.item, used.plan, used.cycle, starts_on, unit_price
FROM public.products_price AS price
CROSS JOIN (SELECT DISTINCT plan, cycle FROM phase) AS used
WHERE price.item = 2 OR price.plan = used.plan AND price.cycle = used.cycle;
INSERT INTO charge SELECT day, made.n, item, phase.plan, phase.cycle, quantity,
    unit_price, payer.n, period_from, period_to
FROM public.billing_daycharge JOIN public.made ON made.id = billing_daycharge.company
JOIN phase ON phase.company = made.n
JOIN public.made AS payer ON payer.id = billing_daycharge.payer ORDER BY day, made.n, item
"""

INVOICES = """
CREATE TABLE invoice (
    payer integer, issued_on date, number text NOT NULL UNIQUE, supply bigint NOT NULL,
    vat bigint NOT NULL, total bigint NOT NULL, PRIMARY KEY (payer, issued_on)
);
CREATE TABLE line (
    payer integer, issued_on date, company integer, item smallint, plan smallint, cycle smallint,
    unit_price integer, period_from date, quantity bigint NOT NULL, amount bigint NOT NULL,
    PRIMARY KEY (payer, issued_on, company, item, plan, cycle, unit_price, period_from)
)
"""

# Aggregate, then join: invoices out of lines, lines once more for their own table.
CLOSE = """
WITH reckoned AS MATERIALIZED (
    SELECT payer, company, item, plan, cycle, unit_price, period_from, sum(quantity) AS quantity,
           sum(quantity)::bigint * unit_price / (period_to - period_from + 1) AS amount
    FROM charge WHERE day = ANY(%(days)s) AND (period_to = %(until)s)
    GROUP BY payer, company, item, plan, cycle, unit_price, period_from, period_to
),
issued AS (
    INSERT INTO invoice
    SELECT payer, %(day)s, payer || to_char(%(day)s::date, '-YYYYMM-1'), supply, supply / 10,
           supply + supply / 10
    FROM (SELECT payer, sum(amount)::bigint AS supply FROM reckoned GROUP BY payer) AS due
    ORDER BY payer
)
INSERT INTO line SELECT payer, %(day)s, company, item, plan, cycle, unit_price, period_from,
    quantity, amount
FROM reckoned ORDER BY payer, company, item, plan, cycle, unit_price, period_from
"""

ESTIMATE = """
SELECT payer, company, item, plan, cycle, unit_price, period_from, period_to,
    unit_price::bigint * sum(quantity)::bigint / %(length)s AS amount
FROM charge WHERE day = ANY(%(days)s) AND company = ANY(%(companies)s) AND payer = %(payer)s
GROUP BY payer, company, item, plan, cycle, unit_price, period_from, period_to
"""


class Limit:
    """The bare tables of a place, in a schema of their own."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def fill(self) -> None:
        self.sql("CREATE SCHEMA bare")
        layout = {
            "company": "integer",
            "code": "smallint",
            "price": "integer",
            "extra_column": "",
            "constraints": "PRIMARY KEY (day, company, item)",
        }
        self.sql(SCHEMA.format_map(layout) + INVOICES)
        for statement in FACTS.split(";"):
            self.sql(statement)
        self.sql(SPAN_INDEX)

    def sql(self, statement: str, /, **values: Any) -> list[tuple[Any, ...]]:
        self.place.sql("SET search_path TO bare")
        try:
            return self.place.sql(statement, **values)
        finally:
            self.place.sql("RESET search_path")

    def charge(self, day: date) -> None:
        """As the product does it: under a lock, and only what is not there."""
        codes = {name: SMALLINT_CODES[name] for name in ("seat", "capacity", "annual")}
        month = day.replace(day=1)
        self.sql(
            "SELECT pg_advisory_lock(1);"
            + CHARGE_THE_DAY.format(guard=NOT_EXISTS, on_conflict="")
            + ";SELECT pg_advisory_unlock(1)",
            day=day,
            month_from=month,
            month_to=(month + timedelta(days=31)).replace(day=1) - timedelta(days=1),
            **codes,
        )

    def close(self, day: date) -> None:
        until = day - timedelta(days=1)
        days = [until - timedelta(days=ago) for ago in range(until.day)]
        self.sql(
            "SET work_mem = '256MB';" + CLOSE + ";RESET work_mem", day=day, until=until, days=days
        )
