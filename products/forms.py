"""Strings in: a plan, a cycle, a day. What is allowed stands in rules.py."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from products.choices import Cycle, Plan
from workplace_console.common.forms import ConsoleForm


class ConversionForm(ConsoleForm):
    """유료 전환: what is applied for. R: B2. Fields are named as the operation's arguments."""

    plan = forms.TypedChoiceField(
        label=_("요금제"),
        choices=[(plan.code, plan.label) for plan in Plan],
        coerce=Plan.of,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("요금제를 고르세요."),
            "invalid_choice": _("없는 요금제입니다. 목록에서 고르세요."),
        },
    )
    cycle = forms.TypedChoiceField(
        label=_("결제 주기"),
        choices=[(cycle.code, cycle.label) for cycle in Cycle],
        coerce=Cycle.of,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("결제 주기를 고르세요."),
            "invalid_choice": _("없는 결제 주기입니다. 월과 연 가운데 고르세요."),
        },
    )
    start = forms.DateField(
        label=_("예약일"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("예약일을 선택하세요."),
            "invalid": _("예약일을 2026-12-04처럼 적으세요."),
        },
    )

    def terms(self) -> dict[str, Any]:
        """Plan, cycle and start, once valid."""
        return {name: self.cleaned_data[name] for name in ("plan", "cycle", "start")}
