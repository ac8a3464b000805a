"""Forms of 결제수단 관리: strings in, values out. R: E10."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as lazy

from billing.gateway import mock
from workplace_console.common.forms import ConsoleForm, OnceForm


class TransferForm(ConsoleForm):
    """Under which name transfers come."""

    depositor = forms.CharField(
        label=lazy("입금자명"),
        max_length=40,
        required=False,
        help_text=lazy("통장에 보이는 이름입니다. 적어 두면 입금을 빨리 확인할 수 있습니다."),
    )


class MethodForm(ConsoleForm):
    """Which of the methods."""

    method = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class MockCardForm(OnceForm):
    """One of the demo's cards."""

    card = forms.ChoiceField(
        label=lazy("모의 카드"),
        choices=[
            (mock.APPROVES, lazy("모의카드 4242 · 결제를 승인합니다")),
            (mock.REFUSES, lazy("모의카드 0002 · 결제를 거절합니다")),
            (mock.LOSES, lazy("모의카드 0003 · 결제하지만 응답이 오지 않습니다")),
        ],
        initial=mock.APPROVES,
        widget=forms.RadioSelect,
    )


class BillingKeyForm(OnceForm):
    """What the gateway's page has sent back; named as it names it."""

    billingKey = forms.CharField(max_length=200, widget=forms.HiddenInput)  # noqa: N815
