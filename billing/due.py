"""Which charged days are due for an invoice: at a day's 00:00, or at once when a payer ends."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from products import queries as products
from products.choices import Cycle
from workplace_console.common import days

# When a contract that ended early falls due for those who paid for it and were not part of it: on
# the first 1st after its last day, not at the end of a contract year that will never come. R: G4.
NEXT_FIRST: Final = "(date_trunc('month', ended_on) + interval '1 month')::date"

# What a payer's final invoice has taken lies on or before this day; what comes after a termination
# that was undone lies behind it. R: G3, G4.
SINCE_FINAL: Final = """coalesce((SELECT max(issued_on) FROM billing_invoice
                                 WHERE payer = %(payer)s AND kind = 'final'), '-infinity')"""

# Rows that fall due: the month that is over (what is not charged by the year is charged by the
# month; said in one condition, for two the planner takes to be nearly never true), contract years
# that ended yesterday, and on a 1st what others owe for contracts that ended early in the month
# before. What a final invoice has taken already is not due again; who has an invoice of that day
# already is left out once lines are made.
REGULAR: Final = f"""
    SELECT charge.* FROM (
        SELECT * FROM billing_daycharge
        WHERE day = ANY(%(month_days)s) AND cycle IS DISTINCT FROM {Cycle.ANNUAL}
        UNION ALL
        SELECT charge.* FROM (
            SELECT DISTINCT company_id, contract_from FROM products_phase
            WHERE cycle = {Cycle.ANNUAL} AND contract_from = ANY(%(contracts)s)
        ) AS contract
        LEFT JOIN ({products.ENDED_CONTRACTS}) AS ended USING (company_id, contract_from)
        JOIN billing_daycharge charge ON charge.company = contract.company_id
         AND charge.day = ANY(%(year_days)s) AND charge.cycle = {Cycle.ANNUAL}
         AND charge.period_to = %(yesterday)s
         AND charge.day BETWEEN contract_from AND coalesce(ended_on, '{days.OPEN_END}')
        WHERE ended_on IS NULL OR {NEXT_FIRST} >= %(day)s
        UNION ALL
        SELECT charge.* FROM ({products.ENDED_CONTRACTS}) AS ended
        JOIN billing_daycharge charge ON charge.company = ended.company_id
         AND charge.day = ANY(%(ended_days)s) AND charge.cycle = {Cycle.ANNUAL}
         AND charge.day BETWEEN ended.contract_from AND ended_on
         AND charge.period_to > %(yesterday)s
        WHERE ended_on BETWEEN %(month_from)s AND %(yesterday)s AND {NEXT_FIRST} = %(day)s
    ) AS charge
    LEFT JOIN (SELECT payer, max(issued_on) AS issued_on FROM billing_invoice
               WHERE kind = 'final' GROUP BY payer) AS final USING (payer)
    WHERE (final.issued_on IS NULL OR charge.day > final.issued_on)
      AND NOT payer = ANY(%(waiting)s)
      AND (%(only)s::text[] IS NULL OR payer = ANY(%(only)s))"""

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
