"""문서: every document of a company in one place, and 이용확인서. R: E5, E9, E10, E12."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from billing import queries as billing
from billing.queries import Paper
from workplace_console.common import days
from workplace_console.common.forms import ConsoleForm
from workplace_console.documents.download import download
from workplace_console.pages import confirmation
from workplace_console.pages.paging import PAGE, page_number
from workplace_console.pages.receipt import STATES
from workplace_console.pages.request import ConsoleRequest

KINDS: Final[dict[str, Promise]] = {
    "invoice": pgettext_lazy("one", "청구서"),
    "credit_note": lazy("크레딧 노트"),
    "tax_invoice": lazy("전자세금계산서"),
    "cash_receipt": lazy("현금영수증"),
}
# So many months fit on a confirmation.
MOST_MONTHS: Final = 36


class MonthField(forms.CharField):
    """A month, as its first day."""

    widget = forms.TextInput(attrs={"type": "month", "class": "short"})

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return days.parse(f"{text}-01")
        except ValueError:
            raise forms.ValidationError(_("월을 2026-03처럼 적으세요.")) from None


class FilterForm(ConsoleForm):
    """By month, kind and number; everything may be left out."""

    month = MonthField(label=lazy("달"), required=False)
    kind = forms.ChoiceField(
        label=lazy("종류"), required=False, choices=[("", lazy("모두")), *KINDS.items()]
    )
    number = forms.CharField(label=lazy("번호"), required=False, max_length=50)


class ConfirmationForm(ConsoleForm):
    """From which month to which."""

    first = MonthField(label=lazy("첫 달"))
    last = MonthField(label=lazy("마지막 달"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and not first <= last:
            self.add_error("last", _("마지막 달이 첫 달보다 빠릅니다. 달을 바꾸세요."))
        elif first and last and len(days.months(first, last)) > MOST_MONTHS:
            self.add_error("last", _("36개월까지 담을 수 있습니다. 기간을 줄이세요."))
        return data


@dataclass(frozen=True)
class Shown:
    """A document in words, and where it is."""

    paper: Paper
    kind: Promise
    state: Promise | str
    tone: str
    url: str
    pdf: str


def documents(request: ConsoleRequest) -> HttpResponse:
    """The list; with `first` and `last`, 이용확인서 of these months as PDF."""
    asked = ConfirmationForm(request.GET if "first" in request.GET else None)
    if asked.is_valid() and (made := _confirmation(request, asked)):
        return made
    form = FilterForm(request.GET)
    page = page_number(request)
    found = _found(request, form, page)
    context = {
        "form": form,
        "confirmation": asked,
        "papers": [_shown(request, paper) for paper in found[:PAGE]],
        "page": page,
        "has_next": len(found) > PAGE,
    }
    return render(request, "console/documents.html", context)


def _found(request: ConsoleRequest, form: FilterForm, page: int) -> Sequence[Paper]:
    """What the filter lets through; nothing while it is not in order."""
    if not form.is_valid():
        return []
    data = form.cleaned_data
    return billing.papers(
        request.company.pk,
        month=data["month"],
        kind=data["kind"],
        text=data["number"],
        skip=(page - 1) * PAGE,
        most=PAGE + 1,
    )


def _shown(request: ConsoleRequest, paper: Paper) -> Shown:
    bill = request.link("bill", number=paper.invoice)
    is_receipt = paper.kind == "cash_receipt"
    is_ours = paper.kind in ("invoice", "credit_note")
    state, tone = ("", "") if is_ours else STATES[paper.state]
    return Shown(
        paper=paper,
        kind=KINDS[paper.kind],
        state=state,
        tone=tone,
        url=request.link("receipt", number=paper.invoice) if is_receipt else bill,
        pdf=f"{bill}?format=pdf" if is_ours else "",
    )


def _confirmation(request: ConsoleRequest, form: ConfirmationForm) -> HttpResponse | None:
    """The PDF; None, and why, where nothing was billed for these months."""
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    statements = confirmation.within(billing.statements(request.company.pk), first, last)
    if not statements:
        form.add_error("last", _("이 기간의 청구서가 없습니다. 기간을 바꾸세요."))
        return None
    made = confirmation.document(
        request.company, statements, first=first, last=last, today=request.today
    )
    return download(made, "pdf")
