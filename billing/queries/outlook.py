"""The running month: what it has cost, and what it will."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, Final

from billing import due, reckoning
from billing import outlook as would_be
from billing.queries import payments
from billing.queries.budgets import SPENT, Spent, spent_of
from billing.reckoning import Line
from products import queries as products
from products.choices import Cycle
from workplace_console.common import days, prepared, sql


def _month_so_far(companies: str) -> str:
    """Monthly days of the running month of an SQL array of companies that no invoice has taken."""
    return f"""
        SELECT {reckoning.COLUMNS} FROM billing_daycharge
        WHERE day = ANY(%(days)s) AND company = ANY({companies}) AND payer = %(payer)s
          AND period_from = %(month_from)s AND period_to = %(month_to)s
          AND day > {due.SINCE_FINAL}"""


MONTH_SO_FAR: Final = _month_so_far("%(companies)s")

# Of all companies that the payer pays for on some day of the month up to today.
ESTIMATE: Final = _month_so_far(
    """ARRAY(SELECT company_id FROM groupco_payer WHERE payer_id = %(payer)s
             AND starts_on <= %(today)s AND ends_on >= %(month_from)s)"""
)
ESTIMATE_LINES: Final = reckoning.lines_sql(ESTIMATE)


def estimate(payer: str, *, today: date) -> list[Line]:
    """다음 달 청구 예정 금액, line by line: the running month from the 1st to yesterday. R: E6.

    Exactly what closing the month with those days would bill of monthly lines; nothing on the 1st.
    One statement.
    """
    if today == days.first_of_month(today):
        return []
    values = _so_far(payer, (), today) | {"today": today}
    return reckoning.in_order(map(reckoning.line, prepared.rows(ESTIMATE_LINES, **values)))


def estimate_of(payer: str, companies: Sequence[str], *, today: date) -> list[Line]:
    """As `estimate`, of these companies alone; one statement. R: E6, F3."""
    if today == days.first_of_month(today):
        return []
    return reckoning.lines(MONTH_SO_FAR, **_so_far(payer, companies, today))


# Annual days of the contract years that are running. One that ended yesterday is on an invoice.
# What another paid of a contract that ended early was due on the next 1st; `ended` are those.
ACCRUED: Final = f"""
    SELECT {reckoning.COLUMNS} FROM billing_daycharge
    LEFT JOIN ended
      ON ended.company_id = company AND day BETWEEN ended.contract_from AND ended_on
    WHERE day = ANY({sql.each_day("%(year_ago)s", "%(until)s")})
      AND company = ANY({products.maybe_annual("%(companies)s::text[]")})
      AND payer = %(payer)s AND cycle = {Cycle.ANNUAL.value} AND period_to > %(until)s
      AND (ended_on IS NULL OR {due.NEXT_FIRST} > %(until)s::date + 1)
      AND day > {due.SINCE_FINAL}"""


# Which companies a payer pays for in these days, their names, when their annual contracts began;
# who pays for the payer's own company today, if that is another; who pays for whom from another day
# on, the other of the two being named; how many accounts of the payer's own company count; what is
# open of which bill, due when; what the payer means to spend; in how many ways it can pay.
SCOPE: Final = f"""
    SELECT DISTINCT 'pays_for' AS kind, company.id, company.name, phase.contract_from,
           0 AS accounts, NULL AS payer
    FROM groupco_payer AS payer
    JOIN groupco_company AS company ON company.id = payer.company_id
    LEFT JOIN products_phase AS phase ON phase.company_id = payer.company_id
     AND phase.cycle = {Cycle.ANNUAL.value}
    WHERE payer.payer_id = %(payer)s AND payer.starts_on <= %(last)s
      AND payer.ends_on >= %(first)s
    UNION ALL
    SELECT 'paid_by', company.id, company.name, NULL, 0, NULL
    FROM groupco_payer AS payer JOIN groupco_company AS company ON company.id = payer.payer_id
    WHERE payer.company_id = %(payer)s AND payer.payer_id <> %(payer)s
      AND %(today)s BETWEEN payer.starts_on AND payer.ends_on
    UNION ALL
    SELECT 'later', change.company_id, other.name, change.starts_on, 0, change.payer_id
    FROM (SELECT company_id, payer_id, starts_on,
                 lag(payer_id) OVER (PARTITION BY company_id ORDER BY starts_on) AS was
          FROM groupco_payer
          WHERE company_id = ANY(%(payer)s::text || ARRAY(
              SELECT company_id::text FROM groupco_payer
              WHERE payer_id = %(payer)s AND ends_on >= %(today)s))) AS change
    JOIN groupco_company AS other
      ON other.id = CASE change.company_id WHEN %(payer)s THEN payer_id ELSE company_id END
    WHERE change.starts_on > %(today)s AND change.was <> payer_id
    UNION ALL
    SELECT 'open', number, '', due_on, open, NULL
    FROM ({payments.BILLS.format(whose=payments.OF_ONE)}) AS bill WHERE open > 0
    UNION ALL
    SELECT 'own', '', '', NULL, coalesce((
        SELECT count FROM groupco_headcount WHERE company_id = %(payer)s
           AND %(today)s BETWEEN starts_on AND ends_on), 0), NULL
    UNION ALL
    SELECT 'budget', '', '', NULL, amount, NULL FROM billing_budget
    WHERE company = %(payer)s AND %(today)s BETWEEN starts_on AND ends_on
    UNION ALL
    SELECT 'methods', '', '', NULL, count(*), NULL FROM billing_paymentmethod
    WHERE company = %(payer)s AND ends_on = '{days.OPEN_END}'"""


NAMED: Final = ("pays_for", "paid_by")


@dataclass(frozen=True)
class PayerChange:
    """From a day to come on a payer pays for a company. `name` is that of the other of the two, as
    the company sees it that looks ahead. R: F3, F9."""

    day: date
    company: str
    payer: str
    name: str


@dataclass(frozen=True)
class OpenBill:
    """A bill of which so much, in won, is still to be paid by a day."""

    number: str
    due_on: date
    open: int


@dataclass(frozen=True)
class BudgetSpent:
    """A payer's budget, and what the running month has spent of it and will, in won with VAT."""

    amount: int
    spent: Spent


