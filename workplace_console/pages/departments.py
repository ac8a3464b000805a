"""조직 관리: a company's departments and who works there. R: F4."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from groupco import queries as groups
from groupco.forms import DEPARTMENT_HEADINGS, decoded, read_departments_upload
from groupco.models import Department
from groupco.operations import DepartmentsReport
from groupco.rules import ChartCompany, Viewer, chart
from products import operations
from workplace_console.common.particles import fitted
from workplace_console.common.words import columns_in_words
from workplace_console.pages import tree
from workplace_console.pages.departments_forms import (
    DepartmentForm,
    DepartmentsUploadForm,
    PostForm,
)
from workplace_console.pages.paging import PAGE, page_number
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest

BESIDE: Final = {
    "bad_department_name": "name",
    "department_name_taken": "name",
    "bad_department_code": "code",
    "department_code_taken": "code",
    "department_below_itself": "parent",
    "no_such_department": "parent",
    "no_such_employee": "employee",
    "bad_title": "title",
}


@dataclass
class Desk:
    """What the page is about: the departments, the one that is open, and the forms."""

    departments: list[Department]
    paths: dict[int, str]
    here: Department | None
    add: DepartmentForm
    change: DepartmentForm | None
    post: PostForm
    refused: forms.Form


def departments(request: ConsoleRequest) -> HttpResponse:
    """The tree, and the department that is open in it; each button posts `act`. R: F4."""
    desk = _desk(request)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", "add"), _add)
        if done := act(request, desk):
            text, here = done
            messages.success(request, text)
            return redirect(_at(request, here))
    return render(request, "console/departments.html", _context(request, desk))


def _desk(request: ConsoleRequest) -> Desk:
    found = groups.departments(request.company.pk)
    known = {department.pk: department for department in found}
    asked = request.GET.get("at", "")
    here = known.get(int(asked)) if is_key(asked) else None
    paths = dict(groups.paths(groups.charted_departments(found)))
    act = request.POST.get("act", "add") if request.method == "POST" else ""
    change = None
    if here:
        change = DepartmentForm(
            request.POST if act == "change" else None,
            paths={pk: path for pk, path in paths.items() if pk != here.pk},
            initial={"name": here.name, "parent": here.parent_id or "", "code": here.code},
            prefix="change",
        )
    return Desk(
        departments=found,
        paths=paths,
        here=here,
        add=DepartmentForm(
            request.POST if act == "add" else None,
            paths=paths,
            initial={"parent": here.pk if here else ""},
        ),
        change=change,
        post=PostForm(request.POST if act == "post" else None, prefix="post"),
        refused=forms.Form({}),
    )


def _context(request: ConsoleRequest, desk: Desk) -> dict[str, Any]:
    own = ChartCompany(request.company.pk, request.company.name)
    charted = groups.charted_departments(desk.departments)
    lines = chart([own], charted, viewer=Viewer(own.id))
    at = str(desk.here.pk) if desk.here else own.id
    here = tree.find(lines, at, default=own.id)
    page = page_number(request)
    return {
        "desk": desk,
        "tree": tree.drawn(tree.branches(lines, here, lambda key: _at(request, key))),
        "count": len(desk.departments),
        "page": page,
        "may_write": request.may("departments"),
        "links": _links(request),
    } | _people(request, desk, page)


def _people(request: ConsoleRequest, desk: Desk, page: int) -> dict[str, Any]:
    """Who works at the open place; where none is open, who has no department."""
    skip = (page - 1) * PAGE
    if desk.here is None:
        own = [request.company.pk]
        found = groups.working_at(
            request.company.pk, None, own, request.today, skip=skip, most=PAGE
        )
        return {"without": found.some, "has_next": found.count > page * PAGE}
    within = groups.group_companies(request.company.pk, request.today)
    postings = groups.postings_in(desk.here.pk, within, request.today, skip=skip, most=PAGE + 1)
    return {"postings": postings[:PAGE], "has_next": len(postings) > PAGE}


Done = tuple[str, int | None] | None


def _add(request: ConsoleRequest, desk: Desk) -> Done:
    form = desk.add
    if form.is_valid():
        with refusals(form, **BESIDE):
            made = operations.add_department(**_common(request), **_said(form))
            return fitted(_("%(name)s을(를) 추가했습니다.") % {"name": made.name}), made.pk
    return None


def _change(request: ConsoleRequest, desk: Desk) -> Done:
    if desk.here and desk.change and desk.change.is_valid():
        with refusals(desk.change, **BESIDE):
            operations.change_department(
                **_common(request), department_id=desk.here.pk, **_said(desk.change)
            )
            return _("부서를 바꿨습니다."), desk.here.pk
    return None


def _shift(request: ConsoleRequest, desk: Desk) -> Done:
    if desk.here:
        with refusals(desk.refused):
            operations.shift_department(
                **_common(request),
                department_id=desk.here.pk,
                up=request.POST.get("act") == "up",
            )
            return _("순서를 바꿨습니다."), desk.here.pk
    return None


def _delete(request: ConsoleRequest, desk: Desk) -> Done:
    if desk.here:
        with refusals(desk.refused):
            operations.delete_department(**_common(request), department_id=desk.here.pk)
            name = {"name": desk.here.name}
            return fitted(_("%(name)s을(를) 삭제했습니다.") % name), desk.here.parent_id
    return None


def _post(request: ConsoleRequest, desk: Desk) -> Done:
    form = desk.post
    if desk.here and form.is_valid():
        called, within = (
            form.cleaned_data["employee"],
            groups.group_companies(request.company.pk, request.today),
        )
        employee = groups.find_employee(request.company.pk, called, within)
        with refusals(form, **BESIDE):
            operations.post_employee(
                **_common(request),
                employee_id=employee.pk if employee else 0,
                department_id=desk.here.pk,
                title=form.cleaned_data["title"],
                is_main=form.cleaned_data["is_main"],
            )
            return _("소속을 정했습니다."), desk.here.pk
    return None


def _end(request: ConsoleRequest, desk: Desk) -> Done:
    posting = request.POST.get("posting", "")
    if desk.here and is_key(posting):
        with refusals(desk.refused):
            operations.end_posting(**_common(request), posting_id=int(posting))
            return _("소속을 해제했습니다."), desk.here.pk
    return None


ACTS: Final[dict[str, Callable[[ConsoleRequest, Desk], Done]]] = {
    "add": _add,
    "change": _change,
    "up": _shift,
    "down": _shift,
    "delete": _delete,
    "post": _post,
    "end": _end,
}


def departments_import(request: ConsoleRequest) -> HttpResponse:
    """CSV 등록: a file, what it would do, and then doing it. Nothing is kept in between."""
    posted = request.POST if request.method == "POST" else None
    form = DepartmentsUploadForm(posted, request.FILES or None)
    columns = columns_in_words(DEPARTMENT_HEADINGS)
    context: dict[str, Any] = {"form": form, "columns": columns, "links": _links(request)}
    if form.is_valid():
        with refusals(form, bad_roster="file"):
            content = form.content()
            rows = read_departments_upload(content, company_id=request.company.pk)
            if request.POST.get("act") == "apply":
                report = operations.import_departments(rows=rows, **_common(request))
                messages.success(request, _told(report))
                return redirect(request.link("departments"))
            with transaction.atomic():
                context["report"] = operations.import_departments(rows=rows, **_common(request))
                transaction.set_rollback(True)
            context["roster"] = decoded(content)
    return render(request, "console/departments_import.html", context)


def _told(report: DepartmentsReport) -> str:
    return _("새 부서 %(departments)s개, 새 소속 %(postings)s건, 바뀐 것 %(changed)s건입니다.") % {
        "departments": report.departments,
        "postings": report.postings,
        "changed": report.changed + report.recoded,
    }


def is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _said(form: DepartmentForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {"name": data["name"], "parent_id": data["parent"], "code": data["code"]}


def _at(request: ConsoleRequest, here: int | str | None) -> str:
    url = request.link("departments")
    return f"{url}?at={here}" if here and here != request.company.pk else url


def _links(request: ConsoleRequest) -> dict[str, str]:
    names = ("departments", "departments_import", "postings")
    return {name: request.link(name) for name in names}


def _common(request: ConsoleRequest) -> dict[str, Any]:
    return {"company_id": request.company.pk, "today": request.today, "by": request.by}
