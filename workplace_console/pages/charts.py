"""Figures of charts that are drawn on the server: x in per cent, y in pixels.

Where an axis stands to the left, what is drawn at x per cent is moved right by `shift` pixels, so
that it stands at x per cent of what is left of the width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _

from workplace_console.common import words

HEIGHT: Final = 100.0
TOP: Final = 4.0


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    height: str
    is_planned: bool


@dataclass(frozen=True)
class MonthChart:
    """What has added up on each day of a month: solid until yesterday, hatched to its end."""

    bars: Sequence[Bar]
    bar_width: str
    sentence: str
    first_label: str
    last_label: str
    projected_total: int


def month_chart(sums: Sequence[int], *, known_days: int, projected_total: int) -> MonthChart | None:
    """The chart of the supply that has added up by each day; None when there is nothing.

    `sums` has a figure for each day of the month, of which the first `known_days` are over.
    """
    most = max(sums, default=0)
    if not most:
        return None
    step = 100 / len(sums)
    bars = []
    for index, amount in enumerate(sums):
        height = max(HEIGHT * amount / most, 0.5)
        bars.append(
            Bar(
                x=f"{index * step + step * 0.08:.2f}",
                y=f"{TOP + HEIGHT - height:.1f}",
                height=f"{height:.1f}",
                is_planned=index >= known_days,
            )
        )
    so_far = sums[known_days - 1] if known_days else 0
    sentence = _(
        "날마다 쌓인 공급가액. "
        "%(known)d일까지 %(so_far)s, %(last)d일에는 %(then)s이 될 것으로 봅니다."
    ) % {
        "known": known_days,
        "so_far": words.won(so_far),
        "last": len(sums),
        "then": words.won(sums[-1]),
    }
    return MonthChart(
        bars=bars,
        bar_width=f"{step * 0.84:.2f}",
        sentence=sentence,
        first_label=_("%(day)d일") % {"day": 1},
        last_label=_("%(day)d일") % {"day": len(sums)},
        projected_total=projected_total,
    )


AXIS: Final = 48.0
PLOT: Final = 210.0
TOP_OF_PLOT: Final = 22.0
BAR: Final = 0.5
# Between the parts of a bar.
GAP: Final = 1.5


@dataclass(frozen=True)
class Tick:
    y: str
    word: str


@dataclass(frozen=True)
class Segment:
    series: str
    y: str
    height: str


@dataclass(frozen=True)
class Stack:
    """The bar of a month: parts one above the other, and what they add up to."""

    shift: str
    x: str
    middle: str
    segments: Sequence[Segment]
    y: str
    word: str
    label: str


@dataclass(frozen=True)
class StackChart:
    ticks: Sequence[Tick]
    stacks: Sequence[Stack]
    bar_width: str
    axis: str
    base: str
    foot: str


def stack_chart(labels: Sequence[str], series: Sequence[Sequence[int]]) -> StackChart:
    """Won by month, a series for each part of the bars, from below. All the same length."""
    totals = [sum(parts) for parts in zip(*series, strict=True)]
    top = _round_up(max(totals, default=0))
    step = 100 / len(labels)
    return StackChart(
        ticks=[
            Tick(f"{TOP_OF_PLOT + PLOT * (1 - part / 4):.1f}", words.short_won(top * part // 4))
            for part in range(5)
        ],
        stacks=[
            _stack(label, parts, total, top, (at + 0.5) * step, step)
            for at, (label, parts, total) in enumerate(
                zip(labels, zip(*series, strict=True), totals, strict=True)
            )
        ],
        bar_width=f"{step * BAR:.2f}",
        axis=f"{AXIS:.0f}",
        base=f"{TOP_OF_PLOT + PLOT:.1f}",
        foot=f"{TOP_OF_PLOT + PLOT + 20:.1f}",
    )


def _stack(
    label: str, parts: Sequence[int], total: int, top: int, middle: float, step: float
) -> Stack:
    bottom, segments = TOP_OF_PLOT + PLOT, []
    for number, amount in enumerate(parts, start=1):
        if amount:
            height = PLOT * amount / top
            bottom -= height
            shown = max(height - GAP, 0.5)
            segments.append(Segment(f"s{number}", f"{bottom:.1f}", f"{shown:.1f}"))
    return Stack(
        shift=f"{AXIS * (1 - middle / 100):.1f}",
        x=f"{middle - step * BAR / 2:.2f}",
        middle=f"{middle:.2f}",
        segments=segments,
        y=f"{bottom - 7:.1f}",
        word=words.short_won(total) if total else "",
        label=label,
    )


def _round_up(amount: int) -> int:
    """The next of 40, 60, 80, 100, 120, 160, 200, 400, 600 …: a quarter of it is a round number."""
    unit = 40
    while unit < amount:
        for tenths in (15, 20, 25, 30, 40, 50):
            if unit * tenths // 10 >= amount:
                return unit * tenths // 10
        unit *= 10
    return unit


@dataclass(frozen=True)
class Point:
    x: str
    y: str
    word: str
    label: str


@dataclass(frozen=True)
class Stroke:
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class LineChart:
    points: Sequence[Point]
    strokes: Sequence[Stroke]


LOW: Final = 100.0
HIGH: Final = 30.0


def line_chart(labels: Sequence[str], values: Sequence[int], written: Sequence[str]) -> LineChart:
    """A value for each month above a base line at 0; `written` are the values in words."""
    most, step = max(values, default=0) or 1, 100 / len(labels)
    points = [
        Point(f"{(at + 0.5) * step:.2f}", f"{LOW - (LOW - HIGH) * value / most:.1f}", word, label)
        for at, (label, value, word) in enumerate(zip(labels, values, written, strict=True))
    ]
    return LineChart(points, [Stroke(a.x, a.y, b.x, b.y) for a, b in pairwise(points)])
