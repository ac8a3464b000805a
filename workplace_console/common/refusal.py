"""What a rule raises when it says no."""

from __future__ import annotations

from datetime import date

from workplace_console.common import days
from workplace_console.common.particles import fitted


def gettext_noop(text: str) -> str:
    """Mark a Korean source text for the translation catalogue; rules may not import Django."""
    return text


class Refused(Exception):
    """A rule says no; nothing was changed.

    `code` is stable and for programs, the text is a sentence for the administrator: what is wrong,
    then what to do. `template` and `values` are kept apart so that a page can translate the
    sentence before it is filled in; `where` is a template, too, and stands before it.
    """

    where = ""

    def __init__(self, code: str, template: str, **values: date | int | str) -> None:
        super().__init__(code)
        self.code = code
        self.template = template
        self.values = values

    def __str__(self) -> str:
        values = {
            name: days.in_words(value) if isinstance(value, date) else value
            for name, value in self.values.items()
        }
        return fitted((self.where + self.template).format_map(values))
