"""The days that a log is shown of; either may be left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workplace_console.common.forms import ConsoleForm, DayInput


class LogDaysForm(ConsoleForm):
    first = forms.DateField(
        label=_("첫날"), required=False, input_formats=["%Y-%m-%d"], widget=DayInput
    )
    last = forms.DateField(
        label=_("마지막 날"), required=False, input_formats=["%Y-%m-%d"], widget=DayInput
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", _("마지막 날이 첫날보다 빠릅니다. 날짜를 바꾸세요."))
        return data
