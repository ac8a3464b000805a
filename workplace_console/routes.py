"""The parts of an address that are more than a word."""

from __future__ import annotations

from datetime import date

from groupco.rules import COMPANY_ID
from workplace_console.common import days


class CompanyId:
    """A company id. R: A3."""

    regex = COMPANY_ID.pattern

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Month:
    """A month as yyyy-mm; in Python its first day."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return days.parse(f"{value}-01")

    def to_url(self, value: date) -> str:
        return f"{value:%Y-%m}"
