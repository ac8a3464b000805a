"""When a bill is due, when a card is tried, and what staff may record. R: E12."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from workplace_console.common import days
from workplace_console.common.refusal import Refused, gettext_noop

SATURDAY: Final = 5

# A card is tried on the due day, and, while it is refused, on so many business days in all.
MOST_ATTEMPTS: Final = 4

# So many days after the due day a payer is reminded of an open bill; later every thirty.
REMINDERS: Final = (1, 7, 14, 30)
REMINDED_EVERY: Final = 30

MOST_WON: Final = 10**12
LONGEST_DEPOSITOR: Final = 40


def is_business_day(day: date, *, holidays: Collection[date]) -> bool:
    """Whether banks work: no weekend, and none of the holidays."""
    return day.weekday() < SATURDAY and day not in holidays


def next_business_day(day: date, *, holidays: Collection[date]) -> date:
    """The day itself if banks work on it, else the first after it on which they do."""
    while not is_business_day(day, holidays=holidays):
        day += days.ONE_DAY
    return day


def due_day(issued_on: date, *, day_of_month: int, holidays: Collection[date]) -> date:
    """When a bill of a day is to be paid: the next such day of a month after it, or the business
    day that follows. R: E12."""
    due = issued_on.replace(day=day_of_month)
    if due <= issued_on:
        due = (days.last_of_month(issued_on) + days.ONE_DAY).replace(day=day_of_month)
    return next_business_day(due, holidays=holidays)


def may_attempt(*, due_on: date, refused: int, today: date, holidays: Collection[date]) -> bool:
    """Whether a card is tried by itself today, having been refused so many times. R: E12."""
    return due_on <= today and refused < MOST_ATTEMPTS and is_business_day(today, holidays=holidays)


def reminder(*, due_on: date, today: date) -> int | None:
    """The reminder that stands today for a bill that is open: so many days after its due day, the
    last whose day has come; None while it is too early. R: E12."""
    late = (today - due_on).days
    if late > REMINDERS[-1]:
        return late - (late - REMINDERS[-1]) % REMINDED_EVERY
    return max((after for after in REMINDERS if after <= late), default=None)


def check_transfer(*, amount: int, received_on: date, today: date) -> None:
    """R: E12. Some money, that has come by today. Amounts in won."""
    if not 1 <= amount <= MOST_WON:
        raise Refused(
            "amount_out_of_range",
            gettext_noop("금액은 1원부터 {most}원 사이로 적으세요."),
            most=f"{MOST_WON:,}",
        )
    if not today - timedelta(days=366) <= received_on <= today:
        raise Refused(
            "bad_received_on",
            gettext_noop("입금일은 지난 1년부터 오늘({today}) 사이로 적으세요."),
            today=today,
        )


def check_depositor(name: str) -> None:
    """A name that a bank would show, or none."""
    if len(name) > LONGEST_DEPOSITOR or not (name.isprintable() or not name):
        raise Refused(
            "bad_depositor", gettext_noop("입금자명은 통장에 보이는 대로 40자까지 적으세요.")
        )


def check_refund(*, amount: int, refundable: int) -> None:
    """R: E12. No more than the payer has in credit, and than is left of the payment; in won."""
    if refundable < 1:
        raise Refused(
            "nothing_to_refund",
            gettext_noop(
                "돌려줄 돈이 없습니다. 크레딧 노트를 먼저 발행하거나 잔액을 다시 확인하세요."
            ),
        )
    if not 1 <= amount <= refundable:
        raise Refused(
            "refund_out_of_range",
            gettext_noop("환불액은 1원부터 {most}원 사이로 적으세요."),
            most=f"{refundable:,}",
        )
