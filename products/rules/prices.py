"""The catalogue: what has a price, and from which day it may hold."""

from __future__ import annotations

from datetime import date
from typing import Final

from products.choices import Cycle, Item, Plan
from workplace_console.common import days
from workplace_console.common.refusal import Refused, gettext_noop


def check_priced(item: Item, plan: Plan | None, cycle: Cycle | None) -> None:
    """R: E1, E11. A seat's price is of a plan and a cycle, added capacity's of neither."""
    has = (plan is not None, cycle is not None)
    if has != ((True, True) if item is Item.SEAT else (False, False)):
        raise Refused(
            "price_of_nothing",
            gettext_noop(
                "사용자 단가에는 상품과 결제 주기를 고르고, 추가 용량 단가에는 고르지 마세요."
            ),
        )


def check_price_day(starts_on: date, *, today: date) -> None:
    """R: E11. A new price holds from tomorrow on, never for days that are or were."""
    if starts_on <= today:
        raise Refused(
            "price_too_early",
            gettext_noop("시행일은 {first}부터 선택하세요. 지난 날의 단가는 바꿀 수 없습니다."),
            first=today + days.ONE_DAY,
        )


def check_price_withdrawal(starts_on: date, *, today: date) -> None:
    """R: E11. Until its day begins."""
    if starts_on <= today:
        raise Refused(
            "price_in_force",
            gettext_noop("{starts_on}부터 적용된 단가는 철회할 수 없습니다. 새 단가를 등록하세요."),
            starts_on=starts_on,
        )


HIGHEST_PRICE: Final = 100_000_000


def check_unit_price(unit_price: int) -> None:
    """R: E11. Whole won, from 1 to a hundred million: more is a slip of the hand."""
    if not 1 <= unit_price <= HIGHEST_PRICE:
        raise Refused(
            "price_out_of_range",
            gettext_noop("단가는 1원부터 {most}원 사이로 적으세요."),
            most=f"{HIGHEST_PRICE:,}",
        )
