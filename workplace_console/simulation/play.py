"""Plays a scenario day by day through the operations and the daily jobs, and reads the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from billing import queries as billing
from billing.queries import Statement
from billing.reckoning import Line
from products import operations as products
from products import queries
from products.choices import Cycle, Item, Plan, State
from products.models import Deletion, Price
from workplace_console import daily, deletion
from workplace_console.common import days
from workplace_console.common.audit import Actor
from workplace_console.common.models import Mail, Parked
from workplace_console.common.refusal import Refused
from workplace_console.signup import sign_up
from workplace_console.simulation.scenario import (
    Malformed,
    Scenario,
    ScenarioCompany,
    ScenarioEvent,
    ScenarioPrice,
)
from workplace_console.termination import terminate

BY: Final = Actor.command("simulate")
NO_PRICE: Final = "no_price"

Answer = dict[str, Any]


def answer(scenario: Scenario, catalogue: list[ScenarioPrice]) -> Answer:
    """Live through a scenario in the current database and undo it; raises Malformed.

    `catalogue` are the prices where the scenario brings none of its own.
    """
    with transaction.atomic():
        set_prices(catalogue if scenario.prices is None else list(scenario.prices))
        result = _read(scenario, *live(scenario))
        transaction.set_rollback(True)
    return result


def catalogue() -> list[ScenarioPrice]:
    """The prices of the database that is current now."""
    return [
        ScenarioPrice(
            Item(price.item),
            Plan(price.plan) if price.plan else None,
            Cycle(price.cycle) if price.cycle else None,
            price.unit_price,
            price.starts_on,
        )
        for price in Price.objects.all()
    ]


def set_prices(prices: list[ScenarioPrice]) -> None:
    """Only these prices, from now on."""
    Price.objects.all().delete()
    Price.objects.bulk_create(
        Price(
            item=price.item,
            plan=price.plan,
            cycle=price.cycle,
            unit_price=price.unit_price,
            starts_on=price.starts_on,
        )
        for price in prices
    )


def live(scenario: Scenario) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Live through the days; on each first its 00:00, then sign-ups, then events as written.

    What was refused, and the mails.
    """
    sign_ups: defaultdict[date, list[ScenarioCompany]] = defaultdict(list)
    events: defaultdict[date, list[ScenarioEvent]] = defaultdict(list)
    for company in scenario.companies:
        sign_ups[company.on].append(company)
    for event in scenario.events:
        events[event.on].append(event)
    rejected: list[dict[str, Any]] = []
    outbox = Outbox()
    for day in days.each(scenario.start, scenario.until):
        if daily.run(until=day, grace_days=0).parked:
            raise _missing_price()
        for company in sign_ups[day]:
            _sign_up(company)
        for event in events[day]:
            outbox.read()
            rejected.extend(filter(None, [_happen(event)]))
        outbox.read()
    return rejected, outbox.mails


class Outbox:
    """The mails in the order of happening, read before a deletion takes a company's away."""

    def __init__(self) -> None:
        self.mails: list[dict[str, Any]] = []
        self._last = Mail.objects.aggregate(last=Max("pk"))["last"] or 0

    def read(self) -> None:
        """Take down what was written since the last time."""
        for mail in Mail.objects.filter(pk__gt=self._last).order_by("pk"):
            self._last = mail.pk
            self.mails.append(
                {"on": mail.on.isoformat(), "company": mail.company, "kind": mail.kind}
            )


def _missing_price() -> Malformed:
    """A charged day found no price; anything else that parks a company is a defect of ours."""
    parked = Parked.objects.order_by("day", "job", "company")[0]
    if parked.reason != NO_PRICE:
        raise RuntimeError(f"{parked}: {parked.detail}")
    return _no_price(parked.day - days.ONE_DAY, parked.detail)


def _no_price(charged: date, what: str) -> Malformed:
    return Malformed("prices", f"{charged}에 청구할 {what} 단가가 없습니다.")


def _sign_up(company: ScenarioCompany) -> None:
    sign_up(
        company_id=company.id,
        name=company.id,
        trial_days=company.trial_days,
        today=company.on,
        by=BY,
    )
    if company.accounts:
        products.register_new_persons(
            company_id=company.id, count=company.accounts, today=company.on, by=BY
        )


