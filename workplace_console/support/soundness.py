"""자체 점검: what the console finds wrong with its own data, now. R: I5."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from workplace_console import self_check
from workplace_console.support.base import Table
from workplace_console.support.request import StaffRequest


def soundness(request: StaffRequest) -> HttpResponse:
    """Every check but the books, which take long and are counted each night anyway."""
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    found = self_check.run(today=request.today, with_books=False)
    rows = [(str(f.says), f.company, f.where, f.check) for f in found]
    heads = [_("무엇이"), _("회사 id"), _("어디서"), _("점검")]
    context = {"tables": [Table(_("어긋난 것"), heads, rows, empty=_("모두 맞습니다."))]}
    return TemplateResponse(request, "support/self_check.html", context)
