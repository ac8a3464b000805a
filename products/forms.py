"""Strings in: a plan, a cycle, a day. What is allowed stands in rules.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from products.choices import Cycle, Plan
from products.rules import MOST_TB as MOST_TB_AT_ONCE
from workplace_console.common import words
from workplace_console.common.forms import ConsoleForm, CountField, OnceForm

# 견적: as many as one may ask about.
MOST_ACCOUNTS: Final = 1_000_000
MOST_TB: Final = 10_000
AHEAD: Final = timedelta(days=365)


def plan_field(plans: Iterable[Plan]) -> forms.TypedChoiceField:
    """A choice of one of these plans."""
    return forms.TypedChoiceField(
        label=_("요금제"),
        choices=[(plan.code, plan.label) for plan in plans],
        coerce=Plan.of,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("요금제를 고르세요."),
            "invalid_choice": _("없는 요금제입니다. 목록에서 고르세요."),
        },
    )


class TermsForm(ConsoleForm):
    """A plan, a cycle, a day. Fields are named as the operation's arguments."""

    plan = plan_field(Plan)
    cycle = forms.TypedChoiceField(
        label=_("결제 주기"),
        choices=[(Cycle.MONTHLY.code, _("월 결제")), (Cycle.ANNUAL.code, _("연 결제"))],
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


class ConversionForm(OnceForm, TermsForm):
    """유료 전환: what is applied for. R: B2."""


class QuoteForm(TermsForm):
    """견적: a company that is only imagined."""

    accounts = CountField(
        label=_("사용자 수"),
        first=0,
        last=MOST_ACCOUNTS,
        sentence=_("사용자 수를 {first}부터 {last} 사이의 숫자로 적으세요."),
    )
    tb = CountField(
        label=_("추가 용량(TB)"),
        first=0,
        last=MOST_TB,
        sentence=_("추가 용량을 {first}부터 {last} 사이의 숫자로 적으세요."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        start = self.fields["start"]
        start.label = _("시작일")
        start.widget.attrs |= {"min": today.isoformat(), "max": (today + AHEAD).isoformat()}
        start.error_messages |= {
            "required": _("시작일을 고르세요."),
            "invalid": _("시작일을 2026-12-04처럼 적으세요."),
        }

    def clean_start(self) -> date:
        start: date = self.cleaned_data["start"]
        if not self.today <= start <= self.today + AHEAD:
            raise forms.ValidationError(
                _("%(first)s부터 %(last)s 사이에서 고르세요."),
                params={
                    "first": words.day(self.today),
                    "last": words.day(self.today + AHEAD),
                },
            )
        return start

    def imagined(self) -> dict[str, Any]:
        """Plan, cycle, start, accounts and TB, once valid."""
        return {
            **self.terms(),
            "accounts": self.cleaned_data["accounts"],
            "tb": self.cleaned_data["tb"],
        }


class CapacityForm(OnceForm):
    """용량 추가, 용량 반납: so many TB. R: D4, D5."""

    tb = CountField(
        label=_("용량(TB)"),
        first=1,
        last=MOST_TB_AT_ONCE,
        sentence=_("용량을 {first}부터 {last} 사이의 숫자로 적으세요."),
    )

    def typed(self) -> int | None:
        """The number, which is what it begins with before anything was typed; None when wrong."""
        value = self["tb"].value()
        try:
            found: int = self.fields["tb"].clean(value)
        except forms.ValidationError:
            return None
        return found


class UpgradeForm(OnceForm):
    """업그레이드: one of the higher plans. R: C2."""

    def __init__(self, *args: Any, plans: Iterable[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"] = plan_field(plans)
