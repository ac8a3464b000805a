"""결제수단 관리: where bills are mailed to. R: E10."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from groupco import operations
from groupco import queries as groups
from workplace_console.pages import address_forms
from workplace_console.pages.address_forms import AddressesForm
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest


def payment(request: ConsoleRequest) -> HttpResponse:
    """Each form of the page posts to it."""
    addresses = AddressesForm(
        request.POST if request.method == "POST" else None,
        told=groups.topics_of_addresses(request.company.pk),
    )
    if _save_addresses(request, addresses):
        return redirect("payment", request.company.pk)
    context = {
        "addresses": addresses,
        "may_write": request.may("payment"),
        "may_test": request.may("deliveries"),
    }
    return render(request, "console/payment.html", context)


def _save_addresses(request: ConsoleRequest, form: AddressesForm) -> bool:
    if not form.is_valid() or form.is_stale():
        return False
    with refusals(form, **address_forms.BESIDE):
        operations.set_billing_addresses(
            company_id=request.company.pk,
            billing_addresses=form.cleaned_data["billing_addresses"],
            topics=form.topics(),
            today=request.today,
            by=request.by,
        )
        messages.success(request, _("이용 요금 안내 주소를 저장했습니다."))
    return not form.errors
