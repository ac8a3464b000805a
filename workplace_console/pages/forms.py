"""Forms of signing in and of one's own account: strings in, values out."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, password_validation
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from groupco.models import User
from groupco.rules import LONGEST_CHANGE_REQUEST
from workplace_console.common.forms import ConsoleForm, OnceForm
from workplace_console.pages import throttles
from workplace_console.pages.request import CompanyRequest

WRONG: Final = _("이메일이나 비밀번호가 맞지 않습니다. 다시 확인하세요.")


def current_password(label: Any = None) -> forms.CharField:
    label = label or _("비밀번호")
    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    return forms.CharField(label=label, strip=False, max_length=1000, widget=widget)


def new_password() -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(
        label=_("새 비밀번호"),
        strip=False,
        max_length=1000,
        widget=widget,
        help_text=_("10자 이상으로 정하세요. 흔한 비밀번호와 이메일은 쓸 수 없습니다."),
    )


def wait_sentence(seconds: int) -> str:
    """Why nothing more is tried for now."""
    minutes = -(-seconds // 60)
    return ngettext(
        "여러 번 틀려 잠시 막았습니다. %(minutes)d분 뒤에 다시 하세요.",
        "여러 번 틀려 잠시 막았습니다. %(minutes)d분 뒤에 다시 하세요.",
        minutes,
    ) % {"minutes": minutes}


def too_many_sentence(seconds: int) -> str:
    """Why no further mail is sent for now."""
    minutes = -(-seconds // 60)
    return ngettext(
        "한 시간에 보낼 수 있는 만큼 보냈습니다. %(minutes)d분 뒤에 다시 하세요.",
        "한 시간에 보낼 수 있는 만큼 보냈습니다. %(minutes)d분 뒤에 다시 하세요.",
        minutes,
    ) % {"minutes": minutes}


def authenticated(request: HttpRequest, email: str, password: str) -> User:
    """The user whose password this is; tries are counted. Raises ValidationError."""
    if seconds := throttles.wait_for_sign_in(request, email):
        raise forms.ValidationError(wait_sentence(seconds))
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        throttles.count_wrong_password(request, email)
        raise forms.ValidationError(WRONG)
    return user


class SignInForm(ConsoleForm):
    """A mail address and a password; `user` afterwards."""

    login = forms.EmailField(
        label=_("이메일"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = current_password()

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "login" in data and "password" in data:
            self.user = authenticated(self.request, data["login"], data["password"])
        return data


class PasswordAgainForm(ConsoleForm):
    """The password of whoever is signed in."""

    FIELD: Final = "password_again"

    password_again = current_password()

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password_again(self) -> str:
        password: str = self.cleaned_data["password_again"]
        assert isinstance(self.request.user, User)  # noqa: S101 - the guard has seen to it
        authenticated(self.request, self.request.user.email, password)
        return password


class TerminateForm(OnceForm):
    """해지: the company's id, typed, and the password of whoever is signed in. R: G2."""

    company_id = forms.CharField(
        label=_("회사 id"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = current_password()

    def __init__(self, request: CompanyRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_company_id(self) -> str:
        typed: str = self.cleaned_data["company_id"]
        if typed != self.request.company.pk:
            raise forms.ValidationError(_("회사 id가 다릅니다. 화면에 보이는 대로 적으세요."))
        return typed

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        authenticated(self.request, self.request.user.email, password)
        return password


class ResetForm(ConsoleForm):
    """Where to send the mail with which a new password is set."""

    email = forms.EmailField(
        label=_("이메일"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class NewPasswordForm(ConsoleForm):
    """A new password for a user, by the rules of settings.AUTH_PASSWORD_VALIDATORS."""

    password = new_password()

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password


class ChangePasswordForm(NewPasswordForm):
    """The password in use, and a new one."""

    current = current_password(_("현재 비밀번호"))
    field_order = ("current", "password")

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.request = request

    def clean_current(self) -> str:
        password: str = self.cleaned_data["current"]
        authenticated(self.request, self.user.email, password)
        return password


class ProfileForm(ConsoleForm):
    """What a user says about themselves."""

    name = forms.CharField(
        label=_("이름"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("언어"), choices=settings.LANGUAGES)


class AcceptForm(NewPasswordForm):
    """Someone invited who is new: their name, and the password they will sign in with."""

    name = forms.CharField(
        label=_("이름"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ("name", "password")


class AcceptAsUserForm(ConsoleForm):
    """Someone invited who has a password already: that one."""

    password = current_password()

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        authenticated(self.request, self.user.email, password)
        return password


class ChangeRequestForm(ConsoleForm):
    """What an employee asks the console admins to do. R: A1."""

    text = forms.CharField(
        label=_("요청 내용"),
        max_length=LONGEST_CHANGE_REQUEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("무엇을 바꾸고 싶은지 적으세요. 콘솔 관리자에게 메일로 보냅니다."),
    )
