"""The measured growth as a picture: docs/pictures/growth.svg, drawn from results.json.

python -m benchmarks.scale.picture
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.scale.places import ROOT

RESULTS = ROOT / "benchmarks" / "results.json"
PICTURE = ROOT / "docs" / "pictures" / "growth.svg"

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 800, 420, 70, 260, 30, 60
Point = tuple[int, float]  # companies, milliseconds

# What is drawn, and how: the label, where it stands in the results, whose time, the colour.
LINES = (
    ("month close, ours", "closes", "ours", "#0a5cad", ""),
    ("month close, the limit", "closes", "limit", "#0a5cad", "5 4"),
    ("charge of a day, ours", "charges", "ours", "#0b7a43", ""),
    ("charge of a day, the limit", "charges", "limit", "#0b7a43", "5 4"),
)


def points(results: dict[str, Any], part: str, whose: str) -> list[Point]:
    """By number of companies, with a month of history."""
    found: dict[int, float] = {}
    for run in results.values():
        if part not in run:  # it was not run to its end
            continue
        for label, companies in (("1 month", run["companies"]), ("many", run["companies"] * 10)):
            found[companies] = median(run[part][f"{whose} {label}"])
    return sorted(found.items())


def picture(results: dict[str, Any]) -> str:
    """Both axes by powers of ten: what grows with the companies is a straight line."""
    drawn = [
        (label, points(results, *where), colour, dash) for label, *where, colour, dash in LINES
    ]
    every = [point for _label, found, *_style in drawn for point in found]
    across = _scale([x for x, _y in every], LEFT, WIDTH - RIGHT)
    up = _scale([y for _x, y in every], HEIGHT - BOTTOM, TOP)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
            ' role="img" font-family="sans-serif" font-size="13">',
            "<title>Milliseconds of a night's charge and of a month's close, by companies</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            *_grid(across, up),
            *(part for line in drawn for part in _line(*line, across, up)),
            *_labels(drawn, up),
            "</svg>",
            "",
        )
    )


class _scale:  # noqa: N801 used as a function
    """Places values between two edges, by powers of ten."""

    def __init__(self, values: Sequence[float], first: int, last: int) -> None:
        self.low = math.floor(math.log10(min(values)))
        self.high = math.ceil(math.log10(max(values)))
        self.first, self.last = first, last

    def __call__(self, value: float) -> float:
        part = (math.log10(value) - self.low) / max(self.high - self.low, 1)
        return self.first + part * (self.last - self.first)

    @property
    def powers(self) -> list[int]:
        return [10**power for power in range(self.low, self.high + 1)]


def _grid(across: _scale, up: _scale) -> Iterator[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for value in across.powers:
        x = across(value)
        yield f'<path d="M{x:.0f} {TOP}V{bottom}" stroke="#e3e6ea"/>'
        yield f'<text x="{x:.0f}" y="{bottom + 20}" text-anchor="middle">{value:,}</text>'
    for value in up.powers:
        y = up(value)
        yield f'<path d="M{LEFT} {y:.0f}H{right}" stroke="#e3e6ea"/>'
        said = f"{value:,} ms" if value < 1000 else f"{value // 1000:,} s"
        yield f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{said}</text>'
    middle = (LEFT + right) / 2
    yield f'<text x="{middle:.0f}" y="{HEIGHT - 14}" text-anchor="middle">companies</text>'


def _line(
    _label: str, found: Sequence[Point], colour: str, dash: str, across: _scale, up: _scale
) -> Iterator[str]:
    way = "L".join(f"{across(x):.1f} {up(y):.1f}" for x, y in found)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    yield f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
    for x, y in found:
        yield f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3" fill="{colour}"/>'


def _labels(drawn: Sequence[tuple[str, list[Point], str, str]], up: _scale) -> Iterator[str]:
    """Beside the last points, none over another."""
    lowest = 0.0
    for label, found, colour, _dash in sorted(drawn, key=lambda line: -line[1][-1][1]):
        y = max(up(found[-1][1]) + 4, lowest + 18)
        lowest = y
        last = f"{found[-1][1]:,.0f} ms"
        yield f'<text x="{WIDTH - RIGHT + 10}" y="{y:.0f}" fill="{colour}">{label}: {last}</text>'


def main() -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    PICTURE.write_text(picture(results), encoding="utf-8")
    print(Path(PICTURE).relative_to(ROOT))


if __name__ == "__main__":
    main()
