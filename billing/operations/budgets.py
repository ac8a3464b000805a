"""Budgets are set, and every night they are asked whether a threshold is reached."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from billing import queries, rules
from billing.models import Budget, BudgetAlert
from groupco import queries as groups
from groupco.choices import Topic
from workplace_console.common import audit, days, messages
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.transactions import joined


@transaction.atomic
def set_budget(*, company_id: str, amount: int | None, today: date, by: Actor) -> None:
    """What a month may cost from today on, in won with VAT; None: no budget any more.

    Raises Refused: budget_out_of_range.
    """
    if amount is not None:
        rules.check_budget(amount)
    groups.locked(company_id)
    now = Budget.objects.filter(company=company_id, ends_on=days.OPEN_END).first()
    if (now.amount if now else None) == amount:
        return
    if now and now.starts_on < today:
        now.ends_on = today - days.ONE_DAY
        now.save(update_fields=["ends_on"])
    elif now:
        now.delete()
    if amount is not None:
        Budget.objects.create(company=company_id, amount=amount, starts_on=today)
    before = {"budget_won": now.amount} if now else None
    after = None if amount is None else {"budget_won": amount}
    audit.record(Change(company_id, "budget_set", before, after), on=today, by=by)


@dataclass(frozen=True)
class _News:
    """Thresholds that a company has just reached, in per cent of its budget."""

    company: str
    kind: str
    percents: Sequence[int]
    budget: int
    amount: int


@joined
def check_budgets(*, day: date, only: Collection[str] | None = None) -> None:
    """Tell those whose spending up to yesterday, or to the month's end, has reached a threshold.

    Each threshold once a month and kind; of several at once the highest is told. Runs after the
    day is charged, and may run again. Two thresholds and two kinds: four mails a month at most.
    """
    yesterday = day - days.ONE_DAY
    month = days.first_of_month(yesterday)
    found = queries.budgets(yesterday, month=month, companies=only)
    if not found:
        return
    spent = queries.spent([now.company for now in found], month=month, today=day)
    news = [
        item
        for now in found
        for item in _news(now, spent.get(now.company, queries.Spent()))
        if item.percents
    ]
    BudgetAlert.objects.bulk_create(
        BudgetAlert(company=item.company, month=month, kind=item.kind, percent=percent, on=day)
        for item in news
        for percent in item.percents
    )
    if news:
        messages.announce_all(_events(news, month), on=day)


def _news(now: queries.BudgetNow, spent: queries.Spent) -> Iterator[_News]:
    kinds = BudgetAlert.Kind
    actual, projected = rules.news(
        budget=now.amount,
        actual=spent.actual,
        projected=spent.projected,
        told_actual=now.told_of(kinds.ACTUAL),
        told_projected=now.told_of(kinds.PROJECTED),
    )
    yield _News(now.company, kinds.ACTUAL, actual, now.amount, spent.actual)
    yield _News(now.company, kinds.PROJECTED, projected, now.amount, spent.projected)


def _events(news: Sequence[_News], month: date) -> Iterator[Event]:
    addresses = groups.told_addresses({item.company for item in news}, about=Topic.BILLS)
    for item in news:
        percent = max(item.percents)
        is_actual = item.kind == BudgetAlert.Kind.ACTUAL
        yield Event(
            item.company,
            "budget_reached" if is_actual else "budget_expected",
            addresses[item.company],
            {
                "percent": percent,
                "budget_won": item.budget,
                "spent_won": item.amount,
                "from_on": month.isoformat(),
                "to_on": days.last_of_month(month).isoformat(),
            },
            key=f"budget:{item.company}:{month:%Y-%m}:{item.kind}:{percent}",
        )


def budgeted(day: date) -> list[str]:
    """The companies that checking a day's budgets concerns."""
    yesterday = day - days.ONE_DAY
    month = days.first_of_month(yesterday)
    return [now.company for now in queries.budgets(yesterday, month=month)]
