"""People come and go over days, against a model that keeps a set of persons for each day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from groupco import queries
from groupco.models import Account
from groupco.operations import Person
from products import operations
from tests import companies
from tests.companies import BY, NEW_YEAR
from workplace_console.common import sql

persons = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4)
acts = st.one_of(
    st.tuples(st.just("register"), persons),
    st.tuples(st.just("exclude"), persons),
    st.tuples(st.just("wait"), st.integers(1, 3)),
)

COUNTED_BY_HAND = """
    SELECT count(DISTINCT employee_id) FROM groupco_account
    WHERE registered_on <= %(day)s AND coalesce(excluded_on, '9999-12-31') >= %(day)s"""


@pytest.mark.django_db
def test_each_day_counts_everyone_who_was_registered_at_any_time_of_it(examples) -> None:
    """R: E4. And what a past day counted never changes again."""
    companies.trial(trial_days=1000)

    @settings(max_examples=examples(few=60, deep=600))
    @given(st.lists(acts, max_size=14))
    def live(story: list[tuple[str, object]]) -> None:
        with transaction.atomic():
            assert_counts(story)
            transaction.set_rollback(True)

    live()


def assert_counts(story: list[tuple[str, object]]) -> None:
    today = NEW_YEAR
    registered: set[str] = set()
    seen: defaultdict[date, set[str]] = defaultdict(set)
    for act, what in story:
        if act == "register":
            new = [Person(number) for number in what]
            done = operations.register_accounts(company_id="acme", persons=new, today=today, by=BY)
            assert done == len({*what} - registered)
            registered |= {*what}
        elif act == "exclude":
            accounts = Account.objects.filter(queries.still_there(today), employee__number__in=what)
            gone = operations.exclude_accounts(
                company_id="acme",
                account_ids=[account.pk for account in accounts],
                today=today,
                by=BY,
            )
            assert gone == len(registered & {*what})
            registered -= {*what}
        else:
            for _ in range(int(what)):
                today += timedelta(days=1)
                seen[today] |= registered
        seen[today] |= registered
        assert queries.registered("acme", today) == len(registered)
        for day, persons_seen in seen.items():
            assert queries.counted("acme", day) == len(persons_seen)
            assert sql.column(COUNTED_BY_HAND, day=day) == [len(persons_seen)]
        assert queries.counted("acme", today + timedelta(days=1)) == len(registered)
