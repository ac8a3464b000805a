"""Whoever does something is killed before any of its statements: then nothing of it is done, and
doing it again does all of it. Goal G5 of docs/reliability.md; the night and the deletion have tests
of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, Final

import pytest
from django.db import connection

from billing import operations as billing
from billing.models import Invoice
from groupco import operations as groups
from groupco.choices import Role, Scope
from groupco.models import Account
from groupco.rules import Wanted
from products import operations as products
from products.choices import Cycle, Plan, StorageCategory
from tests.billing.stories import undone
from tests.companies import BY, paid, trial
from tests.crash.simulation import Killed, counts, dies_at
from tests.pages.test_bad_input import fingerprint
from workplace_console import daily
from workplace_console.signup import sign_up
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

BEGUN: Final = date(2026, 3, 2)
TODAY: Final = date(2026, 4, 13)
Act = Callable[..., object]
AS_OF: Final = {"today": TODAY, "by": BY}


def of(company: str, act: Act, **values: Any) -> Act:
    return partial(act, company_id=company, **values, **AS_OF)


def accounts() -> list[int]:
    return list(Account.objects.filter(company="acme").values_list("pk", flat=True)[:1])


def number() -> str:
    return Invoice.objects.get(payer="acme").number


# What moves money, capacity, people or data.
ACTS: Final[dict[str, Act]] = {
    "sign up": lambda: sign_up(company_id="new", name="새 회사", admin="a@new.example", **AS_OF),
    "reserve": of("fresh", products.reserve, plan=Plan.COLLABO, cycle=Cycle.ANNUAL, start=TODAY),
    "withdraw": of("kept", products.withdraw_reservation),
    "change": of("kept", products.change_reservation, plan=Plan.COLLABO),
    "extend": of("fresh", products.extend_trial, ends_on=date(2026, 6, 1)),
    "register": of("acme", products.register_new_persons, count=3),
    "exclude": lambda: of("acme", products.exclude_accounts, account_ids=accounts())(),
    "upgrade": of("acme", products.request_upgrade, plan=Plan.COLLABO, by_support=False),
    "add": of("acme", products.add_capacity, tb=2),
    "return": of("acme", products.return_capacity, tb=1),
    "report": of("acme", products.report_storage, category=StorageCategory.BOARD, bytes=10**12),
    "form a group": of("acme", products.form_group, members=["other"]),
    "apply for a group": of(
        "acme", products.apply_for_group, companies=[Wanted("other", "9998100015")]
    ),
    "terminate": of("acme", terminate, grace_days=0),
    "issue a token": of("acme", products.issue_token, name="ERP", scopes=[Scope.CARDS]),
    "name an admin": of("acme", groups.add_admin, email="b@acme.example", role=Role.OWNER),
    "invite": of("acme", groups.invite_admin, email="c@acme.example", role=Role.VIEWER),
    "credit": lambda: billing.credit(number=number(), supply=10, reason="x", **AS_OF),
    "transfer": lambda: billing.record_transfer(
        payer="acme", amount=500, received_on=TODAY, invoice=number(), **AS_OF
    ),
    "budget": of("acme", billing.set_budget, amount=10**6),
    "pay by transfer": of("acme", billing.register_transfer, depositor="에이스"),
}


@pytest.fixture
def companies(settings: Any) -> None:
    settings.CONSOLE_TODAY = TODAY
    paid("acme", on=BEGUN, accounts=3)
    paid("other", on=BEGUN)
    products.add_capacity(company_id="acme", tb=1, today=BEGUN, by=BY)
    for company in ("fresh", "kept"):
        trial(company, on=BEGUN, accounts=1, trial_days=60)
    products.reserve(
        company_id="kept",
        plan=Plan.WORKPLACE,
        cycle=Cycle.MONTHLY,
        start=date(2026, 4, 20),
        today=BEGUN,
        by=BY,
    )
    daily.run(until=TODAY)


def test_killed_before_any_statement_it_is_not_done_and_again_it_is(
    companies: None, examples: Any
) -> None:
    """Of each act the last statement, and so many before it; with --deep all of them."""
    before = fingerprint()
    for name, act in ACTS.items():
        with undone():
            count = statements(act)
            assert fingerprint() != before, name
        step = max(1, count // examples(few=2, deep=10**6))
        for statement in range(count, 0, -step):
            with undone():
                with pytest.raises(Killed), connection.execute_wrapper(dies_at(statement)):
                    act()
                assert fingerprint() == before, (name, statement)
                act()
                assert fingerprint() != before, (name, statement)


def statements(act: Act) -> int:
    sent = 0

    def count(execute: Act, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal sent
        sent += counts(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        act()
    return sent
