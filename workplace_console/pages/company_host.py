"""A company's own host: employees sign in. R: A2."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from groupco import queries as groups
from groupco.models import Company
from groupco.operations import note_sign_in
from products import queries as products
from workplace_console.common import clock
from workplace_console.common.words import in_words
from workplace_console.pages import door
from workplace_console.pages.closed import why_blocked


def entrance(request: HttpRequest) -> HttpResponse:
    """Sign-in; afterwards what an employee can do here. A blocked company says why instead."""
    company = groups.company(request.company_of_host)  # type: ignore[attr-defined]
    today = clock.today()
    if company is None:
        return _gone(request)
    standing = products.standing(company.pk, today)
    if standing is None or not standing.is_active:
        context = {"company": company, "why": why_blocked(company, standing)}
        return render(request, "closed/blocked.html", context, status=403)
    if request.method == "GET" and request.user.is_authenticated:
        employee = groups.employee_of(request.user.pk, company.pk, today)
        if employee:
            context = {"company": company, "employee": employee}
            return render(request, "company_host/home.html", context)
    return _sign_in(request, company)


def _gone(request: HttpRequest) -> HttpResponse:
    """A company that is deleted has no name any more, but people who look for it. R: A2."""
    record = products.deletion(request.company_of_host)  # type: ignore[attr-defined]
    if record is None or record.done_on is None:
        raise Http404
    why = _("%(company)s의 이용이 끝나 %(day)s에 모든 데이터를 삭제했습니다.") % {
        "company": record.company,
        "day": in_words(record.done_on),
    }
    return render(request, "closed/blocked.html", {"why": why}, status=403)


def _sign_in(request: HttpRequest, company: Company) -> HttpResponse:
    form = door.sign_in_form(request)
    if form.is_valid() and form.user:
        if employee := groups.employee_of(form.user.pk, company.pk, clock.today()):
            note_sign_in(employee=employee, today=clock.today())
            return door.let_in(request, form.user, HttpResponseRedirect(door.wanted(request)))
        form.add_error(
            None,
            _(
                "%(company)s의 사원으로 등록되어 있지 않습니다. "
                "사내 WORKPLACE 관리자에게 등록을 요청하세요."
            )
            % {"company": company.name},
        )
    context = {"form": form, "company": company, "next": request.GET.get("next")}
    return render(request, "company_host/login.html", context)
