"""Figures of charts that are drawn on the server: x in per cent, y in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
