"""Every read of charges and invoices that another room needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from billing import due, reckoning
from billing import outlook as would_be
from billing.models import CreditNote, DayCharge, Invoice, InvoiceLine
from billing.reckoning import Line
from groupco import queries as groups
from products import queries as products
from products.choices import Cycle, Item, Plan
from workplace_console.common import days, sql

COLUMNS: Final = (
    "day, company, item, plan, cycle, quantity, unit_price, payer, period_from, period_to"
)

MONTH_SO_FAR: Final = f"""
    SELECT {COLUMNS} FROM billing_daycharge
    WHERE day = ANY(%(days)s) AND company = ANY(%(companies)s) AND payer = %(payer)s
      AND period_from = %(month_from)s AND period_to = %(month_to)s
      AND day > coalesce((SELECT max(issued_on) FROM billing_invoice
                          WHERE payer = %(payer)s AND kind = 'final'), '-infinity')"""


@dataclass(frozen=True)
class Statement:
    """An invoice with its lines in order, and what was taken back of it since, oldest first."""

    invoice: Invoice
    lines: Sequence[Line]
    credit_notes: Sequence[CreditNote] = ()

    @property
    def credited(self) -> int:
        """Won, VAT included."""
        return sum(note.total for note in self.credit_notes)


def estimate(payer: str, *, today: date) -> list[Line]:
    """다음 달 청구 예정 금액, line by line: the running month from the 1st to yesterday. R: E6.

    Exactly what closing the month with those days would bill of monthly lines; nothing on the 1st.
    """
    month = days.first_of_month(today)
    if today == month:
        return []
    return reckoning.lines(
        MONTH_SO_FAR, **_so_far(payer, groups.paid_for(payer, month, today), today)
    )


# Annual days of the contract years that are running. One that ended yesterday is on an invoice.
# What another paid of a contract that ended early was due on the next 1st.
ACCRUED: Final = f"""
    SELECT {COLUMNS} FROM billing_daycharge
    LEFT JOIN ({products.ENDED_CONTRACTS}) AS ended
      ON ended.company_id = company AND day BETWEEN ended.contract_from AND ended_on
    WHERE day BETWEEN %(year_ago)s AND %(until)s AND company = ANY(%(companies)s)
      AND payer = %(payer)s AND cycle = {Cycle.ANNUAL.value} AND period_to > %(until)s
      AND (ended_on IS NULL OR {due.NEXT_FIRST} > %(until)s::date + 1)
      AND day > coalesce((SELECT max(issued_on) FROM billing_invoice
                          WHERE payer = %(payer)s AND kind = 'final'), '-infinity')"""

# Which companies a payer pays for in these days, their names, when their annual contracts began;
# who pays for the payer's own company today, if that is another; how many accounts of it count.
SCOPE: Final = f"""
    SELECT DISTINCT 'pays_for' AS kind, company.id, company.name, phase.contract_from, 0 AS accounts
    FROM groupco_payer AS payer
    JOIN groupco_company AS company ON company.id = payer.company_id
    LEFT JOIN products_phase AS phase ON phase.company_id = payer.company_id
     AND phase.cycle = {Cycle.ANNUAL.value}
    WHERE payer.payer_id = %(payer)s AND payer.starts_on <= %(last)s
      AND payer.ends_on >= %(first)s
    UNION ALL
    SELECT 'paid_by', company.id, company.name, NULL, 0
    FROM groupco_payer AS payer JOIN groupco_company AS company ON company.id = payer.payer_id
    WHERE payer.company_id = %(payer)s AND payer.payer_id <> %(payer)s
      AND %(today)s BETWEEN payer.starts_on AND payer.ends_on
    UNION ALL
    SELECT 'own', '', '', NULL, coalesce((
        SELECT count FROM groupco_headcount WHERE company_id = %(payer)s
           AND %(today)s BETWEEN starts_on AND ends_on), 0)"""


@dataclass(frozen=True)
class Outlook:
    """A payer's running month: what it has come to, and what it will come to.

    `so_far` is what closing the month now would bill (E6); `projected` what it will bill if nothing
    else happens than is known; `accrued` what annual contracts have come to, billed when their
    year ends. `daily` is the supply that has added up by each day of the month, `accounts` how many
    accounts of the payer's own company count today. `elsewhere` are lines, monthly and annual, of
    the payer's own company that another pays, who is `paid_by` today (F8). `names` are those of the
    companies, by id.
    """

    so_far: Sequence[Line]
    projected: Sequence[Line]
    accrued: Sequence[Line]
    elsewhere: Sequence[Line]
    daily: Sequence[int]
    accounts: int
    paid_by: str | None
    names: Mapping[str, str]


# What another is charged for the payer's own company: the month, and contract years that run.
ELSEWHERE: Final = f"""
    SELECT {COLUMNS} FROM billing_daycharge
    WHERE day BETWEEN %(year_ago)s AND %(until)s AND company = %(payer)s AND payer <> %(payer)s
      AND period_to >= %(month_from)s
      AND (period_from = %(month_from)s OR cycle = {Cycle.ANNUAL.value})"""

# What closing the month would bill if nothing else happens: what is charged, then what would be.
WHOLE_MONTH: Final = f"""
    SELECT {COLUMNS} FROM ({MONTH_SO_FAR}) AS so_far
    UNION ALL
    SELECT {COLUMNS} FROM ({would_be.ROWS}) AS would_be
    WHERE payer = %(payer)s AND period_from = %(month_from)s AND period_to = %(month_to)s"""

OUTLOOK: Final = f"""
    WITH whole AS MATERIALIZED ({WHOLE_MONTH})
    SELECT 'so_far', line.* FROM ({
    reckoning.lines_sql("SELECT * FROM whole WHERE day <= %(until)s")
}) AS line
    UNION ALL
    SELECT 'projected', line.* FROM ({reckoning.lines_sql("SELECT * FROM whole")}) AS line
    UNION ALL
    SELECT 'accrued', line.* FROM ({reckoning.lines_sql(ACCRUED)}) AS line
    UNION ALL
    SELECT 'elsewhere', line.* FROM ({reckoning.lines_sql(ELSEWHERE)}) AS line
    UNION ALL
    SELECT 'daily', '', '', 0, 0, 0, 0, day, day, 0, 0, sum(amount)
    FROM ({reckoning.parts_sql("SELECT * FROM whole")}) AS part GROUP BY day"""


def outlook(payer: str, *, today: date) -> Outlook:
    """Two statements, however many companies the payer pays for. R: E6."""
    first, last = days.first_of_month(today), days.last_of_month(today)
    # An annual contract may have accrued to a payer who no longer pays for the company.
    year_ago = first.replace(year=first.year - 1)
    scope = sql.rows(SCOPE, payer=payer, first=year_ago, last=last, today=today)
    companies = sorted({id for kind, id, *_more in scope if kind == "pays_for"})
    found = sql.rows(
        OUTLOOK,
        **_so_far(payer, companies, today)
        | would_be.values(
            companies,
            first=today,
            last=last,
            today=today,
            contracts={start for _kind, _id, _name, start, _accounts in scope if start},
        ),
        year_ago=year_ago,
        until=today - days.ONE_DAY,
    )
    kinds = defaultdict(list)
    for kind, *row in found:
        kinds[kind].append(row)
    lines = {
        kind: reckoning.in_order(map(reckoning.line, kinds[kind]))
        for kind in ("so_far", "projected", "accrued", "elsewhere")
    }
    added = {row[6]: int(row[-1]) for row in kinds["daily"]}
    return Outlook(
        **lines,
        daily=list(accumulate(added.get(day, 0) for day in days.each(first, last))),
        accounts=sum(accounts for *_more, accounts in scope),
        paid_by=next((id for kind, id, *_more in scope if kind == "paid_by"), None),
        names={id: name for _kind, id, name, *_more in scope if id},
    )


def _so_far(payer: str, companies: Sequence[str], today: date) -> dict[str, Any]:
    month = days.first_of_month(today)
    return {
        "days": list(days.each(month, today - days.ONE_DAY)),
        "payer": payer,
        "month_from": month,
        "month_to": days.last_of_month(today),
        "companies": list(companies),
    }


@dataclass(frozen=True)
class MonthUse:
    """A payer's month that is over: monthly lines, as they were billed, and annual contracts up to
    its end. `elsewhere` are lines of the payer's own company that another paid. `invoice` is the
    number of the invoice that took the monthly ones."""

    lines: Sequence[Line]
    accrued: Sequence[Line]
    elsewhere: Sequence[Line]
    invoice: str | None


# Whose days may have been charged to a payer since a day: companies it has paid for, and those on
# its invoices, for a company may be gone. With them the key of the charges is searched, not read.
CHARGED_TO: Final = """ARRAY(
    SELECT company_id FROM groupco_payer WHERE payer_id = %(payer)s
    UNION
    SELECT %(payer)s
    UNION
    SELECT line.company FROM billing_invoice AS invoice
    JOIN billing_invoiceline AS line ON line.invoice_id = invoice.number
    WHERE invoice.payer = %(payer)s AND invoice.issued_on > %(first)s)"""

MONTH: Final = f"""
    SELECT {COLUMNS} FROM billing_daycharge
    WHERE day BETWEEN %(first)s AND %(last)s AND company = ANY({CHARGED_TO})
      AND payer = %(payer)s AND period_from = %(first)s AND period_to = %(last)s"""

ANNUAL: Final = f"""
    SELECT {COLUMNS} FROM billing_daycharge
    WHERE day BETWEEN %(year_ago)s AND %(last)s AND company = ANY({CHARGED_TO})
      AND payer = %(payer)s AND cycle = {Cycle.ANNUAL.value} AND period_to >= %(first)s"""


MONTH_ELSEWHERE: Final = f"""
    SELECT {COLUMNS} FROM billing_daycharge
    WHERE day BETWEEN %(year_ago)s AND %(last)s AND company = %(payer)s AND payer <> %(payer)s
      AND period_to >= %(first)s
      AND (period_from = %(first)s OR cycle = {Cycle.ANNUAL.value})"""


def month(payer: str, *, first: date) -> MonthUse:
    """One statement for the lines, one for the invoice. `first` is the month's first day."""
    last = days.last_of_month(first)
    found = sql.rows(
        " UNION ALL ".join(map(reckoning.lines_sql, (MONTH, ANNUAL, MONTH_ELSEWHERE))),
        payer=payer,
        **_range(first, last),
    )
    lines = reckoning.in_order(map(reckoning.line, found))
    own = [line for line in lines if line.payer == payer]
    invoice = (
        InvoiceLine.objects.filter(invoice__payer=payer, period_from=first, period_to=last)
        .order_by("invoice_id")
        .values_list("invoice_id", flat=True)
        .first()
    )
    return MonthUse(
        lines=[line for line in own if not line.is_annual],
        accrued=[line for line in own if line.is_annual],
        elsewhere=[line for line in lines if line.payer != payer],
        invoice=invoice,
    )


