"""Every read of products that another room needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Min

from products import rules
from products.choices import Cycle, Item, Plan
from products.models import Deletion, Phase, Price, Trial
from workplace_console.common import sql

# One statement, since every page asks: the trial, beside each paid term in order.
STANDING: Final = """
    SELECT trial.starts_on, trial.ends_on, phase.plan, phase.cycle, phase.starts_on,
           phase.ends_on, phase.contract_from
    FROM products_trial AS trial LEFT JOIN products_phase AS phase USING (company_id)
    WHERE trial.company_id = %(company)s ORDER BY phase.starts_on"""


def standing(company_id: str, day: date) -> rules.Standing | None:
    """Where a company stands on a day; None when there is no such company."""
    found = sql.rows(STANDING, company=company_id)
    if not found:
        return None
    trial_starts_on, trial_ends_on, *_term = found[0]
    return rules.standing(
        day=day,
        trial_starts_on=trial_starts_on,
        trial_ends_on=trial_ends_on,
        terms=[
            rules.Term(Plan(plan), Cycle(cycle), *dates)
            for _starts_on, _ends_on, plan, cycle, *dates in found
            if plan is not None
        ],
    )


def standings(company_ids: Sequence[str], day: date) -> dict[str, rules.Standing]:
    """Where each of these companies stands on a day, in two statements. R: B1, B2."""
    phases: defaultdict[str, list[rules.Term]] = defaultdict(list)
    for phase in Phase.objects.filter(company_id__in=company_ids).order_by("starts_on"):
        phases[phase.company_id].append(phase.term)
    return {
        trial.company_id: rules.standing(
            day=day,
            trial_starts_on=trial.starts_on,
            trial_ends_on=trial.ends_on,
            terms=phases[trial.company_id],
        )
        for trial in Trial.objects.filter(company_id__in=company_ids)
    }


def deletion(company_id: str) -> Deletion | None:
    """That, and when, a company's data goes or went; None as long as it stays. R: G3."""
    return Deletion.objects.filter(company=company_id).first()


def prices_in_force(day: date) -> list[Price]:
    """The price of each item, plan and cycle that holds on a day. R: E11."""
    prices = Price.objects.filter(starts_on__lte=day)
    latest_first = prices.order_by("item", "plan", "cycle", "-starts_on")
    return list(latest_first.distinct("item", "plan", "cycle"))


def price(*, item: Item, plan: Plan | None, cycle: Cycle | None, day: date) -> int | None:
    """The unit price in force on a day, in won; None when the catalogue has none. R: E11."""
    prices = Price.objects.filter(item=item, plan=plan, cycle=cycle, starts_on__lte=day).order_by(
        "-starts_on"
    )
    return prices.values_list("unit_price", flat=True).first()


def seat_prices(day: date) -> dict[tuple[Plan, Cycle], int]:
    """The price of a seat by plan and cycle, in won per month or year, as in force. R: E11."""
    prices = Price.objects.filter(item=Item.SEAT, starts_on__lte=day).order_by("starts_on")
    found = prices.values_list("plan", "cycle", "unit_price")
    return {
        (Plan(plan), Cycle(cycle)): unit_price
        for plan, cycle, unit_price in found
        if plan and cycle
    }


def first_paid_day(company_id: str) -> date | None:
    first: date | None = Phase.objects.filter(company_id=company_id).aggregate(
        first=Min("starts_on")
    )["first"]
    return first


def contract_starts() -> list[date]:
    """The first days of all annual contracts, each once."""
    return sql.column(
        "SELECT DISTINCT contract_from FROM products_phase WHERE cycle = %(annual)s ORDER BY 1",
        annual=Cycle.ANNUAL.value,
    )


@dataclass(frozen=True)
class TrialEnd:
    """A company in trial, and its last free day."""

    company: str
    ends_on: date


def expired(day: date) -> list[TrialEnd]:
    """Trials that are over on a day with nothing paid after them and no deletion marked yet."""
    return _trial_ends(
        """ends_on < %(day)s
           AND NOT EXISTS (SELECT FROM products_deletion WHERE company = trial.company_id)""",
        day=day,
    )


def to_remind(day: date) -> list[TrialEnd]:
    """Trials near their end with nothing reserved; not on the day of sign-up itself. R: B6."""
    return _trial_ends(
        "ends_on = ANY(%(ends)s) AND starts_on < %(day)s",
        ends=rules.trial_ends_due_for_reminder(day),
        day=day,
    )


def _trial_ends(condition: str, **values: object) -> list[TrialEnd]:
    found = sql.rows(
        f"""SELECT company_id, ends_on FROM products_trial AS trial
            WHERE {condition}
              AND NOT EXISTS (SELECT FROM products_phase WHERE company_id = trial.company_id)
            ORDER BY company_id""",
        **values,
    )
    return [TrialEnd(*row) for row in found]


def deletions_due(day: date) -> list[str]:
    """Companies whose data is to be deleted by this day and still there."""
    return sql.column(
        """SELECT company FROM products_deletion
           WHERE due_on <= %(day)s AND done_on IS NULL ORDER BY company""",
        day=day,
    )


def begun(day: date) -> list[Phase]:
    """Terms that begin on a day after having been reserved on an earlier one."""
    return list(
        Phase.objects.raw(
            """SELECT * FROM products_phase
               WHERE starts_on = %(day)s AND contract_from = %(day)s AND applied_on < %(day)s
               ORDER BY company_id""",
            {"day": day},
        )
    )
