"""청구서 and 일별 이용, as they were written. R: E5, E7."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing import operations
from billing import queries as billing
from billing.models import DayCharge, Invoice
from billing.queries import Bill
from groupco.choices import StaffRole
from products.choices import Cycle, Item, Plan
from workplace_console.common import days, jobs, words
from workplace_console.common.models import Parked
from workplace_console.pages import lines, password_again
from workplace_console.pages.refusals import refusals
from workplace_console.support.base import Act, Fact, Records, Table, Task, column, won_column
from workplace_console.support.forms import CreditForm, DayChargesForm
from workplace_console.support.request import StaffRequest

CREDIT: Final = Act("credit", gettext_lazy("크레딧 노트 발행"), is_grave=True)


class Invoices(Records):
    of = Invoice
    title = gettext_lazy("청구서")
    one = pgettext_lazy("one", "청구서")
    writers = frozenset({StaffRole.BILLING})
    named_by = "number"
    ordering = ("-issued_on", "payer", "-sequence")
    search_fields = ("payer",)
    search_help_text = gettext_lazy("청구서 번호, 또는 회사 id")
    list_display = (
        column(gettext_lazy("청구서 번호"), lambda invoice: invoice.number),
        column(gettext_lazy("청구 대상"), lambda invoice: invoice.payer),
        column(gettext_lazy("발행일"), lambda invoice: words.day(invoice.issued_on)),
        column(gettext_lazy("종류"), lambda invoice: invoice.get_kind_display()),
        won_column(gettext_lazy("합계"), lambda invoice: invoice.total),
    )

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        term = term.lower()
        found = queryset.filter(number=term)
        return found if found.exists() else queryset.filter(payer=term)

    def facts(self, request: StaffRequest, row: Invoice) -> list[Fact]:
        found = billing.bill(row.payer, row.number)
        return [
            Fact(_("청구 대상"), row.payer),
            Fact(_("발행일"), words.day(row.issued_on)),
            Fact(_("결제일"), words.day(row.due_on)),
            Fact(_("남은 금액"), words.won(found.open) if found else ""),
            Fact(_("종류"), row.get_kind_display()),
            Fact(_("이용 기간"), words.period(row.period_from, row.period_to)),
            Fact(_("공급받는 자"), row.buyer_name),
            Fact(_("사업자등록번호"), words.business_number(row.buyer_business_number)),
            Fact(_("공급가액"), words.won(row.supply)),
            Fact(_("부가세"), words.won(row.vat)),
            Fact(_("합계"), words.won(row.total)),
        ]

    def tables(self, request: StaffRequest, row: Invoice) -> list[Table]:
        statement = billing.invoice(row.payer, row.number)
        found = lines.rows(statement.lines if statement else (), {})
        heads = [_("회사 id"), _("항목"), _("상품"), _("계산 근거"), _("금액")]
        rows = [
            (line.company, line.what, line.plan, line.how, words.won(line.amount)) for line in found
        ]
        notes = [
            (
                note.number,
                words.day(note.issued_on),
                note.reason,
                words.won(note.supply),
                words.won(note.vat),
                words.won(note.total),
            )
            for note in (statement.credit_notes if statement else ())
        ]
        note_heads = [_("번호"), _("발행일"), _("사유"), _("공급가액"), _("부가세"), _("합계")]
        return [
            Table(_("청구 항목"), heads, rows, figures=frozenset({3, 4})),
            Table(_("크레딧 노트"), note_heads, notes, figures=frozenset({3, 4, 5})),
        ]

    def page(self, request: StaffRequest, row: Any) -> HttpResponse:
        """The invoice, and a credit note against it; the password is asked again for that."""
        if request.method == "POST" and (asked := password_again.ask_if_stale(request)):
            return asked
        form = CreditForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            with refusals(form, credit_out_of_range="supply"):
                operations.credit(
                    number=row.number, **form.cleaned_data, today=request.today, by=request.by
                )
            if not form.errors:
                messages.success(request, _("크레딧 노트를 발행하고 회사에 알렸습니다."))
                return redirect(request.path)
        says = _("발행한 청구서는 고치지 않습니다. 잘못 청구한 만큼을 여기에서 뺍니다.")
        task = Task(CREDIT.label, form, [CREDIT], says) if self.may_write(request) else None
        found = billing.bill(row.payer, row.number)
        links = [_to_record(found)] if found and found.open and self.may_write(request) else []
        return self.shown(request, row, task, name=row.number, links=links)


def _to_record(bill: Bill) -> Fact:
    """The way to where money that came for a bill is recorded."""
    asked = urlencode({"payer": bill.payer, "invoice": bill.number, "amount": bill.open})
    return Fact(_("입금 기록"), "", f"{reverse('admin:billing_payment_add')}?{asked}")


def last_close(request: StaffRequest) -> HttpResponse:
    """The last month close: how many payers and how much, and who still waits, and why. R: E5."""
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    day = jobs.last_day_run() or request.today
    close = billing.last_close(days.first_of_month(day))
    facts = [
        Fact(
            _("마감"),
            _("%(month)s분, %(day)s 발행")
            % {"month": words.month(close.month), "day": words.day(close.issued_on)},
        ),
        Fact(_("청구서"), words.number(close.invoices)),
        Fact(_("청구한 회사"), words.number(close.companies)),
        Fact(_("공급가액"), words.won(close.supply)),
        Fact(_("부가세"), words.won(close.vat)),
        Fact(_("합계"), words.won(close.total)),
    ]
    waiting = [
        (parked.company, words.day(parked.day), parked.reason, parked.detail)
        for parked in Parked.objects.filter(job__in=("charge", "close")).order_by("day", "company")
    ]
    heads = [_("회사 id"), _("업무일"), _("이유"), _("설명")]
    table = Table(_("보류된 회사"), heads, waiting, empty=_("보류된 회사가 없습니다."))
    link = Fact(_("보류된 회사에서 다시 실행"), "", reverse("admin:common_parked_changelist"))
    context = {"facts": facts, "tables": [table], "links": [link]}
    return TemplateResponse(request, "support/record.html", context)


def day_charges(request: StaffRequest) -> HttpResponse:
    """What one company was charged on the days of one month: quantity, price, payer. R: E1, E7.

    A page of its own: rows whose key is (day, company, item) are none that Django admin can list.
    """
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    start = {"month": f"{request.today:%Y-%m}"}
    form = DayChargesForm(start | request.GET.dict() if "company" in request.GET else None,
                          initial=start)  # fmt: skip
    table = None
    if asked := form.asked():
        company, first = asked
        found = billing.charges(company, first=first, last=days.last_of_month(first))
        heads = [
            _("날"),
            _("항목"),
            _("상품"),
            _("수량"),
            _("단가"),
            _("청구 대상"),
            _("청구 기간"),
        ]
        table = Table(
            _("%(company)s, %(month)s") % {"company": company, "month": words.month(first)},
            heads,
            [_row(charge) for charge in found],
            figures=frozenset({3, 4}),
            empty=_("이 달에 기록된 이용이 없습니다."),
        )
    context = {"form": form, "tables": [table] if table else []}
    return TemplateResponse(request, "support/day_charges.html", context)


def _row(charge: DayCharge) -> tuple[str, ...]:
    plan = words.NOTHING
    if charge.plan and charge.cycle:
        plan = f"{Plan(charge.plan).label}, {Cycle(charge.cycle).label}"
    return (
        words.day(charge.day),
        str(Item(charge.item).label),
        plan,
        words.number(charge.quantity),
        words.won(charge.unit_price),
        charge.payer,
        words.period(charge.period_from, charge.period_to),
    )
