"""Every read of charges and invoices that another room needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing import reckoning
from billing.models import Invoice, InvoiceLine
from billing.reckoning import Line
from groupco import queries as groups
from products.choices import Cycle, Item, Plan
from workplace_console.common import days

MONTH_SO_FAR = """
    SELECT * FROM billing_daycharge
    WHERE day = ANY(%(days)s) AND company = ANY(%(companies)s) AND payer = %(payer)s
      AND period_from = %(month_from)s AND period_to = %(month_to)s
      AND day > coalesce((SELECT max(issued_on) FROM billing_invoice
                          WHERE payer = %(payer)s AND kind = 'final'), '-infinity')"""


@dataclass(frozen=True)
class Statement:
    """An invoice with its lines in order."""

    invoice: Invoice
    lines: Sequence[Line]


def estimate(payer: str, *, today: date) -> list[Line]:
    """다음 달 청구 예정 금액, line by line: the running month from the 1st to yesterday. R: E6.

    Exactly what closing the month with those days would bill of monthly lines; nothing on the 1st.
    """
    month = days.first_of_month(today)
    so_far = list(days.each(month, today - days.ONE_DAY))
    if not so_far:
        return []
    return reckoning.lines(
        MONTH_SO_FAR,
        days=so_far,
        companies=groups.paid_for(payer, month, today),
        payer=payer,
        month_from=month,
        month_to=days.last_of_month(today),
    )


def statements(*payers: str) -> list[Statement]:
    """Invoices by issue day and payer, of these payers or, with none given, of all."""
    invoices = Invoice.objects.order_by("issued_on", "payer", "sequence")
    if payers:
        invoices = invoices.filter(payer__in=payers)
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    for row in InvoiceLine.objects.filter(invoice__in=invoices).select_related("invoice"):
        lines[row.invoice_id].append(_line(row))
    return [Statement(invoice, reckoning.in_order(lines[invoice.number])) for invoice in invoices]


def _line(row: InvoiceLine) -> Line:
    return Line(
        payer=row.invoice.payer,
        company=row.company,
        item=Item(row.item),
        plan=Plan(row.plan) if row.plan else None,
        cycle=Cycle(row.cycle) if row.cycle else None,
        unit_price=row.unit_price,
        period_from=row.period_from,
        period_to=row.period_to,
        quantity_days=row.quantity_days,
        days_in_period=row.days_in_period,
        amount=row.amount,
    )
