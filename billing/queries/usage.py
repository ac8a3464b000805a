"""What was charged, by month and by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from billing import reckoning
from billing.models import DayCharge, InvoiceLine
from billing.queries.outlook import MAYBE_ELSEWHERE
from billing.reckoning import Line
from products import queries as products
from products.choices import Cycle, Item, Plan
from workplace_console.common import days, prepared, sql


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
    JOIN billing_invoiceline AS line ON line.invoice_id = invoice.id
    WHERE invoice.payer = %(payer)s AND invoice.issued_on > %(first)s)"""


MONTH: Final = f"""
    SELECT {reckoning.COLUMNS} FROM billing_daycharge
    WHERE day = ANY({sql.each_day("%(first)s", "%(last)s")}) AND company = ANY({CHARGED_TO})
      AND payer = %(payer)s AND period_from = %(first)s AND period_to = %(last)s"""


ANNUAL: Final = f"""
    SELECT {reckoning.COLUMNS} FROM billing_daycharge
    WHERE day = ANY({sql.each_day("%(year_ago)s", "%(last)s")})
      AND company = ANY({products.maybe_annual(CHARGED_TO)})
      AND payer = %(payer)s AND cycle = {Cycle.ANNUAL.value} AND period_to >= %(first)s"""


MONTH_ELSEWHERE: Final = f"""
    SELECT {reckoning.COLUMNS} FROM billing_daycharge
    WHERE day = ANY({sql.each_day("%(year_ago)s", "%(until)s")})
      AND company = ANY({MAYBE_ELSEWHERE}) AND payer <> %(payer)s AND period_to >= %(first)s
      AND (period_from = %(first)s OR cycle = {Cycle.ANNUAL.value})"""


def month(payer: str, *, first: date) -> MonthUse:
    """One statement for the lines, one for the invoice. `first` is the month's first day."""
    last = days.last_of_month(first)
    found = prepared.rows(
        " UNION ALL ".join(map(reckoning.lines_sql, (MONTH, ANNUAL, MONTH_ELSEWHERE))),
        payer=payer,
        **_range(first, last),
    )
    lines = reckoning.in_order(map(reckoning.line, found))
    own = [line for line in lines if line.payer == payer]
    invoice = (
        InvoiceLine.objects.filter(invoice__payer=payer, period_from=first, period_to=last)
        .order_by("invoice_id")
        .values_list("invoice__number", flat=True)
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


# Of what is charged by the year also the days before, since the beginning of the contract year.
CHARGED: Final = f"""
    SELECT {reckoning.COLUMNS} FROM billing_daycharge
    WHERE day = ANY({sql.each_day("%(first)s", "%(last)s")}) AND company = ANY({CHARGED_TO})
      AND (payer = %(payer)s OR company = %(payer)s)
    UNION ALL
    SELECT {reckoning.COLUMNS} FROM billing_daycharge
    WHERE day = ANY({sql.each_day("%(year_ago)s", "%(first)s::date - 1")})
      AND company = ANY({products.maybe_annual(CHARGED_TO)})
      AND (payer = %(payer)s OR company = %(payer)s) AND period_to >= %(first)s"""

DAY_USES: Final = f"""
    SELECT day, payer, company, item, plan, cycle, unit_price, period_from, period_to, quantity,
           amount, so_far, amount_so_far
    FROM ({reckoning.parts_sql(CHARGED)}) AS part WHERE day >= %(first)s
    ORDER BY company, item, payer, plan, cycle, unit_price, period_from, day"""


def day_uses(payer: str, *, first: date, last: date) -> list[DayUse]:
    """The charged days of a range, line by line, day by day; one statement. R: E7, F8.

    What the payer pays, and what another pays for the payer's own company.
    """
    found = prepared.rows(DAY_USES, payer=payer, **_range(first, last))
    return [_day_use(row) for row in found]


def _range(first: date, last: date) -> dict[str, date]:
    """Days of a range, and back to where a contract year that runs in them may have begun."""
    year_ago = first.replace(year=first.year - 1, day=1)
    return {"first": first, "last": last, "until": last, "year_ago": year_ago}


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
