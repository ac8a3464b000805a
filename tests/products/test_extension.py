"""A trial's last day is moved further off by support staff. R: B1, B6."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from groupco.models import Employee
from products import operations, queries
from products.choices import Cycle, Plan, State
from tests.companies import BY, NEW_YEAR, paid, trial
from tests.products.refused import refused
from workplace_console import daily
from workplace_console.common.models import AuditEntry, Mail, Notice
from workplace_console.common.refusal import Refused

pytestmark = pytest.mark.django_db

LAST = date(2026, 1, 30)


def extend(ends_on: date, *, today: date = NEW_YEAR) -> None:
    operations.extend_trial(company_id="acme", ends_on=ends_on, today=today, by=BY)


def state_on(day: date) -> State:
    standing = queries.standing("acme", day)
    assert standing
    return standing.state


def test_the_company_stays_in_trial_until_the_new_day_and_its_data_with_it() -> None:
    trial("acme", accounts=2)
    extend(date(2026, 2, 10))

    daily.run(until=date(2026, 2, 10))

    assert state_on(date(2026, 2, 10)) is State.TRIAL
    assert Employee.objects.count() == 2
    daily.run(until=date(2026, 2, 11))
    assert queries.standing("acme", date(2026, 2, 11)) is None  # gone with all its data
    assert Employee.objects.count() == 0


def test_it_is_reminded_of_the_new_day_once_more() -> None:
    trial("acme")
    daily.run(until=date(2026, 1, 27))
    extend(date(2026, 2, 10), today=date(2026, 1, 27))

    daily.run(until=date(2026, 2, 7))

    told = Mail.objects.filter(kind="trial_ending").order_by("pk")
    assert [mail.figures["ends_on"] for mail in told] == ["2026-01-30"] * 2 + ["2026-02-10"] * 2


@pytest.mark.parametrize("ends_on", [LAST, NEW_YEAR, date(2025, 1, 1), date(2027, 1, 2), date.max])
def test_only_later_and_no_further_than_a_year_from_today(ends_on: date) -> None:
    trial("acme")

    with pytest.raises(Refused) as no:
        extend(ends_on)

    assert str(no.value) == "체험 마지막 날은 2026. 1. 31.부터 2027. 1. 1. 사이로 선택하세요."


def test_the_bounds_themselves_are_taken() -> None:
    trial("acme")

    extend(LAST + timedelta(days=1))
    extend(date(2027, 1, 1))


def test_a_leap_day_has_its_year_too() -> None:
    trial("acme", on=date(2028, 2, 29))

    extend(date(2029, 2, 28), today=date(2028, 2, 29))


def test_who_pays_or_is_over_or_unknown_is_refused() -> None:
    with refused("not_active"):
        extend(date(2026, 2, 10))
    trial("acme")
    with refused("not_active"):
        extend(date(2026, 2, 10), today=LAST + timedelta(days=1))
    paid("payer")
    with refused("not_in_trial"):
        operations.extend_trial(
            company_id="payer", ends_on=date(2026, 2, 10), today=NEW_YEAR, by=BY
        )
    assert not AuditEntry.objects.filter(action="trial_extended").exists()


def test_a_reservation_stays_and_may_be_moved_further_now() -> None:
    trial("acme")
    terms = {"plan": Plan.COLLABO, "cycle": Cycle.MONTHLY}
    operations.reserve(company_id="acme", start=LAST, today=NEW_YEAR, by=BY, **terms)

    extend(date(2026, 2, 10))

    assert state_on(NEW_YEAR) is State.RESERVED
    assert state_on(LAST) is State.PAID
    operations.change_reservation(company_id="acme", start=date(2026, 2, 10), today=NEW_YEAR, by=BY)
    assert state_on(LAST) is State.RESERVED


def test_the_admins_are_told_in_the_console_and_by_mail() -> None:
    trial("acme")

    extend(date(2026, 2, 10))

    figures = {"was_on": "2026-01-30", "ends_on": "2026-02-10"}
    assert Mail.objects.get(kind="trial_extended").figures == figures
    assert Notice.objects.get(kind="trial_extended").figures == figures
    entry = AuditEntry.objects.get(action="trial_extended")
    assert (entry.before, entry.after) == ({"ends_on": "2026-01-30"}, {"ends_on": "2026-02-10"})
