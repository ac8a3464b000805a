"""매출장: what was sold in a month, to the won, with who bought it. R: E12."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import forms
from django.http import HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import queries as billing
from billing.queries import Sold
from workplace_console.common import days, words
from workplace_console.common.forms import ConsoleForm
from workplace_console.documents.download import download
from workplace_console.documents.model import Column, Document, Part
from workplace_console.documents.model import Table as Sheet
from workplace_console.support.base import Fact, Table
from workplace_console.support.request import StaffRequest


class MonthForm(ConsoleForm):
    """A month."""

    month = forms.CharField(
        label=gettext_lazy("달"),
        widget=forms.TextInput(attrs={"type": "month", "class": "short"}),
        help_text=gettext_lazy("2026-03처럼 적으세요."),
    )

    def clean_month(self) -> date:
        try:
            return days.parse(f"{self.cleaned_data['month']}-01")
        except ValueError:
            raise forms.ValidationError(_("월을 2026-03처럼 적으세요.")) from None


def sales_ledger(request: StaffRequest) -> HttpResponse:
    """By payer on the page; line by line, and by payer, in the file."""
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    form = MonthForm({"month": f"{request.today:%Y-%m}"} | request.GET.dict())
    if not form.is_valid():
        return TemplateResponse(request, "support/sales_ledger.html", {"form": form})
    first = form.cleaned_data["month"]
    sold = billing.ledger(first)
    if "format" in request.GET:
        return download(document(sold, first, today=request.today), request.GET["format"])
    context = {
        "form": form,
        "query": f"&month={first:%Y-%m}",
        "facts": _sums(sold),
        "tables": [_by_payer(sold, first)],
    }
    return TemplateResponse(request, "support/sales_ledger.html", context)


def _sums(sold: Sequence[Sold]) -> list[Fact]:
    supply, vat = sum(row.supply for row in sold), sum(row.vat for row in sold)
    return [
        Fact(_("청구서"), words.number(sum(not row.is_credit for row in sold))),
        Fact(_("크레딧 노트"), words.number(sum(row.is_credit for row in sold))),
        Fact(_("공급가액"), words.won(supply)),
        Fact(_("부가세"), words.won(vat)),
        Fact(_("합계"), words.won(supply + vat)),
    ]


def _by_payer(sold: Sequence[Sold], first: date) -> Table:
    return Table(
        words.month(first),
        [_("회사 id"), _("상호"), _("사업자등록번호"), _("공급가액"), _("부가세"), _("합계")],
        [
            (*who, words.won(supply), words.won(vat), words.won(supply + vat))
            for who, supply, vat in by_payer(sold)
        ],
        figures=frozenset({3, 4, 5}),
        empty=_("이 달에 발행한 청구서가 없습니다."),
    )


Who = tuple[str, str, str]


def by_payer(sold: Sequence[Sold]) -> list[tuple[Who, int, int]]:
    """Supply and VAT by payer, name and business number as they stood on the bills."""
    found: dict[Who, tuple[int, int]] = {}
    for row in sold:
        who = (row.payer, row.name, words.business_number(row.business_number))
        supply, vat = found.get(who, (0, 0))
        found[who] = (supply + row.supply, vat + row.vat)
    return [(who, *found[who]) for who in sorted(found)]


def document(sold: Sequence[Sold], first: date, *, today: date) -> Document:
    """The ledger of a month; in both sheets the last row is the total."""
    return Document(
        name=f"sales-{first:%Y-%m}",
        title=_("매출장"),
        subtitle=words.month(first),
        made_on=today,
        tables=[_lines_sheet(sold), _payers_sheet(sold)],
        facts={_("기간"): words.period(first, days.last_of_month(first))},
        notes=[_("발행일 기준입니다. 크레딧 노트는 발행한 달에 뺍니다.")],
    )


def _lines_sheet(sold: Sequence[Sold]) -> Sheet:
    supply, vat = sum(row.supply for row in sold), sum(row.vat for row in sold)
    kinds = {False: _("청구서"), True: _("크레딧 노트")}
    rows = [
        (
            row.on,
            kinds[row.is_credit],
            row.number,
            row.payer,
            row.name,
            words.business_number(row.business_number),
            row.tax_invoice,
            row.supply,
            row.vat,
            row.total,
        )
        for row in sold
    ]
    return Sheet(
        name=_("매출장"),
        columns=(
            Column(_("발행일")),
            Column(_("구분")),
            Column(_("번호")),
            *_who_columns(),
            Column(_("세금계산서 승인번호")),
            *_money_columns(),
        ),
        parts=[Part(rows), Part([(_("합계"), *[None] * 6, supply, vat, supply + vat)])],
    )


def _payers_sheet(sold: Sequence[Sold]) -> Sheet:
    supply, vat = sum(row.supply for row in sold), sum(row.vat for row in sold)
    rows = [(*who, supply, vat, supply + vat) for who, supply, vat in by_payer(sold)]
    return Sheet(
        name=_("거래처별"),
        columns=(*_who_columns(), *_money_columns()),
        parts=[Part(rows), Part([(_("합계"), None, None, supply, vat, supply + vat)])],
    )


def _who_columns() -> tuple[Column, ...]:
    return (Column(_("회사 id")), Column(_("상호")), Column(_("사업자등록번호")))


def _money_columns() -> tuple[Column, ...]:
    names = (_("공급가액"), _("부가세"), _("합계"))
    return tuple(Column(name, is_won=True) for name in names)
