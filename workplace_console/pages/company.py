"""회사 정보: the buyer's details, and where bills are mailed to. R: E10, E12."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from groupco import operations
from groupco import queries as groups
from workplace_console.pages.company_forms import CompanyForm
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest

BESIDE: Final = {
    "bad_company_name": "name",
    "bad_business_number": "business_number",
    "bad_representative": "representative",
    "bad_address": "address",
    "bad_business_type": "business_type",
    "bad_business_item": "business_item",
    "too_many_billing_addresses": "billing_addresses",
}


def company(request: ConsoleRequest) -> HttpResponse:
    now = CompanyForm.values(request.company, groups.billing_addresses(request.company.pk))
    seen = _fingerprint(now)
    form = CompanyForm(
        request.POST if request.method == "POST" else None, initial=now | {"seen": seen}
    )
    if form.is_valid():
        if form.cleaned_data["seen"] not in ("", seen):
            form.add_error(
                None,
                _(
                    "그사이 다른 관리자가 회사 정보를 바꿨습니다. "
                    "아래 내용을 확인하고 다시 저장하세요."
                ),
            )
            form.data = request.POST.copy()
            form.data["seen"] = seen
        else:
            with refusals(form, **BESIDE):
                operations.update_company(
                    company_id=request.company.pk,
                    details=form.details(),
                    billing_addresses=form.cleaned_data["billing_addresses"],
                    today=request.today,
                    by=request.by,
                )
        if not form.errors:
            messages.success(request, _("회사 정보를 저장했습니다."))
            return redirect("company", request.company.pk)
    context = {"form": form, "values": now, "may_write": request.may("company")}
    return render(request, "console/company.html", context)


def _fingerprint(values: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
