"""내 계정: one's name, language and password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from groupco import operations
from groupco import queries as groups
from workplace_console.pages import door, password_again
from workplace_console.pages.forms import ChangePasswordForm, ProfileForm
from workplace_console.pages.request import SignedInRequest


def account(request: SignedInRequest) -> HttpResponse:
    user = request.user
    act = request.POST.get("act", "")
    initial = {"name": user.name, "language": user.language}
    profile = ProfileForm(request.POST if act == "profile" else None, initial=initial)
    password = ChangePasswordForm(request, user, request.POST if act == "password" else None)
    if profile.is_valid():
        operations.set_profile(user=user, **profile.cleaned_data)
        messages.success(request, _("내 정보를 저장했습니다."))
        return door.speak(redirect("account"), profile.cleaned_data["language"])
    if password.is_valid():
        operations.set_password(
            user=user,
            password=password.cleaned_data["password"],
            keep=request.session.session_key or "",
        )
        update_session_auth_hash(request, user)
        password_again.stamp(request.session)
        messages.success(request, _("비밀번호를 바꿨습니다. 다른 곳의 로그인은 끊었습니다."))
        return redirect("account")
    context = {"profile": profile, "password": password, "companies": groups.admin_of(user.pk)}
    return render(request, "door/account.html", context)
