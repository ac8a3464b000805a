"""What has fallen due becomes one invoice per payer. R: E5."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from psycopg2.extras import Json

from billing import reckoning
from billing.models import Invoice
from groupco import queries as groups
from products import queries as products
from products import rules as product_rules
from products.choices import Cycle
from workplace_console.common import audit, days, messages, sql
from workplace_console.common.audit import SYSTEM, Change
from workplace_console.common.jobs import Trouble
from workplace_console.common.messages import Event
from workplace_console.common.transactions import joined

# When a contract that ended early falls due for those who paid for it and were not part of it: on
# the first 1st after its last day, not at the end of a contract year that will never come. R: G4.
NEXT_FIRST: Final = "(date_trunc('month', ended_on) + interval '1 month')::date"

# Rows that fall due: the month that is over, contract years that ended yesterday, and on a 1st what
# others owe for contracts that ended early in the month before. What a final invoice has taken
# already is not due again.
DUE: Final = f"""
    SELECT charge.* FROM (
        SELECT * FROM billing_daycharge
        WHERE day = ANY(%(month_days)s)
          AND period_from = %(month_from)s AND period_to = %(yesterday)s
        UNION ALL
        SELECT charge.* FROM (
            SELECT DISTINCT company_id, contract_from FROM products_phase
            WHERE cycle = {Cycle.ANNUAL} AND contract_from = ANY(%(contracts)s)
        ) AS contract
        LEFT JOIN ({products.ENDED_CONTRACTS}) AS ended USING (company_id, contract_from)
        JOIN billing_daycharge charge ON charge.company = contract.company_id
         AND charge.day = ANY(%(year_days)s) AND charge.cycle = {Cycle.ANNUAL}
         AND charge.period_to = %(yesterday)s
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
      AND (%(only)s::text[] IS NULL OR payer = ANY(%(only)s))
      AND NOT EXISTS (SELECT FROM billing_invoice issued WHERE issued.payer = charge.payer
                      AND issued.issued_on = %(day)s AND issued.kind = 'regular')"""

# All that a payer has been charged and that no invoice has taken; the day's own regular invoice, if
# there is one, was made at its 00:00. R: G4.
FINALLY_DUE: Final = f"""
    SELECT charge.* FROM billing_daycharge AS charge
    LEFT JOIN ({products.ENDED_CONTRACTS}) AS ended
      ON ended.company_id = charge.company AND charge.cycle = {Cycle.ANNUAL}
     AND charge.day BETWEEN ended.contract_from AND ended_on
    WHERE charge.day = ANY(%(year_days)s) AND charge.company = ANY(%(companies)s)
      AND charge.payer = %(payer)s AND charge.period_to >= %(day)s
      AND (ended_on IS NULL OR {NEXT_FIRST} > %(day)s)
      AND charge.day > coalesce((SELECT max(issued_on) FROM billing_invoice
                                 WHERE payer = %(payer)s AND kind = 'final'), '-infinity')"""


def _closing(due: str, *, period_to: str) -> str:
    """The statement that makes invoices of a kind out of the rows that are due.

    Aggregated first; then invoices and their lines are written at once. A line knows its invoice's
    number by itself: joining the two would be quick or quadratic, by the planner's guess.
    """
    return f"""
    WITH line AS (
        SELECT reckoned.*, payer || '-' || to_char(%(day)s::date, 'YYYYMM') || '-' AS prefix,
               1 + coalesce((
                   SELECT max(sequence) FROM billing_invoice earlier
                   WHERE earlier.payer = reckoned.payer
                     AND issued_on BETWEEN %(issue_month)s AND %(issue_month_to)s
               ), 0) AS sequence
        FROM ({reckoning.lines_sql(due)}) AS reckoned
    ),
    due AS (
        SELECT payer, prefix, sequence, min(period_from) AS period_from,
               {period_to} AS period_to, sum(amount)::bigint AS supply
        FROM line GROUP BY payer, prefix, sequence
    ),
    invoice AS (
        INSERT INTO billing_invoice (number, payer, issued_on, kind, sequence, period_from,
            period_to, supply, vat, total, buyer, supplier, created_at)
        SELECT prefix || sequence, payer, %(day)s, %(kind)s, sequence, period_from, period_to,
               supply, supply / 10, supply + supply / 10,
               jsonb_build_object('name', buyer.name, 'business_number', buyer.business_number,
                   'representative', buyer.representative, 'address', buyer.address,
                   'business_type', buyer.business_type, 'business_item', buyer.business_item),
               %(supplier)s, now()
        FROM due JOIN groupco_company buyer ON buyer.id = payer
        ORDER BY payer
        RETURNING number, payer, supply, total, period_from, period_to
    ),
    written AS (
        INSERT INTO billing_invoiceline (invoice_id, company, item, plan, cycle, unit_price,
            period_from, period_to, quantity_days, days_in_period, amount)
        SELECT prefix || sequence, company, item, plan, cycle, unit_price, period_from, period_to,
               quantity_days, days_in_period, amount
        FROM line ORDER BY payer, company, item
    )
    SELECT number, payer, supply, total, period_from, period_to FROM invoice ORDER BY payer"""


CLOSE: Final = _closing(DUE, period_to="max(period_to)")
CLOSE_FINALLY: Final = _closing(FINALLY_DUE, period_to="%(day)s::date")

# Grouping a month of very many companies stays in memory (docs/adr/0003); this transaction only.
ROOM: Final = "SET LOCAL work_mem = '256MB'"

# Payers of companies whose charge stands parked for a day that falls due: their invoice waits.
WAITING: Final = f"""
    SELECT DISTINCT coalesce(payer.payer_id, parked.company), parked.company
    FROM common_parked parked
    LEFT JOIN groupco_payer payer ON payer.company_id = parked.company
     AND payer.starts_on < parked.day AND payer.ends_on >= parked.day - 1
    WHERE parked.job = 'charge'
      AND (parked.day - 1 = ANY(%(month_days)s) OR parked.company IN (
          SELECT company_id FROM products_phase
          WHERE cycle = {Cycle.ANNUAL} AND contract_from = ANY(%(contracts)s)))
      AND parked.day <= %(day)s
      AND (%(only)s::text[] IS NULL OR coalesce(payer.payer_id, parked.company) = ANY(%(only)s))
    ORDER BY 1"""


@dataclass(frozen=True)
class Issued:
    """An invoice that a close has just made."""

    number: str
    payer: str
    supply: int
    total: int
    period_from: date
    period_to: date


@joined
def close(*, day: date, only: Collection[str] | None = None) -> list[Trouble]:
    """Issue what falls due at 00:00 of a day, for all payers or some. R: E3, E5.

    On a 1st that is the last month; on any day, annual contract years that ended the day before.
    A payer who has a regular invoice of that day gets no second one, so it may run again. Returns
    the payers who must wait, because one of their companies stands parked.
    """
    values = _values(day, only)
    if not values["month_days"] and not values["contracts"]:
        return []
    sql.changed(ROOM)
    waiting = sql.rows(WAITING, **values)
    issued = sql.rows(CLOSE, **values, waiting=[payer for payer, _company in waiting])
    _announce([Issued(*row) for row in issued], day=day)
    return [Trouble(payer, "company_parked", company) for payer, company in waiting]


@joined
def close_finally(*, payer: str, day: date) -> Issued | None:
    """Issue at once all that a payer owes and no invoice has taken; None when that is nothing.

    R: G4. The charges up to and including `day` are there; nothing more will come for them.
    """
    year_ago = _year_before(day)
    companies = sql.column(
        """SELECT DISTINCT company_id FROM groupco_payer
           WHERE payer_id = %(payer)s AND ends_on >= %(year_ago)s""",
        payer=payer,
        year_ago=year_ago,
    )
    found = sql.rows(
        CLOSE_FINALLY,
        **_issuing(day, Invoice.Kind.FINAL),
        payer=payer,
        companies=companies,
        year_days=list(days.each(year_ago, day)),
    )
    issued = [Issued(*row) for row in found]
    _announce(issued, day=day)
    return issued[0] if issued else None


def due_payers(day: date) -> list[str]:
    """The payers that closing a day concerns: those who owe, and those who must wait."""
    values = _values(day, None)
    owing = sql.column(f"SELECT DISTINCT payer FROM ({DUE}) AS due", **values, waiting=[])
    waiting = [payer for payer, _company in sql.rows(WAITING, **values)]
    return sorted({*owing, *waiting})


def _values(day: date, only: Collection[str] | None) -> dict[str, Any]:
    yesterday = day - days.ONE_DAY
    month_from = days.first_of_month(yesterday)
    contracts = [
        start
        for start in products.contract_starts()
        if start < day and product_rules.contract_year(start, yesterday)[1] == yesterday
    ]
    first_day = min(
        (product_rules.contract_year(start, yesterday)[0] for start in contracts), default=day
    )
    return {
        "day": day,
        "yesterday": yesterday,
        "only": None if only is None else list(only),
        "month_from": month_from,
        "month_days": list(days.each(month_from, yesterday)) if day.day == 1 else [],
        "contracts": contracts,
        "year_days": list(days.each(first_day, yesterday)),
        "ended_days": list(days.each(_year_before(month_from), yesterday)) if day.day == 1 else [],
    } | _issuing(day, Invoice.Kind.REGULAR)


def _issuing(day: date, kind: Invoice.Kind) -> dict[str, Any]:
    """What every closing statement names."""
    return {
        "day": day,
        "kind": kind.value,
        "issue_month": days.first_of_month(day),
        "issue_month_to": days.last_of_month(day),
        "supplier": Json(settings.SUPPLIER),
    }


def _year_before(day: date) -> date:
    """Where a contract year that runs on a day may have begun, or earlier."""
    return day.replace(year=day.year - 1, day=1)


def _announce(issued: list[Issued], *, day: date) -> None:
    """Tell the payers, and keep it in their audit log."""
    if not issued:
        return
    addresses = groups.told_addresses([invoice.payer for invoice in issued])
    audit.record_all(
        (
            Change(i.payer, "invoice_issued", after={"number": i.number, "total": i.total})
            for i in issued
        ),
        on=day,
        by=SYSTEM,
    )
    messages.announce_all(
        (
            Event(
                invoice.payer,
                "invoice_issued",
                addresses[invoice.payer],
                {
                    "number": invoice.number,
                    "supply_won": invoice.supply,
                    "total_won": invoice.total,
                    "from_on": invoice.period_from.isoformat(),
                    "to_on": invoice.period_to.isoformat(),
                },
                key=f"invoice_issued:{invoice.number}",
            )
            for invoice in issued
        ),
        on=day,
    )
