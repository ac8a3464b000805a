from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupco.models import Account, Company, Employee, Headcount
from products import operations, queries, rules
from products.choices import Cycle, Plan, State
from products.models import Phase
from tests import companies
from tests.companies import BY, NEW_YEAR
from workplace_console import daily
from workplace_console.common import days
from workplace_console.common.models import AuditEntry, Mail, Notice
from workplace_console.common.refusal import Refused

pytestmark = pytest.mark.django_db

LAST_TRIAL_DAY = date(2026, 1, 30)


def reserve(start: date, *, today: date = NEW_YEAR) -> Phase:
    return operations.reserve(
        company_id="acme",
        plan=Plan.WORKPLACE,
        cycle=Cycle.MONTHLY,
        start=start,
        today=today,
        by=BY,
    )


def state(day: date) -> State:
    standing = queries.standing("acme", day)
    assert standing
    return standing.state


def mails() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("kind", flat=True))


class TestReserve:
    """R: B2, B3, B4."""

    @pytest.mark.parametrize("start", [NEW_YEAR, date(2026, 1, 15), LAST_TRIAL_DAY])
    def test_from_today_to_the_last_trial_day(self, start: date) -> None:
        companies.trial()

        reserve(start)

        assert state(start - days.ONE_DAY) in {State.RESERVED, State.EXPIRED, State.TRIAL}
        assert state(start) is State.PAID

    @pytest.mark.parametrize("start", [date(2025, 12, 31), date(2026, 1, 31)])
    def test_refuses_another_day_with_the_range(self, start: date) -> None:
        companies.trial()

        with pytest.raises(Refused) as no:
            reserve(start)

        assert no.value.code == "reservation_out_of_range"
        assert str(no.value) == "예약일은 2026. 1. 1.부터 2026. 1. 30. 사이로 선택하세요."
        assert not Phase.objects.exists()
        assert mails() == ["trial_started"]

    def test_mails_the_admins_what_from_when_and_how_much(self) -> None:
        companies.trial(accounts=3)

        reserve(date(2026, 1, 20))

        mail = Mail.objects.get(kind="conversion_reserved")
        assert mail.recipients == ["admin@acme.example"]
        assert mail.figures == {
            "plan": "workplace",
            "cycle": "monthly",
            "starts_on": "2026-01-20",
            "monthly_won": 15_000,
        }
        assert Notice.objects.get(kind="conversion_reserved").key == mail.key

    def test_today_begins_at_once_and_says_only_that(self) -> None:
        companies.trial()

        reserve(NEW_YEAR)

        assert mails() == ["trial_started", "conversion_started"]
        daily.run(until=date(2026, 1, 3))
        assert mails() == ["trial_started", "conversion_started"]


class TestUntilItBegins:
    """R: B5."""

    def test_changed_and_withdrawn(self) -> None:
        companies.trial()
        reserve(date(2026, 1, 20))

        changed = operations.change_reservation(
            company_id="acme", plan=Plan.COLLABO, today=date(2026, 1, 5), by=BY
        )
        assert (changed.plan, changed.cycle, changed.starts_on) == (
            *(Plan.COLLABO, Cycle.MONTHLY, date(2026, 1, 20)),
        )
        operations.withdraw_reservation(company_id="acme", today=date(2026, 1, 19), by=BY)

        assert state(date(2026, 1, 20)) is State.TRIAL
        assert mails()[1:] == ["conversion_reserved", "conversion_changed", "conversion_cancelled"]

    def test_not_on_the_day_itself(self) -> None:
        companies.trial()
        reserve(date(2026, 1, 20))

        for refused in (operations.change_reservation, operations.withdraw_reservation):
            with pytest.raises(Refused) as no:
                refused(company_id="acme", today=date(2026, 1, 20), by=BY)
            assert no.value.code == "reservation_started"

    def test_begins_with_a_mail_by_the_nights_work(self) -> None:
        companies.trial()
        reserve(date(2026, 1, 3))

        daily.run(until=date(2026, 1, 2))
        assert "conversion_started" not in mails()
        daily.run(until=date(2026, 1, 3))
        assert mails()[-1] == "conversion_started"
        daily.run(until=date(2026, 1, 4))
        assert mails().count("conversion_started") == 1


