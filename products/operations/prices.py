"""Prices are set for days to come; what has been in force is never touched. R: E11."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from products import rules
from products.choices import Cycle, Item, Plan
from products.models import Price
from workplace_console.common import audit, jobs
from workplace_console.common.audit import Actor, Change
from workplace_console.common.refusal import Refused, gettext_noop

# Prices are no company's: their entries in the audit log name none.
NO_COMPANY = ""


@transaction.atomic
def set_price(
    *,
    item: Item,
    plan: Plan | None,
    cycle: Cycle | None,
    starts_on: date,
    unit_price: int,
    today: date,
    by: Actor,
) -> Price:
    """A price from a day to come on, in whole won; one set for that day before is changed. R: E11.

    It holds until the next one of its kind. Raises Refused: day_is_over, price_of_nothing,
    price_too_early, price_out_of_range.
    """
    jobs.hold_day(today)
    rules.check_priced(item, plan, cycle)
    rules.check_price_day(starts_on, today=today)
    rules.check_unit_price(unit_price)
    key = {"item": item, "plan": plan, "cycle": cycle, "starts_on": starts_on}
    price, is_new = Price.objects.select_for_update().get_or_create(
        **key, defaults={"unit_price": unit_price}
    )
    before = None if is_new else _figures(price)
    price.unit_price = unit_price
    price.save(update_fields=["unit_price"])
    _record("price_set", before, _figures(price), today=today, by=by)
    return price


@transaction.atomic
def withdraw_price(*, price_id: int, today: date, by: Actor) -> None:
    """Take back a price whose day has not come; the one before it goes on. R: E11.

    Raises Refused: day_is_over, unknown_price, price_in_force.
    """
    jobs.hold_day(today)
    price = Price.objects.select_for_update().filter(pk=price_id).first()
    if price is None:
        raise Refused(
            "unknown_price", gettext_noop("이미 철회된 단가입니다. 목록을 다시 확인하세요.")
        )
    rules.check_price_withdrawal(price.starts_on, today=today)
    before = _figures(price)
    price.delete()
    _record("price_withdrawn", before, None, today=today, by=by)


def _figures(price: Price) -> dict[str, Any]:
    return {
        "item": Item(price.item).code,
        "plan": Plan(price.plan).code if price.plan else None,
        "cycle": Cycle(price.cycle).code if price.cycle else None,
        "starts_on": price.starts_on.isoformat(),
        "unit_price": price.unit_price,
    }


def _record(
    action: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    *,
    today: date,
    by: Actor,
) -> None:
    audit.record(Change(NO_COMPANY, action, before, after), on=today, by=by)
