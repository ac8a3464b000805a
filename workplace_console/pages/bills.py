"""청구서: the list, and one by one. R: E5."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from billing import queries as billing
from billing import reckoning
from billing.models import Invoice
from groupco import queries as groups
from workplace_console.common import days
from workplace_console.documents.download import download
from workplace_console.pages import lines, papers
from workplace_console.pages.paging import PAGE, page_number
from workplace_console.pages.request import ConsoleRequest


def bills(request: ConsoleRequest) -> HttpResponse:
    """What was billed, newest first."""
    page = page_number(request)
    found = billing.invoices(request.company.pk, skip=(page - 1) * PAGE, most=PAGE + 1)
    context = {
        "invoices": found[:PAGE],
        "page": page,
        "has_next": len(found) > PAGE,
        "nothing": _("발행한 청구서가 없습니다"),
        "why_nothing": _("첫 청구서는 유료 이용을 시작한 다음 달 1일에 발행합니다."),
    }
    return render(request, "console/bills.html", context)


def bill(request: ConsoleRequest, number: str) -> HttpResponse:
    """One invoice as it was issued, by company; to be taken away, too. R: E9."""
    statement = billing.invoice(request.company.pk, number) if number.isprintable() else None
    if statement is None:
        raise Http404
    names = groups.company_names({line.company for line in statement.lines})
    if "format" in request.GET:
        return download(papers.bill(statement, names), request.GET["format"])
    rows = lines.rows(statement.lines, names, until=_last_day(statement.invoice))
    parts = reckoning.split(statement.lines)
    companies = []
    for company, found in groupby(rows, key=lambda row: row.company):
        own = list(found)
        companies.append(
            {
                "id": company,
                "name": own[0].company_name,
                "lines": own,
                "sums": parts[company],
            }
        )
    context = {
        "invoice": statement.invoice,
        "companies": companies,
        "credit_notes": statement.credit_notes,
        "left": statement.invoice.total - statement.credited,
    }
    return render(request, "console/bill.html", context)


def _last_day(invoice: Invoice) -> date:
    """The last day that an invoice can be about: a final one is issued on it, others after it."""
    is_final = invoice.kind == Invoice.Kind.FINAL
    return invoice.issued_on if is_final else invoice.issued_on - days.ONE_DAY
