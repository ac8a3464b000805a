"""확인할 일: what is wrong with a company today, each with what to do about it.

What will happen by itself is the time line's; this is what somebody has to see to. A concern is a
new line in SOURCES. It reads what the time line reads (`Known`), so that a page asks once for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import rules as billing
from products import rules
from products.choices import Alert, State
from workplace_console.common import days, words
from workplace_console.pages import gauge
from workplace_console.pages.frame import trial_days_left
from workplace_console.pages.product import deletion_after_trial
from workplace_console.pages.timeline import Known

# Past this part of a budget, in per cent, its payer should know.
NEARLY: Final = billing.THRESHOLDS[0]


@dataclass(frozen=True)
class Concern:
    """What is wrong, what to do, and the button for it. `tone` is "bad" for what is so already,
    "warn" for what is about to be."""

    tone: str
    title: str
    text: str
    url: str = ""
    action: str = ""


def trial(known: Known) -> Iterable[Concern]:
    """A trial that nothing paid follows: to the day when its data goes. R: B1, B6."""
    standing = known.standing
    if standing.state is not State.TRIAL:
        return
    blocked_on, gone_on = standing.trial_ends_on + days.ONE_DAY, deletion_after_trial(standing)
    figures = {"blocked": words.day(blocked_on), "gone": words.day(gone_on)}
    if blocked_on == gone_on:
        then = _(
            "유료로 전환하지 않으면 %(gone)s 0시에 로그인이 막히고 모든 데이터를 영구 삭제합니다."
        )
    else:
        then = _(
            "유료로 전환하지 않으면 %(blocked)s 0시에 로그인이 막히고, %(gone)s 0시에 모든 "
            "데이터를 영구 삭제합니다."
        )
    yield Concern(
        "warn",
        _("무료 체험이 %(day)s에 끝납니다(오늘을 넣어 %(n)s일 남음).")
        % {"day": words.day(standing.trial_ends_on), "n": trial_days_left(standing)},
        then % figures,
    )


def unpaid(known: Known) -> Iterable[Concern]:
    """미납. R: E12."""
    late = [bill for bill in known.outlook.bills if bill.due_on < known.today]
    if not late:
        return
    won = words.won(sum(bill.open for bill in late))
    is_one = len(late) == 1
    link = known.request.link
    yield Concern(
        "bad",
        ngettext(
            "미납 청구서가 %(n)s건, %(won)s입니다.",
            "미납 청구서가 %(n)s건, %(won)s입니다.",
            len(late),
        )
        % {"n": words.number(len(late)), "won": won},
        _("가장 오래된 결제일은 %(day)s입니다. 결제하거나 이체하세요.")
        % {"day": words.day(late[0].due_on)},
        url=link("bill", number=late[0].number) if is_one else link("bills"),
        action=_("결제") if is_one else _("청구서"),
    )


def capacity(known: Known) -> Iterable[Concern]:
    """Shared capacity that is short, or full. R: D3."""
    now, request = known.ahead.capacity, known.request
    level = rules.alert_level(
        used=now.used, capacity=now.total, low_percent=settings.LOW_CAPACITY_PERCENT
    )
    if max(level, now.told) is Alert.NONE:
        return
    may_add = known.standing.term is not None and request.may("capacity_add")
    title = (
        _("공용 용량이 가득 찼습니다.")
        if level is Alert.FULL
        else _("공용 용량이 %(free)s만 남았습니다.") % {"free": gauge.free(now)}
    )
    yield Concern(
        "bad" if level is Alert.FULL else "warn",
        title,
        _("용량을 추가하거나 데이터를 줄이세요."),
        url=request.link("capacity_add" if may_add else "product"),
        action=_("용량 추가") if may_add else _("상품 관리"),
    )


def budget(known: Known) -> Iterable[Concern]:
    """A budget that is spent, or will be: the worst of it."""
    plan = known.outlook.budget
    if plan is None:
        return
    spent = plan.spent
    if spent.actual >= plan.amount:
        tone, title = "bad", _("이번 달 요금이 예산에 이르렀습니다.")
    elif spent.projected >= plan.amount:
        tone, title = "warn", _("이번 달 요금이 예산을 넘을 것으로 보입니다.")
    elif spent.actual * 100 >= plan.amount * NEARLY:
        tone = "warn"
        title = _("이번 달 요금이 예산의 %(part)s에 이르렀습니다.") % {"part": f"{NEARLY} %"}
    else:
        return
    yield Concern(
        tone,
        title,
        _("월 예산 %(budget)s, 지금까지 %(spent)s, 월말 예상 %(projected)s입니다.")
        % {
            "budget": words.won(plan.amount),
            "spent": words.won(spent.actual),
            "projected": words.won(spent.projected),
        },
        url=known.request.link("budget"),
        action=_("예산"),
    )


def no_method(known: Known) -> Iterable[Concern]:
    """Somebody who pays, or soon will, and has not said how. R: B3, E10."""
    outlook, standing = known.outlook, known.standing
    pays = (standing.term or standing.coming) and outlook.paid_by is None
    if pays and not outlook.has_method:
        yield Concern(
            "warn",
            _("등록된 결제수단이 없습니다."),
            _("결제일까지 카드나 계좌이체를 등록하세요."),
            url=known.request.link("payment"),
            action=_("결제수단 관리"),
        )


Source: TypeAlias = Callable[[Known], Iterable[Concern]]

SOURCES: Final[tuple[Source, ...]] = (trial, unpaid, capacity, budget, no_method)


def concerns(known: Known) -> list[Concern]:
    """All that is wrong, what is so already before what is about to be."""
    found = [concern for source in SOURCES for concern in source(known)]
    return sorted(found, key=lambda concern: concern.tone != "bad")
