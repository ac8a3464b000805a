"""Companies for tests, made as the product makes them."""

from __future__ import annotations

from datetime import date

from products import operations as products
from products.choices import Cycle, Plan
from workplace_console.common.audit import Actor
from workplace_console.signup import sign_up

BY = Actor.command("test")
NEW_YEAR = date(2026, 1, 1)


def trial(
    company_id: str = "acme", *, on: date = NEW_YEAR, accounts: int = 0, trial_days: int = 30
) -> str:
    """A company in trial, with an admin and so many accounts; its id."""
    sign_up(
        company_id=company_id,
        name=company_id,
        admin=f"admin@{company_id}.example",
        trial_days=trial_days,
        today=on,
        by=BY,
    )
    if accounts:
        products.register_new_persons(company_id=company_id, count=accounts, today=on, by=BY)
    return company_id


def paid(
    company_id: str = "acme",
    *,
    on: date = NEW_YEAR,
    accounts: int = 1,
    plan: Plan = Plan.WORKPLACE,
    cycle: Cycle = Cycle.MONTHLY,
) -> str:
    """A company that pays from its first day on; its id."""
    trial(company_id, on=on, accounts=accounts)
    products.reserve(company_id=company_id, plan=plan, cycle=cycle, start=on, today=on, by=BY)
    return company_id
