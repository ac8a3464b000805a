"""Which fast tests, that need no database, are to mind the mutants of which module."""

from __future__ import annotations

from typing import Final

CHART: Final = ["tests/groupco/test_chart.py", "tests/groupco/test_moves.py"]
GROUPCO: Final = ["tests/groupco/test_rules.py", "tests/groupco/test_business_numbers.py"]
RULES: Final = ["tests/rules"]

TARGETS: Final[dict[str, list[str]]] = {
    "workplace_console/common/days.py": RULES,
    "products/rules/trial.py": RULES,
    "products/rules/capacity.py": [*RULES, "tests/products/test_alerts.py"],
    "products/rules/conversion.py": RULES,
    "products/rules/upgrade.py": RULES,
    "products/rules/termination.py": RULES,
    "products/rules/deletion.py": RULES,
    "products/rules/prices.py": RULES,
    "products/rules/standing.py": RULES,
    "billing/rules/payments.py": RULES,
    "billing/rules/credit.py": RULES,
    "billing/rules/budgets.py": RULES,
    "billing/reckoning.py": ["tests/billing/test_split.py", *RULES],
    "groupco/rules/accounts.py": [*RULES, "tests/groupco/test_accounts_over_days.py"],
    "groupco/rules/admins.py": [*RULES, *GROUPCO],
    "groupco/rules/companies.py": [*RULES, *GROUPCO],
    "groupco/rules/chart.py": CHART,
    "groupco/rules/moves.py": CHART,
    "workplace_console/common/spans.py": ["tests/groupco/test_accounts_over_days.py"],
}
