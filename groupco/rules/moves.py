"""How a company is moved in the order of its group, one step or dropped somewhere. R: F6.

An order is a list of placements, each company before those below it. Siblings stand as they do in
the list, so a move puts one placement somewhere else and lets `in_order` do the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from groupco.rules.chart import DEPARTMENT, Placement, check_order, in_order
from workplace_console.common.refusal import Refused, gettext_noop


class Move(StrEnum):
    """One step: among its siblings, below the one above it, beside the one it lies below."""

    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"


class Where(StrEnum):
    """Where something is dropped, as seen from what it is dropped on."""

    BEFORE = "before"
    AFTER = "after"
    INTO = "into"


def moved(order: Sequence[Placement], company: str, move: Move) -> list[Placement]:
    """The order after one step. Raises Refused: nothing_chosen, first_already, last_already,
    nothing_above, top_already."""
    place = _place(order, company)
    siblings = [p.company for p in order if p.parent == place.parent]
    return in_order(STEPS[move](order, place, siblings))


def dropped(
    order: Sequence[Placement], company: str, *, onto: str, where: Where
) -> list[Placement]:
    """The order after a company was dropped on another one's place, or on a department's.

    Raises Refused: nothing_chosen, below_department, not_a_member, below_itself, below_its_own.
    """
    _place(order, company)
    parents = {placement.company: placement.parent for placement in order}
    if onto == company and where is not Where.INTO:
        return list(order)
    is_beside = where is not Where.INTO and not onto.startswith(DEPARTMENT)
    parent = parents.get(onto) if is_beside else onto
    rest = [placement for placement in order if placement.company != company]
    at = next((n for n, p in enumerate(rest) if p.company == onto), len(rest))
    at = {Where.BEFORE: at, Where.AFTER: at + 1, Where.INTO: len(rest)}[where]
    found = [*rest[:at], Placement(company, parent), *rest[at:]]
    check_order(found, members=list(parents))
    return in_order(found)


def _place(order: Sequence[Placement], company: str) -> Placement:
    for placement in order:
        if placement.company == company:
            return placement
    raise Refused("nothing_chosen", gettext_noop("옮길 회사를 먼저 고르세요."))


def _up(order: Sequence[Placement], place: Placement, siblings: Sequence[str]) -> list[Placement]:
    at = siblings.index(place.company)
    if at == 0:
        raise Refused(
            "first_already",
            gettext_noop("같은 단계에서 이미 맨 위입니다. 더 올리려면 상위로 옮기세요."),
        )
    return _swapped(order, place.company, siblings[at - 1])


def _down(order: Sequence[Placement], place: Placement, siblings: Sequence[str]) -> list[Placement]:
    at = siblings.index(place.company)
    if at == len(siblings) - 1:
        raise Refused(
            "last_already",
            gettext_noop("같은 단계에서 이미 맨 아래입니다. 다른 회사를 옮기세요."),
        )
    return _swapped(order, place.company, siblings[at + 1])


def _in(order: Sequence[Placement], place: Placement, siblings: Sequence[str]) -> list[Placement]:
    at = siblings.index(place.company)
    if at == 0:
        raise Refused(
            "nothing_above",
            gettext_noop("바로 위에 같은 단계의 회사가 없습니다. 먼저 아래로 옮기세요."),
        )
    rest = [placement for placement in order if placement != place]
    return [*rest, Placement(place.company, siblings[at - 1])]


def _out(order: Sequence[Placement], place: Placement, siblings: Sequence[str]) -> list[Placement]:
    if place.parent is None:
        raise Refused(
            "top_already",
            gettext_noop("이미 맨 위 단계입니다. 순서는 위로, 아래로 바꾸세요."),
        )
    above = _place(order, place.parent)
    rest = [placement for placement in order if placement != place]
    at = rest.index(above) + 1
    return [*rest[:at], Placement(place.company, above.parent), *rest[at:]]


def _swapped(order: Sequence[Placement], one: str, other: str) -> list[Placement]:
    found = list(order)
    ids = [placement.company for placement in found]
    i, j = ids.index(one), ids.index(other)
    found[i], found[j] = found[j], found[i]
    return found


Step = Callable[[Sequence[Placement], Placement, Sequence[str]], list[Placement]]
STEPS: Final[Mapping[Move, Step]] = {
    Move.UP: _up,
    Move.DOWN: _down,
    Move.IN: _in,
    Move.OUT: _out,
}
