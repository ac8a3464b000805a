"""Which charged days are due for an invoice: at a day's 00:00, or at once when a payer ends."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from products import queries as products
from products.choices import Cycle
from workplace_console.common import days, sql

# When a contract that ended early falls due for those who paid for it and were not part of it: on
# the first 1st after its last day, not at the end of a contract year that will never come. R: G4.
NEXT_FIRST: Final = "(date_trunc('month', ended_on) + interval '1 month')::date"

# What a payer's final invoice has taken lies on or before this day; what comes after a termination
# that was undone lies behind it. R: G3, G4.
SINCE_FINAL: Final = """coalesce((SELECT max(issued_on) FROM billing_invoice
                                 WHERE payer = %(payer)s AND kind = 'final'), '-infinity')"""

# Whose rows a close is for, and which of them no final invoice has taken. Few payers have got one,
# so they are passed in: joined, they would cost each of the many rows a look into a hash. What
# there is none of is left out of the plan.
OPEN: Final = """
    (%(only)s::text[] IS NULL OR charge.payer = ANY(%(only)s))
    AND (%(waiting)s::text[] = '{}' OR NOT charge.payer = ANY(%(waiting)s))
    AND (%(ended)s::text[] = '{}' OR NOT charge.payer = ANY(%(ended)s)
         OR charge.day > (%(ended_on)s::jsonb ->> charge.payer)::date)"""

# The month that is over: what is not charged by the year is charged by the month its day lies in.
MONTH: Final = f"""
    SELECT payer, company, item, plan, cycle, quantity, unit_price,
           %(month_from)s::date AS period_from, %(month_to)s::date AS period_to
    FROM billing_daycharge AS charge
    WHERE day BETWEEN %(due_from)s AND %(due_to)s AND cycle IS DISTINCT FROM {Cycle.ANNUAL}
      AND {OPEN}"""

# Contract years that ended yesterday.
CONTRACT_YEARS: Final = f"""
    SELECT charge.* FROM (
        SELECT DISTINCT company_id, contract_from FROM products_phase
        WHERE cycle = {Cycle.ANNUAL} AND contract_from = ANY(%(contracts)s)
    ) AS contract
    LEFT JOIN ({products.ENDED_CONTRACTS}) AS ended USING (company_id, contract_from)
    JOIN billing_daycharge charge ON charge.company = contract.company_id
     AND charge.day = ANY(%(year_days)s) AND charge.cycle = {Cycle.ANNUAL}
     AND charge.period_to = %(yesterday)s
     AND charge.day BETWEEN contract_from AND coalesce(ended_on, '{days.OPEN_END}')
    WHERE (ended_on IS NULL OR {NEXT_FIRST} >= %(day)s) AND {OPEN}"""

# On a 1st, what others owe for contracts that ended early in the month before.
ENDED_EARLY: Final = f"""
    SELECT charge.* FROM ({products.ENDED_CONTRACTS}) AS ended
    JOIN billing_daycharge charge ON charge.company = ended.company_id
     AND charge.day = ANY(%(ended_days)s) AND charge.cycle = {Cycle.ANNUAL}
     AND charge.day BETWEEN ended.contract_from AND ended_on
     AND charge.period_to > %(yesterday)s
    WHERE ended_on BETWEEN %(month_from)s AND %(yesterday)s AND {NEXT_FIRST} = %(day)s
      AND {OPEN}"""

# What falls due at a day's 00:00. Lines can be made of each by itself: by its cycle and by the end
# of its period, a line is of one of them only. Who has an invoice of that day already is left out
# once lines are made.
REGULAR: Final = (MONTH, CONTRACT_YEARS, ENDED_EARLY)

ENDED_SINCE: Final = """
    SELECT payer, max(issued_on) FROM billing_invoice
    WHERE kind = 'final' AND issued_on >= %(day)s GROUP BY payer"""

# All that a payer has been charged and that no invoice has taken; the day's own regular invoice, if
# there is one, was made at its 00:00. R: G4.
FINAL: Final = f"""
    SELECT charge.* FROM billing_daycharge AS charge
    LEFT JOIN ({products.ENDED_CONTRACTS}) AS ended
      ON ended.company_id = charge.company AND charge.cycle = {Cycle.ANNUAL}
     AND charge.day BETWEEN ended.contract_from AND ended_on
    WHERE charge.day = ANY(%(year_days)s) AND charge.company = ANY(ARRAY(
          SELECT company_id FROM groupco_payer
          WHERE payer_id = %(payer)s AND ends_on >= %(year_ago)s))
      AND charge.payer = %(payer)s AND charge.period_to >= %(day)s
      AND (ended_on IS NULL OR {NEXT_FIRST} > %(day)s)
      AND charge.day > {SINCE_FINAL}"""


def ended_since(day: date) -> dict[str, date]:
    """Payers with a final invoice of this day or a later one, and the last day it has taken."""
    return dict(sql.rows(ENDED_SINCE, day=day))


def final_values(payer: str, day: date) -> dict[str, Any]:
    """What FINAL names."""
    year_ago = year_before(day)
    return {
        "payer": payer,
        "day": day,
        "year_ago": year_ago,
        "year_days": list(days.each(year_ago, day)),
    }


def year_before(day: date) -> date:
    """Where a contract year that runs on a day may have begun, or earlier."""
    return day.replace(year=day.year - 1, day=1)
