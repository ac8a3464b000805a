"""A chart as a page draws it: the way to one place open, the rest a click away. R: F4."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from groupco.rules import ChartLine
from workplace_console.common.templatetags.console import icon


class Branch(NamedTuple):
    """A line of a chart as it is drawn; without a link it is a label."""

    line: ChartLine
    url: str
    is_open: bool
    is_here: bool


def key(line: ChartLine) -> str:
    """A line in an address: a company's id, or a department's number."""
    return line.company if line.department is None else str(line.department)


def find(lines: Sequence[ChartLine], asked: str, *, default: str) -> ChartLine | None:
    """The line with this key that people may be shown of, else the one with the default's."""
    for wanted in (asked, default):
        # Only one kind can have it: a company's id is no number.
        is_number = wanted.isdecimal()
        for line in lines:
            if (line.department is not None) is is_number and key(line) == wanted:
                if line.is_label:
                    break
                return line
    return None


def branches(
    lines: Sequence[ChartLine], here: ChartLine | None, link: Callable[[str], str]
) -> list[Branch]:
    """The top, the way down to `here` with everything beside it, and what lies right below it.

    Labels are always open: what they are there for lies below them. `link` makes an address of a
    key, which is safe in one.
    """
    way = _way(lines, here)
    shown: list[Branch] = []
    closed_at: int | None = None  # how deep the line lies below which nothing is shown now
    for line in lines:
        if closed_at is not None and line.depth > closed_at:
            continue
        is_open = line.is_label or line in way
        closed_at = None if is_open else line.depth
        url = "" if line.is_label else link(key(line))
        shown.append(Branch(line, url, is_open, line is here))
    return shown


def _way(lines: Sequence[ChartLine], here: ChartLine | None) -> list[ChartLine]:
    """A line and all that it lies below, from the bottom up."""
    way: list[ChartLine] = []
    if here is not None:
        for line in reversed(lines[: lines.index(here) + 1]):
            if not way or line.depth < way[-1].depth:
                way.append(line)
    return way


def drawn(shown: Sequence[Branch]) -> SafeString:
    """The branches as items of a list, each with the list of those below it.

    Made here and not in a template, which would take most of a page's time for a hundred of them.
    """
    depths = [*(branch.line.depth for branch in shown[1:]), 0]
    return mark_safe(  # noqa: S308 - put together from parts that are escaped
        "".join(
            _node(branch)
            + ("<ul>" if after > branch.line.depth else "</li>")
            + "</ul></li>" * max(branch.line.depth - after, 0)
            for branch, after in zip(shown, depths, strict=True)
        )
    )


def _node(branch: Branch) -> str:
    line, name = branch.line, escape(branch.line.name)
    drawing = icon("company" if line.department is None else "dept")
    if not branch.url:
        return (
            f'<li><span class="node fixed"><span class="turn"></span>{drawing}'
            f"<span>{name}</span></span>"
        )
    css = (" of-company" if line.department is None else "") + (" open" if branch.is_open else "")
    here = ' aria-current="true"' if branch.is_here else ""
    turn = icon("right") if line.has_children else ""
    return (
        f'<li><a class="node{css}" href="{escape(branch.url)}"{here}>'
        f'<span class="turn">{turn}</span>{drawing}<span>{name}</span></a>'
    )
