"""Which tests are to mind the mutants of which module."""

from __future__ import annotations

from typing import Final

CHART: Final = ["tests/groupco/test_chart.py", "tests/groupco/test_moves.py", "tests/rules"]
GROUPCO: Final = ["tests/groupco/test_rules.py", "tests/groupco/test_business_numbers.py"]
PURE: Final = ["tests/rules"]

# Fast tests that need no database.
RULES: Final[dict[str, list[str]]] = {
    "workplace_console/common/days.py": PURE,
    "products/rules/trial.py": PURE,
    "products/rules/capacity.py": [*PURE, "tests/products/test_alerts.py"],
    "products/rules/conversion.py": PURE,
    "products/rules/upgrade.py": PURE,
    "products/rules/termination.py": PURE,
    "products/rules/deletion.py": PURE,
    "products/rules/prices.py": PURE,
    "products/rules/standing.py": PURE,
    "billing/rules/payments.py": PURE,
    "billing/rules/credit.py": PURE,
    "billing/rules/budgets.py": PURE,
    "groupco/rules/accounts.py": [*PURE, "tests/groupco/test_accounts_over_days.py"],
    "groupco/rules/admins.py": [*PURE, *GROUPCO],
    "groupco/rules/companies.py": [*PURE, *GROUPCO],
    "groupco/rules/chart.py": CHART,
    "groupco/rules/moves.py": CHART,
}

DELETED: Final = ["tests/test_deletion.py", "tests/deletion/test_elsewhere.py"]

WITH_DATABASE: Final[dict[str, list[str]]] = {
    "workplace_console/guard.py": [
        "tests/pages/test_addresses.py",
        "tests/pages/test_door.py",
        "tests/pages/test_access.py",
        "tests/pages/test_second_factor.py",
        "tests/pages/test_sign_ins.py",
        "tests/pages/test_spare.py",
        "tests/pages/test_undo.py",
        "tests/pages/test_terminate.py",
    ],
    "workplace_console/addresses.py": ["tests/pages/test_addresses.py"],
    "workplace_console/common/spans.py": ["tests/groupco/test_rules.py", *PURE],
    "billing/reckoning.py": [
        "tests/billing/test_split.py",
        "tests/billing/test_price_of_the_day.py",
        "tests/billing/test_lines.py",
    ],
    "workplace_console/deletion.py": [*DELETED, "tests/pages/test_access.py"],
    "workplace_console/inventory.py": DELETED,
    "workplace_console/register.py": [*DELETED, "tests/deletion/test_restore.py"],
    "products/operations/deletion.py": [
        *DELETED,
        "tests/products/test_undo.py",
    ],
}
