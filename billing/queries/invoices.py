"""Invoices, their lines, what was credited, and the last close."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from django.db.models import Model

from billing import reckoning
from billing.models import CreditNote, Evidence, Invoice, InvoiceLine
from billing.reckoning import Line
from products.choices import Cycle, Item, Plan
from workplace_console.common import days, sql
from workplace_console.common.sorting import ordered


@dataclass(frozen=True)
class Statement:
    """An invoice with its lines in order, what was taken back of it since, and the evidence there
    is for it, both oldest first."""

    invoice: Invoice
    lines: Sequence[Line]
    credit_notes: Sequence[CreditNote] = ()
    evidence: Sequence[Evidence] = ()

    @property
    def credited(self) -> int:
        """Won, VAT included."""
        return sum(note.total for note in self.credit_notes)


Row = TypeVar("Row", bound=Model)

# What a list of invoices can be sorted by; day and sequence tell those apart that are alike.
INVOICE_SORTS: Final = {
    "issued_on": ("issued_on", "sequence"),
    "due_on": ("due_on", "issued_on", "sequence"),
    "total": ("total", "issued_on", "sequence"),
}
NEWEST_FIRST: Final = "-issued_on"


def invoices(payer: str, *, skip: int, most: int, sort: str = NEWEST_FIRST) -> list[Invoice]:
    """Invoices without their lines, by one of INVOICE_SORTS, from the end with a - before it."""
    found = Invoice.objects.filter(payer=payer).order_by(*ordered(INVOICE_SORTS, sort))
    return list(found[skip : skip + most])


def invoice_keys(number: str) -> list[int]:
    """The key of the invoice of a number, if there is one: what points to an invoice names that."""
    return list(Invoice.objects.filter(number=number).values_list("pk", flat=True))


# Written out: put together by the ORM for each bill, it took longer than to run.
STATEMENT: Final = """
    SELECT invoice.*,
        (SELECT jsonb_agg(to_jsonb(line) ORDER BY id) FROM billing_invoiceline AS line
         WHERE invoice_id = invoice.id) AS rows,
        (SELECT jsonb_agg(to_jsonb(note) ORDER BY created_at) FROM billing_creditnote AS note
         WHERE invoice_id = invoice.id) AS notes,
        (SELECT jsonb_agg(to_jsonb(paper) ORDER BY id) FROM billing_evidence AS paper
         WHERE invoice_id = invoice.id) AS papers
    FROM billing_invoice AS invoice WHERE payer = %(payer)s AND number = %(number)s"""


def invoice(payer: str, number: str) -> Statement | None:
    """One invoice of a payer with all of a statement; None when they have none of that number.

    One statement.
    """
    found = next(iter(Invoice.objects.raw(STATEMENT, {"payer": payer, "number": number})), None)
    if found is None:
        return None
    written = vars(found)
    return Statement(
        found,
        reckoning.in_order(_line(row, payer) for row in _made(InvoiceLine, written["rows"])),
        _made(CreditNote, written["notes"]),
        _made(Evidence, written["papers"]),
    )


def _made(model: type[Row], written: str | None) -> list[Row]:
    """Objects out of rows as JSON. A table may have more columns: those of the next release."""
    rows = (_with_days(row) for row in json.loads(written or "[]"))
    return [model(**{name: row[name] for name in sql.names(model)}) for row in rows]


# How the names of columns end that hold a day.
DAYS: Final = ("_on", "_from", "_to")


def _with_days(row: dict[str, Any]) -> dict[str, Any]:
    """A row out of JSON, where days are text."""
    return {
        name: date.fromisoformat(value) if name.endswith(DAYS) and value else value
        for name, value in row.items()
    }


@dataclass(frozen=True)
class Close:
    """What closing a month came to, in won; issued on the 1st after it. R: E5."""

    issued_on: date
    invoices: int
    companies: int
    supply: int
    vat: int

    @property
    def total(self) -> int:
        return self.supply + self.vat

    @property
    def month(self) -> date:
        return days.first_of_month(self.issued_on - days.ONE_DAY)


def last_close(issued_on: date) -> Close:
    """The close of the month before a 1st; one statement."""
    ((invoices, supply, vat, companies),) = sql.rows(
        """SELECT count(*), coalesce(sum(supply), 0), coalesce(sum(vat), 0),
                  (SELECT count(DISTINCT line.company) FROM billing_invoiceline AS line
                   JOIN billing_invoice AS invoice ON invoice.id = line.invoice_id
                   WHERE invoice.issued_on = %(issued_on)s AND invoice.kind = 'regular')
           FROM billing_invoice WHERE issued_on = %(issued_on)s AND kind = 'regular'""",
        issued_on=issued_on,
    )
    return Close(issued_on, invoices, companies, int(supply), int(vat))


def statements(*payers: str) -> list[Statement]:
    """Invoices by issue day and payer, of these payers or, with none given, of all.

    Three statements.
    """
    invoices = Invoice.objects.order_by("issued_on", "payer", "sequence")
    if payers:
        invoices = invoices.filter(payer__in=payers)
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for row in InvoiceLine.objects.filter(invoice__in=invoices).select_related("invoice"):
        lines[row.invoice_id].append(_line(row, row.invoice.payer))
    notes: defaultdict[int, list[CreditNote]] = defaultdict(list)
    for note in CreditNote.objects.filter(invoice__in=invoices).order_by("created_at"):
        notes[note.invoice_id].append(note)
    return [
        Statement(invoice, reckoning.in_order(lines[invoice.pk]), notes[invoice.pk])
        for invoice in invoices
    ]


def _line(row: InvoiceLine, payer: str) -> Line:
    return Line(
        payer=payer,
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
