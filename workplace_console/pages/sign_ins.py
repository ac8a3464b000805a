"""로그인한 곳: one's own sessions, and signing out of them from here. R: A5."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from groupco import operations, sessions
from groupco import queries as groups
from workplace_console.pages.request import SignedInRequest


def sign_ins(request: SignedInRequest) -> HttpResponse:
    """The list; of one session, or of all but the one at hand, the end."""
    if request.method == "POST":
        return _end(request)
    context = {
        "sign_ins": groups.sign_ins(request.user.pk, timezone.now()),
        "here": sessions.handle(request.session.session_key or ""),
    }
    return render(request, "door/sign_ins.html", context)


def _end(request: SignedInRequest) -> HttpResponse:
    common: dict[str, Any] = {"user": request.user, "today": request.today, "by": request.by}
    if request.POST.get("act") == "end_others":
        operations.end_other_sign_ins(but=request.session.session_key or "", **common)
        messages.success(request, _("다른 곳의 로그인을 모두 끊었습니다."))
    elif operations.end_sign_in(handle=request.POST.get("sign_in", ""), **common):
        messages.success(request, _("로그인을 끊었습니다."))
    return redirect("sign_ins")
