"""대시보드: where the company stands, what it costs, and what will happen by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from billing import queries as billing
from billing import reckoning
from billing.queries import Outlook
from products import queries as products
from products.choices import State
from workplace_console.common import days, messages, words
from workplace_console.pages import attention, charts, gauge, lines, timeline
from workplace_console.pages.budget import gauge_of
from workplace_console.pages.lines import Row
from workplace_console.pages.notice_kinds import link_of
from workplace_console.pages.request import ConsoleRequest
from workplace_console.pages.timeline import Known

NOTICES = 4


def dashboard(request: ConsoleRequest) -> HttpResponse:
    """Everything at a glance. R: B1, E6."""
    outlook = billing.outlook(request.company.pk, today=request.today)
    ahead = products.ahead(request.company.pk, request.today)
    known = Known(request, outlook, ahead)
    # As many as are counted as unread, so that one query tells both.
    notices = messages.newest(request.company.pk, most=messages.MANY)
    request.unread = sum(notice.pk > request.admin.notices_read_to for notice in notices)
    context = {
        "is_trial": request.standing.state in (State.TRIAL, State.RESERVED),
        "may_convert": request.may("convert"),
        "accounts": outlook.accounts,
        "product": _product(request),
        "added_tb": ahead.capacity.added_tb,
        "gauge": gauge.shared(ahead.capacity),
        "cost": _cost(request, outlook),
        "concerns": attention.concerns(known),
        "budget": outlook.budget and gauge_of(outlook.budget.amount, outlook.budget.spent),
        "events": timeline.events(known),
        "paid_by": outlook.names.get(outlook.paid_by or ""),
        "notices": [
            {
                "title": messages.text_of(notice).title,
                "on": notice.on,
                "url": link_of(notice, request),
            }
            for notice in notices[:NOTICES]
        ],
    }
    return render(request, "console/dashboard.html", context)


def _product(request: ConsoleRequest) -> dict[str, Any]:
    term = request.standing.term
    return {
        "label": term.plan.label if term else _("WORKPLACE 무료 체험"),
        "how": _("%(day)s부터 · %(cycle)s 결제")
        % {"day": words.day(term.contract_from), "cycle": term.cycle.label}
        if term
        else _("%(day)s까지 요금 없이 씁니다") % {"day": words.day(request.standing.free_until)},
    }


def _cost(request: ConsoleRequest, outlook: Outlook) -> dict[str, Any]:
    names = outlook.names
    projected = reckoning.sums(outlook.projected)
    known_days = request.today.day - 1
    return {
        "so_far": reckoning.sums(outlook.so_far),
        "projected": projected,
        "how": _how(request),
        "lines": [
            {"label": _label(request, row), "how": row.how, "amount": row.amount}
            for row in lines.rows(outlook.so_far, names)
        ]
        + [
            {
                "label": _label(request, row),
                "how": _("연간 계약 · %(day)s에 청구 · 지금까지 %(won)s 누적")
                % {"day": words.day(row.billed_on), "won": words.won(row.amount)},
                "amount": 0,
            }
            for row in lines.rows(outlook.accrued, names)
        ],
        "chart": charts.month_chart(
            outlook.daily, known_days=known_days, projected_total=projected.total
        ),
    }


def _label(request: ConsoleRequest, row: Row) -> str:
    """What a line is for; of another company of the group, which."""
    own = row.company == request.company.pk
    return row.what if own else f"{row.company_name} {row.what}"


def _how(request: ConsoleRequest) -> str:
    """Which days the amount is of; in trial, why there is none. R: B7, E6."""
    if request.standing.term:
        return so_far_in_words(request.today)
    if reserved := request.standing.reserved:
        return _("무료 체험 중 · %(day)s부터 요금을 계산합니다") % {
            "day": words.day(reserved.starts_on)
        }
    return _("무료 체험 중에는 요금이 없습니다")


def so_far_in_words(today: date) -> str:
    """Which days the amount is of. R: E6."""
    if today.day == 1:
        return _("집계 전 · 오늘이 1일이라 아직 쓴 날이 없습니다")
    period = words.period(today.replace(day=1), today - days.ONE_DAY)
    return _("%(period)s 사용량 · 부가세 포함") % {"period": period}
