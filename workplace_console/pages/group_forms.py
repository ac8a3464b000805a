"""The form of 그룹사 신청: strings in, companies out. R: F1."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from groupco import rules
from groupco.models.applications import ENTRY_LENGTH
from groupco.rules import MOST_COMPANIES, Wanted
from workplace_console.common.forms import OnceForm
from workplace_console.common.refusal import Refused
from workplace_console.common.words import sentence

FIRST_ROWS: Final = 2
MORE_ROWS: Final = 3


class ApplyForm(OnceForm):
    """Other companies by id and business number, in as many rows as were sent as `rows`."""

    def __init__(self, data: Any = None, *, more: bool = False) -> None:
        self.count = _count(data) + (MORE_ROWS if more else 0)
        self.count = min(self.count, MOST_COMPANIES)
        super().__init__(None if more else data, initial=_typed(data) if more else {})
        for number in range(1, self.count + 1):
            self.add_field(f"company_id_{number}", _company_id())
            self.add_field(f"business_number_{number}", _business_number())

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The rows, each with its two fields."""
        return [
            {"company_id": self[f"company_id_{n}"], "business_number": self[f"business_number_{n}"]}
            for n in range(1, self.count + 1)
        ]

    @property
    def may_grow(self) -> bool:
        return self.count < MOST_COMPANIES

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        wanted = []
        for number in range(1, self.count + 1):
            company_id = data.get(f"company_id_{number}", "").strip().lower()
            digits = data.get(f"business_number_{number}", "").strip()
            if company_id or digits:
                self._check(number, company_id, digits)
                wanted.append(Wanted(company_id, digits))
        data["wanted"] = wanted
        return data

    def _check(self, number: int, company_id: str, digits: str) -> None:
        for field, value, check in (
            ("company_id", company_id, rules.check_looks_like_id),
            ("business_number", digits, rules.business_number),
        ):
            name = f"{field}_{number}"
            try:
                if not value:
                    self.add_error(name, _("빈칸입니다. 여기에 적으세요."))
                elif name not in self.errors:
                    check(value)
            except Refused as no:
                self.add_error(name, sentence(no))


def _company_id() -> forms.CharField:
    return forms.CharField(
        label=lazy("회사 id"),
        max_length=ENTRY_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


def _business_number() -> forms.CharField:
    return forms.CharField(
        label=lazy("사업자등록번호"),
        max_length=ENTRY_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


def _count(data: Any) -> int:
    """How many rows were sent; what is no number of rows is the first ones."""
    text = data.get("rows", "") if data else ""
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else FIRST_ROWS
    return max(FIRST_ROWS, min(asked, MOST_COMPANIES))


def _typed(data: Any) -> dict[str, str]:
    return {name: data[name] for name in data if name.startswith(("company_id_", "business_"))}
