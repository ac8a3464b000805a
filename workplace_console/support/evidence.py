"""증빙: cash receipts that were asked for, tax invoices that were issued. R: A6, E10, E12."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import operations, queries
from billing.models import Evidence, EvidenceState, Purpose
from groupco.choices import StaffRole
from workplace_console.common import sealed, words
from workplace_console.common.forms import ConsoleForm, DayInput
from workplace_console.pages import password_again
from workplace_console.pages.receipt import STATES
from workplace_console.pages.refusals import refusals
from workplace_console.support.base import Act, Fact, Records, Task, WordFilter, column
from workplace_console.support.request import StaffRequest

ISSUE: Final = Act("issue", gettext_lazy("발급 기록"))
REFUSE: Final = Act("refuse", gettext_lazy("거절"), is_grave=True)
CANCEL: Final = Act("cancel", gettext_lazy("취소 기록"), is_grave=True)
RECORD: Final = Act("record", gettext_lazy("세금계산서 번호 기록"))

# Which field of a form a refusal is about.
BESIDE: Final = {
    "bad_approval_number": "approval",
    "bad_tax_invoice_number": "approval",
    "number_known": "approval",
    "bad_written_on": "written_on",
    "bad_reason": "reason",
}
OF_THE_BILL: Final = dict.fromkeys(
    ("unknown_invoice", "has_tax_invoice", "has_cash_receipt", "has_card_slip", "nothing_left"),
    "number",
)


class TaxInvoiceForm(ConsoleForm):
    """The tax invoice that was issued for a bill."""

    number = forms.CharField(label=gettext_lazy("청구서 번호"), max_length=50)
    approval = forms.CharField(
        label=gettext_lazy("승인번호"),
        max_length=40,
        help_text=gettext_lazy("국세청 승인번호 24자리. -를 넣어도 됩니다."),
    )
    written_on = forms.DateField(label=gettext_lazy("작성일자"), widget=DayInput())


class DecisionForm(ConsoleForm):
    """What came of an application: a number, or why not."""

    approval = forms.CharField(
        label=gettext_lazy("승인번호"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("발급했을 때 적으세요. 숫자 9자리입니다."),
    )
    reason = forms.CharField(
        label=gettext_lazy("사유"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("거절할 때 적으세요. 회사의 화면과 메일에 그대로 보입니다."),
    )


class CancelForm(ConsoleForm):
    """Why what was issued was cancelled."""

    reason = forms.CharField(
        label=gettext_lazy("사유"),
        max_length=200,
        help_text=gettext_lazy("회사의 화면과 메일에 그대로 보입니다."),
    )


class KindFilter(WordFilter):
    title = gettext_lazy("종류")
    parameter_name = "kind"
    column = "kind"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Evidence.Kind.choices)


class OpenFilter(WordFilter):
    """Those that wait for somebody."""

    title = gettext_lazy("상태")
    parameter_name = "waits"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("1", STATES[EvidenceState.ASKED][0]),
            ("differs", gettext_lazy("금액이 달라짐")),
        ]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "differs":
            return queryset.filter(pk__in=queries.differing())
        if self.value() != "1":
            return queryset
        return queryset.filter(issued_on=None, refused_on=None, cancelled_on=None)


class Evidences(Records):
    of = Evidence
    title = gettext_lazy("현금영수증과 세금계산서")
    noted = "support_evidence"
    creates = gettext_lazy("세금계산서 번호 기록")
    writers = frozenset({StaffRole.BILLING})
    filters = (OpenFilter, KindFilter)
    list_select_related = ("invoice",)
    search_fields = ("payer",)
    search_help_text = gettext_lazy("회사 id, 청구서 번호, 또는 승인번호")
    list_display = (
        column(gettext_lazy("신청일"), lambda paper: words.day(paper.asked_on)),
        column(gettext_lazy("종류"), lambda paper: paper.get_kind_display()),
        column(gettext_lazy("청구 대상"), lambda paper: paper.payer),
        column(gettext_lazy("청구서 번호"), lambda paper: paper.invoice.number),
        column(gettext_lazy("금액"), lambda paper: words.won(paper.total)),
        column(gettext_lazy("상태"), lambda paper: STATES[paper.state][0]),
        column(gettext_lazy("승인번호"), lambda paper: paper.number),
    )

    def company_of(self, row: Any) -> str:
        return str(row.payer)

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        number = term.replace("-", "")
        bills = queries.invoice_keys(term)
        return queryset.filter(Q(payer=term) | Q(invoice__in=bills) | Q(number=number))

    def facts(self, request: StaffRequest, row: Evidence) -> list[Fact]:
        return [
            Fact(_("종류"), row.get_kind_display()),
            Fact(_("상태"), STATES[row.state][0]),
            Fact(_("청구 대상"), row.payer),
            Fact(_("청구서 번호"), row.invoice.number),
            Fact(_("결제 번호"), row.payment_id or ""),
            Fact(_("공급가액"), words.won(row.supply)),
            Fact(_("부가세"), words.won(row.vat)),
            Fact(_("합계"), words.won(row.total)),
            Fact(_("지금 남은 금액"), self._left(row)),
            Fact(_("용도"), Purpose(row.purpose).label if row.purpose else ""),
            Fact(_("신분 번호"), self._identity(request, row)),
            Fact(_("승인번호"), row.number),
            Fact(_("작성일자"), words.day(row.written_on) if row.written_on else ""),
            Fact(_("신청일"), words.day(row.asked_on)),
            Fact(_("사유"), row.reason),
        ]

    def _left(self, row: Evidence) -> str:
        """Of its transfer or bill, when that is another amount than its own."""
        left = queries.differing(row.payer).get(row.pk)
        if left is None:
            return ""
        return _("{left} (홈택스에서 바로잡으세요)").format(left=words.won(left))

    def _identity(self, request: StaffRequest, row: Evidence) -> str:
        """The number itself for those who issue the receipt, while they have to. R: A6."""
        if row.sealed_identity and self.may_write(request):
            return sealed.unseal(row.sealed_identity)
        return row.identity_hint

    def create(self, request: StaffRequest) -> HttpResponse:
        if request.method == "POST" and (asked := password_again.ask_if_stale(request)):
            return asked
        form = TaxInvoiceForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            with refusals(form, **BESIDE, **OF_THE_BILL):
                operations.record_tax_invoice(
                    **form.cleaned_data, today=request.today, by=request.by
                )
            if not form.errors:
                messages.success(request, _("세금계산서 번호를 기록하고 회사에 알렸습니다."))
                return redirect(self.list_url())
        says = _(
            "국세청에서 발행한 뒤 승인번호를 적으세요. 금액은 크레딧 노트를 뺀 청구서의 것입니다."
        )
        task = Task(RECORD.label, form, [RECORD], says)
        return self.drawn(request, "support/record.html", title=RECORD.label, task=task)

    def page(self, request: StaffRequest, row: Evidence) -> HttpResponse:
        """What can be done is what the paper has not come to yet."""
        if request.method == "POST" and (asked := password_again.ask_if_stale(request)):
            return asked
        is_asked = row.state is EvidenceState.ASKED
        acts = [ISSUE, REFUSE] if is_asked else [CANCEL]
        data = request.POST if request.POST.get("act") in {act.value for act in acts} else None
        form: ConsoleForm = DecisionForm(data) if is_asked else CancelForm(data)
        says = _("홈택스에서 취소한 뒤 여기에 기록하세요.")
        if is_asked:
            says = _("홈택스에서 발급한 뒤 승인번호를 적으세요. 적으면 신분 번호를 지웁니다.")
        if form.is_valid():
            with refusals(form, **BESIDE):
                self._do(request, row, form.cleaned_data)
            if not form.errors:
                messages.success(request, _("기록하고 회사에 알렸습니다."))
                return redirect(request.path)
        is_open = row.state in (EvidenceState.ASKED, EvidenceState.ISSUED) or form.errors
        task = Task(_("처리"), form, acts, says) if self.may_write(request) and is_open else None
        return self.shown(request, row, task, name=row.invoice.number)

    def _do(self, request: StaffRequest, row: Evidence, given: dict[str, Any]) -> None:
        common: dict[str, Any] = {"evidence_id": row.pk, "today": request.today, "by": request.by}
        if "approval" not in given:
            operations.cancel_evidence(reason=given["reason"], **common)
        elif request.POST.get("act") == REFUSE.value:
            operations.refuse_cash_receipt(reason=given["reason"], **common)
        else:
            operations.issue_cash_receipt(approval=given["approval"], **common)
