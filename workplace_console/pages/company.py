"""회사 정보: the buyer's details, and where bills are mailed to. R: E10, E12."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from groupco import operations
from groupco import queries as groups
from workplace_console.pages import address_forms
from workplace_console.pages.company_forms import CompanyForm
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest

BESIDE: Final = address_forms.BESIDE | {
    "bad_company_name": "name",
    "bad_business_number": "business_number",
    "bad_representative": "representative",
    "bad_address": "address",
    "bad_business_type": "business_type",
    "bad_business_item": "business_item",
}


def company(request: ConsoleRequest) -> HttpResponse:
    form = CompanyForm(
        request.POST if request.method == "POST" else None,
        company=request.company,
        told=groups.topics_of_addresses(request.company.pk),
    )
    if form.is_valid() and not form.is_stale():
        with refusals(form, **BESIDE):
            operations.update_company(
                company_id=request.company.pk,
                details=form.details(),
                billing_addresses=form.cleaned_data["billing_addresses"],
                topics=form.topics(),
                today=request.today,
                by=request.by,
            )
        if not form.errors:
            messages.success(request, _("회사 정보를 저장했습니다."))
            return redirect("company", request.company.pk)
    context = {
        "form": form,
        "may_write": request.may("company"),
        "may_test": request.may("deliveries"),
    }
    return render(request, "console/company.html", context)
