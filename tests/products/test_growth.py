"""How shared capacity fills up, and when it will be full."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from products import operations, queries, rules
from products.choices import StorageCategory
from products.models import StorageDay
from tests.companies import BY, paid
from workplace_console import daily
from workplace_console.common.sizes import GB

TODAY = date(2026, 5, 11)


def line(first: int, a_day: int, count: int) -> list[tuple[date, int]]:
    """A report a day up to today, growing evenly."""
    start = TODAY - timedelta(days=count - 1)
    return [(start + timedelta(days=n), first + n * a_day) for n in range(count)]


@given(
    first=st.integers(0, 400 * GB),
    a_day=st.integers(1, 3 * GB),
    count=st.integers(8, 60),
    free_days=st.integers(0, 900),
)
def test_what_grows_evenly_is_full_when_it_does_not_fit_any_more(
    first: int, a_day: int, count: int, free_days: int
) -> None:
    reports = line(first, a_day, count)
    last = reports[-1][1]

    found = rules.growth(reports, capacity=last + free_days * a_day, today=TODAY)

    assert found == rules.Growth(a_day, TODAY + timedelta(days=free_days + 1))


def test_a_week_must_lie_between_the_first_report_and_the_last() -> None:
    assert rules.growth([], capacity=GB, today=TODAY) is None
    assert rules.growth(line(0, GB, 7), capacity=99 * GB, today=TODAY) is None
    assert rules.growth(line(0, GB, 8), capacity=99 * GB, today=TODAY) is not None


@pytest.mark.parametrize("a_day", [0, -GB])
def test_what_does_not_grow_is_never_full(a_day: int) -> None:
    found = rules.growth(line(500 * GB, a_day, 10), capacity=600 * GB, today=TODAY)

    assert found == rules.Growth(a_day, None)


def test_beyond_three_years_nobody_can_see() -> None:
    found = rules.growth(line(0, 1, 10), capacity=2000, today=TODAY)

    assert found == rules.Growth(1, None)


def test_what_is_over_already_is_full_today() -> None:
    found = rules.growth(line(0, GB, 10), capacity=GB, today=TODAY)

    assert found
    assert found.full_on == TODAY


@pytest.mark.django_db
def test_a_day_is_remembered_by_its_last_report_of_all_categories() -> None:
    paid("acme", on=TODAY)
    daily.run(until=TODAY)
    for category, size in (
        (StorageCategory.BOARD, 5),
        (StorageCategory.PHOTO, 7),
        (StorageCategory.BOARD, 3),
    ):
        operations.report_storage(
            company_id="acme", category=category, bytes=size, today=TODAY, by=BY
        )

    assert queries.storage_days("acme", TODAY, TODAY) == [(TODAY, 10)]


@pytest.mark.django_db
def test_it_goes_with_the_company_s_data() -> None:
    from workplace_console.deletion import delete_due
    from workplace_console.termination import terminate

    paid("acme", on=TODAY)
    daily.run(until=TODAY)
    operations.report_storage(
        company_id="acme", category=StorageCategory.BOARD, bytes=1, today=TODAY, by=BY
    )

    terminate(company_id="acme", grace_days=0, today=TODAY, by=BY)
    delete_due(day=TODAY, only=None)

    assert not StorageDay.objects.exists()
