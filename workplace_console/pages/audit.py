"""변경 이력: every change of the company's state, who made it and from where. R: H2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from groupco import queries as groups
from groupco.choices import Role
from workplace_console.common import audit as log
from workplace_console.common import csv_file, words
from workplace_console.common.models import AuditEntry
from workplace_console.common.sorting import known
from workplace_console.pages import audit_words
from workplace_console.pages.log_days import LogDaysForm
from workplace_console.pages.paging import PAGE, page_number
from workplace_console.pages.request import ConsoleRequest

SYSTEM, OPERATOR, PROGRAM = "system", "command", "token"


class FilterForm(LogDaysForm):
    """By day, who, what; everything may be left out."""

    who = forms.ChoiceField(label=_("누가"), required=False)
    what = forms.ChoiceField(label=_("무엇을"), required=False)

    def __init__(self, data: Any, people: dict[int, str]) -> None:
        super().__init__(data)
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", _("모두")),
            (SYSTEM, _("자동 처리")),
            (OPERATOR, _("운영자")),
            (PROGRAM, _("프로그램(API)")),
            *((f"user:{pk}", name) for pk, name in people.items()),
        ]
        self.fields["what"].choices = [("", _("모두")), *audit_words.ACTIONS.items()]  # type: ignore[attr-defined]

    def entries(self, company: str, *, sort: str, **range_: int) -> list[AuditEntry]:
        """What the filter lets through; nothing while it is not in order."""
        if not self.is_valid():
            return []
        data = self.cleaned_data
        return log.entries(
            company,
            first=data["first"],
            last=data["last"],
            actor=data["who"],
            action=data["what"],
            sort=sort,
            **range_,
        )


@dataclass(frozen=True)
class Shown:
    """An entry in words."""

    at: datetime
    who: str
    address: str
    what: str
    before: str
    after: str


def audit(request: ConsoleRequest) -> HttpResponse:
    people = groups.people_of(request.company.pk)
    form = FilterForm(request.GET, people)
    page, sort = page_number(request), _sort(request)
    found = form.entries(request.company.pk, sort=sort, skip=(page - 1) * PAGE, most=PAGE + 1)
    context = {
        "form": form,
        "sort": sort,
        "entries": list(_shown(found[:PAGE], request.company.pk, people)),
        "page": page,
        "has_next": len(found) > PAGE,
        "sees_access": request.role is Role.OWNER,
    }
    return render(request, "console/audit.html", context)


def audit_csv(request: ConsoleRequest) -> HttpResponseBase:
    """The same entries as a file, all of them; a filter that is wrong is said on the page."""
    people = groups.people_of(request.company.pk)
    form = FilterForm(request.GET, people)
    if not form.is_valid():
        query = request.GET.urlencode()
        return redirect(f"{request.link('audit')}?{query}")
    entries = form.entries(request.company.pk, sort=_sort(request))
    heading = [str(_("시각")), str(_("누가")), str(_("어디서")), str(_("무엇을"))]
    rows = (
        [words.moment(e.at), e.who, e.address, e.what, e.before, e.after]
        for e in _shown(entries, request.company.pk, people)
    )
    return csv_file.download(
        f"audit-{request.company.pk}-{request.today}.csv",
        heading=[*heading, str(_("이전")), str(_("이후"))],
        rows=rows,
    )


def _sort(request: ConsoleRequest) -> str:
    return known(log.SORTS, request.GET.get("sort", ""), default=log.NEWEST_FIRST)


def _shown(
    entries: Iterable[AuditEntry], company_id: str, people: dict[int, str]
) -> Iterator[Shown]:
    programs = groups.token_names(company_id)
    for entry in entries:
        yield Shown(
            at=entry.at,
            who=audit_words.actor(entry.actor, people, programs),
            address=entry.address or "",
            what=audit_words.action(entry.action),
            before=audit_words.figures(entry.before),
            after=audit_words.figures(entry.after),
        )
