"""Pages that say no: who may come in instead, and what to do. R: A1, A2, A6."""

from __future__ import annotations

import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from groupco import queries as groups
from groupco.models import Company
from products.rules import Standing
from workplace_console.common.particles import fitted
from workplace_console.common.refusal import Refused
from workplace_console.common.words import in_words, sentence
from workplace_console.pages.forms import ChangeRequestForm
from workplace_console.pages.request import CompanyRequest

# What a database that is away, full or overrun raises; all of it passes.
DATABASE_AWAY: Final = (OperationalError, InterfaceError)
RETRY_AFTER: Final = "10"  # seconds


def not_an_admin(request: CompanyRequest, form: ChangeRequestForm | None = None) -> HttpResponse:
    """For employees: who the console admins are (masked), and a way to ask them. R: A1."""
    context = {
        "company": request.company,
        "admins": groups.masked_admins(request.company.pk),
        "form": form or ChangeRequestForm(),
    }
    return render(request, "closed/not_an_admin.html", context, status=403)


def nowhere_to_go(request: HttpRequest) -> HttpResponse:
    """For a user who belongs to no company at all."""
    return render(request, "closed/nowhere_to_go.html", status=403)


def role_does_not_reach(request: CompanyRequest) -> HttpResponse:
    """For admins whose role, or employees whose task, doesn't include this. R: A6."""
    context = {"owners": groups.masked_admins(request.company.pk, only_owners=True)}
    return render(request, "closed/role.html", context, status=403)


def blocked(request: CompanyRequest) -> HttpResponse:
    """For the users of a company that is neither in trial nor paid. R: A2, B6."""
    context = {"why": why_blocked(request.company, request.standing)}
    return render(request, "closed/blocked.html", context, status=403)


def why_blocked(company: Company, standing: Standing | None) -> str:
    """Why nobody of a company can sign in, as a sentence. R: A2."""
    if standing and standing.terminated_on:
        told = _("%(company)s은(는) %(day)s에 해지되어 로그인이 막혔습니다.")
        day = in_words(standing.terminated_on)
        return fitted(told % {"company": company.name, "day": day})
    if standing is None or standing.day <= standing.trial_ends_on:
        return fitted(_("%(company)s은(는) 이용 중인 회사가 아닙니다.") % {"company": company.name})
    return _("%(company)s의 무료 체험이 %(day)s에 끝나 로그인이 막혔습니다.") % {
        "company": company.name,
        "day": in_words(standing.trial_ends_on),
    }


def refused(request: HttpRequest, no: Refused) -> HttpResponse:
    """For a refusal that no form was there to show; nothing was changed."""
    return render(request, "closed/refused.html", {"why": sentence(no)}, status=409)


def out_of_order(_request: HttpRequest) -> HttpResponse:
    """For what is our fault: 503 while the database can't be asked, else 500. Nothing was changed.

    Django calls it while it handles the exception. The page must need nothing: no database.
    """
    if isinstance(sys.exception(), DATABASE_AWAY):
        headers = {"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
        return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
    return HttpResponse(render_to_string("500.html"), status=500)
