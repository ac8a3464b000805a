"""Every read of products that another room needs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Min

from products import rules
from products.choices import Alert, Cycle, Item, Plan, StorageCategory
from products.models import Deletion, Phase, Price, StorageDay
from workplace_console.common import days, prepared, sizes, sql

# One statement, since every page asks: the trial, beside each paid term in order.
STANDINGS: Final = """
    SELECT trial.company_id, trial.starts_on, trial.ends_on,
           CASE gone.reason WHEN 'terminated' THEN gone.marked_on END, gone.due_on, phase.plan,
           phase.cycle, phase.starts_on, phase.ends_on, phase.contract_from
    FROM products_trial AS trial
    LEFT JOIN products_phase AS phase USING (company_id)
    LEFT JOIN products_deletion AS gone ON gone.company = trial.company_id
    WHERE trial.company_id = ANY(%(companies)s) ORDER BY phase.starts_on"""


def standing(company_id: str, day: date) -> rules.Standing | None:
    """Where a company stands on a day; None when there is no such company."""
    return _standings(prepared.rows(STANDINGS, companies=[company_id]), day).get(company_id)


def standings(company_ids: Sequence[str], day: date) -> dict[str, rules.Standing]:
    """Where each of these companies stands on a day, in one statement. R: B1, B2."""
    return _standings(sql.rows(STANDINGS, companies=list(company_ids)), day)


def _standings(rows: Iterable[tuple[Any, ...]], day: date) -> dict[str, rules.Standing]:
    trials: dict[str, tuple[date, date, date | None, date | None]] = {}
    terms: defaultdict[str, list[rules.Term]] = defaultdict(list)
    for company, trial_from, trial_to, terminated_on, deletion_on, plan, cycle, *dates in rows:
        trials[company] = (trial_from, trial_to, terminated_on, deletion_on)
        if plan is not None:
            terms[company].append(rules.Term(Plan(plan), Cycle(cycle), *dates))
    return {
        company: rules.standing(
            day=day,
            trial_starts_on=trial_from,
            trial_ends_on=trial_to,
            terms=terms[company],
            terminated_on=terminated_on,
            deletion_on=deletion_on,
        )
        for company, (trial_from, trial_to, terminated_on, deletion_on) in trials.items()
    }


@dataclass(frozen=True)
class Capacity:
    """A company's shared capacity and its use, in bytes, as they are now. R: D1, D2."""

    plan: Plan | None
    accounts: int
    added_tb: int
    # Since when just so much is held; None while nothing is.
    added_on: date | None
    # What counts today: what was returned today is still charged.
    counted_tb: int
    used_by: Mapping[StorageCategory, int]
    told: Alert

    @property
    def used(self) -> int:
        return sum(self.used_by.values())

    @property
    def total(self) -> int:
        return rules.shared_capacity(self.plan, accounts=self.accounts, added_tb=self.added_tb)

    @property
    def free(self) -> int:
        return self.total - self.used


# What is held now is what counts tomorrow: who is excluded and what is returned today counts today.
CAPACITIES: Final = """
    SELECT company, phase.plan,
           (SELECT count(*) FROM groupco_account WHERE company_id = company
               AND registered_on <= %(day)s AND (excluded_on IS NULL OR excluded_on > %(day)s)),
           coalesce(added.count, 0), added.starts_on, coalesce(counted.count, 0),
           coalesce(use.bytes, '{}'), coalesce(alert.level, 0)
    FROM unnest(%(companies)s::text[]) AS company
    LEFT JOIN products_phase AS phase ON phase.company_id = company
     AND %(day)s BETWEEN phase.starts_on AND phase.ends_on
    LEFT JOIN products_addedcapacity AS added ON added.company_id = company
     AND %(day)s::date + 1 BETWEEN added.starts_on AND added.ends_on
    LEFT JOIN products_addedcapacity AS counted ON counted.company_id = company
     AND %(day)s BETWEEN counted.starts_on AND counted.ends_on
    LEFT JOIN LATERAL (SELECT jsonb_object_agg(category, bytes) AS bytes FROM products_storageuse
                       WHERE company_id = company) AS use ON true
    LEFT JOIN products_capacityalert AS alert ON alert.company_id = company"""


def capacities(company_ids: Sequence[str], day: date) -> dict[str, Capacity]:
    """The shared capacity of each of these companies and what uses it, in one statement."""
    found = sql.rows(CAPACITIES, companies=list(company_ids), day=day)
    return {company: _capacity(*row) for company, *row in found}


def _capacity(
    plan: int | None,
    accounts: int,
    added: int,
    added_on: date | None,
    counted: int,
    used: str,
    told: int,
) -> Capacity:
    """A row of CAPACITIES, without its company."""
    return Capacity(
        plan=Plan(plan) if plan else None,
        accounts=accounts,
        added_tb=added,
        added_on=added_on,
        counted_tb=counted,
        used_by=_used_by(used),
        told=Alert(told),
    )


@dataclass(frozen=True)
class PriceChange:
    """A price in the catalogue that holds from a day to come on, and what it was, in won. R: E11.

    A seat's is of a plan and a cycle; that of capacity of neither.
    """

    item: Item
    plan: Plan | None
    cycle: Cycle | None
    starts_on: date
    was: int
    unit_price: int


@dataclass(frozen=True)
class Ahead:
    """A company's shared capacity now, and what lets one see ahead: what it stored on the days it
    is judged by (in order, in bytes), and prices that will change."""

    capacity: Capacity
    reports: Sequence[tuple[date, int]]
    prices: Sequence[PriceChange]


