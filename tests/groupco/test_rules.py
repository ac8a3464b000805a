from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupco import rules
from groupco.rules import Held
from tests.groupco.rivals import code_of
from workplace_console.common import days
from workplace_console.common.refusal import Refused
from workplace_console.common.spans import Span, shifted

FIRST = date(2024, 1, 1)
some_days = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def registrations(draw: st.DrawFn) -> Held:
    registered_on = draw(some_days)
    length = draw(st.none() | st.integers(0, 30))
    return Held(registered_on, None if length is None else registered_on + timedelta(days=length))


@given(st.lists(st.lists(registrations(), max_size=5), max_size=5))
def test_counts_kept_step_by_step_are_what_counting_says(batches: list[list[Held]]) -> None:
    """However registrations come in, each day's count is the number of those that cover it."""
    spans: list[Span] = []
    known: list[Held] = []
    for batch in batches:
        changes = rules.count_changes(gone=[], come=batch)
        if changes:
            # The operation hands over the tail only.
            kept = [span for span in spans if span.ends_on < min(changes)]
            spans = kept + shifted(spans[len(kept) :], changes)
        known += batch

        for day in days.each(FIRST, FIRST + timedelta(days=95)):
            counted = sum(span.count for span in spans if span.starts_on <= day <= span.ends_on)
            assert counted == sum(held.registered_on <= day <= held.last_day for held in known)


@given(st.lists(registrations(), min_size=1, max_size=6), st.data())
def test_what_goes_leaves_no_trace(come: list[Held], data: st.DataObject) -> None:
    gone = data.draw(st.lists(st.sampled_from(come), unique_by=id))
    stay = [held for held in come if not any(held is g for g in gone)]

    spans = shifted([], rules.count_changes(gone=[], come=come))
    after = shifted(spans, rules.count_changes(gone=gone, come=[]))

    for day in days.each(FIRST, FIRST + timedelta(days=95)):
        counted = sum(span.count for span in after if span.starts_on <= day <= span.ends_on)
        assert counted == sum(held.registered_on <= day <= held.last_day for held in stay)


def test_a_count_below_nobody_is_an_error() -> None:
    with pytest.raises(ValueError, match="-1 from 2024-01-05"):
        shifted([], {date(2024, 1, 5): -1})


@pytest.mark.parametrize(
    "company_id", ["abc", "a0-9", "acme", "a" * 30, "new-year-2026", "beta", "x--y"]
)
def test_company_ids_that_are_taken(company_id: str) -> None:
    """R: A3."""
    rules.check_company_id(company_id)


@pytest.mark.parametrize(
    "company_id",
    [
        *("", "a", "ab", "a" * 31, "Acme", "1acme", "-acme", "acme-", "ac_me", "ac.me", "ac me"),
        *("한빛", "xn--abc", "acme\n", "ａｃｍｅ", "www", "admin", "support", "api", "mail"),
    ],
)
def test_company_ids_that_are_refused(company_id: str) -> None:
    """R: A3."""
    with pytest.raises(Refused):
        rules.check_company_id(company_id)


def test_business_numbers_pass_by_their_check_digit() -> None:
    """R: E12. 1·9 + 3·9 + 7·9 + 1·8 + 3·1 + 7·0 + 1·0 + 3·0 + 5·1 + ⌊5·1 ÷ 10⌋ = 115, so 5."""
    assert rules.business_number("999-81-00015") == "9998100015"

    for last in "012346789":
        with pytest.raises(Refused):
            rules.business_number("999810001" + last)


@pytest.mark.parametrize("text", ["", "999-81-0001", "99981000155", "９９９８１０００１５", "abc"])
def test_what_is_no_business_number(text: str) -> None:
    with pytest.raises(Refused):
        rules.business_number(text)


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("admin@hanbit.example", "ad***@hanbit.example"),
        ("kang@hanbit.example", "ka***@hanbit.example"),
        ("kim@hanbit.example", "k***@hanbit.example"),
        ("a@hanbit.example", "a***@hanbit.example"),
    ],
)
def test_a_masked_address_never_shows_all_of_it(address: str, masked: str) -> None:
    """R: A1."""
    assert rules.masked(address) == masked


@given(st.emails())
def test_a_masked_address_shows_half_of_the_name_at_most_and_never_how_long_it_is(
    address: str,
) -> None:
    """R: A1. A name of one letter shows it."""
    local, _at, domain = address.partition("@")
    masked, _at, shown_domain = rules.masked(address).partition("@")

    assert shown_domain == domain
    assert masked.endswith("***")
    assert local.startswith(masked[:-3])
    assert len(masked) - 3 <= max(1, len(local) // 2)


@given(st.text(max_size=600))
def test_a_change_request_that_is_taken_has_no_control_characters(text: str) -> None:
    """R: A1."""
    try:
        rules.check_change_request(text)
    except Refused:
        return
    assert 1 <= len(text.strip()) <= 500
    assert all(char in "\n\t" or char.isprintable() for char in text)


@pytest.mark.parametrize(
    ("is_owner", "others", "refused"),
    [(True, 0, True), (True, 1, False), (False, 0, False), (False, 3, False)],
)
def test_only_the_last_owner_is_kept(is_owner: bool, others: int, refused: bool) -> None:
    """R: A6."""
    outcome = code_of(lambda: rules.check_not_last_owner(is_owner=is_owner, others=others))

    assert outcome == ("last_owner" if refused else "done")
