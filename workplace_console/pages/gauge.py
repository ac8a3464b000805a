"""공용 용량: how much of it is used, by what. R: D2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from products import rules
from products.queries import Capacity
from workplace_console.common import sizes, words


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
    segments, uses, start = [], [], 0
    for number, (category, size) in enumerate(now.used_by.items(), start=1):
        if size:
            segments.append(Segment(_percent(start, scale), _percent(size, scale), f"s{number}"))
            start += size
        uses.append(
            Use(
                key=f"k{number}",
                label=str(category.label),
                size=sizes.whole_gb(size),
            )
        )
    used, total = sizes.whole_gb(now.used), sizes.whole_gb(now.total)
    return Gauge(
        used=used,
        total=total,
        free=sizes.whole_gb(max(now.free, 0)),
        percent=sizes.percent(now.used, now.total),
        is_over=now.free < 0,
        how=_how(now),
        sentence=_("공용 용량 %(total)s 가운데 %(used)s 사용") % {"total": total, "used": used},
        segments=segments,
        limit=_percent(now.total * (100 - settings.LOW_CAPACITY_PERCENT) // 100, scale),
        uses=uses,
    )


def _how(now: Capacity) -> str:
    """What the capacity is made of. R: D1."""
    base = sizes.whole_gb(rules.shared_capacity(now.plan, accounts=0))
    values = {"base": base, "n": words.number(now.accounts), "tb": words.number(now.added_tb)}
    if now.added_tb:
        return _("기본 %(base)s + 사용자 %(n)s명 × 1 GB + 추가 %(tb)s TB") % values
    return _("기본 %(base)s + 사용자 %(n)s명 × 1 GB") % values


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.2f}"
