"""The one reckoning: day rows in, lines out.

Month close, estimate, preview and quote all go through `lines`; they differ only in the relation
they feed it (the table of day charges, or rows of what would be). So a preview equals the bill.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from products.choices import Cycle, Item, Plan
from workplace_console.common import sql

KEY: Final = "payer, company, item, plan, cycle, unit_price, period_from, period_to"

# The columns of a day row, in one order for all relations that are put together.
COLUMNS: Final = (
    "day, company, item, plan, cycle, quantity, unit_price, payer, period_from, period_to"
)


def lines_sql(source: str) -> str:
    """SQL that makes lines of a relation of day rows. R: E2, E3.

    `source` is a SELECT or table with day, quantity and the columns of KEY. A line's amount is
    ⌊ Σ quantity × unit price ÷ days in its period ⌋, in whole won: bigint division rounds down.
    """
    return f"""
        SELECT {KEY}, sum(quantity) AS quantity_days,
               period_to - period_from + 1 AS days_in_period,
               sum(quantity) * unit_price / (period_to - period_from + 1) AS amount
        FROM ({source}) AS day_row GROUP BY {KEY}"""


def parts_sql(source: str) -> str:
    """SQL that gives each day row its part of the line it belongs to. R: E7.

    A part is the line up to and including the day minus the line up to the day before, so the parts
    add up to the line, to the won; `so_far` and `amount_so_far` are the line up to the day.
    `source` holds the period from its first day on.
    """
    until = f"sum(quantity) OVER (PARTITION BY {KEY} ORDER BY day)"
    period = "(period_to - period_from + 1)"
    return f"""
        SELECT day, {KEY}, quantity,
               {until} * unit_price / {period}
               - ({until} - quantity) * unit_price / {period} AS amount,
               {until} AS so_far, {until} * unit_price / {period} AS amount_so_far
        FROM ({source}) AS day_row"""


@dataclass(frozen=True)
class Line:
    """A line as reckoned, on an invoice or not yet; amounts in won, VAT excluded."""

    payer: str
    company: str
    item: Item
    plan: Plan | None
    cycle: Cycle | None
    unit_price: int
    period_from: date
    period_to: date
    quantity_days: int
    days_in_period: int
    amount: int

    @property
    def order(self) -> tuple[Any, ...]:
        """Lines stand by company, item, plan from low to high, unit price, period."""
        return (self.company, self.item, self.plan or 0, self.unit_price, self.period_from)

    @property
    def is_annual(self) -> bool:
        return self.cycle is Cycle.ANNUAL

    @property
    def what(self) -> str:
        """What is billed, in the guide's words."""
        if self.plan is None or self.cycle is None:
            return str(self.item.label)
        return f"{self.item.label} {self.plan.label} {self.cycle.label}"


@dataclass(frozen=True)
class Sums:
    """Won: supply amount and VAT."""

    supply: int
    vat: int

    @property
    def total(self) -> int:
        return self.supply + self.vat


def line(row: Sequence[Any]) -> Line:
    """A line out of a row of `lines_sql`, in its column order; sums may come as decimals."""
    payer, company, item, plan, cycle, unit_price, first, last, quantity, length, amount = row
    return Line(
        payer,
        company,
        Item(item),
        Plan(plan) if plan else None,
        Cycle(cycle) if cycle else None,
        unit_price,
        first,
        last,
        int(quantity),
        length,
        int(amount),
    )


def lines(source: str, **values: Any) -> list[Line]:
    """The lines of a relation, in order; `values` are those that its SQL names."""
    return in_order(map(line, sql.rows(lines_sql(source), **values)))


def sums(lines: Iterable[Line]) -> Sums:
    """What lines add up to: supply amount, VAT ⌊10 %⌋ of it, total. R: E5."""
    return with_vat(sum(line.amount for line in lines))


def with_vat(supply: int) -> Sums:
    """A supply amount in won and its VAT, ⌊10 %⌋. R: E5."""
    return Sums(supply, supply // 10)


def split(lines: Iterable[Line]) -> dict[str, Sums]:
    """What each company's part of an invoice is, for charging it on inside a group. R: F3.

    VAT is rounded down once, for the invoice; the won that single parts would lose go to those who
    lose most, so that the parts add up to the invoice.
    """
    supply: dict[str, int] = {}
    for line in lines:
        supply[line.company] = supply.get(line.company, 0) + line.amount
    vat = {company: with_vat(amount).vat for company, amount in supply.items()}
    lost = with_vat(sum(supply.values())).vat - sum(vat.values())
    by_loss = sorted(supply, key=lambda company: (-(supply[company] % 10), company))
    return {
        company: Sums(amount, vat[company] + (company in by_loss[:lost]))
        for company, amount in supply.items()
    }


def in_order(found: Iterable[Line]) -> list[Line]:
    return sorted(found, key=lambda line: line.order)
