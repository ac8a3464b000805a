"""`{% load console %}`: icons, and values in words. A value that is None becomes a dash.

The words themselves are made in common/words.py; here is only what a template adds to them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from html import escape
from typing import Final

from django import template
from django.template import RequestContext
from django.template.defaulttags import querystring
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from workplace_console.common import words

register = template.Library()

SETTLEMENTS: Final[Mapping[str, tuple[str, Promise]]] = {
    "settled": ("ok", _("결제 완료")),
    "open": ("info", _("결제 전")),
    "overdue": ("bad", _("미납")),
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing of static/icons.svg by its name. Words must stand beside it."""
    return _drawing("icon", name)


@register.simple_tag
def mark() -> SafeString:
    """The console's own mark."""
    return _drawing("mark", "mark")


@cache
def _drawing(css: str, name: str) -> SafeString:
    """The same every time; a tree has hundreds."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        static("icons.svg"),
        name,
    )


@register.filter
def won(amount: int | None) -> str:
    """{{ 1265744|won }}: 1,265,744원."""
    return words.NOTHING if amount is None else words.won(amount)


@register.filter
def difference(amount: int | None) -> str:
    """{{ -276954|difference }}: −276,954원; more has its sign, too."""
    return words.NOTHING if amount is None else words.difference(amount)


@register.filter
def amount(amount: int | None) -> str:
    """The same where it stands large: its unit is set smaller."""
    if amount is None:
        return words.NOTHING
    return _large("−" if amount < 0 else "", amount)


@register.filter
def large_difference(amount: int) -> str:
    """As difference, where it stands large."""
    return _large("+" if amount > 0 else "−" if amount < 0 else "", amount)


def _large(sign: str, amount: int) -> str:
    figure = sign, words.number(abs(amount))
    if words.is_english():
        return format_html('<span class="won">{}<small class="before">₩</small>{}</span>', *figure)
    return format_html('<span class="won">{}{}<small>원</small></span>', *figure)


@register.filter
def number(value: int | None) -> str:
    """{{ 1265744|number }}: 1,265,744."""
    return words.NOTHING if value is None else words.number(value)


@register.filter
def day(value: date | None) -> str:
    """<time> with 2026. 3. 5. in it. Inside a sentence (blocktranslate) use plain_day."""
    return words.NOTHING if value is None else _time(value, words.day(value))


@register.filter
def plain_day(value: date | None) -> str:
    """2026. 3. 5."""
    return words.NOTHING if value is None else words.day(value)


@register.filter
def short_day(value: date | None) -> str:
    """<time> with 11. 22. in it, where the year stands nearby."""
    return words.NOTHING if value is None else _time(value, words.short_day(value))


@register.filter
def moment(value: datetime | None) -> str:
    """<time> with 2026. 3. 5. 14:03 in it, by the clock of the business."""
    if value is None:
        return words.NOTHING
    return _time(timezone.localtime(value), words.moment(value))


@register.filter
def month(value: date | None) -> str:
    """2026년 11월."""
    return words.NOTHING if value is None else words.month(value)


@register.filter
def weekday(value: date) -> str:
    """월."""
    return words.weekday(value)


@register.filter
def days_off(value: date, today: date) -> str:
    """{{ row.day|days_off:request.today }}: 오늘, 8일 뒤, 3일 전."""
    return words.days_off(value, today)


@register.simple_tag
def period(first: date, last: date) -> str:
    """{% period first last %}: 11. 1.–11. 22."""
    return words.period(first, last)


# No break before a per cent sign, and none between a sign and the particle after it.
HELD: Final = (
    (re.compile(r"(?<=\d) (?=%)"), "\N{NO-BREAK SPACE}"),
    (re.compile("(?<=[%)])(?=[가-힣])"), "\N{WORD JOINER}"),
)


@register.filter
def held(text: str) -> str:
    """{{ notice.title|held }}: 80 %를 and (8. 18.)부터 stay on one line."""
    for place, joint in HELD:
        text = place.sub(joint, text)
    return text


@register.filter
def business_number(digits: str | None) -> str:
    """{{ "1234567890"|business_number }}: 123-45-67890."""
    return words.business_number(digits) if digits else words.NOTHING


@register.simple_tag(takes_context=True)
def sort_header(
    context: RequestContext, label: str, key: str, sort: str, *, is_number: bool = False
) -> SafeString:
    """{% sort_header _("이름") "name" sort %}: the head of a column that sorts its table by an
    address; once more, from the other end. The rest of the query stays.

    `key` is what the address says of the column, `sort` what the table is sorted by: a key, from
    the end with a - before it.
    """
    from_end = f"-{key}"
    order, arrow = {key: ("ascending", "↑"), from_end: ("descending", "↓")}.get(sort, ("", ""))
    address = querystring(context, sort=from_end if sort == key else key, page=None)
    kind = ' class="num"' if is_number else ""
    sorted_so = f' aria-sort="{order}"' if order else ""
    shown = f'<span aria-hidden="true">{arrow}</span>' if arrow else ""
    link = f'<a class="sort" href="{escape(address)}">{escape(label)}{shown}</a>'
    return mark_safe(f'<th scope="col"{kind}{sorted_so}>{link}</th>')  # noqa: S308


@register.filter
def settlement_badge(settlement: str) -> SafeString:
    """{{ settlement|settlement_badge }}: where the payment of a bill stands. R: E12."""
    tone, word = SETTLEMENTS[settlement]
    return mark_safe(f'<span class="badge {tone} dot">{escape(str(word))}</span>')  # noqa: S308


def _time(value: date, shown: str) -> SafeString:
    # Both are our own words; format_html would take three times as long, and lists have many.
    return mark_safe(f'<time datetime="{value.isoformat()}">{shown}</time>')  # noqa: S308
