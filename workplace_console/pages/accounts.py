"""사용자 관리: who holds an account, and what that does to the bill. R: E4, H4.

The same views serve the console and, without won, the workplace admins at their company's host.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from billing import previews
from groupco import queries as groups
from groupco.forms import ROSTER_HEADINGS, decoded, read_upload
from groupco.operations import Report
from groupco.rules import BadRoster, RosterRow
from products import operations
from products.choices import Cycle
from workplace_console.common import csv_file, words
from workplace_console.common.particles import fitted
from workplace_console.common.sorting import known
from workplace_console.common.words import columns_in_words, sentence
from workplace_console.pages import people_drawn, reasons
from workplace_console.pages.accounts_forms import RegisterForm, SearchForm, UploadForm
from workplace_console.pages.paging import PAGE, page_number
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import CompanyRequest
from workplace_console.pages.spare import DUPLICATES, IDLE, spare, tabs

BESIDE: Final = {"already_registered": "number", "email_taken": "email", "nobody": "name"}

# More than one page can choose would be a list made by hand.
MOST_CHOSEN: Final = 1000


def accounts(request: CompanyRequest) -> HttpResponse:
    """The list, the search, and one person more; or what could be spared. R: H4."""
    if request.method != "POST" and (show := request.GET.get("show")) in (IDLE, DUPLICATES):
        return spare(request, show)
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals(form, **BESIDE), transaction.atomic():
            if form.claim(request.company.pk):
                number = operations.register_person(person=form.person(), **_common(request))
                told = _("사번 %(number)s을(를) 등록했습니다.") % {"number": number}
                messages.success(request, fitted(told))
            return redirect(request.link("accounts"))
    search, page = SearchForm(request.GET), page_number(request)
    asked = search.cleaned_data["q"] if search.is_valid() else ""
    sort = known(groups.ACCOUNT_SORTS, request.GET.get("sort", ""), default="number")
    found = groups.accounts_now(
        request.company.pk,
        request.today,
        search=asked,
        sort=sort,
        skip=(page - 1) * PAGE,
        most=PAGE + 1,
    )
    may_write = request.may("accounts")
    context = {
        "base": request.base_template,
        "form": form,
        "search": search,
        "asked": asked,
        "accounts": found[:PAGE],
        "sort": sort,
        "page": page,
        "has_next": len(found) > PAGE,
        "count": groups.counted(request.company.pk, request.today),
        "effect": _effect(request, 1, -1),
        "may_write": may_write,
        "drawn": people_drawn.accounts(found[:PAGE], to_choose=may_write),
        "reason_required": settings.EXPORT_REASON_REQUIRED,
        "links": _links(request),
        "tabs": tabs(request),
    }
    return render(request, "console/accounts.html", context)


def accounts_exclude(request: CompanyRequest) -> HttpResponse:
    """The chosen ones once more, and what it does to the bill; then they are excluded. R: E4."""
    chosen = [int(text) for text in request.POST.getlist("account") if _is_key(text)]
    found = groups.accounts_of(request.company.pk, chosen[:MOST_CHOSEN], request.today)
    if not found:
        if request.method == "POST":
            messages.error(request, _("제외할 사용자를 고르세요."))
        return redirect(request.link("accounts"))
    if request.POST.get("act") == "exclude":
        number = operations.exclude_accounts(
            account_ids=[account.pk for account in found], **_common(request)
        )
        text = ngettext(
            "사용자 %(n)s명을 제외했습니다. 오늘까지는 셉니다.",
            "사용자 %(n)s명을 제외했습니다. 오늘까지는 셉니다.",
            number,
        )
        messages.success(request, text % {"n": number})
        return redirect(request.link("accounts"))
    context = {
        "base": request.base_template,
        "accounts": found,
        "effect": _effect(request, -len(found)),
        "links": _links(request),
    }
    return render(request, "console/accounts_exclude.html", context)


def accounts_import(request: CompanyRequest) -> HttpResponse:
    """CSV 등록: a file, what it would do, and then doing it. Nothing is kept in between."""
    form = UploadForm(request.POST if request.method == "POST" else None, request.FILES or None)
    context: dict[str, Any] = {
        "base": request.base_template,
        "form": form,
        "columns": columns_in_words(ROSTER_HEADINGS),
        "links": _links(request),
    }
    if form.is_valid():
        with refusals(form, bad_roster="file"), _wrong_rows(context):
            content = form.content()
            rows = read_upload(content, company_id=request.company.pk, today=request.today)
            if request.POST.get("act") == "apply":
                report = operations.import_accounts(rows=rows, **_common(request))
                messages.success(request, _told(report))
                return redirect(request.link("accounts"))
            context["trial_run"] = _tried(request, rows)
            context["roster"] = decoded(content)
            context["rows"] = len(rows)
    return render(request, "console/accounts_import.html", context)


# As many as somebody may want to read before they mend their file and try again.
MOST_SHOWN: Final = 100


@contextmanager
def _wrong_rows(context: dict[str, Any]) -> Iterator[None]:
    """Keep for the page what is wrong with a file, where it is more than one row."""
    try:
        yield
    except BadRoster as no:
        faults = [no, *no.more]
        if len(faults) > 1:
            context["wrong"] = len(faults)
            context["faults"] = [sentence(fault) for fault in faults[:MOST_SHOWN]]
            context["unsaid"] = len(faults) - len(context["faults"])
        raise


def accounts_csv(request: CompanyRequest) -> HttpResponseBase:
    """Who is registered now, as a file that can be uploaded again unchanged."""
    if asked := reasons.ask(request, title=lazy("CSV 내려받기"), back=request.link("accounts")):
        return asked
    found = groups.accounts_now(request.company.pk, request.today)
    rows = (
        [
            account.employee.number,
            account.employee.name,
            account.employee.email,
            account.registered_on.isoformat(),
            account.excluded_on.isoformat() if account.excluded_on else "",
        ]
        for account in found
    )
    name = f"accounts-{request.company.pk}-{request.today}.csv"
    return csv_file.download(
        name, heading=list(columns_in_words(ROSTER_HEADINGS).values()), rows=rows
    )


@dataclass(frozen=True)
class TrialRun:
    """What a file would do. `effect` is in won, None where won are not shown."""

    report: Report
    effect: int | None

    @property
    def changes_nothing(self) -> bool:
        report = self.report
        return not (report.registered or report.changed or report.renamed)


def _tried(request: CompanyRequest, rows: list[RosterRow]) -> TrialRun:
    """Do it, look, and undo it: so what is shown is what will happen."""
    contracts = _contracts(request)
    with transaction.atomic():
        before = previews.month_end(request.company.pk, contracts=contracts, today=request.today)
        report = operations.import_accounts(rows=rows, **_common(request))
        after = previews.month_end(request.company.pk, contracts=contracts, today=request.today)
        transaction.set_rollback(True)
    return TrialRun(report, after - before if request.shows_won else None)


def _told(report: Report) -> str:
    return _("새 등록 %(new)s건, 바뀐 등록 %(changed)s건, 그대로 %(same)s건입니다.") % {
        "new": words.number(report.registered),
        "changed": words.number(report.changed),
        "same": words.number(report.unchanged),
    }


def _effect(request: CompanyRequest, *changes: int) -> list[int]:
    """Won by which this month's bill changes, for each number of accounts more or fewer."""
    if not request.shows_won:
        return []
    return previews.headcount(
        request.company.pk, changes=changes, contracts=_contracts(request), today=request.today
    )


def _contracts(request: CompanyRequest) -> list[date]:
    terms = (request.standing.term, request.standing.coming)
    return [term.contract_from for term in terms if term and term.cycle is Cycle.ANNUAL]


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _links(request: CompanyRequest) -> dict[str, str]:
    names = ("accounts", "accounts_exclude", "accounts_import", "accounts_csv")
    return {name: request.link(name) for name in names}


def _common(request: CompanyRequest) -> dict[str, Any]:
    return {"company_id": request.company.pk, "today": request.today, "by": request.by}
