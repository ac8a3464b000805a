"""Sizes are whole bytes; 1 GB is 1024³ of them, 1 TB is 1024 GB. R: D1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

GB: Final = 1024**3
TB: Final = 1024 * GB


def in_words(size: int) -> str:
    """522 GB, 1.5 TB, 12.3 GB: rounded down to a tenth, since what is left is what matters."""
    unit, name = (TB, "TB") if size >= TB else (GB, "GB")
    whole, rest = divmod(size, unit)
    tenths = rest * 10 // unit
    return f"{whole:,}.{tenths} {name}" if tenths else f"{whole:,} {name}"


def whole_gb(size: int) -> str:
    """Bytes as whole GB, rounded down: 1,632 GB."""
    return f"{size // GB:,} GB"


def whole_gb_parts(parts: Sequence[int]) -> list[int]:
    """Parts in bytes as whole GB that add up to the whole GB of them all: those that lose most by
    rounding down get one back."""
    whole = [size // GB for size in parts]
    short = sum(parts) // GB - sum(whole)
    by_loss = sorted(range(len(parts)), key=lambda number: -(parts[number] % GB))
    for number in by_loss[:short]:
        whole[number] += 1
    return whole


def percent(part: int, whole: int) -> int:
    """How much of something a part is, rounded down; more than 100 where it is more."""
    return part * 100 // whole
