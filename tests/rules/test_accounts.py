"""How accounts are counted over days, and who may come and go. R: E4."""

from __future__ import annotations

from datetime import date

import pytest

from groupco import rules
from groupco.rules import BadRoster, Held, RosterRow
from tests.rules.refused import code
from workplace_console.common import days

DAY = date(2026, 5, 10)
ONE = days.ONE_DAY


def held(first: int, last: int | None = None) -> Held:
    return Held(DAY + first * ONE, None if last is None else DAY + last * ONE)


def test_registrations_overlap_when_they_share_a_day() -> None:
    assert held(0, 2).overlaps(held(2, 3))
    assert held(2, 3).overlaps(held(0, 2))
    assert not held(0, 2).overlaps(held(3))
    assert not held(3).overlaps(held(0, 2))


def test_counts_change_on_the_first_day_and_after_the_last() -> None:
    assert rules.count_changes(gone=[], come=[held(0, 2)]) == {DAY: 1, DAY + 3 * ONE: -1}
    assert rules.count_changes(gone=[held(0)], come=[held(0, 2)]) == {DAY + 3 * ONE: -1}
    assert rules.count_changes(gone=[held(1)], come=[]) == {DAY + ONE: -1}
    assert rules.count_changes(gone=[held(1)], come=[held(1)]) == {}


def test_what_a_change_touches() -> None:
    assert rules.days_touched(None, held(0, 2)) == (DAY, DAY + 2 * ONE)
    assert rules.days_touched(held(0), held(0, 2)) == (DAY + 3 * ONE, days.OPEN_END)
    assert rules.takes_away(held(0), held(0, 2))
    assert not rules.takes_away(held(0, 2), held(0, 2))
    assert not rules.takes_away(held(0, 2), held(0))
    assert not rules.takes_away(None, held(0))


@pytest.mark.parametrize(
    ("old", "new", "first_paid", "refused"),
    [
        # Today can gain accounts, yesterday can not.
        (None, held(0), DAY - ONE, False),
        (None, held(-1), DAY - ONE, True),
        (None, held(-1), DAY, False),
        (None, held(-3, -2), DAY - ONE, False),
        (None, held(-3, -1), DAY - ONE, True),
        (None, held(-9), None, False),
        # Today can not lose any; tomorrow can.
        (held(-5), held(-5, -1), DAY - 9 * ONE, True),
        (held(-5), held(-5, 0), DAY - 9 * ONE, False),
        # Before the first paid day all may be changed; from it on nothing that is over.
        (held(-5), held(-5, -1), DAY, True),
        (held(-5), held(-5, -1), DAY + ONE, False),
    ],
)
def test_days_that_are_paid_for_are_over(
    old: Held | None, new: Held, first_paid: date | None, refused: bool
) -> None:
    row = RosterRow(7, "n", new)
    found = code(rules.check_unsettled, row, old=old, first_paid=first_paid, today=DAY)
    assert found == ("bad_roster" if refused else "")


def test_nobody_comes_from_the_future() -> None:
    assert code(rules.check_not_future, 1, DAY, today=DAY) == ""
    assert code(rules.check_not_future, 1, DAY + ONE, today=DAY) == "bad_roster"


def test_a_person_has_a_name_or_a_number_on_one_line() -> None:
    assert code(rules.check_person, "김", "") == code(rules.check_person, "", "1") == ""
    assert code(rules.check_person, "", "") == "nobody"
    for name, number in (("a\n", "1"), ("a", "1\t")):
        assert code(rules.check_person, name, number) == "bad_person"
    assert rules.has_control("\0")
    assert not rules.has_control("김")


def test_no_more_are_excluded_than_there_are() -> None:
    assert code(rules.check_enough, wanted=3, registered=3) == ""
    assert code(rules.check_enough, wanted=4, registered=3) == "not_that_many_accounts"


def test_faults_are_told_by_line_and_all_of_them() -> None:
    rules.refuse_rows([])
    faults = [BadRoster(3, "x"), BadRoster(1, "y"), BadRoster(2, "z")]
    with pytest.raises(BadRoster) as no:
        rules.refuse_rows(faults)
    assert [no.value.line, *(fault.line for fault in no.value.more)] == [1, 2, 3]


def test_admins() -> None:
    assert rules.invitation_end(DAY) == DAY + 7 * ONE
    assert code(rules.check_not_last_owner, is_owner=True, others=0) == "last_owner"
    assert code(rules.check_not_last_owner, is_owner=True, others=1) == ""
    assert code(rules.check_not_last_owner, is_owner=False, others=0) == ""
    for text, refused in [("a", 0), ("가" * 500, 0), ("가" * 501, 1), (" \n", 1), ("a\0", 1)]:
        assert bool(code(rules.check_change_request, text)) == bool(refused)
    assert code(rules.check_change_request, "a\n\tb") == ""
    masked = [rules.masked(f"{name}@x.example") for name in ("a", "abc", "abcd", "abcde")]
    assert masked == [f"{shown}***@x.example" for shown in ("a", "a", "ab", "ab")]


def test_a_company_has_a_name_on_one_line() -> None:
    for name, refused in [("", 1), ("a", 0), ("가" * 100, 0), ("가" * 101, 1), ("a\nb", 1)]:
        assert bool(code(rules.check_company_name, name)) == bool(refused)
