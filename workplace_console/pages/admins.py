"""관리자: console admins, their roles, and invitations. R: A5, A6."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from groupco import operations
from groupco import queries as groups
from groupco.choices import Role
from workplace_console.pages import throttles
from workplace_console.pages.company_forms import AdminForm, InviteForm, RoleForm
from workplace_console.pages.forms import too_many_sentence
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest

ROLES: Final = (
    (Role.OWNER, lazy("모든 일을 하고 다른 관리자를 정합니다")),
    (Role.BILLING, lazy("모두 보고, 요금과 청구와 결제를 관리합니다")),
    (Role.VIEWER, lazy("모두 보기만 합니다")),
)


def admins(request: ConsoleRequest) -> HttpResponse:
    """The list, and what its buttons do: each posts `act` and what it is about."""
    form: forms.Form = InviteForm()
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", "invite"), _invite)
        form, done = act(request)
        if done:
            messages.success(request, done)
            is_out = not groups.admin_of_company(request.user.pk, request.company.pk)
            return redirect("/") if is_out else redirect("admins", request.company.pk)
    found = groups.admins(request.company.pk)
    context = {
        "admins": found,
        "owners": sum(admin.role == Role.OWNER for admin in found),
        "invitations": groups.invitations(request.company.pk),
        "form": form if isinstance(form, InviteForm) else InviteForm(),
        "refused": None if isinstance(form, InviteForm) else form,
        "roles": ROLES,
        "may_write": request.may("admins"),
    }
    return render(request, "console/admins.html", context)


Done = tuple[forms.Form, str]


def _invite(request: ConsoleRequest) -> Done:
    form = InviteForm(request.POST)
    if form.is_valid():
        if seconds := throttles.INVITATIONS.hit(request.company.pk):
            form.add_error(None, too_many_sentence(seconds))
            return form, ""
        with refusals(form, already_admin="email"):
            operations.invite_admin(**_common(request), **form.cleaned_data)
            return form, _("%(email)s에 초대 메일을 보냈습니다.") % {
                "email": form.cleaned_data["email"]
            }
    return form, ""


def _change_role(request: ConsoleRequest) -> Done:
    form = RoleForm(request.POST)
    if form.is_valid():
        with refusals(form):
            operations.change_role(
                **_common(request),
                admin_id=form.cleaned_data["admin"],
                role=form.cleaned_data["role"],
            )
            return form, _("역할을 바꿨습니다.")
    return form, ""


def _remove(request: ConsoleRequest) -> Done:
    form = AdminForm(request.POST)
    if form.is_valid():
        with refusals(form):
            operations.remove_admin(**_common(request), admin_id=form.cleaned_data["admin"])
            return form, _("콘솔 관리자에서 제외했습니다.")
    return form, ""


def _withdraw(request: ConsoleRequest) -> Done:
    form = AdminForm(request.POST)
    if form.is_valid():
        operations.withdraw_invitation(**_common(request), invitation_id=form.cleaned_data["admin"])
        return form, _("초대를 취소했습니다.")
    return form, ""


ACTS: Final[dict[str, Callable[[ConsoleRequest], Done]]] = {
    "invite": _invite,
    "role": _change_role,
    "remove": _remove,
    "withdraw": _withdraw,
}


def _common(request: ConsoleRequest) -> dict[str, Any]:
    return {"company_id": request.company.pk, "today": request.today, "by": request.by}
