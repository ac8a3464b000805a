"""청구 내역 추세: what the last closed months were billed, and what was used in them. R: E8."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from billing import reckoning
from billing.queries.usage import CHARGED_TO
from products import queries as products
from products.choices import Cycle, Item
from workplace_console.common import days, prepared, sql

MONTHS: Final = 6

# Seats by the month and by the year, and added capacity, which has no cycle of its own.
Kind = tuple[Item, Cycle | None]
KINDS: Final[Sequence[Kind]] = (
    (Item.SEAT, Cycle.MONTHLY),
    (Item.SEAT, Cycle.ANNUAL),
    (Item.CAPACITY, None),
)


@dataclass(frozen=True)
class Month:
    """A closed month of a payer; amounts in won.

    `billed` is the supply amount on the invoices about it, by kind: the regular one of the next
    1st, and a final one issued in it. `used` is what was used in it, VAT excluded, of an annual
    contract the days of the month, and of the payer's own company also what another pays (F8).
    `seats` and `tb` are the quantities of its last day.
    """

    first: date
    billed: Mapping[Kind, int]
    vat: int
    used: Mapping[Kind, int]
    seats: int
    tb: int

    @property
    def supply(self) -> int:
        return sum(self.billed.values())

    @property
    def total(self) -> int:
        return self.supply + self.vat

    @property
    def billed_capacity(self) -> int:
        return self.billed.get((Item.CAPACITY, None), 0)

    @property
    def billed_seats(self) -> int:
        return self.supply - self.billed_capacity

    @property
    def used_in_all(self) -> int:
        return sum(self.used.values())


INVOICES: Final = """
    SELECT *, date_trunc('month', CASE kind WHEN 'final' THEN issued_on ELSE issued_on - 1 END)
        ::date AS month
    FROM billing_invoice
    WHERE payer = %(payer)s AND issued_on BETWEEN %(first)s AND %(last)s::date + 1"""

USED: Final = f"""
    SELECT {reckoning.COLUMNS} FROM billing_daycharge
    WHERE day = ANY({sql.each_day("%(first)s", "%(last)s")}) AND company = ANY({CHARGED_TO})
      AND (payer = %(payer)s OR company = %(payer)s)"""

# The days of a contract year before the first month; what they come to is taken off again.
BEFORE: Final = f"""
    SELECT {reckoning.COLUMNS} FROM billing_daycharge
    WHERE day = ANY({sql.each_day("%(year_ago)s", "%(first)s::date - 1")})
      AND company = ANY({products.maybe_annual(CHARGED_TO)})
      AND (payer = %(payer)s OR company = %(payer)s)
      AND cycle = {Cycle.ANNUAL.value} AND period_to >= %(first)s"""

TREND: Final = f"""
    WITH invoice AS MATERIALIZED ({INVOICES})
    SELECT 'billed', month, item, cycle, sum(amount), 0
    FROM invoice JOIN billing_invoiceline AS line ON line.invoice_id = invoice.id
    GROUP BY month, item, cycle
    UNION ALL
    SELECT 'vat', month, {Item.SEAT.value}, NULL, sum(vat), 0 FROM invoice GROUP BY month
    UNION ALL
    SELECT 'used', date_trunc('month', day)::date, item, cycle, sum(amount),
           sum(quantity) FILTER (
               WHERE day = date_trunc('month', day) + interval '1 month - 1 day')
    FROM ({reckoning.parts_sql(f"{USED} UNION ALL {BEFORE}")}) AS part
    WHERE day >= %(first)s
    GROUP BY 2, 3, 4"""


def trend(payer: str, *, today: date) -> list[Month]:
    """The last six closed months, oldest first, also those without use; one statement. R: E8."""
    running = days.first_of_month(today)
    months = days.months(running.replace(year=running.year - 1), running)[-MONTHS - 1 : -1]
    first = months[0]
    billed: defaultdict[date, dict[Kind, int]] = defaultdict(dict)
    used: defaultdict[date, dict[Kind, int]] = defaultdict(dict)
    vat: dict[date, int] = {}
    held: dict[tuple[date, Item], int] = defaultdict(int)
    for what, month, item, cycle, amount, quantity in prepared.rows(
        TREND,
        payer=payer,
        first=first,
        last=running - days.ONE_DAY,
        year_ago=first.replace(year=first.year - 1),
    ):
        kind = (Item(item), Cycle(cycle) if cycle else None)
        if what == "vat":
            vat[month] = int(amount)
        elif what == "billed":
            billed[month][kind] = int(amount)
        else:
            used[month][kind] = int(amount)
            held[month, kind[0]] += int(quantity or 0)
    return [
        Month(
            first=month,
            billed=billed[month],
            vat=vat.get(month, 0),
            used=used[month],
            seats=held[month, Item.SEAT],
            tb=held[month, Item.CAPACITY],
        )
        for month in months
    ]