def _terminate(*, company_id: str, today: date, by: Actor) -> None:
    """The rule's own grace of 0 days: the job that deletes comes at once."""
    terminate(company_id=company_id, grace_days=0, today=today, by=by)
    deletion.delete_due(day=today, only=[company_id])


# What each event does; the keys of its JSON are the operation's arguments.
OPERATIONS: Final[dict[str, Callable[..., object]]] = {
    "reserve": products.reserve,
    "change_reservation": products.change_reservation,
    "cancel_reservation": products.withdraw_reservation,
    "register_accounts": products.register_new_persons,
    "exclude_accounts": products.exclude_newest,
    "request_upgrade": products.request_upgrade,
    "cancel_upgrade": products.withdraw_upgrade,
    "add_capacity": products.add_capacity,
    "return_capacity": products.return_capacity,
    "report_storage": products.report_storage,
    "form_group": products.form_group,
    "join_group": products.join_group,
    "terminate": _terminate,
}


def _happen(event: ScenarioEvent) -> dict[str, Any] | None:
    """Let an event happen; what the rules refuse changes nothing and is returned."""
    operation = OPERATIONS[event.do]
    try:
        operation(company_id=event.company, today=event.on, by=BY, **event.values)
    except Refused as no:
        if no.code == NO_PRICE:
            raise _no_price(event.on, str(no.values["what"])) from None
        return {"event": event.index, "code": no.code, "message": str(no)}
    return None


def _read(
    scenario: Scenario, rejected: list[dict[str, Any]], mails: list[dict[str, Any]]
) -> Answer:
    """The answer, read at the 00:00 of `until`."""
    return {
        "invoices": [_invoice(statement) for statement in billing.statements()],
        "companies": {
            company.id: _company(company.id, scenario.until) for company in scenario.companies
        },
        "rejected": rejected,
        "mails": mails,
        "deleted": [
            {"company": done.company, "on": str(done.done_on), "reason": done.reason}
            for done in Deletion.objects.filter(done_on__isnull=False).order_by(
                "done_on", "done_at", "company"
            )
        ],
    }


def _invoice(statement: Statement) -> dict[str, Any]:
    invoice = statement.invoice
    return {
        "payer": invoice.payer,
        "issued_on": invoice.issued_on.isoformat(),
        "period": [invoice.period_from.isoformat(), invoice.period_to.isoformat()],
        "supply": invoice.supply,
        "vat": invoice.vat,
        "total": invoice.total,
        "lines": [_line(line) for line in statement.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "company": line.company,
        "item": line.item.code,
        "plan": line.plan and line.plan.code,
        "cycle": line.cycle and line.cycle.code,
        "unit_price": line.unit_price,
        "quantity_days": line.quantity_days,
        "days_in_period": line.days_in_period,
        "amount": line.amount,
    }


def _company(company_id: str, day: date) -> dict[str, Any]:
    standing = queries.standing(company_id, day)
    if standing is None:
        return ENDED | {"state": _ended_as(company_id)}
    if standing.state in {State.EXPIRED, State.TERMINATED}:
        return ENDED | {"state": standing.state.value}
    capacity = queries.capacity(company_id, day)
    return {
        "state": standing.state.value,
        "plan": standing.term and standing.term.plan.code,
        "cycle": standing.term and standing.term.cycle.code,
        "accounts": capacity.accounts,
        "added_tb": capacity.added_tb,
        "shared_capacity_bytes": capacity.total,
        "next_charge": sum(line.amount for line in billing.estimate(company_id, today=day)),
    }


def _ended_as(company_id: str) -> str:
    """How a company ended of which nothing but the record of its deletion is left."""
    gone = Deletion.objects.get(pk=company_id)
    is_terminated = gone.reason == Deletion.Reason.TERMINATED
    return (State.TERMINATED if is_terminated else State.EXPIRED).value


ENDED: Final[Answer] = {
    "plan": None,
    "cycle": None,
    "accounts": 0,
    "added_tb": 0,
    "shared_capacity_bytes": 0,
    "next_charge": 0,
}
