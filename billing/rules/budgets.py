"""When a budget says something."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from workplace_console.common.refusal import Refused, gettext_noop

# In per cent of the budget.
THRESHOLDS: Final = (80, 100)
MOST_BUDGET: Final = 10**12


def check_budget(amount: int) -> None:
    """Won, with VAT."""
    if not 1 <= amount <= MOST_BUDGET:
        raise Refused(
            "budget_out_of_range",
            gettext_noop("월 예산은 1원부터 {most}원 사이로 적으세요."),
            most=f"{MOST_BUDGET:,}",
        )


def reached(*, budget: int, amount: int) -> list[int]:
    """The thresholds that an amount in won has come to, in per cent."""
    return [percent for percent in THRESHOLDS if amount * 100 >= budget * percent]


def news(
    *,
    budget: int,
    actual: int,
    projected: int,
    told_actual: Collection[int],
    told_projected: Collection[int],
) -> tuple[list[int], list[int]]:
    """The thresholds to be told now, by what was spent and by what is expected; amounts in won.

    Each once. What is spent already is no longer expected.
    """
    spent = reached(budget=budget, amount=actual)
    expected = reached(budget=budget, amount=projected)
    return (
        [percent for percent in spent if percent not in told_actual],
        [p for p in expected if p not in spent and p not in told_projected],
    )
