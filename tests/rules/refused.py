"""Whether a rule refuses, and by which name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workplace_console.common.refusal import Refused


def code(rule: Callable[..., Any], *values: Any, **named: Any) -> str:
    """The code of the refusal; "" when the rule lets it pass."""
    try:
        rule(*values, **named)
    except Refused as no:
        return no.code
    return ""
