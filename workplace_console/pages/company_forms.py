"""Forms of 회사 정보 and 관리자: strings in, values out."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from groupco.choices import Role
from groupco.forms import mail_address
from groupco.models import Company
from groupco.operations import DETAILS
from workplace_console.common import words
from workplace_console.common.forms import ConsoleForm


class CompanyForm(ConsoleForm):
    """What stands on invoices, and where they are mailed to. R: E10, E12."""

    name = forms.CharField(label=lazy("상호"), max_length=100)
    business_number = forms.CharField(
        label=lazy("사업자등록번호"),
        max_length=20,
        required=False,
        help_text=lazy("숫자 10자리. 123-45-67890처럼 적어도 됩니다."),
    )
    representative = forms.CharField(label=lazy("대표자"), max_length=60, required=False)
    address = forms.CharField(label=lazy("주소"), max_length=200, required=False)
    business_type = forms.CharField(label=lazy("업태"), max_length=60, required=False)
    business_item = forms.CharField(label=lazy("종목"), max_length=60, required=False)
    billing_addresses = forms.CharField(
        label=lazy("이용 요금 안내 주소"),
        max_length=6000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy(
            "청구서와 유료 전환 소식을 콘솔 관리자와 함께 이 주소들로 보냅니다. "
            "한 줄에 하나씩 적으세요."
        ),
    )
    # What stood there when the form was opened: nobody else's change is written over unseen.
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    @staticmethod
    def values(company: Company, billing_addresses: list[str]) -> dict[str, str]:
        """What stands there now, as the form shows it."""
        details = {field: str(getattr(company, field)) for field in DETAILS}
        return details | {
            "business_number": words.business_number(company.business_number),
            "billing_addresses": "\n".join(billing_addresses),
        }

    def clean_billing_addresses(self) -> list[str]:
        typed: str = self.cleaned_data["billing_addresses"]
        found = [text for text in re.split(r"[\s,;]+", typed) if text]
        for text in found:
            try:
                mail_address(text)
            except ValueError:
                raise forms.ValidationError(
                    _("%(text)s은(는) 메일 주소가 아닙니다. 고쳐 적으세요.") % {"text": text[:60]}
                ) from None
        return found

    def details(self) -> dict[str, str]:
        return {field: self.cleaned_data[field] for field in DETAILS}


class InviteForm(ConsoleForm):
    """Whom to invite, as what. R: A6."""

    email = forms.EmailField(label=lazy("이메일"), max_length=254)
    role = forms.TypedChoiceField(
        label=lazy("역할"), choices=Role.choices, coerce=Role, initial=Role.VIEWER
    )

    def clean_email(self) -> str:
        try:
            return mail_address(self.cleaned_data["email"])
        except ValueError:
            raise forms.ValidationError(_("영문 메일 주소를 적으세요.")) from None


class AdminForm(ConsoleForm):
    """Which admin, or which invitation."""

    admin = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class RoleForm(AdminForm):
    """Which admin is to have which role."""

    role = forms.TypedChoiceField(choices=Role.choices, coerce=Role)
