"""Every operation leaves an entry in the audit log, or is named here with the reason why. R: H2.

By reading the code: an operation is audited when it, or something that it calls by name, records a
change. What each entry says is for the tests of the operation; that it is one, for the last test.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

import billing.operations
import groupco.operations
import products.operations
from groupco.choices import Role, Scope
from groupco.models import Employee
from groupco.operations import Person
from products import operations as act
from products.choices import Cycle, Item, Plan, StorageCategory
from tests.companies import BY, paid, trial
from workplace_console.common.models import AuditEntry
from workplace_console.termination import terminate

ROOT: Final = Path(__file__).resolve().parent.parent.parent
APPS: Final = (groupco.operations, products.operations, billing.operations)
SHELL: Final = ("termination", "signup", "collection", "support/operations", "common/audit")
RECORDS: Final = {"record", "record_all"}

# What writes no entry of its own, and why that is right.
SILENT: Final = {
    # One's own affairs, of no company's state.
    "mark_notices_read": "what somebody has read",
    "set_sign_in": "made in the shell, about a user of no company",
    "set_password": "one's own password, told by mail",
    "set_profile": "one's own name and language",
    "set_language": "one's own language",
    "note_sign_in": "the last day that somebody was there",
    "note_token_use": "the last day that a token was used",
    "note_device": "a device of one's own, told by mail",
    "forget_devices": "what is too old",
    "forget_sessions": "what is over",
    "new_app_secret": "of a user's own sign-in, told by mail where it matters",
    "use_passkey": "of a user's own sign-in, told by mail where it matters",
    "let_employee_in": "a link between two rows that are audited",
    "link_employee": "a link between two rows that are audited",
    # What only looks, or says.
    "budgeted": "reads",
    "charged_companies": "reads",
    "due_payers": "reads",
    "kind_of_application": "reads",
    "locked_application": "reads and holds",
    "locked_asked": "reads and holds",
    "lock_active": "reads and holds",
    "take_deletions": "reads and holds",
    "take_read": "reads and holds",
    "check_books": "tells staff what differs",
    "check_budgets": "tells payers",
    "remind_overdue": "tells payers",
    # What follows by the day from what is audited.
    "charge": "the charges are their own record, a row for each day",
    "end_terms": "part of a termination, which is audited",
    # The end: the record of the deletion says it.
    "forget_users": "part of a deletion",
    "forget_records": "the records of deletions whose time is over",
    "close_for_good": "the record of the deletion says when",
    "take_retained": "the record of the deletion says when",
    "take_ids": "ids of companies that the register names",
    "due_now": "part of a restore, whose deletions are audited",
    "hold_back": "part of a restore, which names them",
    "mark_again": "part of a restore, whose deletions are audited",
}


def operations() -> Iterator[str]:
    for app in APPS:
        for name in app.__all__:
            if callable(found := getattr(app, name)) and not isinstance(found, type):
                yield name


@cache
def calls() -> dict[str, set[str]]:
    """The names that functions of the operations call, by the name of the function."""
    files = [
        file
        for app in ("groupco", "products", "billing")
        for file in (ROOT / app / "operations").glob("*.py")
    ] + [ROOT / "workplace_console" / f"{name}.py" for name in SHELL]
    found: dict[str, set[str]] = {}
    for file in files:
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, set()).update(_called(node))
    return found


def _called(node: ast.FunctionDef) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            name = getattr(call.func, "attr", None) or getattr(call.func, "id", None)
            if name:
                yield name


def is_audited(name: str, seen: frozenset[str] = frozenset()) -> bool:
    if name in RECORDS:
        return True
    inner = calls().get(name, set()) - seen
    return any(is_audited(other, seen | {name}) for other in sorted(inner))


def is_check(name: str) -> bool:
    """Whether it only refuses."""
    return name.startswith("check_") and name not in SILENT


def test_every_operation_is_audited_or_says_why_not() -> None:
    quiet = {name for name in operations() if not is_audited(name) and not is_check(name)}

    assert quiet - set(SILENT) == set(), "an operation without an entry"


def test_a_reason_is_given_only_where_it_is_wanted() -> None:
    assert set(SILENT) - set(operations()) == set()
    assert {name for name in SILENT if is_audited(name)} == set()


DAY: Final = date(2026, 5, 1)
ON: Final[dict[str, Any]] = {"today": DAY, "by": BY}

# One act each, on a company that is paid; the entry that it leaves. What is prepared comes first.
ACTS: Final[dict[str, Any]] = {
    "accounts_registered": lambda: act.register_new_persons(company_id="acme", count=2, **ON),
    "accounts_excluded": lambda: act.exclude_newest(company_id="acme", count=1, **ON),
    "upgrade_requested": lambda: act.request_upgrade(company_id="acme", plan=Plan.COLLABO, **ON),
    "upgrade_cancelled": lambda: act.withdraw_upgrade(company_id="acme", **ON),
    "capacity_added": lambda: act.add_capacity(company_id="acme", tb=2, **ON),
    "capacity_returned": lambda: act.return_capacity(company_id="acme", tb=1, **ON),
    "storage_reported": lambda: act.report_storage(
        company_id="acme", category=StorageCategory.BOARD, bytes=1, **ON
    ),
    "price_set": lambda: act.set_price(
        item=Item.SEAT,
        plan=Plan.WORKPLACE,
        cycle=Cycle.MONTHLY,
        starts_on=date(2026, 6, 1),
        unit_price=1,
        **ON,
    ),
    "token_issued": lambda: act.issue_token(
        company_id="acme", name="x", scopes=[Scope.CARDS], **ON
    ),
    "admin_invited": lambda: groupco.operations.invite_admin(
        company_id="acme", email="new@acme.example", role=Role.VIEWER, **ON
    ),
    "department_added": lambda: act.add_department(
        company_id="acme", name="x", parent_id=None, code="", **ON
    ),
    "payment_method_added": lambda: billing.operations.register_transfer(
        company_id="acme", depositor="x", **ON
    ),
    "budget_set": lambda: billing.operations.set_budget(company_id="acme", amount=1, **ON),
    "holiday_set": lambda: billing.operations.set_holiday(day=date(2026, 6, 2), name="x", **ON),
    "conversion_reserved": lambda: act.reserve(
        company_id="fresh",
        plan=Plan.WORKPLACE,
        cycle=Cycle.MONTHLY,
        start=date(2026, 5, 3),
        **ON,
    ),
    "conversion_changed": lambda: act.change_reservation(
        company_id="fresh", plan=Plan.COLLABO, cycle=None, start=None, **ON
    ),
    "conversion_cancelled": lambda: act.withdraw_reservation(company_id="fresh", **ON),
    "trial_extended": lambda: act.extend_trial(company_id="fresh", ends_on=date(2026, 7, 1), **ON),
    "terminated": lambda: terminate(company_id="fresh", grace_days=3, **ON),
    "termination_undone": lambda: act.undo_termination(company_id="fresh", **ON),
}


@pytest.mark.django_db
def test_an_act_leaves_one_entry_in_the_name_of_who_did_it() -> None:
    paid("acme", on=DAY)
    trial("fresh", on=DAY)
    act.register_accounts(company_id="acme", persons=[Person("n1", "김")], **ON)
    assert Employee.objects.filter(number="n1").exists()

    for action, do in ACTS.items():
        before = AuditEntry.objects.latest("pk").pk
        do()
        found = AuditEntry.objects.filter(pk__gt=before)
        assert [(e.action, e.actor, e.on) for e in found] == [(action, BY.name, DAY)]
