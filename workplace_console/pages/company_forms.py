"""Forms of 회사 정보, API 토큰 and 관리자: strings in, values out."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from groupco.choices import Role, Scope
from groupco.forms import mail_address
from groupco.models import Company
from groupco.operations import DETAILS
from groupco.rules import LONGEST_TOKEN_NAME, business_number
from workplace_console.common import words
from workplace_console.common.forms import ConsoleForm, OnceForm
from workplace_console.common.refusal import Refused
from workplace_console.pages.address_forms import AddressesForm, Told


class CompanyForm(AddressesForm):
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
    field_order = DETAILS

    def __init__(self, data: QueryDict | None, *, company: Company, told: Told) -> None:
        details = {field: str(getattr(company, field)) for field in DETAILS}
        number = words.business_number(company.business_number)
        super().__init__(data, told=told, initial=details | {"business_number": number})

    def clean_business_number(self) -> str:
        """Told together with what is wrong elsewhere; the operation asks again. R: E12."""
        text: str = self.cleaned_data["business_number"]
        try:
            return business_number(text) if text else ""
        except Refused as no:
            raise forms.ValidationError(words.sentence(no)) from None

    def details(self) -> dict[str, str]:
        return {field: self.cleaned_data[field] for field in DETAILS}

    @property
    def detail_fields(self) -> list[forms.BoundField]:
        """Those that stand on invoices."""
        return [self[field] for field in DETAILS]


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


class IssueForm(OnceForm):
    """A new token of the company: which program is to have it, and what for. R: H4."""

    name = forms.CharField(
        label=lazy("프로그램 이름"),
        max_length=LONGEST_TOKEN_NAME,
        help_text=lazy("예: 인사 시스템"),
    )
    scopes = forms.TypedMultipleChoiceField(
        label=lazy("범위"),
        choices=Scope.choices,
        coerce=Scope,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": lazy("범위를 하나 이상 고르세요.")},
    )


class TokenForm(ConsoleForm):
    """Which token."""

    token = forms.IntegerField(min_value=1, max_value=2**63 - 1)
