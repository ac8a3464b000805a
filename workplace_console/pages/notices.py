"""알림: what the console has told the company. R: H1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages as toasts
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from groupco import operations
from workplace_console.common import messages
from workplace_console.pages.paging import PAGE, page_number
from workplace_console.pages.request import ConsoleRequest


@dataclass(frozen=True)
class Shown:
    """A notice in words."""

    on: date
    title: str
    body: str
    is_unread: bool


def notices(request: ConsoleRequest) -> HttpResponse:
    """All notices, newest first; 모두 읽음 reads them for this admin only."""
    if request.method == "POST":
        newest = messages.newest(request.company.pk, most=1)
        if newest:
            operations.mark_notices_read(admin_id=request.admin.pk, up_to=newest[0].pk)
        toasts.success(request, _("모든 알림을 읽음으로 표시했습니다."))
        return redirect("notices", request.company.pk)
    page = page_number(request)
    found = messages.newest(request.company.pk, most=PAGE + 1, skip=(page - 1) * PAGE)
    shown = []
    for notice in found[:PAGE]:
        text = messages.text_of(notice)
        is_unread = notice.pk > request.admin.notices_read_to
        shown.append(Shown(notice.on, text.title, text.body, is_unread))
    context = {"notices": shown, "page": page, "has_next": len(found) > PAGE}
    return render(request, "console/notices.html", context)
