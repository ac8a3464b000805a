"""현금영수증: asked for, seen, and taken back, for the transfers of one bill. R: E10."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from billing import operations
from billing import queries as billing
from billing.models import Evidence, EvidenceState, Purpose
from workplace_console.common.forms import ConsoleForm, OnceForm, Segment
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest

STATES: Final[dict[str, tuple[Promise, str]]] = {
    EvidenceState.ASKED: (lazy("발급 대기"), "info"),
    EvidenceState.ISSUED: (lazy("발급"), "ok"),
    EvidenceState.REFUSED: (lazy("거절"), "bad"),
    EvidenceState.CANCELLED: (lazy("취소"), "plain"),
}

BESIDE: Final = dict.fromkeys(
    ("resident_number", "bad_mobile_number", "bad_business_number"), "identity"
)


class ReceiptForm(OnceForm):
    """What a receipt is for, and whose number goes on it."""

    purpose = forms.TypedChoiceField(
        label=lazy("용도"),
        choices=Purpose.choices,
        coerce=Purpose,
        widget=Segment,
        initial=Purpose.EXPENSE,
    )
    identity = forms.CharField(
        label=lazy("휴대폰 번호 또는 사업자등록번호"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=lazy(
            "소득공제는 휴대폰 번호, 지출증빙은 사업자등록번호를 적으세요. 주민등록번호는 받지 "
            "않습니다. 휴대폰 번호는 발급할 때까지만 암호화해 보관합니다."
        ),
    )


class WithdrawForm(ConsoleForm):
    """Which application is taken back."""

    receipt = forms.IntegerField(min_value=1, max_value=2**63 - 1)


@dataclass(frozen=True)
class Shown:
    """A cash receipt or tax invoice in words."""

    pk: int
    kind: str
    what: str
    state: Promise
    tone: str
    on: date
    number: str
    for_whom: str
    total: int
    reason: str
    may_withdraw: bool


def shown(papers: Sequence[Evidence]) -> list[Shown]:
    """Newest first."""
    return [_shown(paper) for paper in reversed(papers)]


def _shown(paper: Evidence) -> Shown:
    label, tone = STATES[paper.state]
    is_receipt = paper.kind == Evidence.Kind.CASH_RECEIPT
    days = paper.cancelled_on, paper.refused_on, paper.written_on, paper.issued_on
    purpose = Purpose(paper.purpose).label if is_receipt else ""
    return Shown(
        pk=paper.pk,
        kind=paper.kind,
        what=str(Evidence.Kind(paper.kind).label),
        state=label,
        tone=tone,
        on=next(filter(None, days), paper.asked_on),
        number=paper.number,
        for_whom=f"{purpose} {paper.identity_hint}".strip(),
        total=paper.total,
        reason=paper.reason,
        may_withdraw=is_receipt and paper.state is EvidenceState.ASKED,
    )


def receipt(request: ConsoleRequest, number: str) -> HttpResponse:
    """The form, and what was asked for so far."""
    bill = billing.bill(request.company.pk, number) if number.isprintable() else None
    if bill is None:
        raise Http404
    form = ReceiptForm(
        request.POST if request.POST.get("act") == "ask" else None,
        initial={"identity": request.company.business_number},
    )
    if request.method == "POST" and _act(request, number, form):
        return redirect("receipt", request.company.pk, number)
    papers = billing.evidence(number)
    transfers = billing.unreceipted(number, papers)
    context = {
        "bill": bill,
        "form": form,
        "papers": shown(papers),
        "transfers": transfers,
        "total": sum(transfer.left for transfer in transfers),
        "has_tax_invoice": any(map(_is_tax_invoice, papers)),
        "may_ask": request.may("receipt") and (_may_ask(papers, transfers) or form.errors),
        "may_write": request.may("receipt"),
    }
    return render(request, "console/receipt.html", context)


def _is_tax_invoice(paper: Evidence) -> bool:
    return paper.kind == Evidence.Kind.TAX_INVOICE and billing.is_standing(paper)


def _may_ask(papers: Sequence[Evidence], transfers: Sequence[object]) -> bool:
    return bool(transfers) and not any(map(_is_tax_invoice, papers))


def _act(request: ConsoleRequest, number: str, form: ReceiptForm) -> bool:
    if request.POST.get("act") == "withdraw":
        return _withdraw(request)
    if not form.is_valid():
        return False
    with refusals(form, **BESIDE), transaction.atomic():
        if form.claim(request.company.pk):
            operations.ask_cash_receipt(
                payer=request.company.pk,
                number=number,
                purpose=form.cleaned_data["purpose"],
                identity=form.cleaned_data["identity"],
                today=request.today,
                by=request.by,
            )
        messages.success(request, _("현금영수증을 신청했습니다. 발급하면 메일로 알립니다."))
    return not form.errors


def _withdraw(request: ConsoleRequest) -> bool:
    form = WithdrawForm(request.POST)
    if form.is_valid():
        with refusals(form):
            operations.withdraw_cash_receipt(
                payer=request.company.pk,
                evidence_id=form.cleaned_data["receipt"],
                today=request.today,
                by=request.by,
            )
            messages.success(request, _("현금영수증 신청을 취소했습니다."))
    for error in form.non_field_errors():
        messages.error(request, str(error))
    return True
