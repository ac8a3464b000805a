"""Every read of products that another room needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Min

from products import rules
from products.choices import Cycle, Item, Plan
from products.models import Phase, Price, Trial
from workplace_console.common import sql


def standing(company_id: str, day: date) -> rules.Standing | None:
    """Where a company stands on a day; None when there is no such company."""
    trial = Trial.objects.filter(company_id=company_id).first()
    if trial is None:
        return None
    phases = Phase.objects.filter(company_id=company_id).order_by("starts_on")
    return rules.standing(
        day=day,
        trial_starts_on=trial.starts_on,
        trial_ends_on=trial.ends_on,
        terms=[phase.term for phase in phases],
    )


def price(*, item: Item, plan: Plan | None, cycle: Cycle | None, day: date) -> int | None:
    """The unit price in force on a day, in won; None when the catalogue has none. R: E11."""
    prices = Price.objects.filter(item=item, plan=plan, cycle=cycle, starts_on__lte=day).order_by(
        "-starts_on"
    )
    return prices.values_list("unit_price", flat=True).first()


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
