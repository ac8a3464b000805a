"""로그인, 로그아웃, 비밀번호 재설정, 초대, and the language. R: A1–A6."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from groupco import operations, sessions
from groupco import queries as groups
from groupco.models import User
from products import queries as products
from workplace_console import password_reset
from workplace_console.common import clock
from workplace_console.pages import devices, password_again, second_step, throttles
from workplace_console.pages.client import client_address
from workplace_console.pages.closed import why_blocked
from workplace_console.pages.forms import (
    AcceptAsUserForm,
    AcceptForm,
    NewPasswordForm,
    ResetForm,
    SignInForm,
)
from workplace_console.pages.refusals import refusals
from workplace_console.pages.second_factor_forms import SecondStepForm


def login(request: HttpRequest) -> HttpResponse:
    """Sign-in at the console: admins and support staff get on, employees are told who does."""
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(wanted(request))
    form = sign_in_form(request)
    if form.is_valid() and form.user:
        if why := _why_shut_out(form.user, clock.today()):
            form.add_error(None, why)
        else:
            return let_in(request, form.user, HttpResponseRedirect(wanted(request)))
    context = {
        "form": form,
        "next": request.GET.get("next"),
        "company_host": f"{{{_('회사 id')}}}.{settings.COMPANY_DOMAIN}",
    }
    return render(request, "door/login.html", context)


def sign_in_form(request: HttpRequest) -> SignInForm:
    """The form, filled in by a POST; `email` does as a name for the field, too."""
    if request.method != "POST":
        return SignInForm(request)
    data = request.POST.copy()
    if "login" not in data and "email" in data:
        data["login"] = request.POST["email"]
    return SignInForm(request, data)


def let_in(request: HttpRequest, user: User, response: HttpResponseRedirect) -> HttpResponse:
    """The password was right: in, or first to the second step. R: A5, A6."""
    if second_step.is_asked(request, user):
        return second_step.begin(request, user, onward=response.url)
    return _begin(request, user, response)


def second_step_page(request: HttpRequest) -> HttpResponse:
    """The second factor of somebody whose password was right. R: A6."""
    user, onward = second_step.pending(request)
    if user is None:
        return redirect("login")
    form = SecondStepForm(request, user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        del request.session[second_step.PENDING]
        response = _begin(request, user, HttpResponseRedirect(onward))
        request.session[password_again.HAS_SECOND] = True
        return response
    context = {"form": form, "passkey": form.ask_passkey(), "email": user.email}
    return render(request, "door/second_step.html", context)


def _begin(request: HttpRequest, user: User, response: HttpResponse) -> HttpResponse:
    """Begin a session, on this host only, in the user's language. R: A5."""
    auth.login(request, user)
    sessions.begin(
        request.session,
        host=request.get_host(),
        address=client_address(request),
        agent=devices.agent(request),
        at=timezone.now(),
    )
    password_again.stamp(request.session)
    devices.greet(request, response, user)
    return speak(response, user.language)


def logout(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect("login")


def language(request: HttpRequest) -> HttpResponse:
    """Switch between Korean and English; for a user, for good. R: H3."""
    response = HttpResponseRedirect(wanted(request))
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, User):
        operations.set_language(user=request.user, language=chosen)
    return speak(response, chosen)


def reset(request: HttpRequest) -> HttpResponse:
    """Send a mail with which a new password is set. The answer never says who is known here."""
    form = ResetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        if throttles.may_mail(request, email):
            company_id = request.company_of_host  # type: ignore[attr-defined]
            password_reset.send(email=email, company_id=company_id, today=clock.today())
        return render(request, "door/reset_sent.html", {"email": email})
    return render(request, "door/reset.html", {"form": form})


def reset_set(request: HttpRequest, token: str) -> HttpResponse:
    """Set the new password, with a token out of a mail; it serves once, and for an hour."""
    user = password_reset.user_of(token)
    if user is None:
        return render(request, "door/reset_void.html", status=410)
    form = NewPasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        operations.set_password(user=user, password=form.cleaned_data["password"])
        messages.success(request, _("비밀번호를 바꿨습니다. 새 비밀번호로 로그인하세요."))
        return redirect("login")
    return render(request, "door/reset_set.html", {"form": form, "email": user.email})


def invite(request: HttpRequest, token: str) -> HttpResponse:
    """Become console admin by an invitation: with a new password, or with the one there is."""
    invitation = groups.find_invitation(token, clock.today())
    if invitation is None:
        return render(request, "door/invite_void.html", status=410)
    known = _user_with_password(invitation.email)
    data = request.POST if request.method == "POST" else None
    form: AcceptAsUserForm | AcceptForm
    if known:
        form = AcceptAsUserForm(request, known, data)
    else:
        form = AcceptForm(User(email=invitation.email), data)
    if form.is_valid():
        with refusals(form):
            user = operations.accept_invitation(
                token=token,
                password="" if known else form.cleaned_data["password"],
                name=form.cleaned_data.get("name", ""),
                today=clock.today(),
                address=client_address(request),
            )
        if not form.errors:
            onward = reverse("dashboard", kwargs={"company": invitation.company_id})
            return let_in(request, user, HttpResponseRedirect(onward))
    context = {"form": form, "invitation": invitation, "is_known": known is not None}
    return render(request, "door/invite.html", context)


def _user_with_password(email: str) -> User | None:
    user = groups.user(email)
    return user if user and user.has_usable_password() else None


def _why_shut_out(user: User, today: date) -> str | None:
    """Why a user can't sign in although the password is right: all their companies are blocked."""
    run = [admin.company for admin in groups.admin_of(user.pk)]
    companies = run + groups.employers_of(user.pk, today)
    if user.is_staff or not companies:
        return None
    standings = products.standings([company.pk for company in companies], today)
    is_admin_somewhere = any(
        (standing := standings.get(company.pk)) and standing.opens_for_admins for company in run
    )
    if is_admin_somewhere or any(standing.is_active for standing in standings.values()):
        return None
    return why_blocked(companies[0], standings.get(companies[0].pk))


def wanted(request: HttpRequest) -> str:
    """Where to go afterwards: what the form or address says, if it is one of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours and asked.startswith("/") else "/"


def speak(response: HttpResponse, code: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