@dataclass(frozen=True)
class DayUse:
    """One day of one line, and its part of the line's amount in won. R: E7.

    `so_far` and `amount_so_far` are the quantity and the amount of the line up to this day.
    """

    day: date
    line: tuple[Any, ...]
    payer: str
    company: str
    item: Item
    plan: Plan | None
    cycle: Cycle | None
    unit_price: int
    period_from: date
    period_to: date
    quantity: int
    amount: int
    so_far: int
    amount_so_far: int


DAY_USES: Final = f"""
    SELECT day, payer, company, item, plan, cycle, unit_price, period_from, period_to, quantity,
           amount, so_far, amount_so_far
    FROM ({
    reckoning.parts_sql(f'''
        SELECT {COLUMNS} FROM billing_daycharge
        WHERE day BETWEEN %(year_ago)s AND %(last)s AND company = ANY({CHARGED_TO})
          AND (payer = %(payer)s OR company = %(payer)s) AND period_to >= %(first)s''')
}) AS part WHERE day >= %(first)s
    ORDER BY company, item, payer, plan, cycle, unit_price, period_from, day"""


def day_uses(payer: str, *, first: date, last: date) -> list[DayUse]:
    """The charged days of a range, line by line, day by day; one statement. R: E7, F8.

    What the payer pays, and what another pays for the payer's own company.
    """
    found = sql.rows(DAY_USES, payer=payer, **_range(first, last))
    return [_day_use(row) for row in found]


