"""Money is whole won, an int; there is nothing smaller and no float anywhere."""

from __future__ import annotations


def in_words(amount: int) -> str:
    """1,265,744원."""
    return f"{amount:,}원"
