"""Forms of the second factor: showing it, and setting it up. R: A6."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groupco import operations
from groupco import queries as groups
from groupco.models import User
from groupco.rules import LONGEST_FACTOR_NAME
from workplace_console import passkeys
from workplace_console.common import clock
from workplace_console.common.audit import Actor
from workplace_console.common.forms import ConsoleForm
from workplace_console.common.refusal import Refused
from workplace_console.common.words import sentence
from workplace_console.pages import throttles
from workplace_console.pages.client import client_address
from workplace_console.pages.forms import wait_sentence

# Under these names a session keeps what a passkey is asked, until it has answered.
TO_SIGN: Final = "passkey_to_sign"
TO_MAKE: Final = "passkey_to_make"


def code_field(label: Any, **more: Any) -> forms.CharField:
    widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", **more}
    )
    return forms.CharField(label=label, max_length=64, widget=widget)


class SecondStepForm(ConsoleForm):
    """A code of somebody's app, one of their recovery codes, or what their passkey signed.

    Valid once: what was shown is used up by then. Wrong ones are counted.
    """

    FIELD: Final = "second_code"
    FIELDS: Final = ("second_code", "second_passkey")

    second_code = code_field(_("인증 코드"), autofocus=True)
    second_passkey = forms.CharField(
        required=False, max_length=passkeys.LONGEST_ANSWER, widget=forms.HiddenInput
    )

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user = user
        self.fields["second_code"].help_text = _(
            "인증 앱에 보이는 여섯 자리 숫자나 복구 코드를 적으세요."
        )
        if self.is_bound and self.data.get("second_passkey"):
            self.fields["second_code"].required = False

    def ask_passkey(self) -> str:
        """What the browser asks the user's passkeys to sign; empty when there are none."""
        known = groups.passkeys(self.user.pk)
        if not known:
            return ""
        asked = passkeys.ask_to_sign(known)
        self.request.session[TO_SIGN] = asked.state
        return asked.options

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        if seconds := throttles.wait_for_code(self.request, self.user.pk):
            raise forms.ValidationError(wait_sentence(seconds))
        try:
            self._use(data)
        except Refused as no:
            throttles.count_wrong_code(self.request, self.user.pk)
            beside = None if data["second_passkey"] else "second_code"
            self.add_error(beside, sentence(no))
        return data

    def _use(self, data: dict[str, Any]) -> None:
        """Raises Refused: wrong_code, passkey_refused."""
        if answer := data["second_passkey"]:
            state = self.request.session.pop(TO_SIGN, None) or {}
            signed = passkeys.signed(state, groups.passkeys(self.user.pk), answer)
            operations.use_passkey(
                user=self.user,
                credential=signed.credential,
                counter=signed.counter,
                at=timezone.now(),
            )
            return
        operations.use_code(
            user=self.user,
            code=data["second_code"],
            at=timezone.now(),
            today=clock.today(),
            by=Actor.user(self.user.pk, address=client_address(self.request)),
        )


class AppForm(ConsoleForm):
    """The first code of a new authenticator app: proof that it has the secret."""

    code = code_field(_("앱에 보이는 코드"), inputmode="numeric")


class PasskeyForm(ConsoleForm):
    """What the browser made, and what the user calls it."""

    name = forms.CharField(
        label=_("이름"),
        max_length=LONGEST_FACTOR_NAME,
        help_text=_("나중에 알아볼 수 있게 적으세요. 예: 회사 노트북"),
    )
    made = forms.CharField(
        required=False, max_length=passkeys.LONGEST_ANSWER, widget=forms.HiddenInput
    )

    def clean_made(self) -> str:
        made: str = self.cleaned_data["made"]
        if not made:
            raise forms.ValidationError(
                _("패스키는 브라우저가 만듭니다. 브라우저의 스크립트를 켜고 다시 하세요.")
            )
        return made


class FactorForm(ConsoleForm):
    """Which factor."""

    factor = forms.IntegerField(min_value=1, max_value=2**63 - 1)
