"""What can be taken away: the figures of a page as a document. R: E9.

Each paper is made of what its page shows, so their totals are the page's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import reckoning
from billing.queries import Statement
from billing.quotes import Quote
from billing.reckoning import Line, Sums
from billing.trend import Month
from groupco.models import Company
from workplace_console.common import words
from workplace_console.documents.model import Cell, Column, Document, Part, Party, Sum, Table

if TYPE_CHECKING:
    from workplace_console.pages.quote import Row as QuoteRow
    from workplace_console.pages.usage import Part as PagePart

ROUNDING: Final = gettext_lazy(
    "항목 금액 = 수량 × 일의 합 × 단가 ÷ 기간의 일수, 원 미만은 버립니다. 단가는 예시입니다."
)


def bill(statement: Statement, names: Mapping[str, str]) -> Document:
    """An invoice as it was issued, by company, with what was taken back of it since. R: E5."""
    invoice, split = statement.invoice, reckoning.split(statement.lines)
    tables = [
        Table(
            name=_("청구 항목"),
            lead=_company_columns(),
            columns=_line_columns(),
            parts=_by_company(statement.lines, names),
            sums=_sums(Sums(invoice.supply, invoice.vat), _("청구 금액")),
        )
    ]
    if len(split) > 1:
        tables.append(_settlement(split, names))
    if statement.credit_notes:
        tables.append(_credits(statement))
    return Document(
        name=invoice.number,
        title=_("청구서 · 거래명세서"),
        subtitle=invoice.number,
        made_on=invoice.issued_on,
        tables=tables,
        parties=(
            Party(_("공급자"), party(invoice.supplier)),
            Party(_("공급받는 자"), party(invoice.buyer)),
        ),
        facts={
            _("발행일"): words.day(invoice.issued_on),
            _("결제일"): words.day(invoice.due_on),
            _("이용 기간"): _days(invoice.period_from, invoice.period_to),
            _("청구 금액"): words.won(invoice.total),
        },
        notes=[str(ROUNDING)],
    )


def _settlement(split: Mapping[str, Sums], names: Mapping[str, str]) -> Table:
    return Table(
        name=_("회사별 정산"),
        columns=(
            Column(_("회사 id")),
            Column(_("회사")),
            Column(_("공급가액"), is_won=True),
            Column(_("부가세"), is_won=True),
            Column(_("합계"), is_won=True),
        ),
        parts=[
            Part(
                [
                    (company, names.get(company, company), sums.supply, sums.vat, sums.total)
                    for company, sums in split.items()
                ]
            )
        ],
        text=_(
            "부가세는 청구서 전체에서 한 번 계산하고, 원 미만을 가장 많이 버린 회사부터 1원씩 "
            "맞춥니다. 모두 더하면 청구 금액입니다."
        ),
    )


def _credits(statement: Statement) -> Table:
    return Table(
        name=_("크레딧 노트"),
        columns=(
            Column(_("번호")),
            Column(_("발행일")),
            Column(_("사유")),
            Column(_("공급가액"), is_won=True),
            Column(_("부가세"), is_won=True),
            Column(_("합계"), is_won=True),
        ),
        parts=[
            Part(
                [
                    (note.number, note.issued_on, note.reason, -note.supply, -note.vat, -note.total)
                    for note in statement.credit_notes
                ]
            )
        ],
        sums=[(_("크레딧을 뺀 금액"), statement.invoice.total - statement.credited)],
    )


def party(details: Mapping[str, str]) -> list[str]:
    """Who is on an invoice, line by line."""
    number = words.business_number(details.get("business_number") or "") or words.NOTHING
    return [
        details["name"],
        f"{_('사업자등록번호')} {number}",
        details.get("representative") or "",
        details.get("address") or "",
    ]


def month(
    company: Company,
    *,
    first: date,
    until: str,
    billed: Sequence[Line],
    accrued: Sequence[Line],
    elsewhere: Sequence[Line],
    names: Mapping[str, str],
    total: str,
    today: date,
) -> Document:
    """서비스 이용 내역: a month's lines by what becomes of them. R: E6.

    The sums are of what is `billed`, `total` names the last of them. `until` says which days they
    are of.
    """
    kinds = (
        (_("이 달에 청구"), billed),
        (_("연간 누적, 계약 연도가 끝나면 청구"), accrued),
        (_("대표회사에 청구"), elsewhere),
    )
    parts = [
        Part(
            rows=part.rows,
            title=part.title if found is billed else f"{kind} · {part.title}",
            lead=(kind, *part.lead),
            sums=part.sums,
        )
        for kind, found in kinds
        for part in _by_company(found, names)
    ]
    return Document(
        name=f"usage-{company.pk}-{first:%Y-%m}",
        title=_("서비스 이용 내역"),
        subtitle=words.month(first),
        made_on=today,
        tables=[
            Table(
                name=words.month(first),
                lead=(Column(_("구분")), *_company_columns()),
                columns=_line_columns(),
                parts=parts,
                sums=_sums(reckoning.sums(billed), total),
            )
        ],
        facts=_about(company, today, {_("기간"): until}),
        notes=[str(ROUNDING)],
    )


def day_by_day(
    company: Company, *, first: date, parts: Sequence[PagePart], today: date
) -> Document:
    """상세 내역: each day of each line. R: E7."""
    return Document(
        name=f"usage-{company.pk}-{first:%Y-%m}-days",
        title=_("상세 내역"),
        subtitle=words.month(first),
        made_on=today,
        tables=[
            Table(
                name=words.month(first),
                lead=(
                    *_company_columns(),
                    Column(_("항목")),
                    Column(_("요금제")),
                    Column(_("결제 주기")),
                    Column(_("청구 대상")),
                ),
                columns=(
                    Column(_("날")),
                    Column(_("수량")),
                    Column(_("단가"), is_won=True),
                    Column(_("바뀐 것")),
                    Column(_("금액"), is_won=True),
                ),
                parts=[
                    Part(
                        rows=[
                            (day.day, day.quantity, day.unit_price, day.changes, day.amount)
                            for day in part.days
                        ],
                        title=part.title,
                        text=part.how,
                        lead=(
                            part.use.company,
                            part.company_name,
                            str(part.use.item.label),
                            str(part.use.plan.label) if part.use.plan else "",
                            str(part.use.cycle.label) if part.use.cycle else "",
                            part.use.payer,
                        ),
                        sums=[(part.sum_label, part.amount)],
                    )
                    for part in parts
                ],
            )
        ],
        facts=_about(company, today),
        notes=[
            _("하루의 금액은 그날까지의 항목 금액에서 전날까지의 항목 금액을 뺀 값입니다."),
            str(ROUNDING),
        ],
    )


def trend(company: Company, months: Sequence[Month], *, today: date) -> Document:
    """청구 내역 추세: charge and use of the last closed months. R: E8."""
    return Document(
        name=f"trend-{company.pk}-{months[-1].first:%Y-%m}",
        title=_("청구 내역 추세"),
        subtitle=f"{words.month(months[0].first)} – {words.month(months[-1].first)}",
        made_on=today,
        tables=[
            Table(
                name=_("청구 내역 추세"),
                columns=(
                    Column(_("달")),
                    Column(_("사용자 요금"), is_won=True),
                    Column(_("추가 용량"), is_won=True),
                    Column(_("부가세"), is_won=True),
                    Column(_("청구 금액"), is_won=True),
                    Column(_("이용 금액"), is_won=True),
                    Column(_("사용자")),
                    Column(_("추가 용량(TB)")),
                ),
                parts=[
                    Part(
                        [
                            (
                                f"{month.first:%Y-%m}",
                                month.billed_seats,
                                month.billed_capacity,
                                month.vat,
                                month.total,
                                month.used_in_all,
                                month.seats,
                                month.tb,
                            )
                            for month in months
                        ]
                    )
                ],
            )
        ],
        facts=_about(company, today),
    )


def quote(
    company: Company, quote: Quote, rows: Iterable[QuoteRow], *, facts: dict[str, str], today: date
) -> Document:
    """견적: the bills of a year that is only imagined. R: E9."""
    return Document(
        name=f"quote-{company.pk}-{today}",
        title=_("견적"),
        subtitle=company.name,
        made_on=today,
        tables=[
            Table(
                name=_("달마다"),
                columns=(
                    Column(_("달")),
                    Column(_("사용자 요금"), is_won=True),
                    Column(_("추가 용량"), is_won=True),
                    Column(_("부가세"), is_won=True),
                    Column(_("청구일")),
                    Column(_("청구 금액"), is_won=True),
                ),
                parts=[
                    Part(
                        [
                            (
                                row.label,
                                row.bill.seats,
                                row.bill.capacity,
                                row.bill.vat,
                                row.bill.issued_on if row.bill.supply else None,
                                row.bill.total,
                            )
                            for row in rows
                        ]
                    )
                ],
                sums=_sums(Sums(quote.supply, quote.vat), _("합계")),
            )
        ],
        facts=_about(company, today, facts),
        notes=[
            _(
                "날마다 같은 수량을 쓴다고 보고 청구와 같은 계산으로 냅니다. 알려진 단가 변경은 "
                "그날부터 들어 있습니다. 단가는 예시입니다."
            )
        ],
    )


def _about(company: Company, today: date, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Whose it is, what else is to be said of it, and when it was made."""
    return {
        _("회사"): f"{company.name} ({company.pk})",
        **(more or {}),
        _("만든 날"): words.day(today),
    }


