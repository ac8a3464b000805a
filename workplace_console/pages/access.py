"""개인정보 열람 기록: who was shown the company's people, who took them away, and why. R: H2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groupco import queries as groups
from workplace_console.common import accesses, words
from workplace_console.common.accesses import Reason, Way
from workplace_console.common.models import Access
from workplace_console.pages import audit_words
from workplace_console.pages.log_days import LogDaysForm
from workplace_console.pages.paging import PAGE, page_number
from workplace_console.pages.request import ConsoleRequest

# What each page is called that shows people's data. R: H2.
PAGES: Final[Mapping[str, Promise]] = {
    "accounts": _("사용자 관리"),
    "accounts_exclude": _("사용자 제외"),
    "accounts_csv": _("사용자 CSV"),
    "departments": _("조직 관리"),
    "postings": _("사원의 소속"),
    "usage_month": _("상세 내역"),
    "terminate_data": _("데이터 내려받기"),
    "api_accounts": _("API: 계정 목록"),
    "support_company": _("고객지원: 회사"),
    "support_mail": _("고객지원: 메일"),
    "support_user": _("고객지원: 로그인 사용자"),
    "support_evidence": _("고객지원: 현금영수증"),
}


class FilterForm(LogDaysForm):
    """By day and way; everything may be left out."""

    way = forms.ChoiceField(
        label=_("방식"), required=False, choices=[("", _("모두")), *Way.choices]
    )

    def entries(self, company: str, *, skip: int, most: int) -> list[Access]:
        """What the filter lets through; nothing while it is not in order."""
        if not self.is_valid():
            return []
        return accesses.entries(company, **self.cleaned_data, skip=skip, most=most)


@dataclass(frozen=True)
class Shown:
    """An entry in words."""

    at: datetime
    who: str
    address: str
    page: str
    way: str
    reason: str


def access(request: ConsoleRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    page = page_number(request)
    found = form.entries(request.company.pk, skip=(page - 1) * PAGE, most=PAGE + 1)
    context = {
        "form": form,
        "entries": list(_shown(found[:PAGE], request.company.pk)),
        "page": page,
        "has_next": len(found) > PAGE,
        "years": accesses.YEARS,
    }
    return render(request, "console/access.html", context)


def _shown(entries: list[Access], company_id: str) -> Iterator[Shown]:
    people, programs = groups.people_of(company_id), groups.token_names(company_id)
    for entry in entries:
        yield Shown(
            at=entry.at,
            who=audit_words.actor(entry.actor, people, programs),
            address=entry.address or "",
            page=page_in_words(entry.page),
            way=entry.get_way_display(),
            reason=reason_in_words(entry),
        )


def page_in_words(page: str) -> str:
    return str(PAGES.get(page, page))


def reason_in_words(entry: Access) -> str:
    """The word of a reason, or what a program said; nothing where nobody was asked."""
    if not entry.reason:
        return str(_("적지 않음")) if entry.way == Way.TAKEN else words.NOTHING
    known: dict[str, Any] = dict(Reason.choices)
    return str(known.get(entry.reason, entry.reason))
