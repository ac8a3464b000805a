"""청구서: the list, and one by one. R: E5."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from billing import gateway as gateways
from billing import queries as billing
from billing import reckoning
from billing.gateway import State
from billing.models import Evidence, Invoice
from billing.queries import Bill, BillState, Statement
from groupco import queries as groups
from workplace_console import collection
from workplace_console.common import days, words
from workplace_console.common.forms import OnceForm
from workplace_console.common.sorting import known
from workplace_console.documents.download import download
from workplace_console.pages import lines, papers, receipt
from workplace_console.pages.paging import PAGE, page_number
from workplace_console.pages.request import ConsoleRequest


def bills(request: ConsoleRequest) -> HttpResponse:
    """What was billed, newest first."""
    page = page_number(request)
    sort = known(billing.INVOICE_SORTS, request.GET.get("sort", ""), default=billing.NEWEST_FIRST)
    found = billing.invoices(request.company.pk, sort=sort, skip=(page - 1) * PAGE, most=PAGE + 1)
    bills = {bill.number: bill for bill in billing.bills([request.company.pk])}
    context = {
        "invoices": [(i, bills[i.number], _stands(request, bills[i.number])) for i in found[:PAGE]],
        "open": sum(bill.open for bill in bills.values()),
        "credit": next((bill.credit for bill in bills.values()), 0),
        "sort": sort,
        "page": page,
        "has_next": len(found) > PAGE,
        "nothing": _("발행한 청구서가 없습니다"),
        "why_nothing": "" if found else _why_nothing(request),
    }
    return render(request, "console/bills.html", context)


def _why_nothing(request: ConsoleRequest) -> str:
    """Who is billed instead, or when the first invoice comes. R: E5, F3."""
    group = {member.id: member for member in groups.group_of(request.company.pk, request.today)}
    own = group.get(request.company.pk)
    if own and own.payer in group and own.payer != own.id:
        payer = {"name": group[own.payer].name}
        return _("이 회사의 요금은 대표회사 %(name)s의 청구서에 담습니다.") % payer
    return _("첫 청구서는 유료 이용을 시작한 다음 달 1일에 발행합니다.")


def bill(request: ConsoleRequest, number: str) -> HttpResponse:
    """One invoice as it was issued, by company; to be taken away, too. R: E9."""
    statement = billing.invoice(request.company.pk, number) if number.isprintable() else None
    if statement is None:
        raise Http404
    names = _names(request, statement)
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
    state = billing.bill_state(request.company.pk, number)
    context = {
        "form": OnceForm(),
        "state": state,
        "settlement": _stands(request, state.bill) if state else "",
        "account": settings.BANK_ACCOUNT,
        "may_pay": gateways.gateway() is not None
        and request.may("bill_pay")
        and request.standing.is_active,
        "invoice": statement.invoice,
        "companies": companies,
        "papers": receipt.shown(statement.evidence),
        "has_tax_invoice": any(
            paper.kind == Evidence.Kind.TAX_INVOICE and billing.is_standing(paper)
            for paper in statement.evidence
        ),
        "how_open": _how_open(statement, state) if state else "",
        "may_ask_receipt": request.may("receipt") and request.standing.is_active,
        "credit_notes": statement.credit_notes,
        "left": statement.invoice.total - statement.credited,
    }
    return render(request, "console/bill.html", context)


def _how_open(statement: Statement, state: BillState) -> str:
    """How what is open of a bill comes about. Money that is over, or names no bill, moves to the
    oldest that is open. R: E12."""
    given = sum(payment.left for payment in state.payments)
    total, credited = statement.invoice.total, statement.credited
    moved = total - credited - given - state.bill.open
    parts = [_("청구 금액 %(won)s") % {"won": words.won(total)}]
    if credited:
        parts.append("− " + _("크레딧 노트 %(won)s") % {"won": words.won(credited)})
    if given:
        parts.append("− " + _("결제 %(won)s") % {"won": words.won(given)})
    if moved > 0:
        parts.append("− " + _("다른 결제에서 온 금액 %(won)s") % {"won": words.won(moved)})
    if moved < 0:
        parts.append("+ " + _("다른 청구서로 간 금액 %(won)s") % {"won": words.won(-moved)})
    return " ".join(parts)


def _names(request: ConsoleRequest, statement: Statement) -> dict[str, str]:
    """The names of the companies on a bill, by id; mostly one's own alone."""
    others = {line.company for line in statement.lines} - {request.company.pk}
    own = {request.company.pk: request.company.name}
    return own | groups.company_names(others) if others else own


def _stands(request: ConsoleRequest, bill: Bill) -> str:
    """Where the payment of a bill stands, as a word for templates. R: E12."""
    return bill.settlement(request.today).value


def bill_pay(request: ConsoleRequest, number: str) -> HttpResponse:
    """Charge the default card for what is open of a bill, now. R: E12."""
    if not number.isprintable() or billing.bill(request.company.pk, number) is None:
        raise Http404
    form = OnceForm(request.POST)
    with transaction.atomic():
        is_first = form.is_valid() and form.claim(request.company.pk)
    if is_first:
        came = collection.pay_now(number=number, today=request.today, by=request.by)
        say = messages.success if came is State.MADE else messages.error
        say(request, _in_words(came))
    return redirect("bill", request.company.pk, number)


def _in_words(came: State | None) -> str:
    """What came of a payment."""
    if came is State.MADE:
        return _("결제했습니다.")
    if came is State.REFUSED:
        return _("카드 결제가 거절되었습니다. 다른 카드를 등록하거나 카드사에 문의하세요.")
    if came is State.PENDING:
        return _("결제 결과를 확인하고 있습니다. 잠시 뒤 이 화면을 새로 고치세요.")
    return _("결제할 금액이 없거나 등록한 카드가 없습니다. 결제수단을 확인하세요.")


def _last_day(invoice: Invoice) -> date:
    """The last day that an invoice can be about: a final one is issued on it, others after it."""
    is_final = invoice.kind == Invoice.Kind.FINAL
    return invoice.issued_on if is_final else invoice.issued_on - days.ONE_DAY
