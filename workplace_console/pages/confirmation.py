"""이용확인서: a PDF that says what a company has used and was billed for in some months. R: E9."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from billing.queries import Statement
from groupco.models import Company
from groupco.operations import DETAILS
from workplace_console.common import days, words
from workplace_console.documents.model import Column, Document, Part, Party, Table
from workplace_console.pages import papers


def within(statements: Sequence[Statement], first: date, last: date) -> list[Statement]:
    """Those about months of a range; `first` and `last` are the first days of its ends."""
    until = days.last_of_month(last)
    return [
        statement
        for statement in statements
        if statement.invoice.period_from <= until and statement.invoice.period_to >= first
    ]


def document(
    company: Company,
    statements: Sequence[Statement],
    *,
    first: date,
    last: date,
    today: date,
) -> Document:
    """What these bills say of plan, use and amount, less what was credited; won."""
    details = {field: str(getattr(company, field)) for field in DETAILS}
    rows = [_row(statement) for statement in statements]
    supply, vat, total = (sum(int(row[n]) for row in rows) for n in (-3, -2, -1))
    return Document(
        name=f"confirmation-{company.pk}-{first:%Y%m}-{last:%Y%m}",
        title=_("이용확인서"),
        subtitle=company.name,
        made_on=today,
        parties=(
            Party(_("공급자"), papers.party(settings.SUPPLIER)),
            Party(_("이용한 회사"), papers.party(details)),
        ),
        facts={
            _("회사 id"): company.pk,
            _("기간"): " – ".join(dict.fromkeys((words.month(first), words.month(last)))),
            _("만든 날"): words.day(today),
        },
        tables=[
            Table(
                name=_("이용 내역"),
                columns=(
                    Column(_("이용 기간")),
                    Column(_("청구서 번호")),
                    Column(_("이용한 상품")),
                    Column(_("공급가액"), is_won=True),
                    Column(_("부가세"), is_won=True),
                    Column(_("합계"), is_won=True),
                ),
                parts=[Part(rows)],
                sums=[(_("공급가액"), supply), (_("부가세"), vat), (_("합계"), total)],
            )
        ],
        notes=[
            _("위 회사가 WORKPLACE를 위와 같이 이용했음을 확인합니다."),
            _("금액은 청구서에서 크레딧 노트를 뺀 것입니다."),
        ],
    )


def _row(statement: Statement) -> tuple[str, str, str, int, int, int]:
    invoice, notes = statement.invoice, statement.credit_notes
    supply = invoice.supply - sum(note.supply for note in notes)
    vat = invoice.vat - sum(note.vat for note in notes)
    used = dict.fromkeys(
        str(line.plan.label) if line.plan else str(line.item.label) for line in statement.lines
    )
    period = f"{words.day(invoice.period_from)} – {words.day(invoice.period_to)}"
    return period, invoice.number, ", ".join(used), supply, vat, supply + vat
