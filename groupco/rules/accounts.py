"""Who is registered when, and what a roster may change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import category

from workplace_console.common import days
from workplace_console.common.refusal import Refused, gettext_noop


@dataclass(frozen=True)
class Held:
    """A registration of a person over days; `excluded_on` is the last day counted, None: open."""

    registered_on: date
    excluded_on: date | None

    @property
    def last_day(self) -> date:
        return self.excluded_on or days.OPEN_END

    def overlaps(self, other: Held) -> bool:
        return self.registered_on <= other.last_day and other.registered_on <= self.last_day


@dataclass(frozen=True)
class RosterRow:
    """A line of a roster: a person and one registration."""

    line: int
    number: str
    held: Held
    name: str = ""
    email: str = ""
    # The file says no first day: whoever is registered already stays as they are.
    is_now: bool = False


class BadRoster(Refused):
    """A roster that can't be taken; nothing of it was. `more`: other rows that are wrong."""

    where = gettext_noop("{line}행: ")

    def __init__(self, line: int, template: str, **values: date | int | str) -> None:
        super().__init__("bad_roster", template, line=line, **values)
        self.line = line
        self.more: Sequence[BadRoster] = ()


def refuse_rows(faults: Iterable[BadRoster]) -> None:
    """Raise the first of these by its line, with the others; nothing when there are none."""
    in_order = sorted(faults, key=lambda fault: fault.line)
    if in_order:
        in_order[0].more = in_order[1:]
        raise in_order[0]


def count_changes(*, gone: Iterable[Held], come: Iterable[Held]) -> dict[date, int]:
    """From which day on the number of accounts changes by how many. R: E4."""
    changes: dict[date, int] = {}
    for sign, held in [(-1, held) for held in gone] + [(1, held) for held in come]:
        changes[held.registered_on] = changes.get(held.registered_on, 0) + sign
        if held.excluded_on:
            after = held.excluded_on + days.ONE_DAY
            changes[after] = changes.get(after, 0) - sign
    return {day: change for day, change in changes.items() if change}


def days_touched(old: Held | None, new: Held) -> tuple[date, date]:
    """The first and last day on which a registration counts differently than before."""
    if old is None:
        return new.registered_on, new.last_day
    return min(old.last_day, new.last_day) + days.ONE_DAY, max(old.last_day, new.last_day)


def takes_away(old: Held | None, new: Held) -> bool:
    """Whether a registration ends earlier than it was known to."""
    return old is not None and new.last_day < old.last_day


def check_unsettled(
    row: RosterRow, *, old: Held | None, first_paid: date | None, today: date
) -> None:
    """R: E4. Days that are paid for can't change any more once they are over.

    `first_paid` is the company's first paid day. Today can still gain accounts but not lose any:
    who holds one today counts today.
    """
    last = today if takes_away(old, row.held) else today - days.ONE_DAY
    touched_from, touched_to = days_touched(old, row.held)
    if first_paid and touched_from <= last and touched_to >= first_paid and first_paid <= last:
        raise BadRoster(
            row.line,
            gettext_noop("{first}부터 {last}까지는 청구된 날이라 바꿀 수 없습니다. 행을 고치세요."),
            first=first_paid,
            last=last,
        )


def check_not_future(line: int, day: date, *, today: date) -> None:
    """R: E4. Joins and leaves are written down when they happen."""
    if day > today:
        raise BadRoster(
            line,
            gettext_noop("{day}은(는) 아직 오지 않은 날입니다. {today}까지의 날짜를 적으세요."),
            day=day,
            today=today,
        )


def has_control(text: str) -> bool:
    """Whether there are line breaks, tabs or other control characters in a text."""
    return any(category(letter) == "Cc" for letter in text)


def check_person(name: str, number: str) -> None:
    """Who gets an account has a name or a number to be known by, each on one line."""
    if has_control(name) or has_control(number):
        raise Refused(
            "bad_person", gettext_noop("줄바꿈 같은 제어 문자는 쓸 수 없습니다. 다시 적으세요.")
        )
    if not name and not number:
        raise Refused("nobody", gettext_noop("이름이나 사번을 적으세요."))


def check_enough(*, wanted: int, registered: int) -> None:
    """Excluding more accounts than are registered is refused."""
    if wanted > registered:
        raise Refused(
            "not_that_many_accounts",
            gettext_noop("등록된 계정은 {registered}개입니다. {registered}개 이하로 제외하세요."),
            registered=registered,
        )
