"""Things measured in turn, so that only ratios within a round count."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median

Rounds = dict[str, list[float]]


def timed(act: Callable[[], object]) -> float:
    """Milliseconds, as whoever calls sees them."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def in_turn(
    acts: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    before: Callable[[str], object] = lambda _name: None,
    after: Callable[[str], object] = lambda _name: None,
) -> Rounds:
    """Milliseconds of each, one for each round; another one begins each time."""
    times: Rounds = {name: [] for name in acts}
    names = list(acts)
    for turn in range(rounds):
        first = turn % len(names)
        for name in [*names[first:], *names[:first]]:
            before(name)
            times[name].append(timed(acts[name]))
            after(name)
    return times


def ratio(times: Rounds, one: str, other: str) -> float:
    """The median over the rounds of the ratio within a round."""
    return median(a / b for a, b in zip(times[one], times[other], strict=True))
