"""대시보드: where the company stands, what it costs, and what will happen by itself."""

from __future__ import annotations

from dataclasses import dataclass
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
from workplace_console.pages import charts, gauge, lines
from workplace_console.pages.request import ConsoleRequest

NOTICES = 4


def dashboard(request: ConsoleRequest) -> HttpResponse:
    """Everything at a glance. R: B1, E6."""
    outlook = billing.outlook(request.company.pk, today=request.today)
    now = products.capacity(request.company.pk, request.today)
    # As many as are counted as unread, so that one query tells both.
    notices = messages.newest(request.company.pk, most=messages.MANY)
    request.unread = sum(notice.pk > request.admin.notices_read_to for notice in notices)
    context = {
        "is_trial": request.standing.state in (State.TRIAL, State.RESERVED),
        "may_convert": request.may("convert"),
        "accounts": outlook.accounts,
        "product": _product(request),
        "gauge": gauge.shared(now),
        "cost": _cost(request, outlook),
        "events": _events(request, outlook),
        "paid_by": outlook.names.get(outlook.paid_by or ""),
        "notices": [
            {"title": messages.text_of(notice).title, "on": notice.on}
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
        else _("%(day)s까지 요금 없이 씁니다") % {"day": words.day(request.standing.trial_ends_on)},
    }


def _cost(request: ConsoleRequest, outlook: Outlook) -> dict[str, Any]:
    names = outlook.names
    projected = reckoning.sums(outlook.projected)
    known_days = request.today.day - 1
    return {
        "so_far": reckoning.sums(outlook.so_far),
        "projected": projected,
        "how": so_far_in_words(request.today),
        "lines": [
            {"label": f"{row.company_name} {row.what}", "how": row.how, "amount": row.amount}
            for row in lines.rows(outlook.so_far, names)
        ]
        + [
            {
                "label": f"{row.company_name} {row.what}",
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


def so_far_in_words(today: date) -> str:
    """Which days the amount is of. R: E6."""
    if today.day == 1:
        return _("집계 전 · 오늘이 1일이라 아직 쓴 날이 없습니다")
    period = words.period(today.replace(day=1), today - days.ONE_DAY)
    return _("%(period)s 사용량 · 부가세 포함") % {"period": period}


@dataclass(frozen=True)
class Event:
    """Something that will happen on a day."""

    day: date
    title: str
    text: str = ""
    tone: str = ""
    url: str = ""
    action: str = ""


def _events(request: ConsoleRequest, outlook: Outlook) -> list[Event]:
    """What happens next, by day."""
    events = [
        *_trial_events(request),
        *_upgrade_events(request),
        *_billing_events(request, outlook),
    ]
    return sorted(events, key=lambda event: event.day)


def _trial_events(request: ConsoleRequest) -> list[Event]:
    standing = request.standing
    if standing.reserved:
        reserved = standing.reserved
        return [
            Event(
                reserved.starts_on,
                _("%(plan)s의 유료 이용을 시작합니다") % {"plan": reserved.plan.label},
                _("그 전까지 바꾸거나 취소할 수 있습니다"),
                url=request.link("convert"),
                action=_("예약 변경"),
            )
        ]
    if standing.state is not State.TRIAL:
        return []
    return [
        Event(
            standing.trial_ends_on,
            _("무료 체험의 마지막 날입니다"),
            _("이날까지 유료 전환을 예약할 수 있습니다"),
            tone="alert",
            url=request.link("convert"),
            action=_("유료 전환"),
        ),
        Event(
            standing.trial_ends_on + days.ONE_DAY,
            _("로그인이 막히고 데이터를 영구 삭제합니다"),
            _("유료 전환을 예약하면 일어나지 않습니다"),
            tone="alert",
        ),
    ]


def _upgrade_events(request: ConsoleRequest) -> list[Event]:
    """R: C4."""
    coming = request.standing.upgrade
    if coming is None:
        return []
    return [
        Event(
            coming.starts_on,
            _("업그레이드를 적용합니다: %(plan)s") % {"plan": coming.plan.label},
            _("0시가 되기 전까지 취소할 수 있습니다"),
            url=request.link("upgrade"),
            action=_("신청 취소"),
        )
    ]


def _billing_events(request: ConsoleRequest, outlook: Outlook) -> list[Event]:
    today = request.today
    events = []
    if outlook.so_far:
        events.append(
            Event(
                today,
                _("어제까지의 요금을 계산했습니다"),
                _("공급가액 %(won)s") % {"won": words.won(reckoning.sums(outlook.so_far).supply)},
            )
        )
    if outlook.projected:
        total = reckoning.sums(outlook.projected).total
        events.append(
            Event(
                days.last_of_month(today) + days.ONE_DAY,
                _("%(month)s 청구서를 발행합니다") % {"month": words.month(today)},
                _("지금대로라면 %(won)s") % {"won": words.won(total)},
                url=request.link("usage"),
                action=_("계산 근거"),
            )
        )
    events.extend(
        Event(
            row.billed_on,
            _("%(company)s의 연간 계약을 청구하고 새 계약 연도를 시작합니다")
            % {"company": row.company_name},
            _("지금까지 %(won)s 누적") % {"won": words.won(row.amount)},
            url=request.link("usage"),
            action=_("계산 근거"),
        )
        for row in lines.rows(outlook.accrued, outlook.names)
    )
    return events
