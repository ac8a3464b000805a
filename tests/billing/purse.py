"""What each payer should stand at: sums of what was done, by a count that knows nothing of ours."""

from __future__ import annotations

from collections import defaultdict


class Purse:
    """Bills by number, and all that was given for them or without naming one, in won."""

    def __init__(self) -> None:
        self.totals: dict[str, tuple[str, int]] = {}
        self.moved: defaultdict[str, int] = defaultdict(int)
        self.named: defaultdict[str, int] = defaultdict(int)

    def balance(self, payer: str) -> int:
        bills = sum(total for who, total in self.totals.values() if who == payer)
        return bills - self.moved[payer]

    def give(self, payer: str, amount: int, bill: str | None) -> None:
        self.moved[payer] += amount
        if bill:
            self.named[bill] += amount
