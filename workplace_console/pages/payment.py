"""결제수단 관리: how a company pays, what it has to pay, where bills go to. R: E10, E12."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from billing import gateway as gateways
from billing import operations
from billing import queries as billing
from billing.gateway import Card, Gateway, NoAnswer, mock
from billing.models import PaymentMethod
from groupco import operations as people
from groupco import queries as groups
from workplace_console.pages import address_forms, closed
from workplace_console.pages.address_forms import AddressesForm
from workplace_console.pages.payment_forms import (
    BillingKeyForm,
    MethodForm,
    MockCardForm,
    TransferForm,
)
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest

SAID: Final = {
    "transfer": lazy("계좌이체를 등록했습니다."),
    "default": lazy("기본 결제수단을 바꿨습니다."),
    "remove": lazy("결제수단을 삭제했습니다."),
}


def payment(request: ConsoleRequest) -> HttpResponse:
    """Each form of the page posts to it; `act` says which, of the addresses' there is none."""
    if request.method == "POST" and not request.standing.is_active:
        return closed.blocked(request)  # R: G5. It is only read after the end.
    act = request.POST.get("act", "")
    form = TransferForm(request.POST if act == "transfer" else None)
    chosen = MethodForm(request.POST if act in ("default", "remove") else None)
    addresses = AddressesForm(
        request.POST if request.method == "POST" and act not in SAID else None,
        told=groups.topics_of_addresses(request.company.pk),
    )
    if _act(request, act, form, chosen) or _save_addresses(request, addresses):
        return redirect("payment", request.company.pk)
    methods = billing.methods(request.company.pk)
    bills = billing.bills([request.company.pk])
    context: dict[str, Any] = {
        "form": form,
        "chosen": chosen,
        "methods": [{"row": method, "label": label(method)} for method in methods],
        "has_transfer": any(method.way == "transfer" for method in methods),
        "bills": [bill for bill in bills if bill.open],
        "open": sum(bill.open for bill in bills),
        "credit": bills[0].credit if bills else 0,
        "gateway": gateways.gateway(),
        "may_register_card": may_register_card(),
        "account": settings.BANK_ACCOUNT,
        "due_day": settings.PAYMENT_DUE_DAY,
        "addresses": addresses,
        "may_write": request.may("payment") and request.standing.is_active,
        "may_test": request.may("deliveries") and request.standing.is_active,
    }
    return render(request, "console/payment.html", context)


def _act(request: ConsoleRequest, act: str, form: TransferForm, chosen: MethodForm) -> bool:
    """Do what a button says; whether it was done."""
    common: dict[str, Any] = {
        "company_id": request.company.pk,
        "today": request.today,
        "by": request.by,
    }
    if act == "transfer" and form.is_valid():
        with refusals(form, bad_depositor="depositor"):
            operations.register_transfer(depositor=form.cleaned_data["depositor"], **common)
    elif act == "default" and chosen.is_valid():
        with refusals(chosen):
            operations.set_default_method(method_id=chosen.cleaned_data["method"], **common)
    elif act == "remove" and chosen.is_valid():
        with refusals(chosen):
            _forget(operations.remove_method(method_id=chosen.cleaned_data["method"], **common))
    else:
        return False
    if form.errors or chosen.errors:
        return False
    messages.success(request, str(SAID[act]))
    return True


def _save_addresses(request: ConsoleRequest, form: AddressesForm) -> bool:
    if not form.is_valid() or form.is_stale():
        return False
    with refusals(form, **address_forms.BESIDE):
        people.set_billing_addresses(
            company_id=request.company.pk,
            billing_addresses=form.cleaned_data["billing_addresses"],
            topics=form.topics(),
            today=request.today,
            by=request.by,
        )
        messages.success(request, _("이용 요금 안내 주소를 저장했습니다."))
    return not form.errors


def _forget(billing_key: str) -> None:
    """The gateway may forget a card that is removed; if it does not answer, it keeps what it has,
    which nobody can use without us."""
    gateway = gateways.gateway()
    if gateway and billing_key:
        try:
            gateway.forget(billing_key)
        except NoAnswer:
            return


def label(method: PaymentMethod) -> str:
    """A method as people name it: the card and its last digits, or bank transfer."""
    if method.way == "card":
        return f"{method.brand} {method.last_four}".strip()
    return f"{_('계좌이체')} · {method.depositor}" if method.depositor else _("계좌이체")


def may_register_card() -> bool:
    """Whether there is a gateway, and a page of its own on which it takes a card's number."""
    gateway = gateways.gateway()
    return gateway is not None and (gateway.is_mock or bool(settings.PORTONE_CARD_URL))


def payment_card(request: ConsoleRequest) -> HttpResponse:
    """카드 등록. Card numbers never come here: the gateway's page takes them and sends back a
    billing key; in the demo one of its cards is chosen. R: E10."""
    gateway = gateways.gateway()
    if gateway is None or not may_register_card():
        raise Http404
    if gateway.is_mock:
        return _choose_mock_card(request, gateway)
    return _confirm_card(request, gateway)


def _choose_mock_card(request: ConsoleRequest, gateway: Gateway) -> HttpResponse:
    form = MockCardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        billing_key = mock.issue(request.company.pk, form.cleaned_data["card"])
        card = gateway.card(billing_key)
        if card and _register(request, form, billing_key, card):
            return redirect("payment", request.company.pk)
    return render(request, "console/payment_card.html", {"form": form, "is_mock": True})


def _confirm_card(request: ConsoleRequest, gateway: Gateway) -> HttpResponse:
    """What the gateway holds under the key that came back, if it was issued for this company."""
    sent = request.POST if request.method == "POST" else request.GET
    form = BillingKeyForm(sent if "billingKey" in sent else None)
    card = None
    if form.is_valid():
        try:
            card = gateway.card(form.cleaned_data["billingKey"])
        except NoAnswer:
            form.add_error(
                None, _("결제대행사가 응답하지 않습니다. 잠시 뒤 이 화면을 새로 고치세요.")
            )
        else:
            if card is None or card.company != request.company.pk:
                card = None
                form.add_error(None, _("등록되지 않은 카드입니다. 카드를 처음부터 등록하세요."))
    is_sent = request.method == "POST"
    if is_sent and card and _register(request, form, form.cleaned_data["billingKey"], card):
        return redirect("payment", request.company.pk)
    context = {"form": form, "card": card, "url": _card_url(request)}
    return render(request, "console/payment_card.html", context)


def _register(
    request: ConsoleRequest, form: MockCardForm | BillingKeyForm, billing_key: str, card: Card
) -> bool:
    with refusals(form), transaction.atomic():
        if form.claim(request.company.pk):
            operations.register_card(
                company_id=request.company.pk,
                billing_key=billing_key,
                brand=card.brand,
                last_four=card.last_four,
                today=request.today,
                by=request.by,
            )
            messages.success(request, _("카드를 등록했습니다. 이제 이 카드로 결제합니다."))
        return True
    return False


def _card_url(request: ConsoleRequest) -> str:
    """The gateway's page for this company; it comes back to this very address."""
    back = settings.CONSOLE_URL + request.link("payment_card")
    asked = {
        "storeId": settings.PORTONE_STORE_ID,
        "channelKey": settings.PORTONE_CHANNEL_KEY,
        "customerId": request.company.pk,
        "redirectUrl": back,
    }
    return f"{settings.PORTONE_CARD_URL}?{urlencode(asked)}"
