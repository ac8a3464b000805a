"""결제, 미납 and 공휴일: what came, what did not, when banks are closed. R: A6, E12."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing import gateway as gateways
from billing import operations
from billing import queries as billing
from billing.gateway import State
from billing.models import Holiday, Payment, Refund
from billing.queries import Bill, Paid
from groupco.choices import StaffRole
from workplace_console import collection
from workplace_console.common import words
from workplace_console.pages import password_again
from workplace_console.pages.refusals import refusals
from workplace_console.support.base import Act, Fact, Records, Table, Task, column, won_column
from workplace_console.support.forms import (
    HolidayForm,
    NothingToFill,
    RefundForm,
    TransferForm,
)
from workplace_console.support.request import StaffRequest

RECORD: Final = Act("record", gettext_lazy("입금 기록"))
REFUND: Final = Act("refund", gettext_lazy("환불"), is_grave=True)
SET: Final = Act("set", gettext_lazy("공휴일 지정"))
REMOVE: Final = Act("remove", gettext_lazy("삭제"), is_grave=True)

# How many bills the list of what is open shows; days late up to which they are added up.
MOST: Final = 500
AGES: Final = (30, 60, 90)

BESIDE: Final = {
    "unknown_company": "payer",
    "amount_out_of_range": "amount",
    "bad_received_on": "received_on",
    "bad_depositor": "depositor",
    "unknown_invoice": "invoice",
}


def state_in_words(paid: Paid) -> str:
    """Where a payment stands."""
    if paid.state is None:
        return _("확인 중")
    return _("결제 완료") if paid.state == "done" else _("거절됨")


class Payments(Records):
    of = Payment
    title = pgettext_lazy("many", "결제")
    one = gettext_lazy("결제")
    creates = gettext_lazy("입금 기록")
    says = gettext_lazy(
        "카드 결제는 결제일에 자동으로 합니다. 계좌로 들어온 돈은 여기에 기록하세요. "
        "청구서보다 많으면 남은 돈은 다음 청구서에서 뺍니다."
    )
    writers = frozenset({StaffRole.BILLING})
    ordering = ("-created_at", "pk")
    list_select_related = ("invoice",)
    search_fields = ("payer",)
    search_help_text = gettext_lazy("결제 번호, 청구서 번호, 또는 회사 id")
    list_display = (
        column(gettext_lazy("결제 번호"), lambda payment: payment.number),
        column(gettext_lazy("청구 대상"), lambda payment: payment.payer),
        column(gettext_lazy("결제수단"), lambda payment: payment.get_way_display()),
        column(gettext_lazy("결제한 날"), lambda payment: words.day(payment.on)),
        won_column(gettext_lazy("금액"), lambda payment: payment.amount),
        column(gettext_lazy("청구서 번호"), lambda payment: payment.bill_number),
        column(gettext_lazy("상태"), lambda payment: payment.state),
    )

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        found = queryset.filter(Q(pk=term) | Q(invoice__in=billing.invoice_keys(term)))
        return found if found.exists() else queryset.filter(payer=term.lower())

    def complete(self, rows: list[Any], request: Any) -> None:
        known = {paid.payment.pk: paid for paid in billing.paid(numbers=[row.pk for row in rows])}
        for row in rows:
            row.state = state_in_words(known[row.pk])

    def facts(self, request: StaffRequest, row: Payment) -> list[Fact]:
        paid = billing.find_payment(row.pk)
        return [
            Fact(_("청구 대상"), row.payer),
            Fact(_("청구서 번호"), row.bill_number),
            Fact(_("결제수단"), f"{row.get_way_display()} {row.brand} {row.last_four}".strip()),
            Fact(_("입금자명"), row.depositor),
            Fact(_("결제한 날"), words.day(row.on)),
            Fact(_("금액"), words.won(row.amount)),
            Fact(_("상태"), state_in_words(paid) if paid else ""),
            Fact(_("사유"), paid.reason if paid else ""),
            Fact(_("청구 대상의 잔액"), words.won(billing.balance(row.payer))),
        ]

    def tables(self, request: StaffRequest, row: Payment) -> list[Table]:
        refunds = Refund.objects.filter(payment=row).prefetch_related("outcomes").order_by("on")
        rows = [
            (
                refund.number,
                words.day(refund.on),
                refund.reason,
                words.won(refund.amount),
                ", ".join(outcome.get_state_display() for outcome in refund.outcomes.all())
                or _("확인 중"),
            )
            for refund in refunds
        ]
        heads = [_("환불 번호"), _("환불일"), _("사유"), _("금액"), _("상태")]
        return [Table(_("환불"), heads, rows, figures=frozenset({3}))]

    def create(self, request: StaffRequest) -> HttpResponse:
        """Money that came by bank transfer; the password is asked again for that."""
        if request.method == "POST" and (asked := password_again.ask_if_stale(request)):
            return asked
        named = {name: request.GET.get(name, "") for name in ("payer", "invoice", "amount")}
        start = {"received_on": request.today, **named}
        form = TransferForm(request.POST if request.method == "POST" else None, initial=start)
        if form.is_valid() and self._record(request, form):
            return redirect(self.list_url())
        says = _("청구서 번호를 적으면 그 청구서부터, 적지 않으면 오래된 청구서부터 결제합니다.")
        task = Task(RECORD.label, form, [RECORD], says)
        return self.drawn(request, "support/record.html", title=RECORD.label, task=task)

    def _record(self, request: StaffRequest, form: TransferForm) -> bool:
        given = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        with refusals(form, **BESIDE), transaction.atomic():
            if form.claim(given["payer"]):
                operations.record_transfer(**given, today=request.today, by=request.by)
                messages.success(request, _("입금을 기록하고 회사에 알렸습니다."))
            return True
        return False

    def page(self, request: StaffRequest, row: Any) -> HttpResponse:
        """The payment, and a refund of it; the password is asked again for that."""
        if request.method == "POST" and (asked := password_again.ask_if_stale(request)):
            return asked
        form = RefundForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and self._refund(request, row, form):
            return redirect(request.path)
        paid = billing.find_payment(row.pk)
        may = self.may_write(request) and paid is not None and paid.left > 0
        says = _("회사에 크레딧이 있을 때 그만큼 돌려줍니다. 계좌이체는 돈을 보낸 뒤에 적으세요.")
        task = Task(_("환불"), form, [REFUND], says) if may or form.errors else None
        return self.shown(request, row, task, name=row.number)

    def _refund(self, request: StaffRequest, row: Payment, form: RefundForm) -> bool:
        refund = None
        with refusals(form, refund_out_of_range="amount"):
            refund = operations.begin_refund(
                number=row.pk,
                amount=form.cleaned_data["amount"],
                reason=form.cleaned_data["reason"],
                today=request.today,
                by=request.by,
            )
        if refund is None:
            return False
        messages.success(request, _settled(request, refund))
        return True


def _settled(request: StaffRequest, refund: Refund) -> str:
    """Ask the gateway for a refund of a card; what came of it, in words."""
    gateway = gateways.gateway()
    if refund.payment.key and gateway:
        state = collection.settle_refund(gateway, refund, today=request.today, by=request.by)
        if state is State.REFUSED:
            return _("결제대행사가 환불을 거절했습니다. 아래의 사유를 확인하세요.")
        if state is State.PENDING:
            return _("결제대행사의 응답을 기다립니다. 잠시 뒤 다시 확인하세요.")
    return _("환불을 기록하고 회사에 알렸습니다.")


def receivables(request: StaffRequest) -> HttpResponse:
    """미납: every bill that is open after its due day, and how long. R: E12."""
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    open_bills = billing.open_bills()
    late = [bill for bill in open_bills if bill.due_on < request.today]
    heads = [_("청구서 번호"), _("청구 대상"), _("결제일"), _("지난 날"), _("합계"), _("미납")]
    rows = [
        (
            bill.number,
            bill.payer,
            words.day(bill.due_on),
            words.number((request.today - bill.due_on).days),
            words.won(bill.total),
            words.won(bill.open),
        )
        for bill in late[:MOST]
    ]
    table = Table(
        _("미납 청구서"), heads, rows, figures=frozenset({3, 4, 5}), empty=_("미납이 없습니다.")
    )
    facts = [
        Fact(_("결제하지 않은 금액"), words.won(sum(bill.open for bill in open_bills))),
        Fact(_("결제일이 지난 금액"), words.won(sum(bill.open for bill in late))),
        *_ages(late, request),
    ]
    return TemplateResponse(request, "support/record.html", {"facts": facts, "tables": [table]})


def _ages(late: list[Bill], request: StaffRequest) -> list[Fact]:
    """How much is late by how long."""
    facts, after = [], 0
    for until in AGES:
        found = [b for b in late if after < (request.today - b.due_on).days <= until]
        label = _("%(first)d–%(last)d일 지남") % {"first": after + 1, "last": until}
        facts.append(Fact(label, words.won(sum(bill.open for bill in found))))
        after = until
    older = [bill for bill in late if (request.today - bill.due_on).days > after]
    label = _("%(days)d일 넘게 지남") % {"days": after}
    return [*facts, Fact(label, words.won(sum(bill.open for bill in older)))]


class Holidays(Records):
    of = Holiday
    title = gettext_lazy("공휴일")
    creates = gettext_lazy("공휴일 지정")
    says = gettext_lazy(
        "결제일이 이날이면 다음 영업일로 미룹니다. 토요일과 일요일은 적지 않아도 쉽니다. "
        "이미 발행한 청구서의 결제일은 바뀌지 않습니다."
    )
    writers = frozenset({StaffRole.BILLING})
    ordering = ("-day",)
    list_display = (
        column(gettext_lazy("날"), lambda holiday: words.day(holiday.day)),
        column(gettext_lazy("이름"), lambda holiday: holiday.name),
    )

    def facts(self, request: StaffRequest, row: Holiday) -> list[Fact]:
        return [Fact(_("날"), words.day(row.day)), Fact(_("이름"), row.name)]

    def create(self, request: StaffRequest) -> HttpResponse:
        form = HolidayForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            with refusals(form, bad_holiday="day", bad_holiday_name="name"):
                operations.set_holiday(**form.cleaned_data, today=request.today, by=request.by)
            if not form.errors:
                messages.success(request, _("공휴일을 지정했습니다."))
                return redirect(self.list_url())
        task = Task(SET.label, form, [SET])
        return self.drawn(request, "support/record.html", title=SET.label, task=task)

    def page(self, request: StaffRequest, row: Holiday) -> HttpResponse:
        if request.POST.get("act") == REMOVE.value:
            operations.remove_holiday(day=row.day, today=request.today, by=request.by)
            messages.success(request, _("공휴일을 삭제했습니다."))
            return redirect(self.list_url())
        task = Task(_("공휴일 삭제"), NothingToFill(), [REMOVE])
        may = self.may_write(request)
        return self.shown(request, row, task if may else None, name=words.day(row.day))
