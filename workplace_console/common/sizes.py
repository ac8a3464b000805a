"""Sizes are whole bytes; 1 GB is 1024³ of them, 1 TB is 1024 GB. R: D1."""

from __future__ import annotations

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


def percent(part: int, whole: int) -> int:
    """How much of something a part is, rounded down; more than 100 where it is more."""
    return part * 100 // whole
