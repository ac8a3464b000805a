"""What has fallen due becomes one invoice per payer. R: E5."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from psycopg2.extras import Json

from billing import due, queries, reckoning
from billing.models import Invoice
from groupco import queries as groups
from groupco.choices import Topic
from products import queries as products
from products import rules as product_rules
from products.choices import Cycle
from workplace_console.common import audit, days, messages, sql
from workplace_console.common.audit import SYSTEM, Change
from workplace_console.common.jobs import Trouble
from workplace_console.common.messages import Event
from workplace_console.common.transactions import joined


def _closing(rows: str, *, period_to: str) -> str:
    """The statement that makes invoices of a kind out of the rows that are due.

    Aggregated first, then what the payer was sent that month is looked up, for its number and for
    whether this invoice is there already; then invoices and their lines are written at once. A
    line knows its invoice's number by itself: joining the two would be quick or quadratic, by the
    planner's guess.
    """
    return f"""
    WITH line AS (
        SELECT reckoned.*, payer || '-' || to_char(%(day)s::date, 'YYYYMM') || '-' AS prefix,
               1 + coalesce(earlier.sequence, 0) AS sequence
        FROM ({reckoning.lines_sql(rows)}) AS reckoned
        CROSS JOIN LATERAL (
            SELECT max(sequence) AS sequence,
                   bool_or(issued_on = %(day)s AND kind = %(kind)s) AS is_there
            FROM billing_invoice WHERE payer = reckoned.payer
             AND issued_on BETWEEN %(issue_month)s AND %(issue_month_to)s
        ) AS earlier
        WHERE is_there IS NOT TRUE
    ),
    due AS (
        SELECT payer, prefix, sequence, min(period_from) AS period_from,
               {period_to} AS period_to, sum(amount)::bigint AS supply
        FROM line GROUP BY payer, prefix, sequence
    ),
    invoice AS (
        INSERT INTO billing_invoice (number, payer, issued_on, due_on, kind, sequence,
            period_from, period_to, supply, vat, total, buyer, supplier, created_at)
        SELECT prefix || sequence, payer, %(day)s, %(due_on)s, %(kind)s, sequence, period_from,
               period_to, supply, supply / 10, supply + supply / 10,
               jsonb_build_object('name', buyer.name, 'business_number', buyer.business_number,
                   'representative', buyer.representative, 'address', buyer.address,
                   'business_type', buyer.business_type, 'business_item', buyer.business_item),
               %(supplier)s, now()
        FROM due JOIN groupco_company buyer ON buyer.id = payer
        ORDER BY payer
        RETURNING number, payer, supply, total, period_from, period_to, due_on
    ),
    written AS (
        INSERT INTO billing_invoiceline (invoice_id, company, item, plan, cycle, unit_price,
            period_from, period_to, quantity_days, days_in_period, amount)
        SELECT prefix || sequence, company, item, plan, cycle, unit_price, period_from, period_to,
               quantity_days, days_in_period, amount
        FROM line ORDER BY payer, company, item
    )
    SELECT number, payer, supply, total, period_from, period_to, due_on
    FROM invoice ORDER BY payer"""


CLOSE: Final = _closing(due.REGULAR, period_to="max(period_to)")
CLOSE_FINALLY: Final = _closing(due.FINAL, period_to="%(day)s::date")

OWING: Final = f"""
    SELECT payer FROM ({due.REGULAR}) AS due
    EXCEPT
    SELECT payer FROM billing_invoice WHERE issued_on = %(day)s AND kind = %(kind)s"""

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
    due_on: date


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
    for issued in sql.batches(CLOSE, **values, waiting=[payer for payer, _company in waiting]):
        _announce([Issued(*row) for row in issued], day=day)
    return [Trouble(payer, "company_parked", company) for payer, company in waiting]


@joined
def close_finally(*, payer: str, day: date) -> Issued | None:
    """Issue at once all that a payer owes and no invoice has taken; None when that is nothing.

    R: G4. The charges up to and including `day` are there; nothing more will come for them.
    """
    found = sql.rows(
        CLOSE_FINALLY, **_issuing(day, Invoice.Kind.FINAL) | due.final_values(payer, day)
    )
    issued = [Issued(*row) for row in found]
    _announce(issued, day=day)
    return issued[0] if issued else None


def due_payers(day: date) -> list[str]:
    """The payers that closing a day concerns: those who owe, and those who must wait."""
    values = _values(day, None)
    owing = sql.column(OWING, **values, waiting=[])
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
    is_first = day.day == 1
    return {
        "day": day,
        "yesterday": yesterday,
        "only": None if only is None else list(only),
        "month_from": month_from,
        "month_days": list(days.each(month_from, yesterday)) if is_first else [],
        "contracts": contracts,
        "year_days": list(days.each(first_day, yesterday)),
        "ended_days": list(days.each(due.year_before(month_from), yesterday))
        if day.day == 1
        else [],
    } | _issuing(day, Invoice.Kind.REGULAR)


def _issuing(day: date, kind: Invoice.Kind) -> dict[str, Any]:
    """What every closing statement names."""
    return {
        "day": day,
        "due_on": queries.due_day(day),
        "kind": kind.value,
        "issue_month": days.first_of_month(day),
        "issue_month_to": days.last_of_month(day),
        "supplier": Json(settings.SUPPLIER),
    }


def _announce(issued: list[Issued], *, day: date) -> None:
    """Tell the payers, and keep it in their audit log."""
    if not issued:
        return
    addresses = groups.told_addresses([invoice.payer for invoice in issued], about=Topic.BILLS)
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
                    "due_on": invoice.due_on.isoformat(),
                },
                key=f"invoice_issued:{invoice.number}",
            )
            for invoice in issued
        ),
        on=day,
    )
