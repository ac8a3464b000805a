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
from workplace_console.common.audit import SYSTEM
from workplace_console.common.jobs import Trouble
from workplace_console.common.transactions import joined

# What is billed, each line with the number its invoice gets among those of the month, unless the
# payer has an invoice of that day and kind already. A table, so that what reads it knows how much
# there is; and the only one of the statements that several processes can share.
LINES: Final = """
    CREATE TEMPORARY TABLE due_line ON COMMIT DROP AS
    SELECT line.*, 1 + coalesce(earlier.sequence, 0) AS sequence
    FROM ({lines}) AS line
    LEFT JOIN (
        SELECT payer, max(sequence) AS sequence,
               bool_or(issued_on = %(day)s AND kind = %(kind)s) AS is_there
        FROM billing_invoice WHERE issued_on BETWEEN %(issue_month)s AND %(issue_month_to)s
        GROUP BY payer
    ) AS earlier USING (payer)
    WHERE is_there IS NOT TRUE"""

# Their invoices. What is said of them is read here: among the invoices of all months the server
# would look for those of a day that its statistics have never seen, and take it for an empty one.
INVOICES: Final = """
    CREATE TEMPORARY TABLE due_invoice ON COMMIT DROP AS
    SELECT nextval('billing_invoice_id_seq') AS id, payer || %(mark)s || sequence AS number, payer,
           sequence, period_from, period_to, supply, supply / 10 AS vat,
           supply + supply / 10 AS total
    FROM (
        SELECT payer, sequence, min(period_from) AS period_from, {period_to} AS period_to,
               sum(amount)::bigint AS supply
        FROM due_line GROUP BY payer, sequence ORDER BY payer
    ) AS due"""
FORGET: Final = "DROP TABLE due_line, due_invoice"

# Both written at once, in the order of their keys.
WRITE: Final = """
    WITH invoice AS (
        INSERT INTO billing_invoice (id, number, payer, issued_on, due_on, kind, sequence,
            period_from, period_to, supply, vat, total, buyer_name, buyer_business_number,
            buyer_representative, buyer_address, buyer_business_type, buyer_business_item,
            supplier, created_at)
        SELECT due.id, number, payer, %(day)s, %(due_on)s, %(kind)s, sequence, period_from,
               period_to, supply, vat, total, name, business_number, representative, address,
               business_type, business_item, %(supplier)s, now()
        FROM due_invoice AS due JOIN groupco_company AS buyer ON buyer.id = payer ORDER BY due.id
    )
    INSERT INTO billing_invoiceline (invoice_id, company, item, plan, cycle, unit_price,
        period_from, period_to, quantity_days, days_in_period, amount)
    SELECT invoice.id, company, item, plan, cycle, unit_price,
           line.period_from, line.period_to, quantity_days, days_in_period, amount
    FROM due_line AS line JOIN due_invoice AS invoice USING (payer)
    ORDER BY invoice.id, company, item"""

LINES_DUE: Final = LINES.format(lines=" UNION ALL ".join(map(reckoning.lines_sql, due.REGULAR)))
LINES_LEFT: Final = LINES.format(lines=reckoning.lines_sql(due.FINAL))
INVOICES_DUE: Final = INVOICES.format(period_to="max(period_to)")
INVOICES_LEFT: Final = INVOICES.format(period_to="%(day)s::date")

# What is said of what has just been made.
ISSUED: Final = """
    SELECT number, payer, supply, total, period_from, period_to, %(due_on)s::date
    FROM due_invoice ORDER BY payer"""
ENTRIES: Final = """
    SELECT payer AS company, 'invoice_issued' AS action, NULL::jsonb AS before,
           jsonb_build_object('number', number, 'total', total) AS after
    FROM due_invoice ORDER BY payer"""
