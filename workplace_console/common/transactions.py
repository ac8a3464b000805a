"""How operations are whole: each is one transaction, or part of its caller's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

F = TypeVar("F", bound=Callable[..., Any])


def atomic(operation: F) -> F:
    """Whole or not at all. Called on its own it is a transaction; inside one it joins that.

    It sets no savepoint of its own (two statements that most calls need not pay for), so a caller
    who catches its exception and goes on must have wrapped the call in transaction.atomic().
    """
    return transaction.atomic(savepoint=False)(operation)