class TestTrialEnd:
    """R: B6."""

    def test_reminders_seven_three_and_one_day_before(self) -> None:
        companies.trial()

        daily.run(until=LAST_TRIAL_DAY)

        reminded = Mail.objects.filter(kind="trial_ending").order_by("pk")
        assert [mail.on for mail in reminded] == [date(2026, 1, day) for day in (23, 27, 29)]

    def test_none_while_something_is_reserved(self) -> None:
        companies.trial()
        reserve(date(2026, 1, 30))

        daily.run(until=LAST_TRIAL_DAY)

        assert "trial_ending" not in mails()

    def test_expires_the_day_after_is_blocked_and_its_people_are_deleted(self) -> None:
        companies.trial(accounts=3)
        companies.trial("other", accounts=2)
        operations.reserve(
            company_id="other",
            plan=Plan.WORKPLACE,
            cycle=Cycle.MONTHLY,
            start=LAST_TRIAL_DAY,
            today=NEW_YEAR,
            by=BY,
        )

        daily.run(until=LAST_TRIAL_DAY)
        assert state(LAST_TRIAL_DAY) is State.TRIAL
        daily.run(until=date(2026, 1, 31))

        assert queries.standing("acme", date(2026, 1, 31)) is None
        assert set(Company.objects.values_list("pk", flat=True)) == {"other"}
        for model in (Employee, Account, Headcount):
            left = set(model.objects.values_list("company_id", flat=True))
            assert left == {"other"}, model
        with pytest.raises(Refused) as no:
            operations.register_new_persons(
                company_id="acme", count=1, today=date(2026, 1, 31), by=BY
            )
        assert no.value.code == "not_active"

    def test_grace_days_hold_the_deletion_back(self) -> None:
        """R: G3."""
        companies.trial(accounts=3)

        daily.run(until=date(2026, 2, 4), grace_days=5)
        assert state(date(2026, 2, 4)) is State.EXPIRED
        assert "data_deleted" not in mails()
        daily.run(until=date(2026, 2, 5), grace_days=5)

        assert mails()[-2:] == ["trial_expired", "data_deleted"]


def test_every_change_is_in_the_audit_log_without_names() -> None:
    """R: H2."""
    companies.trial(accounts=1)
    reserve(date(2026, 1, 20))
    operations.change_reservation(company_id="acme", start=date(2026, 1, 21), today=NEW_YEAR, by=BY)
    operations.withdraw_reservation(company_id="acme", today=NEW_YEAR, by=BY)

    entries = AuditEntry.objects.order_by("pk")
    assert [entry.action for entry in entries] == [
        *("company_created", "admin_set", "trial_started", "accounts_registered"),
        *("conversion_reserved", "conversion_changed", "conversion_cancelled"),
    ]
    changed = entries[5]
    assert changed.actor == "command:test"
    assert changed.before["starts_on"] == "2026-01-20"
    assert changed.after["starts_on"] == "2026-01-21"


any_day = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(any_day, st.integers(0, 20_000))
def test_contract_years_follow_each_other_without_gap_or_overlap(start: date, after: int) -> None:
    """R: E3."""
    day = start + timedelta(days=after)

    first, last = rules.contract_year(start, day)

    assert start <= first <= day <= last
    assert rules.contract_year(start, first) == (first, last)
    assert rules.contract_year(start, last) == (first, last)
    assert rules.contract_year(start, last + days.ONE_DAY)[0] == last + days.ONE_DAY
    assert days.length(first, last) in {365, 366}
    if first > start:
        assert (first.month, first.day) in {(start.month, start.day), (2, 28)}


@pytest.mark.parametrize(
    ("start", "year", "anniversary"),
    [
        pytest.param(date(2024, 2, 29), 2025, date(2025, 2, 28), id="common year"),
        pytest.param(date(2024, 2, 29), 2028, date(2028, 2, 29), id="leap year"),
        pytest.param(date(2023, 2, 28), 2024, date(2024, 2, 28), id="28th stays 28th"),
        pytest.param(date(2024, 12, 31), 2025, date(2025, 12, 31), id="year end"),
    ],
)
def test_anniversaries(start: date, year: int, anniversary: date) -> None:
    """R: E3."""
    assert days.anniversary(start, year=year) == anniversary
