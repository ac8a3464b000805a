"""How the night's operations are whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

F = TypeVar("F", bound=Callable[..., Any])


def joined(operation: F) -> F:
    """A transaction of its own, or part of its caller's without a savepoint.

    For what the runner of daily jobs calls: it undoes all of a day when anything fails, so the two
    statements of a savepoint would buy nothing. Operations that people's acts reach are plain
    `transaction.atomic`: whoever catches their refusal may go on.
    """
    return transaction.atomic(savepoint=False)(operation)
