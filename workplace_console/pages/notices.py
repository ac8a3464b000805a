"""알림: what the console has told the company. R: H1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages as toasts
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from groupco import operations
from workplace_console.common import messages
from workplace_console.common.forms import ConsoleForm
from workplace_console.common.models import Notice
from workplace_console.pages.notice_kinds import About, kinds_about, link_of
from workplace_console.pages.paging import PAGE, page_number
from workplace_console.pages.request import ConsoleRequest

UNREAD: Final = "unread"


class FilterForm(ConsoleForm):
    """What about, read or not, in which order; everything may be left out."""

    about = forms.ChoiceField(
        label=lazy("무엇을"), required=False, choices=[("", lazy("모두")), *About.choices]
    )
    show = forms.ChoiceField(
        label=lazy("읽음"),
        required=False,
        choices=[("", lazy("모두")), (UNREAD, lazy("안 읽은 것만"))],
    )
    sort = forms.ChoiceField(
        label=lazy("차례"),
        required=False,
        choices=[("", lazy("새것부터")), ("on", lazy("오래된 것부터"))],
    )

    def told(self, request: ConsoleRequest, *, skip: int, most: int) -> list[Notice]:
        """What the filter lets through; nothing while it is not in order."""
        if not self.is_valid():
            return []
        about, show, sort = (self.cleaned_data[name] for name in ("about", "show", "sort"))
        return messages.told(
            request.company.pk,
            kinds=kinds_about(about) if about else None,
            after=request.admin.notices_read_to if show == UNREAD else 0,
            sort=sort or messages.NEWEST_FIRST,
            skip=skip,
            most=most,
        )


@dataclass(frozen=True)
class Shown:
    """A notice in words, and where one goes on from it."""

    on: date
    title: str
    body: str
    is_unread: bool
    url: str


def notices(request: ConsoleRequest) -> HttpResponse:
    """All notices, or some of them; 모두 읽음 reads them all, for this admin only."""
    if request.method == "POST":
        newest = messages.newest(request.company.pk, most=1)
        if newest:
            operations.mark_notices_read(admin_id=request.admin.pk, up_to=newest[0].pk)
        toasts.success(request, _("모든 알림을 읽음으로 표시했습니다."))
        return redirect("notices", request.company.pk)
    page, form = page_number(request), FilterForm(request.GET)
    found = form.told(request, skip=(page - 1) * PAGE, most=PAGE + 1)
    context: dict[str, Any] = {
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "notices": [_shown(notice, request) for notice in found[:PAGE]],
        "page": page,
        "has_next": len(found) > PAGE,
    }
    return render(request, "console/notices.html", context)


def _shown(notice: Notice, request: ConsoleRequest) -> Shown:
    text = messages.text_of(notice)
    is_unread = notice.pk > request.admin.notices_read_to
    return Shown(notice.on, text.title, text.body, is_unread, link_of(notice, request))
