"""사원 검색 at a company's own host: the group by words, and its chart by scope. R: F4, F5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from groupco import queries as groups
from groupco.queries import People, Someone
from groupco.rules import ChartCompany
from products.rules import may_mail
from workplace_console.common.forms import ConsoleForm
from workplace_console.pages import people_drawn, tree
from workplace_console.pages.paging import page_number
from workplace_console.pages.request import HostRequest

PAGE: Final = 15

# What people are picked for, as the session keeps it.
APPROVER: Final = "approver"
RECIPIENT: Final = "recipient"
MOST_PICKED: Final = 50
PICKS: Final = "picks"


class PeopleForm(ConsoleForm):
    q = forms.CharField(
        label=lazy("이름, 회사, 부서, 직위, 메일, 초성"), max_length=100, required=False
    )


def people(request: HostRequest) -> HttpResponse:
    """검색 결과 or 조직도, and beside it who was picked. R: F5."""
    if request.method == "POST":
        _pick(request)
        return redirect(request.get_full_path())
    companies = groups.charted(request.company.pk, request.today)
    ids = [company.id for company in companies]
    form = PeopleForm(request.GET)
    asked = form.cleaned_data["q"].strip() if form.is_valid() else ""
    page = page_number(request)
    is_chart = request.GET.get("tab") == "chart"
    show = _chart if is_chart else _results
    found = show(request, companies, asked, page)
    context = {
        "base": request.base_template,
        "form": form,
        "asked": asked,
        "companies": len(ids),
        "is_chart": is_chart,
        "tabs": _tabs(request, asked, is_chart=is_chart),
        "page": page,
        "may_mail": may_mail(request.standing),
        "picked": _picked(request, ids),
        "all_url": request.link("people"),
    }
    return render(request, "company_host/people.html", context | found)


def _results(
    request: HostRequest, companies: Sequence[ChartCompany], asked: str, page: int
) -> dict[str, Any]:
    """Who is found in the whole group, whatever the scope."""
    if not asked:
        return {"people": None}
    found = groups.search(
        [company.id for company in companies],
        asked,
        request.today,
        skip=(page - 1) * PAGE,
        most=PAGE,
    )
    return {
        "people": found,
        "drawn": people_drawn.rows(found.some),
        "has_next": found.count > page * PAGE,
    }


def _chart(
    request: HostRequest, companies: Sequence[ChartCompany], asked: str, page: int
) -> dict[str, Any]:
    """The chart that the scope allows, and who works at one place of it; first, where one works."""
    lines, viewer = groups.chart(request.employee, companies, request.today)
    own = (line for line in lines if line.company == request.company.pk)
    mine = next((tree.key(line) for line in own if line.department in viewer.departments), "")
    here = tree.find(lines, request.GET.get("at", mine), default=request.company.pk)

    start = _address(request, q=asked, tab="chart")
    found = People([], 0)
    if here:
        found = groups.working_at(
            here.company,
            here.department,
            [company.id for company in companies],
            request.today,
            skip=(page - 1) * PAGE,
            most=PAGE,
        )
    names = {company.id: company.name for company in companies}
    return {
        "tree": tree.drawn(tree.branches(lines, here, lambda key: f"{start}&at={key}")),
        "here": here,
        "company_name": names.get(here.company) if here else "",
        "people": found,
        "drawn": people_drawn.items(found.some, company=here.company if here else ""),
        "has_next": found.count > page * PAGE,
    }


def _tabs(request: HostRequest, asked: str, *, is_chart: bool) -> list[dict[str, Any]]:
    return [
        {"label": _("검색 결과"), "url": _address(request, q=asked), "is_current": not is_chart},
        {
            "label": _("조직도"),
            "url": _address(request, q=asked, tab="chart"),
            "is_current": is_chart,
        },
    ]


def _address(request: HostRequest, **asked: str) -> str:
    words = urlencode({name: value for name, value in asked.items() if value})
    return request.link("people") + (f"?{words}" if words else "")


def _picked(request: HostRequest, companies: Sequence[str]) -> dict[str, list[Someone]]:
    """Who was picked and still is there to be picked, for each purpose in the order of picking."""
    picks = _picks(request)
    wanted = {pk for kept in picks.values() for pk in kept}
    known = groups.colleagues(wanted, companies, request.today) if wanted else {}
    return {purpose: [known[pk] for pk in kept if pk in known] for purpose, kept in picks.items()}


def _picks(request: HostRequest) -> dict[str, list[int]]:
    kept = request.session.get(PICKS, {})
    purposes = (APPROVER, RECIPIENT) if may_mail(request.standing) else (APPROVER,)
    return {purpose: list(kept.get(purpose, ())) for purpose in purposes}


def _pick(request: HostRequest) -> None:
    """Add who is marked to those picked for a purpose, or take one out again."""
    picks = _picks(request)
    purpose = request.POST.get("act", "")
    drop, _colon, dropped = request.POST.get("drop", "").partition(":")
    if drop in picks and _is_key(dropped):
        picks[drop] = [pk for pk in picks[drop] if pk != int(dropped)]
        request.session[PICKS] = picks
    elif purpose == RECIPIENT and purpose not in picks:
        messages.error(request, _("메일 수신자는 WORKPLACE Collabo 상품에서 고를 수 있습니다."))
    elif purpose in picks:
        _add(request, picks, purpose)


def _add(request: HostRequest, picks: dict[str, list[int]], purpose: str) -> None:
    marked = {int(text) for text in request.POST.getlist("pick")[:PAGE] if _is_key(text)}
    within = groups.group_companies(request.company.pk, request.today)
    there = groups.colleagues(marked, within, request.today) if marked else {}
    new = [pk for pk in there if pk not in picks[purpose]]
    if not marked:
        messages.error(request, _("추가할 사원을 고르세요."))
    elif len(picks[purpose]) + len(new) > MOST_PICKED:
        messages.error(
            request, _("%(most)s명까지 고를 수 있습니다. 먼저 빼세요.") % {"most": MOST_PICKED}
        )
    else:
        picks[purpose] += new
        request.session[PICKS] = picks
        text = ngettext("%(n)s명을 추가했습니다.", "%(n)s명을 추가했습니다.", len(new))
        messages.success(request, text % {"n": len(new)})


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
