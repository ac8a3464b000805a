"""Accounts that a company may do without: idle ones, and persons who hold several. R: H4."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

# Whoever has not used WORKPLACE for so many days, and was registered before that, is idle.
IDLE_DAYS: Final = 30


@dataclass(frozen=True)
class Holder:
    """A registered account and its person. `last_used_on`: None as long as no use is known."""

    account: int
    number: str
    name: str
    email: str
    registered_on: date
    last_used_on: date | None


def idle_since(day: date) -> date:
    """Who was registered and last used WORKPLACE on this day or earlier is idle on `day`."""
    return day - timedelta(days=IDLE_DAYS)


def knows_idle(known_from: date | None, day: date) -> bool:
    """Whether use has been reported for long enough to say of anybody that there was none."""
    return known_from is not None and known_from <= idle_since(day)


class Likeness(StrEnum):
    """What two accounts have in common that one person's would."""

    EMAIL = "email"
    NUMBER = "number"
    MAILBOX = "mailbox"


@dataclass(frozen=True)
class Same:
    """Accounts that seem to be one person's. The first is the one to keep: the one used last, else
    the one registered first."""

    holders: Sequence[Holder]
    likenesses: Sequence[Likeness]

    @property
    def spare(self) -> Sequence[Holder]:
        return self.holders[1:]


Key = tuple[Likeness, str, str]


def same_persons(holders: Iterable[Holder]) -> list[Same]:
    """The persons who seem to hold several accounts, by number.

    Taken for one are: the same mail address; the same name with the same number but for leading
    zeros, separators and capitals (as a spreadsheet changes them); the same name with the same
    mailbox at another domain. The same name alone says nothing: many share one. Blanks and capitals
    don't count anywhere.
    """
    together: dict[int, list[Holder]] = {}
    first: dict[Key, int] = {}
    shared: dict[int, set[Likeness]] = {}
    for holder in holders:
        together[holder.account] = [holder]
        for key in _keys(holder):
            other = first.setdefault(key, holder.account)
            if other != holder.account:
                _join(together, other, holder.account)
                shared.setdefault(other, set()).add(key[0])
    groups = {id(group): group for group in together.values() if len(group) > 1}
    found = [_same(group, shared) for group in groups.values()]
    return sorted(found, key=lambda same: same.holders[0].number)


def _join(together: dict[int, list[Holder]], one: int, other: int) -> None:
    large, small = together[one], together[other]
    if large is small:
        return
    if len(large) < len(small):
        large, small = small, large
    large.extend(small)
    for holder in small:
        together[holder.account] = large


def _same(group: Sequence[Holder], shared: dict[int, set[Likeness]]) -> Same:
    likenesses = set[Likeness]().union(*(shared.get(holder.account, ()) for holder in group))
    ordered = sorted(
        group, key=lambda h: (-(h.last_used_on or date.min).toordinal(), h.registered_on, h.number)
    )
    return Same(ordered, [likeness for likeness in Likeness if likeness in likenesses])


def _keys(holder: Holder) -> Iterator[Key]:
    email, name = holder.email.strip().casefold(), "".join(holder.name.split()).casefold()
    if email:
        yield Likeness.EMAIL, email, ""
    if name:
        yield Likeness.NUMBER, name, _plain_number(holder.number)
    if name and email:
        yield Likeness.MAILBOX, name, email.partition("@")[0].partition("+")[0]


def _plain_number(number: str) -> str:
    """E-0012, e0012 and E12 are one: without separators, capitals and leading zeros."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\W_]+", "", number.casefold()))
