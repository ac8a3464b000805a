"""Lists that can be sorted: by one of their columns, from either end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

# What a list can be sorted by, and the columns that this means; the last tells apart what is alike.
Sorts: TypeAlias = Mapping[str, Sequence[str]]

FROM_THE_END = "-"


def ordered(sorts: Sorts, sort: str) -> list[str]:
    """The columns for order_by; KeyError for a sort that is none."""
    columns = sorts[sort.removeprefix(FROM_THE_END)]
    if not sort.startswith(FROM_THE_END):
        return list(columns)
    return [FROM_THE_END + column for column in columns]


def ordered_sql(sorts: Sorts, sort: str) -> str:
    """The same in SQL, for ORDER BY."""
    names = ordered(sorts, sort)
    return ", ".join(
        f"{name.removeprefix(FROM_THE_END)} DESC" if name.startswith(FROM_THE_END) else name
        for name in names
    )


def known(sorts: Sorts, asked: str, *, default: str) -> str:
    """What was asked for, if there is such a sort."""
    return asked if asked.removeprefix(FROM_THE_END) in sorts else default
