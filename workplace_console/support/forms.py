"""What staff types, as values. The rules are the operations' own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from groupco.choices import Scope
from groupco.queries import GroupMember
from groupco.rules import LONGEST_TOKEN_NAME
from products.choices import Cycle, Item, Plan
from workplace_console.common import days
from workplace_console.common.forms import ConsoleForm, DayInput, OnceForm
from workplace_console.common.models import COMPANY_ID_LENGTH


class NothingToFill(ConsoleForm):
    """A button without fields; it still shows why something was refused."""


class ResetSecondForm(ConsoleForm):
    """That somebody has made sure who asks."""

    is_sure = forms.BooleanField(
        label=_("본인인지 전부터 알던 연락처로 확인했습니다."),
        help_text=_("요청에 적혀 온 메일이나 전화번호로 확인하지 마세요."),
    )


class CompanyForm(ConsoleForm):
    """A new company, with the mail address of its first admin."""

    company_id = forms.CharField(
        label=_("회사 id"),
        max_length=COMPANY_ID_LENGTH,
        help_text=_("사원이 로그인하는 주소가 됩니다. 나중에 바꿀 수 없습니다."),
    )
    name = forms.CharField(label=_("상호"), max_length=100)
    business_number = forms.CharField(
        label=_("사업자등록번호"), max_length=20, required=False, help_text=_("선택. 숫자 10자리")
    )
    admin = forms.EmailField(
        label=_("첫 관리자 이메일"),
        max_length=254,
        help_text=_("이 주소로 초대 메일을 보냅니다."),
    )


class TokenForm(OnceForm):
    """A new token: which program is to have it, for which company, and what for."""

    name = forms.CharField(
        label=_("프로그램 이름"), max_length=LONGEST_TOKEN_NAME, help_text=_("예: WORKPLACE 메신저")
    )
    company_id = forms.CharField(
        label=_("회사 id"),
        max_length=COMPANY_ID_LENGTH,
        required=False,
        help_text=_("비우면 WORKPLACE 서비스의 토큰이며 모든 회사에 쓸 수 있습니다."),
    )
    scopes = forms.TypedMultipleChoiceField(
        label=_("범위"),
        choices=Scope.choices,
        coerce=Scope,
        initial=Scope.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("범위를 하나 이상 고르세요.")},
    )


class ExtensionForm(ConsoleForm):
    """The new last day of a trial."""

    ends_on = forms.DateField(label=_("새 체험 마지막 날"), widget=DayInput())


class UnitPriceForm(ConsoleForm):
    """A price in won."""

    unit_price = forms.IntegerField(label=_("단가(원, 부가세 별도)"))


class PriceForm(UnitPriceForm):
    """A price, what it is for, and the day it takes effect."""

    item = forms.TypedChoiceField(
        label=_("항목"), choices=lambda: [(item.code, item.label) for item in Item], coerce=Item.of
    )
    plan = forms.TypedChoiceField(
        label=_("상품"),
        choices=[("", "–"), *((plan.code, plan.label) for plan in Plan)],
        coerce=Plan.of,
        empty_value=None,
        required=False,
        help_text=_("사용자 단가에만 고르세요."),
    )
    cycle = forms.TypedChoiceField(
        label=_("결제 주기"),
        choices=lambda: [("", "–"), *((cycle.code, cycle.label) for cycle in Cycle)],
        coerce=Cycle.of,
        empty_value=None,
        required=False,
        help_text=_("사용자 단가에만 고르세요."),
    )
    starts_on = forms.DateField(
        label=_("시행일"), widget=DayInput(), help_text=_("내일부터 고를 수 있습니다.")
    )
    field_order = ("item", "plan", "cycle", "starts_on", "unit_price")


class CreditForm(ConsoleForm):
    """How much of an invoice is taken back, and why."""

    supply = forms.IntegerField(
        label=_("공급가액(원)"), help_text=_("부가세는 청구서에 남는 금액에 맞춰 계산합니다.")
    )
    reason = forms.CharField(
        label=_("사유"), max_length=200, help_text=_("회사의 청구서와 메일에 그대로 보입니다.")
    )


class ReasonForm(ConsoleForm):
    """Why staff does something; the companies read it."""

    reason = forms.CharField(
        label=_("사유"), max_length=200, help_text=_("회사에 보내는 메일에 그대로 보입니다.")
    )


class CorrectionForm(ConsoleForm):
    """A company of an application, as staff knows it to be."""

    entry = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    company_id = forms.CharField(label=_("회사 id"), max_length=COMPANY_ID_LENGTH)
    business_number = forms.CharField(label=_("사업자등록번호"), max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Several stand on one page: each has ids of its own.
        entry = (kwargs.get("initial") or {}).get("entry", "sent")
        super().__init__(*args, auto_id=f"id_{entry}_%s", **kwargs)

    def is_about(self, entry: int) -> bool:
        """Whether this, as it was sent, is about that company."""
        return self.data.get("entry") == str(entry)


class _OfAGroup(ConsoleForm):
    """A company of a group, and why."""

    company = forms.ChoiceField(label=_("회사"))
    reason = forms.CharField(
        label=_("사유"), max_length=200, help_text=_("회사에 보내는 메일에 그대로 보입니다.")
    )

    def __init__(self, members: Sequence[GroupMember], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{self.use}_%s", **kwargs)
        self.fields["company"].choices = [  # type: ignore[attr-defined]
            (member.id, f"{member.name} ({member.id})") for member in members if self.takes(member)
        ]

    use: ClassVar[str]

    def takes(self, member: GroupMember) -> bool:
        return True


class LeaveForm(_OfAGroup):
    """Which company leaves its group, and why."""

    use = "leave"

    def takes(self, member: GroupMember) -> bool:
        return member.last_day is None


class ReplaceForm(_OfAGroup):
    """Which company is to represent its group, and why."""

    use = "replace"

    def takes(self, member: GroupMember) -> bool:
        return member.last_day is None and not member.is_representative


class DayChargesForm(ConsoleForm):
    """A company and a month."""

    company = forms.SlugField(label=_("회사 id"), max_length=COMPANY_ID_LENGTH)
    month = forms.CharField(
        label=_("달"),
        widget=forms.TextInput(attrs={"type": "month", "class": "short"}),
        help_text=_("2026-03처럼 적으세요."),
    )

    def clean_month(self) -> date:
        try:
            return days.parse(f"{self.cleaned_data['month']}-01")
        except ValueError:
            raise forms.ValidationError(_("월을 2026-03처럼 적으세요.")) from None

    def asked(self) -> tuple[str, date] | None:
        """The company and the month's first day, when both are in order."""
        if not self.is_valid():
            return None
        return self.cleaned_data["company"], self.cleaned_data["month"]


class TransferForm(OnceForm):
    """Money that came by bank transfer."""

    payer = forms.SlugField(label=_("회사 id"), max_length=COMPANY_ID_LENGTH)
    amount = forms.IntegerField(label=_("금액(원)"))
    received_on = forms.DateField(label=_("입금일"), widget=DayInput())
    depositor = forms.CharField(
        label=_("입금자명"), max_length=40, required=False, help_text=_("비워도 됩니다.")
    )
    invoice = forms.CharField(
        label=_("청구서 번호"), max_length=50, required=False, help_text=_("비워도 됩니다.")
    )


class RefundForm(ConsoleForm):
    """How much of a payment is given back, and why."""

    amount = forms.IntegerField(label=_("환불액(원)"))
    reason = forms.CharField(
        label=_("사유"), max_length=150, help_text=_("회사에 보내는 메일에 그대로 보입니다.")
    )


class HolidayForm(ConsoleForm):
    """A day on which banks are closed."""

    day = forms.DateField(label=_("날"), widget=DayInput())
    name = forms.CharField(label=_("이름"), max_length=60)