def _company_columns() -> tuple[Column, ...]:
    return (Column(_("회사 id")), Column(_("회사")))


def _line_columns() -> tuple[Column, ...]:
    return (
        Column(_("항목")),
        Column(_("요금제")),
        Column(_("결제 주기")),
        Column(_("기간 첫날"), on_paper=False),
        Column(_("기간 마지막 날"), on_paper=False),
        Column(_("수량 × 일")),
        Column(_("단가"), is_won=True),
        Column(_("기간 일수")),
        Column(_("금액"), is_won=True),
    )


def _by_company(lines: Iterable[Line], names: Mapping[str, str]) -> list[Part]:
    parts = []
    for company, found in groupby(lines, key=lambda line: line.company):
        own, name = list(found), names.get(company, company)
        parts.append(
            Part(
                rows=[_row(line) for line in own],
                title=f"{name} ({company})",
                lead=(company, name),
                sums=[(_("소계"), sum(line.amount for line in own))],
            )
        )
    return parts


def _row(line: Line) -> tuple[Cell, ...]:
    return (
        str(line.item.label),
        str(line.plan.label) if line.plan else "",
        str(line.cycle.label) if line.cycle else "",
        line.period_from,
        line.period_to,
        line.quantity_days,
        line.unit_price,
        line.days_in_period,
        line.amount,
    )


def _sums(sums: Sums, total: str) -> list[Sum]:
    return [(_("공급가액"), sums.supply), (_("부가세 10 %"), sums.vat), (total, sums.total)]


def _days(first: date, last: date) -> str:
    return f"{words.day(first)} – {words.day(last)}"
