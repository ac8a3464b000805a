"""A rule's no, beside the field that it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms

from workplace_console.common.refusal import Refused
from workplace_console.common.words import sentence


def why_not(check: Callable[..., object], *args: Any, **values: Any) -> str:
    """What a check of the rules says against something, as a sentence; empty when nothing."""
    try:
        check(*args, **values)
    except Refused as no:
        return sentence(no)
    return ""


@contextmanager
def refusals(form: forms.Form, **fields: str) -> Iterator[None]:
    """Put a refusal on the form: beside the field named for its code, else at the top.

    What the operation had begun is undone by then, since operations are atomic.
    """
    try:
        yield
    except Refused as no:
        form.add_error(fields.get(no.code), sentence(no))
