"""Why people's data is taken away as a file: asked before it leaves, kept with who took it. R: H2.

A link that says nothing about it still works where EXPORT_REASON_REQUIRED is off.
"""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workplace_console.common.accesses import Reason
from workplace_console.common.forms import ConsoleForm
from workplace_console.pages.request import CompanyRequest


class ReasonForm(ConsoleForm):
    """One out of a short list, so that nobody writes down whom it is about."""

    reason = forms.ChoiceField(
        label=_("내려받는 사유"), choices=[("", _("고르세요")), *Reason.choices]
    )


def ask(request: CompanyRequest, *, title: Promise, back: str) -> HttpResponse | None:
    """A page that asks; None when it was said, or need not be. `title` is the button's, too."""
    given = request.POST if request.method == "POST" else request.GET
    if "reason" not in given and not settings.EXPORT_REASON_REQUIRED:
        return None
    form = ReasonForm(given if given.get("reason") else None)
    if form.is_valid():
        request.reason = form.cleaned_data["reason"]
        return None
    context = {
        "base": request.base_template,
        "form": form,
        "title": title,
        "method": "post" if request.method == "POST" else "get",
        "back": back,
    }
    return render(request, "console/reason.html", context)
