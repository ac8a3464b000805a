"""The way in: where `/` leads, and what employees can ask for."""

from __future__ import annotations

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from groupco import operations
from groupco import queries as groups
from groupco.models import User
from products import queries as products
from workplace_console.common import clock
from workplace_console.pages import closed, throttles
from workplace_console.pages.forms import ChangeRequestForm, too_many_sentence
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import CompanyRequest


def home(request: HttpRequest) -> HttpResponse:
    """To the dashboard of the company whose admin one became first; employees to the page that
    says who may go there."""
    if not isinstance(request.user, User):
        return redirect("login")
    admins = sorted(groups.admin_of(request.user.pk), key=lambda admin: admin.pk)
    companies = [admin.company for admin in admins]
    companies = companies or groups.employers_of(request.user.pk, clock.today())
    for company in companies:
        standing = products.standing(company.pk, clock.today())
        if standing and standing.is_active:
            return redirect("dashboard", company.pk)
    if request.user.is_staff:
        return redirect("admin:index")
    if companies:
        return redirect("dashboard", companies[0].pk)
    return closed.nowhere_to_go(request)


def change_request(request: CompanyRequest) -> HttpResponse:
    """변경 요청: an employee asks the console admins. R: A1."""
    form = ChangeRequestForm(request.POST)
    if form.is_valid():
        if seconds := throttles.REQUESTS.hit(str(request.user.pk)):
            form.add_error(None, too_many_sentence(seconds))
        with refusals(form, bad_change_request="text"):
            if not form.errors:
                operations.request_change(
                    company_id=request.company.pk,
                    user=request.user,
                    text=form.cleaned_data["text"],
                    today=request.today,
                    by=request.by,
                )
    if form.errors:
        return closed.not_an_admin(request, form)
    messages.success(request, _("콘솔 관리자에게 변경 요청을 보냈습니다."))
    return render(request, "closed/request_sent.html", {"company": request.company})


def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while this process can serve and reach its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