AHEAD: Final = f"""
    SELECT now.*,
           coalesce((SELECT jsonb_agg(jsonb_build_array(day, bytes) ORDER BY day)
                     FROM products_storageday
                     WHERE company_id = %(company)s AND day BETWEEN %(since)s AND %(day)s), '[]'),
           coalesce((SELECT jsonb_agg(jsonb_build_array(item, plan, cycle, starts_on, was,
                                                        unit_price) ORDER BY starts_on, item)
                     FROM (SELECT item, plan, cycle, starts_on, unit_price,
                                  lag(unit_price) OVER (PARTITION BY item, plan, cycle
                                                        ORDER BY starts_on) AS was
                           FROM products_price) AS price
                     WHERE starts_on > %(day)s AND was IS NOT NULL), '[]')
    FROM ({CAPACITIES}) AS now"""


def ahead(company_id: str, day: date) -> Ahead:
    """As `capacity`, with what is known of the days to come, in one statement. R: D2, E11."""
    since = day - timedelta(days=rules.TREND_DAYS)
    ((*row, reports, prices),) = prepared.rows(
        AHEAD, companies=[company_id], company=company_id, day=day, since=since
    )
    return Ahead(
        capacity=_capacity(*row[1:]),
        reports=[(date.fromisoformat(on), size) for on, size in json.loads(reports)],
        prices=[_price_change(*change) for change in json.loads(prices)],
    )


def _price_change(
    item: int, plan: int | None, cycle: int | None, starts_on: str, was: int, unit_price: int
) -> PriceChange:
    return PriceChange(
        item=Item(item),
        plan=Plan(plan) if plan else None,
        cycle=Cycle(cycle) if cycle else None,
        starts_on=date.fromisoformat(starts_on),
        was=was,
        unit_price=unit_price,
    )


def storage_days(company_id: str, first: date, last: date) -> list[tuple[date, int]]:
    """What a company stored in all, in bytes, on the days of a range it was reported on."""
    found = StorageDay.objects.filter(company_id=company_id, day__range=(first, last))
    return list(found.order_by("day").values_list("day", "bytes"))


def _used_by(written: str) -> dict[StorageCategory, int]:
    """Bytes by category out of JSON; every category is there. R: D2."""
    known = json.loads(written)
    return {category: known.get(category.value, 0) for category in StorageCategory}


def capacity(company_id: str, day: date) -> Capacity:
    ((_company, *row),) = prepared.rows(CAPACITIES, companies=[company_id], day=day)
    return _capacity(*row)


# Companies that may be short, or were told so: whoever uses nearly what comes without accounts.
NEARLY_FULL: Final = f"""
    SELECT use.company_id FROM products_storageuse AS use
    JOIN products_trial AS trial ON trial.company_id = use.company_id
    LEFT JOIN products_addedcapacity AS added ON added.company_id = use.company_id
     AND %(day)s::date + 1 BETWEEN added.starts_on AND added.ends_on
    WHERE NOT EXISTS (SELECT FROM products_deletion WHERE company = use.company_id)
      AND trial.starts_on <= %(day)s
    GROUP BY use.company_id, added.count
    HAVING sum(use.bytes) * 100
        >= (100 - %(low_percent)s)
           * ({rules.LEAST_CAPACITY} + coalesce(added.count, 0) * {sizes.TB}::numeric)
    UNION
    SELECT company_id FROM products_capacityalert
    WHERE NOT EXISTS (SELECT FROM products_deletion WHERE company = company_id)
    ORDER BY company_id"""


def nearly_full(day: date, *, low_percent: int) -> list[str]:
    """Companies whose shared capacity may be short, and those that were told so. R: D3."""
    return sql.column(NEARLY_FULL, day=day, low_percent=low_percent)


# Annual contracts that have come to an end, each with its last day. R: E3, G4.
ENDED_CONTRACTS: Final = f"""
    SELECT ended.company_id, ended.contract_from, ended.ends_on AS ended_on
    FROM products_phase AS ended
    WHERE ended.cycle = {Cycle.ANNUAL.value} AND ended.ends_on < '{days.OPEN_END}'
      AND NOT EXISTS (SELECT FROM products_phase AS later
                      WHERE later.company_id = ended.company_id
                        AND later.contract_from = ended.contract_from
                        AND later.starts_on > ended.ends_on)"""


def maybe_annual(companies: str) -> str:
    """Those of an SQL array of companies that may have been charged by the year, as such an array.

    Of a company that is gone nothing is known but its charges: it may have been.
    """
    return f"""ARRAY(
        SELECT one FROM unnest({companies}) AS one
        CROSS JOIN LATERAL (SELECT bool_or(cycle = {Cycle.ANNUAL.value}) AS was_annual
                            FROM products_phase WHERE company_id = one) AS charged
        WHERE was_annual IS NOT FALSE)"""


def deletion(company_id: str) -> Deletion | None:
    """That, and when, a company's data goes or went; None as long as it stays. R: G3."""
    return Deletion.objects.filter(company=company_id).first()


def deleted(company_ids: Collection[str]) -> set[str]:
    """Those of the companies whose data is deleted. R: G3."""
    found = Deletion.objects.filter(company__in=company_ids, done_on__isnull=False)
    return set(found.values_list("company", flat=True))


def deletions_done() -> list[Deletion]:
    """The records of what is deleted, in the order in which it was. R: G3."""
    return list(Deletion.objects.filter(done_on__isnull=False).order_by("done_at", "company"))


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
        """ends_on = ANY(%(ends)s) AND starts_on < %(day)s
           AND NOT EXISTS (SELECT FROM products_deletion WHERE company = trial.company_id)""",
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
    """Terms that begin on a day after having been applied for on an earlier one."""
    found = Phase.objects.filter(starts_on=day, applied_on__lt=day)
    return list(found.order_by("company_id"))
