"""Forms of 사용자 관리: strings in, values out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from groupco.forms import MOST_BYTES, mail_address
from groupco.operations import Person
from workplace_console.common.forms import ConsoleForm, OnceForm


class SearchForm(ConsoleForm):
    q = forms.CharField(label=lazy("사번, 이름, 이메일"), max_length=100, required=False)


class RegisterForm(OnceForm):
    """One person who gets an account from today on."""

    name = forms.CharField(label=lazy("이름"), max_length=100, required=False)
    number = forms.CharField(
        label=lazy("사번"),
        max_length=60,
        required=False,
        help_text=lazy("비우면 번호를 만들어 드립니다."),
    )
    email = forms.CharField(label=lazy("이메일"), max_length=254, required=False)

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        try:
            return mail_address(typed) if typed else ""
        except ValueError:
            raise forms.ValidationError(
                _("이메일 주소를 name@company.example처럼 적으세요.")
            ) from None

    def person(self) -> Person:
        data = self.cleaned_data
        return Person(data["number"], data["name"], data["email"])


class UploadForm(ConsoleForm):
    """A CSV, as a file or, on the second step, as the text that was shown."""

    file = forms.FileField(
        label=lazy("CSV 파일"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=lazy("5 MB, 20,000행까지. 내려받은 CSV를 고쳐 그대로 올려도 됩니다."),
    )
    roster = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(_("파일이 5 MB보다 큽니다. 나누어 올리세요."))
        return file

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not data.get("file") and not data.get("roster"):
            self.add_error("file", _("파일을 선택하세요."))
        return data

    def content(self) -> bytes:
        """What was uploaded, now or on the step before."""
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file else self.cleaned_data["roster"].encode()
