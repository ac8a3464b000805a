"""A rule's no, beside the field that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms

from workplace_console.common.refusal import Refused
from workplace_console.common.words import sentence


@contextmanager
def refusals(form: forms.Form, **fields: str) -> Iterator[None]:
    """Put a refusal on the form: beside the field named for its code, else at the top.

    What the operation had begun is undone by then, since operations are atomic.
    """
    try:
        yield
    except Refused as no:
        form.add_error(fields.get(no.code), sentence(no))
