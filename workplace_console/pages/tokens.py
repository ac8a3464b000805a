"""API 토큰 of a company: its owners issue and withdraw them, its other admins see them. R: H4."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from groupco import operations as groups_do
from groupco import queries as groups
from groupco.choices import Scope
from groupco.models import ApiToken
from products import operations as products
from workplace_console.pages.company_forms import IssueForm, TokenForm
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest

BESIDE: Final = {"bad_token_name": "name", "no_scope": "scopes"}


def tokens(request: ConsoleRequest) -> HttpResponse:
    """The list, a new one (which is shown once, in the answer to its form), and withdrawing."""
    if request.method == "POST" and request.POST.get("act") == "withdraw":
        return _withdraw(request)
    form = IssueForm(request.POST if request.method == "POST" else None)
    secret = ""
    if form.is_valid():
        with refusals(form, **BESIDE):
            secret = _issue(request, form)
            if not secret:
                form.add_error(
                    None, _("이미 발급했습니다. 토큰을 잃었다면 철회하고 새로 발급하세요.")
                )
    context = {
        "form": IssueForm() if secret else form,
        "secret": secret,
        "tokens": [_shown(token) for token in groups.tokens(request.company.pk)],
        "may_write": request.may("tokens"),
    }
    response = render(request, "console/tokens.html", context)
    response["Cache-Control"] = "no-store"
    return response


@transaction.atomic
def _issue(request: ConsoleRequest, form: IssueForm) -> str:
    """The token, as it is shown this once; empty when this form has had its own."""
    if not form.claim(request.company.pk):
        return ""
    issued = products.issue_token(
        name=form.cleaned_data["name"], scopes=form.cleaned_data["scopes"], **_common(request)
    )
    return issued.secret


def _withdraw(request: ConsoleRequest) -> HttpResponse:
    form = TokenForm(request.POST)
    if form.is_valid() and groups_do.withdraw_token(
        token_id=form.cleaned_data["token"], **_common(request)
    ):
        messages.success(request, _("토큰을 철회했습니다. 이제 쓸 수 없습니다."))
    return redirect("tokens", request.company.pk)


def _shown(token: ApiToken) -> dict[str, Any]:
    """A token and the words for its scopes."""
    return {"token": token, "scopes": ", ".join(str(Scope(s).label) for s in token.scopes)}


def _common(request: ConsoleRequest) -> dict[str, Any]:
    return {"company_id": request.company.pk, "today": request.today, "by": request.by}
