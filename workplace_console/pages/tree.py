"""A chart as a page draws it: the way to one place open, the rest a click away. R: F4."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from groupco.rules import ChartLine


@dataclass(frozen=True)
class Branch:
    """A line of a chart with its link (none: a label), and the lists that begin or end after it."""

    line: ChartLine
    url: str
    is_open: bool
    is_here: bool
    opens: bool = False
    closes: range = range(0)


def key(line: ChartLine) -> str:
    """A line in an address: a company's id, or a department's number."""
    return line.company if line.department is None else str(line.department)


def find(lines: Sequence[ChartLine], asked: str, *, default: str) -> ChartLine | None:
    """The line with this key that people may be shown of, else the one with the default's."""
    open_to_us = {key(line): line for line in lines if not line.is_label}
    return open_to_us.get(asked) or open_to_us.get(default)


def branches(
    lines: Sequence[ChartLine], here: ChartLine | None, link: Callable[[str], str]
) -> list[Branch]:
    """The top, the way down to `here` with everything beside it, and what lies right below it.

    Labels are always open: what they are there for lies below them.
    """
    way = _way(lines, here)
    shown: list[Branch] = []
    open_at: dict[int, bool] = {-1: True}
    for line in lines:
        is_visible = open_at.get(line.depth - 1, False)
        is_open = line.is_label or key(line) in way
        open_at[line.depth] = is_visible and is_open
        if is_visible:
            url = "" if line.is_label else link(key(line))
            shown.append(Branch(line, url, is_open, is_here=line is here))
    return _nested(shown)


def _way(lines: Sequence[ChartLine], here: ChartLine | None) -> set[str]:
    """The keys of a line and of all that it lies below."""
    trail: list[ChartLine] = []
    for line in lines:
        del trail[line.depth :]
        trail.append(line)
        if line is here:
            return {key(above) for above in trail}
    return set()


def _nested(shown: Sequence[Branch]) -> list[Branch]:
    """Where lists begin and end, for a template that can't count."""
    depths = [branch.line.depth for branch in shown] + [0]
    return [
        Branch(
            branch.line,
            branch.url,
            branch.is_open,
            branch.is_here,
            opens=after > branch.line.depth,
            closes=range(max(branch.line.depth - after, 0)),
        )
        for branch, after in zip(shown, depths[1:], strict=True)
    ]