@dataclass(frozen=True)
class Outlook:
    """A payer's running month: what it has come to, and what it will come to.

    `so_far` is what closing the month now would bill (E6); `projected` what it will bill if nothing
    else happens than is known; `accrued` what annual contracts have come to, billed when their
    year ends. `daily` is the supply that has added up by each day of the month, `accounts` how many
    accounts of the payer's own company count today. `elsewhere` are lines, monthly and annual, of
    the payer's own company that another pays, who is `paid_by` today (F8). `payers` are changes of
    who pays that are known already, `bills` those that are open, by due day. `budget` is what the
    payer means to spend, and `has_method` whether it has said how it pays. `names` are those of the
    companies, by id.
    """

    so_far: Sequence[Line]
    projected: Sequence[Line]
    accrued: Sequence[Line]
    elsewhere: Sequence[Line]
    daily: Sequence[int]
    accounts: int
    paid_by: str | None
    payers: Sequence[PayerChange]
    bills: Sequence[OpenBill]
    budget: BudgetSpent | None
    has_method: bool
    names: Mapping[str, str]


# The payer's own company, unless it has paid for itself all the year, or since it began: then there
# is nothing to be looked for. Who else paid may be gone, so it is not asked who that was.
MAYBE_ELSEWHERE: Final = """ARRAY(
    SELECT %(payer)s::text WHERE NOT EXISTS (
        SELECT FROM groupco_payer JOIN groupco_company AS company ON company.id = company_id
        WHERE company_id = %(payer)s AND payer_id = %(payer)s AND ends_on >= %(until)s
          AND starts_on <= greatest(signed_up_on, %(year_ago)s)))"""

# What another is charged for the payer's own company: the month, and contract years that run.
ELSEWHERE: Final = f"""
    SELECT {reckoning.COLUMNS} FROM billing_daycharge
    WHERE day = ANY({sql.each_day("%(year_ago)s", "%(until)s")})
      AND company = ANY({MAYBE_ELSEWHERE}) AND payer <> %(payer)s AND period_to >= %(month_from)s
      AND (period_from = %(month_from)s OR cycle = {Cycle.ANNUAL.value})"""


# What closing the month would bill if nothing else happens: what is charged, then what would be.
WHOLE_MONTH: Final = f"""
    SELECT {reckoning.COLUMNS} FROM ({MONTH_SO_FAR}) AS so_far
    UNION ALL
    SELECT {reckoning.COLUMNS} FROM ({would_be.ROWS}) AS would_be
    WHERE payer = %(payer)s AND period_from = %(month_from)s AND period_to = %(month_to)s
      AND day > {due.SINCE_FINAL}"""


OUTLOOK: Final = f"""
    WITH whole AS MATERIALIZED ({WHOLE_MONTH}),
    ended AS MATERIALIZED (
        SELECT * FROM ({products.ENDED_CONTRACTS}) AS contract
        WHERE company_id = ANY(%(companies)s)
    )
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

# For who means to spend so much; for all others it would only be read and planned.
OUTLOOK_AND_SPENT: Final = f"""{OUTLOOK}
    UNION ALL
    SELECT 'spent', '', '', 0, 0, 0, 0, NULL, NULL, actual, 0, projected
    FROM ({SPENT}) AS spent"""


def outlook(payer: str, *, today: date) -> Outlook:
    """Two statements, however many companies the payer pays for. R: E6."""
    first, last = days.first_of_month(today), days.last_of_month(today)
    # An annual contract may have accrued to a payer who no longer pays for the company.
    year_ago = first.replace(year=first.year - 1)
    scope = prepared.rows(SCOPE, payer=payer, first=year_ago, last=last, today=today)
    companies = sorted({id for kind, id, *_more in scope if kind == "pays_for"})
    contracts = {
        (id, start) for kind, id, _name, start, *_more in scope if kind == "pays_for" and start
    }
    meant = next((amount for kind, *_more, amount, _payer in scope if kind == "budget"), None)
    found = prepared.rows(
        OUTLOOK if meant is None else OUTLOOK_AND_SPENT,
        **_so_far(payer, companies, today)
        | would_be.values(
            companies,
            first=today,
            last=last,
            today=today,
            contracts={start for _company, start in contracts},
        ),
        payers=[payer],
        annual=sorted({company for company, _start in contracts}),
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
    spent = next((spent_of(row[8], row[-1]) for row in kinds["spent"]), Spent())
    return Outlook(
        **lines,
        daily=list(accumulate(added.get(day, 0) for day in days.each(first, last))),
        accounts=sum(count for kind, *_more, count, _payer in scope if kind == "own"),
        paid_by=next((id for kind, id, *_more in scope if kind == "paid_by"), None),
        payers=[
            PayerChange(day, company, paid_by, name)
            for kind, company, name, day, _accounts, paid_by in scope
            if kind == "later"
        ],
        bills=sorted(
            (
                OpenBill(number, day, won)
                for kind, number, _name, day, won, _payer in scope
                if kind == "open"
            ),
            key=lambda bill: (bill.due_on, bill.number),
        ),
        budget=None if meant is None else BudgetSpent(meant, spent),
        has_method=any(count for kind, *_more, count, _payer in scope if kind == "methods"),
        names={id: name for kind, id, name, *_more in scope if kind in NAMED},
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
