"""공용 용량: how much of it is used, by what, and how that grows. R: D2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from products import rules
from products.choices import Plan
from products.queries import Capacity
from workplace_console.common import days, sizes, words
from workplace_console.pages.charts import LineChart, line_chart

NO_BREAK: Final = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Segment:
    """A part of the bar, in per cent of it."""

    start: str
    width: str
    series: str


@dataclass(frozen=True)
class Use:
    """A category in words, with the key of its colour."""

    key: str
    label: str
    size: str


@dataclass(frozen=True)
class Gauge:
    used: str
    total: str
    free: str
    percent: int
    is_over: bool
    how: str
    sentence: str
    segments: Sequence[Segment]
    limit: str
    uses: Sequence[Use]


def shared(now: Capacity) -> Gauge:
    """A company's shared capacity. What is used beyond it fills the bar and is said in words."""
    scale = max(now.total, now.used)
    whole = sizes.whole_gb_parts(list(now.used_by.values()))
    segments, uses, start = [], [], 0
    for number, (category, size) in enumerate(now.used_by.items(), start=1):
        if size:
            segments.append(Segment(_percent(start, scale), _percent(size, scale), f"s{number}"))
            start += size
        uses.append(
            Use(
                key=f"k{number}",
                label=str(category.label),
                size=f"{words.number(whole[number - 1])} GB",
            )
        )
    used, total = sizes.whole_gb(now.used), sizes.whole_gb(now.total)
    return Gauge(
        used=used,
        total=total,
        free=free(now),
        percent=sizes.percent(now.used, now.total),
        is_over=now.free < 0,
        how=_how(now),
        sentence=_("공용 용량 %(total)s 가운데 %(used)s 사용") % {"total": total, "used": used},
        segments=segments,
        limit=_percent(now.total * (100 - settings.LOW_CAPACITY_PERCENT) // 100, scale),
        uses=uses,
    )


def free(now: Capacity) -> str:
    """What is left. What is shown adds up: used and free are the total, categories what is used."""
    return f"{words.number(max(now.total // sizes.GB - now.used // sizes.GB, 0))} GB"


def line_works(plan: Plan | None, accounts: int) -> str:
    """What LINE WORKS has of its own; empty for plans without it. R: D6."""
    size = rules.line_works_capacity(plan, accounts=accounts)
    return sizes.whole_gb(size) if size else ""


def _how(now: Capacity) -> str:
    """What the capacity is made of. R: D1."""
    base = sizes.whole_gb(rules.shared_capacity(now.plan, accounts=0))
    values = {"base": base, "n": words.number(now.accounts), "tb": words.number(now.added_tb)}
    told = (
        _("기본 %(base)s + 사용자 %(n)s명 × 1 GB + 추가 %(tb)s TB")
        if now.added_tb
        else _("기본 %(base)s + 사용자 %(n)s명 × 1 GB")
    )
    return bound(told % values)


def bound(text: str) -> str:
    """Each size in a text, its figure and its unit on one line."""
    return text.replace(" GB", NO_BREAK + "GB").replace(" TB", NO_BREAK + "TB")


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.2f}"


MONTHS: Final = 6


@dataclass(frozen=True)
class Trend:
    """How use has grown, month by month, and when it will not fit any more."""

    chart: LineChart
    sentence: str
    outlook: str
    is_near: bool


def trend(reports: Sequence[tuple[date, int]], now: Capacity, today: date) -> Trend | None:
    """None while there are less than two months to be seen. `reports` are days, in order, and
    bytes; `since` says from when on they are needed."""
    ends: dict[date, int] = {}
    for day, size in reports:
        ends[days.first_of_month(day)] = size
    if len(ends) < 2:
        return None
    months = days.months(min(ends), today)
    known, values = 0, []
    for month in months:
        known = ends.get(month, known)
        values.append(known // sizes.GB)
    months, values = months[-MONTHS:], values[-MONTHS:]
    labels = [words.short_month(month) for month in months]
    told = ", ".join(
        f"{label} {words.number(value)} GB" for label, value in zip(labels, values, strict=True)
    )
    recent = [(day, size) for day, size in reports if (today - day).days <= rules.TREND_DAYS]
    growth = rules.growth(recent, capacity=now.total, today=today)
    return Trend(
        chart=line_chart(labels, values, [words.number(value) for value in values]),
        sentence=_("월말 사용량: %(told)s") % {"told": told},
        outlook=_outlook(growth),
        is_near=bool(growth and growth.full_on and (growth.full_on - today).days <= NEAR),
    )


# So many days ahead it is time to think about it.
NEAR: Final = 60


def since(today: date) -> date:
    """From which day on the reports are needed."""
    month = days.first_of_month(today)
    return days.months(month.replace(year=month.year - 1), today)[-MONTHS]


def _outlook(growth: rules.Growth | None) -> str:
    if growth is None:
        return ""
    if growth.full_on is None:
        return _("지금처럼 쓰면 3년 안에는 가득 차지 않습니다.")
    return _("지금처럼 늘면 %(day)s 무렵 가득 찹니다(하루 %(size)s씩).") % {
        "day": words.day(growth.full_on),
        "size": _small(growth.a_day),
    }


def _small(size: int) -> str:
    """3.2 GB, 410 MB."""
    return sizes.in_words(size) if size >= sizes.GB else f"{words.number(size // 1024**2)} MB"
