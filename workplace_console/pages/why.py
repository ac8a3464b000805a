"""왜 이 금액인가요? From the days to an amount, each step with its rule and its figures.

R: E1, E2, E3, E4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries import DayUse
from products.choices import Cycle, Item
from workplace_console.common import days, words
from workplace_console.pages import lines

# What counts on a day. R: E4, D4, D5.
COUNTED: Final[dict[Item, Promise]] = {
    Item.SEAT: gettext_lazy(
        "그날 하루라도 등록되어 있던 사용자를 한 사람에 한 번 셉니다. "
        "등록한 날과 제외한 날도 셉니다."
    ),
    Item.CAPACITY: gettext_lazy(
        "추가한 1 TB마다 그날 하나로 셉니다. 추가한 날과 반납한 날도 셉니다."
    ),
}


def formula(uses: Sequence[DayUse]) -> str:
    """How the amount of these days of one line comes about, in one line. R: E2, E3."""
    first, last = uses[0], uses[-1]
    before = first.so_far - first.quantity
    if not before:
        return _("%(formula)s, 원 미만 버림") % {"formula": _share(last, last.so_far)}
    return _("%(until)s − %(before)s, 각각 원 미만 버림") % {
        "until": _share(last, last.so_far),
        "before": _share(first, before),
    }


def _share(use: DayUse, quantity: int) -> str:
    period = days.length(use.period_from, use.period_to)
    return lines.share(use.item, quantity, use.unit_price, period)


def sentences(uses: Sequence[DayUse]) -> list[str]:
    """The rules that lead to the amount of these days of one line, in order."""
    first, last = uses[0], uses[-1]
    before = first.so_far - first.quantity
    told = [
        str(COUNTED[first.item]),
        _("%(price)s은 그날 시행 중인 단가입니다. 단가나 요금제가 바뀌면 항목이 나뉩니다.")
        % {"price": words.won(first.unit_price)},
        _added(first, last),
        _divided(last),
    ]
    if before:
        told.append(
            _("그 전날까지의 %(amount)s을 뺀 값이 이 달의 금액입니다.")
            % {"amount": words.won(first.amount_so_far - first.amount)}
        )
    if first.cycle is Cycle.ANNUAL:
        told.append(
            _("연간 계약은 계약 연도가 끝난 다음 날(%(day)s)이나 해지할 때 한 번 청구합니다.")
            % {"day": words.day(first.period_to + days.ONE_DAY)}
        )
    if first.payer != first.company:
        told.append(_("그룹사의 요금은 그룹에 든 날부터 대표회사의 청구서에 담습니다."))
    told.append(_("부가세는 청구서의 공급가액을 모두 더한 뒤 한 번 계산하고 원 미만을 버립니다."))
    return told


def _added(first: DayUse, last: DayUse) -> str:
    """Over which days the quantity is added up: from the first of its period on."""
    return _("%(first)s부터 %(last)s까지 이 항목의 수량을 날마다 더하면 %(quantity)s입니다.") % {
        "first": words.day(first.period_from),
        "last": words.day(last.day),
        "quantity": words.number(last.so_far),
    }


def _divided(use: DayUse) -> str:
    """The division, with its rest: nothing is left unsaid. R: E2, E3."""
    length = days.length(use.period_from, use.period_to)
    text = (
        _("계약 연도의 일수 %(days)s로 나눕니다: %(product)s ÷ %(days)s = %(amount)s")
        if use.cycle is Cycle.ANNUAL
        else _("그 달의 일수 %(days)s로 나눕니다: %(product)s ÷ %(days)s = %(amount)s")
    ) % {
        "days": words.number(length),
        "product": f"{words.number(use.so_far)} × {words.won(use.unit_price)}",
        "amount": words.won(use.amount_so_far),
    }
    if rest := use.so_far * use.unit_price - use.amount_so_far * length:
        text += _(" (나머지 %(rest)s ÷ %(days)s원은 버립니다)") % {
            "rest": words.number(rest),
            "days": words.number(length),
        }
    return text
