"""Budgets, what a month has cost its payer so far, and what it will."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from billing import outlook as would_be
from billing import reckoning
from billing.models import Budget, BudgetAlert
from products.choices import Cycle
from workplace_console.common import days, sql


@dataclass(frozen=True)
class Spent:
    """What a month costs a payer, in won with VAT: up to yesterday, and to its end if nothing else
    happens than is known. Annual contracts count with what accrues in the month."""

    actual: int = 0
    projected: int = 0


@dataclass(frozen=True)
class Told:
    """A threshold that a payer was told of."""

    kind: str
    percent: int
    on: date


@dataclass(frozen=True)
class BudgetNow:
    """A payer's budget in won with VAT, and what it has said of a month."""

    company: str
    amount: int
    told: Sequence[Told]

    def told_of(self, kind: str) -> list[int]:
        return [told.percent for told in self.told if told.kind == kind]


def budgets(day: date, *, month: date, companies: Collection[str] | None = None) -> list[BudgetNow]:
    """The budgets in force on a day, of these companies or of all; one statement."""
    alerts = BudgetAlert.objects.filter(company=OuterRef("company"), month=month)
    rows = alerts.order_by("on", "percent").values(
        row=JSONObject(kind="kind", percent="percent", on="on")
    )
    found = Budget.objects.filter(starts_on__lte=day, ends_on__gte=day).order_by("company")
    if companies is not None:
        found = found.filter(company__in=companies)
    return [
        BudgetNow(
            budget.company,
            budget.amount,
            [
                Told(row["kind"], row["percent"], date.fromisoformat(row["on"]))
                for row in budget.told
            ],
        )
        for budget in found.annotate(told=ArraySubquery(rows))
    ]


def budget(company: str, *, today: date) -> BudgetNow | None:
    """A company's budget today, and what it has said of the running month."""
    found = budgets(today, month=days.first_of_month(today), companies=[company])
    return found[0] if found else None


# Whom payers pay for, and when those companies' annual contracts began.
PAID_FOR: Final = f"""
    SELECT DISTINCT payer.company_id, phase.contract_from FROM groupco_payer AS payer
    LEFT JOIN products_phase AS phase ON phase.company_id = payer.company_id
     AND phase.cycle = {Cycle.ANNUAL.value}
    WHERE payer.payer_id = ANY(%(payers)s) AND payer.starts_on <= %(month_to)s
      AND payer.ends_on >= %(year_ago)s"""

# What the month is charged, as far as it is known, and what it would be; of contract years what
# went before, too, so that the parts of this month's days come out as they will be billed.
COSTS: Final = f"""
    SELECT {reckoning.COLUMNS} FROM billing_daycharge
    WHERE day = ANY({sql.each_day("%(month_from)s", "%(until)s")})
      AND company = ANY(%(companies)s) AND payer = ANY(%(payers)s)
    UNION ALL
    SELECT {reckoning.COLUMNS} FROM billing_daycharge
    WHERE day = ANY({sql.each_day("%(year_ago)s", "%(month_from)s::date - 1")})
      AND company = ANY(%(annual)s) AND payer = ANY(%(payers)s)
      AND period_to >= %(month_from)s AND cycle = {Cycle.ANNUAL.value}
    UNION ALL
    SELECT {reckoning.COLUMNS} FROM ({would_be.ROWS}) AS would_be WHERE payer = ANY(%(payers)s)"""

SPENT: Final = f"""
    SELECT payer, coalesce(sum(amount) FILTER (WHERE day <= %(until)s), 0)::bigint AS actual,
           sum(amount)::bigint AS projected
    FROM ({reckoning.parts_sql(COSTS)}) AS part
    WHERE day BETWEEN %(month_from)s AND %(month_to)s GROUP BY payer"""


def spent(payers: Collection[str], *, month: date, today: date) -> dict[str, Spent]:
    """What a month costs each of these payers; two statements, however many they are.

    `month` is its first day; its days before `today` are charged.
    """
    year_ago = month.replace(year=month.year - 1, day=1)
    values = {
        "payers": list(payers),
        "month_from": month,
        "month_to": days.last_of_month(month),
        "year_ago": year_ago,
    }
    paid_for = sql.rows(PAID_FOR, **values)
    values["annual"] = sorted({company for company, start in paid_for if start})
    values |= would_be.values(
        sorted({company for company, _start in paid_for}),
        first=today,
        last=days.last_of_month(month),
        today=today,
        contracts={start for _company, start in paid_for if start},
    )
    found = sql.rows(SPENT, **values, until=today - days.ONE_DAY)
    return {payer: spent_of(actual, projected) for payer, actual, projected in found}


def spent_of(actual: int, projected: int) -> Spent:
    """Of supply amounts, in won."""
    return Spent(reckoning.with_vat(actual).total, reckoning.with_vat(projected).total)
