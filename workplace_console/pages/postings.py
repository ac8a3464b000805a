"""조직 관리: the departments of one employee, of other companies of the group too (겸직). R: F4."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from groupco import queries as groups
from groupco.models import Employee
from products import operations
from workplace_console.pages.departments import BESIDE, is_key
from workplace_console.pages.departments_forms import PostingForm
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest


def postings(request: ConsoleRequest) -> HttpResponse:
    """Where somebody works, by number; one more place, and an end of one. R: F4."""
    asked = request.GET.get("employee", "").replace("\0", "").strip()[:60]
    own = [request.company.pk]
    employee = groups.find_employee(request.company.pk, asked, own) if asked else None
    paths = _paths(request) if employee else {}
    form = PostingForm(request.POST if request.POST.get("act") == "post" else None, paths=paths)
    if employee and request.method == "POST" and (done := _act(request, employee, form)):
        messages.success(request, done)
        words = urlencode({"employee": employee.number})
        return redirect(f"{request.link('postings')}?{words}")
    context = {
        "asked": asked,
        "employee": employee,
        "postings": groups.postings_of([employee.pk]) if employee else [],
        "paths": paths,
        "form": form,
        "may_write": request.may("postings"),
        "links": {name: request.link(name) for name in ("departments", "postings")},
    }
    return render(request, "console/postings.html", context)


def _act(request: ConsoleRequest, employee: Employee, form: PostingForm) -> str:
    """Do what a button says; what to say about it, or nothing."""
    common: dict[str, Any] = {
        "company_id": request.company.pk,
        "today": request.today,
        "by": request.by,
    }
    ended = request.POST.get("posting", "")
    if request.POST.get("act") == "end" and is_key(ended):
        operations.end_posting(posting_id=int(ended), **common)
        return _("소속을 해제했습니다.")
    if form.is_valid():
        with refusals(form, **{**BESIDE, "no_such_department": "department"}):
            operations.post_employee(
                employee_id=employee.pk,
                department_id=form.cleaned_data["department"],
                title=form.cleaned_data["title"],
                is_main=form.cleaned_data["is_main"],
                **common,
            )
            return _("소속을 정했습니다.")
    return ""


def _paths(request: ConsoleRequest) -> dict[int, str]:
    """The departments of the group by path, those of other companies with the company's name."""
    companies = groups.charted(request.company.pk, request.today)
    names = {company.id: company.name for company in companies}
    found = groups.chart_departments(list(names))
    paths = groups.paths(found)
    own = {d.id: paths[d.id] for d in found if d.company == request.company.pk}
    return own | {d.id: f"{names[d.company]}: {paths[d.id]}" for d in found if d.id not in own}
