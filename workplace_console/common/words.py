"""Values as a reader writes them, in the language of the page. R: H3.

Korean is days.in_words and won.in_words; English follows its own habits. Sentences are not made
here, only what is put into them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from workplace_console.common import days
from workplace_console.common import won as korean_won
from workplace_console.common.particles import fitted
from workplace_console.common.refusal import Refused

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
KOREAN_WEEK: Final = ("월", "화", "수", "목", "금", "토", "일")
ENGLISH_WEEK: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

# Stands where there is no value; a cell is never empty.
NOTHING: Final = "–"


def is_english() -> bool:
    """Whether the page being made is an English one; everything else is Korean."""
    return (get_language() or "ko").startswith("en")


def day(value: date) -> str:
    """2026. 3. 5., in English Mar 5, 2026."""
    if is_english():
        return f"{MONTHS[value.month - 1][:3]} {value.day}, {value.year}"
    return days.in_words(value)


def short_day(value: date) -> str:
    """A day whose year goes without saying: 11. 22., in English Nov 22."""
    if is_english():
        return f"{MONTHS[value.month - 1][:3]} {value.day}"
    return f"{value.month}. {value.day}."


def month(value: date) -> str:
    """The month a day lies in: 2026년 11월, in English November 2026."""
    if is_english():
        return f"{MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}년 {value.month}월"


def short_month(value: date) -> str:
    """A month whose year goes without saying: 11월, in English Nov."""
    return MONTHS[value.month - 1][:3] if is_english() else f"{value.month}월"


def period(first: date, last: date) -> str:
    """A range that names both its ends: 11. 1.–11. 22. within a year, else with years."""
    if first == last:
        return short_day(first)
    write = short_day if first.year == last.year else day
    return f"{write(first)}–{write(last)}"


def moment(value: datetime) -> str:
    """A point in time as the clock of the business shows it: 2026. 3. 5. 14:03."""
    local = timezone.localtime(value)
    return f"{day(local.date())} {local:%H:%M}"


def weekday(value: date) -> str:
    """The day of the week, short: 월, in English Mon."""
    return (ENGLISH_WEEK if is_english() else KOREAN_WEEK)[value.weekday()]


def days_off(value: date, today: date) -> str:
    """How far a day is from today: 오늘, 8일 뒤, 3일 전."""
    n = (value - today).days
    if n == 0:
        return gettext("오늘")
    if n > 0:
        return ngettext("%(n)s일 뒤", "%(n)s일 뒤", n) % {"n": number(n)}
    return ngettext("%(n)s일 전", "%(n)s일 전", -n) % {"n": number(-n)}


def number(value: int) -> str:
    """1,265,744."""
    return f"{value:,}"


def won(amount: int) -> str:
    """Whole won: 1,265,744원, in English ₩1,265,744."""
    if is_english():
        return f"{'-' if amount < 0 else ''}₩{abs(amount):,}"
    return korean_won.in_words(amount)


def difference(amount: int) -> str:
    """What something is more or less by: +16,500원, −276,954원, 0원."""
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    return sign + won(abs(amount))


def short_won(amount: int) -> str:
    """Won for an axis, never rounded up: 95.4만 and 4.35억, in English 954.3K and 1.05M."""
    for name, unit in (
        (("M", 10**6), ("K", 10**3)) if is_english() else (("억", 10**8), ("만", 10**4))
    ):
        if amount >= unit:
            places = 2 if name in "M억" and amount < 10 * unit else 1
            whole, rest = divmod(amount, unit)
            behind = f"{rest * 10**places // unit:0{places}}".rstrip("0")
            return f"{whole:,}{'.' if behind else ''}{behind}{name}"
    return number(amount)


def business_number(digits: str) -> str:
    """Ten digits as they stand on paper: 123-45-67890. Anything else stays as it is."""
    if len(digits) != 10 or not digits.isdecimal():
        return digits
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def in_words(value: date | int | str) -> str:
    """A day, a number or a word, as it is put into a sentence. Won are `won`."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return number(value) if isinstance(value, int) else str(value)


def columns_in_words(headings: Mapping[str, str]) -> dict[str, str]:
    """What the columns of a file are called on this page, by their names; either is understood.

    `headings` has the names of columns by their Korean headings.
    """
    return {name: name if is_english() else korean for korean, name in headings.items()}


def sentence(refused: Refused) -> str:
    """What a rule says, in the language of the page; its days in words, as in `str(refused)`."""
    values = {
        name: day(value) if isinstance(value, date) else value
        for name, value in refused.values.items()
    }
    where = gettext(refused.where) if refused.where else ""
    return fitted((where + gettext(refused.template)).format_map(values))
