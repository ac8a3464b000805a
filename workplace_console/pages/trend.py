"""청구 내역 추세: the last six closed months, as a graph and as a table. R: E8."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from billing import trend as billing
from billing.trend import KINDS, Month
from workplace_console.common import words
from workplace_console.documents.download import download
from workplace_console.pages import charts, papers
from workplace_console.pages.request import ConsoleRequest


def trend(request: ConsoleRequest) -> HttpResponse:
    """What was billed and what was used, month by month; to be taken away, too. R: E8, E9."""
    months = billing.trend(request.company.pk, today=request.today)
    if "format" in request.GET:
        paper = papers.trend(request.company, months, today=request.today)
        return download(paper, request.GET["format"])
    return render(request, "console/trend.html", {"months": _rows(months), **_charts(months)})


def _charts(months: Sequence[Month]) -> dict[str, Any]:
    labels = [words.short_month(month.first) for month in months]
    billed = [[month.billed.get(kind, 0) for month in months] for kind in KINDS]
    seats = [month.seats for month in months]
    used = [month.used_in_all for month in months]
    return {
        "billed": charts.stack_chart(labels, billed),
        "billed_sentence": _series(
            _("월별 공급가액"), labels, [words.won(month.supply) for month in months]
        ),
        "seats": charts.line_chart(labels, seats, [words.number(count) for count in seats]),
        "seats_sentence": _series(
            _("월말 사용자 수"), labels, [words.number(count) for count in seats]
        ),
        "used": charts.line_chart(labels, used, [words.short_won(amount) for amount in used]),
        "used_sentence": _series(
            _("월별 이용 금액"), labels, [words.won(amount) for amount in used]
        ),
        "series": [
            (f"k{number}", name)
            for number, (name, amounts) in enumerate(
                zip((_("사용자, 월간"), _("사용자, 연간"), _("추가 용량")), billed, strict=True),
                start=1,
            )
            if any(amounts)
        ],
        "has_bills": any(month.supply for month in months),
        "has_use": any(used) or any(seats),
    }


def _series(what: str, labels: Sequence[str], values: Sequence[str]) -> str:
    """What a chart shows, for those who don't see it."""
    told = ", ".join(f"{label} {value}" for label, value in zip(labels, values, strict=True))
    return f"{what}: {told}"


@dataclass(frozen=True)
class Row:
    month: Month
    # Against the month before, in won; of the first, nothing.
    change: int | None


def _rows(months: Sequence[Month]) -> list[Row]:
    return [
        Row(month, month.total - before.total if before else None)
        for before, month in zip([None, *months], months, strict=False)
    ]
