"""What something would cost, before it is done; reckoned as the bill will be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from billing import due, outlook, reckoning
from billing.outlook import Changing, Trying
from billing.reckoning import Line, Sums
from products import queries as products
from products import rules as product_rules
from products.choices import Cycle, Item, Plan
from products.rules import Term
from workplace_console.common import days, prepared, sql

Period = tuple[date, date]


@dataclass(frozen=True)
class ConversionPreview:
    """What a paid term would cost.

    `first` is the month it begins in, for a monthly cycle: the days from the start on. `full` is
    the whole month after, or the first contract year. With nobody registered both are empty.
    """

    cycle: Cycle
    start: date
    first_period: Period
    first: Sequence[Line]
    full_period: Period
    full: Sequence[Line]

    @property
    def is_annual(self) -> bool:
        return self.cycle is Cycle.ANNUAL

    @property
    def sums(self) -> Sums:
        """What a full period comes to, with VAT."""
        return reckoning.sums(self.full)

    @property
    def accounts(self) -> int:
        """How many accounts are counted on each day of the full period, as known today."""
        first, last = self.full_period
        return sum(line.quantity_days for line in self.full) // days.length(first, last)


def conversion(
    company: str, *, plan: Plan, cycle: Cycle, start: date, today: date
) -> ConversionPreview:
    """The price of 유료 전환 from `start` on, with accounts and prices as known now. R: B3, E2, E3.

    One statement. Annual: the first contract year, at the price in force when it begins.
    """
    month = (start, days.last_of_month(start))
    if cycle is Cycle.ANNUAL:
        full = product_rules.contract_year(start, start)
    else:
        next_month = month[1] + days.ONE_DAY
        full = (next_month, days.last_of_month(next_month))
    rows = sql.rows(
        reckoning.lines_sql(outlook.ROWS),
        **outlook.values(
            [company],
            first=start,
            last=full[1],
            today=today,
            contracts=(),
            trying=Trying(company, plan, cycle, start),
        ),
    )
    lines = reckoning.in_order(map(reckoning.line, rows))
    in_full = [line for line in lines if line.period_from == full[0]]
    in_first = [line for line in lines if line.period_from != full[0]]
    return ConversionPreview(
        cycle=cycle,
        start=start,
        first_period=month,
        first=in_first,
        full_period=full,
        full=in_full,
    )


def headcount(
    company: str, *, changes: Sequence[int], contracts: Iterable[date], today: date
) -> list[int]:
    """What so many accounts more (+) or fewer (-) do to what this month comes to, in won each.

    VAT excluded. More count from today on, fewer from tomorrow: who is excluded today counts today
    (R: E4). Monthly seats: what the month's line changes by; annual ones: what has accrued by the
    end of the month. `contracts` are the first days of the company's annual contracts. One
    statement.
    """
    futures = [
        Changing(company, Item.SEAT, [(today if change > 0 else today + days.ONE_DAY, change)])
        for change in changes
    ]
    now, *then = _month_ends(company, [None, *futures], contracts, today)
    return [amount - now for amount in then]


def capacity(
    company: str,
    *,
    added: tuple[int, int],
    changes: Sequence[int],
    contracts: Iterable[date],
    today: date,
) -> list[int]:
    """What so many TB more (+) or fewer (-) do to what this month comes to, in won each. R: D4, D5.

    VAT excluded. `added` are the TB as they count today, and as they are held now: what is returned
    counts today; so does what takes its place on the same day, once. One statement.
    """
    peak, held = added
    futures = []
    for change in changes:
        at_once = max(peak, held + change) - peak
        steps = [(today, at_once), (today + days.ONE_DAY, change - at_once)]
        futures.append(Changing(company, Item.CAPACITY, steps))
    now, *then = _month_ends(company, [None, *futures], contracts, today)
    return [amount - now for amount in then]


def upgrades(company: str, *, plans: Sequence[Plan], term: Term, today: date) -> list[int]:
    """This month as it is, then with each of the plans from tomorrow on, in won. R: C4, C5.

    VAT excluded; of an annual contract, what has accrued. One statement.
    """
    tomorrow = today + days.ONE_DAY
    futures = [Trying(company, plan, term.cycle, tomorrow, term.contract_from) for plan in plans]
    return _month_ends(company, [None, *futures], term.contracts, today)


FINAL: Final = f"""
    SELECT {reckoning.COLUMNS} FROM ({due.FINAL}) AS charged
    UNION ALL
    SELECT {reckoning.COLUMNS} FROM ({outlook.ROWS}) AS today
    WHERE payer = %(payer)s AND day > {due.SINCE_FINAL}"""


def final(company: str, *, contracts: Iterable[date], today: date) -> list[Line]:
    """The lines of the invoice that terminating today would issue at once. R: G2, G4.

    None: no invoice. One statement; the days before today are charged.
    """
    values = outlook.values([company], first=today, last=today, today=today, contracts=contracts)
    return reckoning.lines(FINAL, **values | due.final_values(company, today))


def month_end(company: str, *, contracts: Iterable[date], today: date) -> int:
    """What this month comes to at its end if nothing else happens, in won, VAT excluded."""
    return _month_ends(company, [None], contracts, today)[0]


# Who was never charged by the year has nothing before this month that a period of now is made of.
SINCE: Final = f"""CASE WHEN cardinality({products.maybe_annual("ARRAY[%(company)s]")}) = 0
    THEN date_trunc('month', %(today)s::date) ELSE %(year_ago)s END"""
CHARGED: Final = f"""
    SELECT {reckoning.COLUMNS} FROM billing_daycharge
    WHERE company = %(company)s AND day = ANY({sql.each_day(SINCE, "%(yesterday)s")})
      AND period_to >= %(today)s
      AND day > coalesce((SELECT max(issued_on) FROM billing_invoice AS final
                          WHERE final.payer = billing_daycharge.payer AND kind = 'final'),
                         '-infinity')"""

Future = Changing | Trying | None


def _month_ends(
    company: str, futures: Sequence[Future], contracts: Iterable[date], today: date
) -> list[int]:
    """What the month's lines come to at its end in each future, annual ones with all their year."""
    contracts = list(contracts)
    each = [
        outlook.values(
            [company],
            first=today,
            last=days.last_of_month(today),
            today=today,
            contracts=contracts,
            changing=future if isinstance(future, Changing) else None,
            trying=future if isinstance(future, Trying) else None,
        )
        for future in futures
    ]
    named: dict[str, Any] = {
        "company": company,
        "year_ago": due.year_before(today),
        "yesterday": today - days.ONE_DAY,
    } | {name: each[0][name] for name in COMMON}
    for number, values in enumerate(each):
        named |= {f"{name}_{number}": values[name] for name in OWN}
    columns = ((str(n), *(f"%({name}_{n})s" for name in OWN)) for n in range(len(each)))
    relation = ", ".join(f"({', '.join(row)})" for row in columns)
    found = prepared.rows(MONTH_ENDS.format(futures=relation), **named)
    return [int(amount) for _future, amount in found]


# What ROWS names: the same in all futures, and what makes each of them.
COMMON: Final = ("companies", "first", "last", "today", "open_end")
OWN: Final = (
    *("trying", "plan", "cycle", "start", "contract_from"),
    *("changing", "change_item", "steps", "steps_from"),
    *("contracts", "years_from", "years_to"),
)
# ROWS are written once and read for each future: written once for each, reading and planning the
# statement took most of its time.
OF_A_FUTURE: Final = re.sub(rf"%\(({'|'.join(OWN)})\)s", r"future.\1", outlook.ROWS)
LINES_THEN: Final = reckoning.lines_sql(f"""
    TABLE charged UNION ALL SELECT {reckoning.COLUMNS} FROM ({OF_A_FUTURE}) AS would_be""")
MONTH_ENDS: Final = f"""
    WITH charged AS MATERIALIZED ({CHARGED})
    SELECT number, coalesce(sum(amount), 0)
    FROM (VALUES {{futures}}) AS future (number, {", ".join(OWN)})
    LEFT JOIN LATERAL ({LINES_THEN}) AS line ON true
    GROUP BY number ORDER BY number"""