EVENTS: Final = f"""
    SELECT 'invoice_issued:' || number AS key, payer AS company, 'invoice_issued' AS kind,
           jsonb_build_object('number', number, 'supply_won', supply, 'total_won', total,
               'from_on', period_from, 'to_on', period_to, 'due_on', %(due_on)s::date) AS figures,
           coalesce(addresses, '{{}}') AS recipients
    FROM due_invoice
    LEFT JOIN ({groups.told_sql("ARRAY(SELECT payer FROM due_invoice)")}) AS told
      ON told.company_id = payer
    ORDER BY payer"""

OWING: Final = f"""
    {" UNION ".join(f"SELECT payer FROM ({rows}) AS due" for rows in due.REGULAR)}
    EXCEPT
    SELECT payer FROM billing_invoice WHERE issued_on = %(day)s AND kind = %(kind)s"""

# Grouping a month of very many companies stays in memory (docs/adr/0003). From 50,000 companies on,
# as the server estimates them, a second process helps: who has as many has more than two cores. For
# fewer it would save some hundredths of a second, and people who work at the same time would wait
# twice as long for their slowest pages. For this transaction only.
ROOM: Final = """
    SELECT set_config('work_mem', '256MB', true),
           set_config('max_parallel_workers_per_gather',
                      CASE WHEN reltuples < 50000 THEN '0' ELSE '1' END, true)
    FROM pg_class WHERE oid = 'groupco_company'::regclass"""

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
    sql.rows(ROOM)
    waiting = sql.rows(WAITING, **values)
    values["waiting"] = [payer for payer, _company in waiting]
    _write(LINES_DUE, INVOICES_DUE, values)
    _announce(values)
    sql.changed(FORGET)
    return [Trouble(payer, "company_parked", company) for payer, company in waiting]


@joined
def close_finally(*, payer: str, day: date) -> Issued | None:
    """Issue at once all that a payer owes and no invoice has taken; None when that is nothing.

    R: G4. The charges up to and including `day` are there; nothing more will come for them.
    """
    values = _issuing(day, Invoice.Kind.FINAL) | due.final_values(payer, day)
    _write(LINES_LEFT, INVOICES_LEFT, values)
    issued = [Issued(*row) for row in sql.rows(ISSUED, due_on=values["due_on"])]
    _announce(values)
    sql.changed(FORGET)
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
    is_first, year_ago = day.day == 1, due.year_before(month_from)
    ended = due.ended_since(year_ago)
    return {
        "day": day,
        "yesterday": yesterday,
        "only": None if only is None else list(only),
        "ended": list(ended),
        "ended_on": Json({payer: last.isoformat() for payer, last in ended.items()}),
        "month_from": month_from,
        "month_to": days.last_of_month(yesterday),
        # Nothing, unless it is a 1st: a range that ends before it begins.
        "due_from": month_from if is_first else day,
        "due_to": yesterday,
        "month_days": list(days.each(month_from, yesterday)) if is_first else [],
        "contracts": contracts,
        "year_days": list(days.each(first_day, yesterday)),
        "ended_days": list(days.each(year_ago, yesterday)) if is_first else [],
    } | _issuing(day, Invoice.Kind.REGULAR)


def _write(lines: str, invoices: str, values: dict[str, Any]) -> None:
    """Make the lines of what is due, their invoices, and write both; they stay until FORGET."""
    for statement in (lines, invoices, WRITE):
        sql.changed(statement, **values)


def _issuing(day: date, kind: Invoice.Kind) -> dict[str, Any]:
    """What every closing statement names."""
    return {
        "day": day,
        "due_on": queries.due_day(day),
        "kind": kind.value,
        "mark": f"-{day:%Y%m}-",
        "issue_month": days.first_of_month(day),
        "issue_month_to": days.last_of_month(day),
        "supplier": Json(settings.SUPPLIER),
    }


def _announce(values: dict[str, Any]) -> None:
    """Tell the payers of what has just been made, and keep it in their audit log."""
    day = values["day"]
    audit.record_found(ENTRIES, on=day, by=SYSTEM)
    messages.announce_found(EVENTS, on=day, due_on=values["due_on"], topic=Topic.BILLS.value)