def _range(first: date, last: date) -> dict[str, date]:
    """Days of a range, and back to where a contract year that runs in them may have begun."""
    year_ago = first.replace(year=first.year - 1, day=1)
    return {"first": first, "last": last, "year_ago": year_ago}


def _day_use(row: Sequence[Any]) -> DayUse:
    day, payer, company, item, plan, cycle, price, period_from, period_to, *figures = row
    quantity, amount, so_far, amount_so_far = map(int, figures)
    return DayUse(
        day=day,
        line=tuple(row[1:9]),
        payer=payer,
        company=company,
        item=Item(item),
        plan=Plan(plan) if plan else None,
        cycle=Cycle(cycle) if cycle else None,
        unit_price=price,
        period_from=period_from,
        period_to=period_to,
        quantity=quantity,
        amount=amount,
        so_far=so_far,
        amount_so_far=amount_so_far,
    )


def charges(company: str, *, first: date, last: date) -> list[DayCharge]:
    """What a company was charged on each day of a range (a year at most), as it was written. R: E1.

    Day by day, since the key begins with the day.
    """
    found = DayCharge.objects.filter(company=company, day__in=list(days.each(first, last)))
    return list(found.order_by("day", "item"))


def all_charges(company: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """These columns of all that a company was ever charged, in order."""
    found = DayCharge.objects.filter(company=company).order_by("day", "item")
    return list(found.values_list(*columns))


def invoices(payer: str, *, skip: int, most: int) -> list[Invoice]:
    """Invoices without their lines, newest first."""
    found = Invoice.objects.filter(payer=payer).order_by("-issued_on", "-sequence")
    return list(found[skip : skip + most])


def invoice(payer: str, number: str) -> Statement | None:
    """One invoice of a payer with lines and credit notes; None when they have none of that number.

    Two statements.
    """
    note = {field.attname: field.attname for field in CreditNote._meta.concrete_fields}
    notes = CreditNote.objects.filter(invoice=OuterRef("pk")).order_by("created_at")
    invoices = Invoice.objects.annotate(notes=ArraySubquery(notes.values(row=JSONObject(**note))))
    found = invoices.filter(payer=payer, number=number).first()
    if found is None:
        return None
    rows = InvoiceLine.objects.filter(invoice=found).select_related("invoice")
    return Statement(found, reckoning.in_order(map(_line, rows)), list(map(_note, found.notes)))


def _note(row: dict[str, Any]) -> CreditNote:
    """A credit note out of JSON, where days are text."""
    return CreditNote(**row | {"issued_on": date.fromisoformat(row["issued_on"])})


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
                   JOIN billing_invoice AS issued ON issued.number = line.invoice_id
                   WHERE issued.issued_on = %(issued_on)s AND issued.kind = 'regular')
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
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    for row in InvoiceLine.objects.filter(invoice__in=invoices).select_related("invoice"):
        lines[row.invoice_id].append(_line(row))
    notes: defaultdict[str, list[CreditNote]] = defaultdict(list)
    for note in CreditNote.objects.filter(invoice__in=invoices).order_by("created_at"):
        notes[note.invoice_id].append(note)
    return [
        Statement(invoice, reckoning.in_order(lines[invoice.number]), notes[invoice.number])
        for invoice in invoices
    ]


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


def owing(payers: Collection[str]) -> set[str]:
    """Those of the payers who have a bill that is not settled. R: G5.

    As long as no payments are recorded, every bill is open.
    """
    found = Invoice.objects.filter(payer__in=payers)
    return set(found.values_list("payer", flat=True).distinct())
