"""What is allowed about a product, at the bounds of each rule. R: B, C, D, G."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from products import rules
from products.choices import Cycle, Item, Plan, State
from products.rules import Growth, Standing, Term
from products.rules.capacity import check_held
from tests.rules.refused import code
from workplace_console.common import days
from workplace_console.common.refusal import Refused
from workplace_console.common.sizes import GB, TB

DAY = date(2026, 5, 10)
ONE = days.ONE_DAY
IN_TRIAL = Standing(DAY, DAY - 9 * ONE, DAY + 20 * ONE, None, None)
TERM = Term(Plan.WORKPLACE, Cycle.MONTHLY, DAY, days.OPEN_END, DAY)
LATER = replace(TERM, starts_on=DAY + ONE, contract_from=DAY + ONE)
RESERVED = replace(IN_TRIAL, coming=LATER)
PAID = replace(IN_TRIAL, term=TERM, latest=TERM)
PENDING = replace(PAID, coming=replace(TERM, plan=Plan.COLLABO, starts_on=DAY + ONE))
EXPIRED = replace(IN_TRIAL, day=DAY + 21 * ONE)
ENDED = replace(PAID, terminated_on=DAY, deletion_on=DAY + ONE)


class TestTrial:
    def test_its_first_day_is_one_of_its_days(self) -> None:
        assert rules.trial_end(DAY, trial_days=1) == DAY
        assert rules.trial_end(DAY, trial_days=30) == date(2026, 6, 8)

    def test_reminders_come_seven_three_and_one_day_before(self) -> None:
        assert rules.trial_ends_due_for_reminder(DAY) == [DAY + n * ONE for n in (7, 3, 1)]

    def test_it_is_extended_to_a_later_day_within_a_year(self) -> None:
        end, year = IN_TRIAL.trial_ends_on, date(2027, 5, 10)
        for day, refused in [
            *((end, True), (end + ONE, False), (year, False), (year + ONE, True)),
        ]:
            found = code(rules.check_extension, IN_TRIAL, ends_on=day)
            assert bool(found) == refused, day
        assert code(rules.check_extension, RESERVED, ends_on=end + ONE) == ""
        for standing in (PAID, EXPIRED, ENDED):
            assert code(rules.check_extension, standing, ends_on=year) == "not_in_trial"


class TestConversion:
    @pytest.mark.parametrize(
        ("start", "refused"),
        [
            (DAY - ONE, "reservation_out_of_range"),
            (DAY, ""),
            (IN_TRIAL.trial_ends_on, ""),
            (IN_TRIAL.trial_ends_on + ONE, "reservation_out_of_range"),
        ],
    )
    def test_from_today_to_the_last_trial_day(self, start: date, refused: str) -> None:
        assert code(rules.check_reserve, IN_TRIAL, start=start) == refused
        assert code(rules.check_change, RESERVED, start=start) == refused
        assert rules.reservable(IN_TRIAL) == (DAY, IN_TRIAL.trial_ends_on)

    def test_once_and_only_in_trial(self) -> None:
        assert code(rules.check_reserve, None, start=DAY) == "not_active"
        assert code(rules.check_reserve, PAID, start=DAY) == "already_paid"
        assert code(rules.check_reserve, RESERVED, start=DAY) == "already_reserved"
        assert code(rules.check_reserve, ENDED, start=DAY) == "not_active"
        assert code(rules.check_reserve, EXPIRED, start=EXPIRED.day) == "not_active"

    def test_after_the_trial_from_today_while_the_data_is_there(self) -> None:
        late = replace(EXPIRED, deletion_on=EXPIRED.day + ONE)
        assert rules.reservable(late) == (late.day, late.day)
        assert rules.check_reserve(late, start=late.day) is late
        for start in (late.day - ONE, late.day + ONE):
            assert code(rules.check_reserve, late, start=start) == "reservation_out_of_range"
        gone = replace(late, deletion_on=late.day)
        assert code(rules.check_reserve, gone, start=gone.day) == "not_active"

    def test_what_is_reserved_is_changed_until_it_begins(self) -> None:
        assert rules.check_change(RESERVED, start=None) is LATER
        assert rules.check_withdraw(RESERVED) is LATER
        assert code(rules.check_withdraw, PAID) == "reservation_started"
        assert code(rules.check_change, PENDING, start=None) == "reservation_started"
        assert code(rules.check_withdraw, IN_TRIAL) == "no_reservation"


class TestUpgrade:
    def test_only_to_a_higher_plan(self) -> None:
        assert rules.check_upgrade(PAID, plan=Plan.COLLABO) is TERM
        assert code(rules.check_upgrade, PAID, plan=Plan.COLLABO_PLUS) == ""
        assert code(rules.check_upgrade, PAID, plan=Plan.WORKPLACE) == "not_an_upgrade"
        assert code(rules.check_upgrade, IN_TRIAL, plan=Plan.COLLABO) == "not_paid"
        assert code(rules.check_upgrade, PENDING, plan=Plan.COLLABO_PLUS) == "upgrade_pending"

    def test_from_collabo_only_by_support(self) -> None:
        collabo = replace(PAID, term=replace(TERM, plan=Plan.COLLABO))
        plus = {"plan": Plan.COLLABO_PLUS}
        assert code(rules.check_upgrade, collabo, **plus) == "not_an_upgrade"
        assert code(rules.check_upgrade, collabo, **plus, by_support=True) == ""
        assert (
            code(rules.check_upgrade, collabo, plan=Plan.COLLABO, by_support=True)
            == "not_an_upgrade"
        )

    def test_what_is_pending_is_withdrawn(self) -> None:
        assert rules.check_upgrade_withdrawal(PENDING) is PENDING.coming
        assert code(rules.check_upgrade_withdrawal, PAID) == "no_upgrade_pending"
        assert code(rules.check_upgrade_withdrawal, IN_TRIAL) == "not_paid"


class TestStanding:
    @pytest.mark.parametrize(
        ("standing", "state", "is_active"),
        [
            (IN_TRIAL, State.TRIAL, True),
            (RESERVED, State.RESERVED, True),
            (PAID, State.PAID, True),
            (replace(IN_TRIAL, day=IN_TRIAL.trial_ends_on), State.TRIAL, True),
            (EXPIRED, State.EXPIRED, False),
            (ENDED, State.TERMINATED, False),
            (replace(IN_TRIAL, day=IN_TRIAL.trial_starts_on), State.TRIAL, True),
            (replace(IN_TRIAL, day=IN_TRIAL.trial_starts_on - ONE), State.TRIAL, False),
        ],
    )
    def test_states(self, standing: Standing, state: State, is_active: bool) -> None:
        assert standing.state is state
        assert standing.is_active is is_active
        assert code(rules.check_active, standing) == ("" if is_active else "not_active")

    def test_what_is_to_come(self) -> None:
        assert (RESERVED.reserved, PAID.reserved, PENDING.reserved) == (LATER, None, None)
        assert (PENDING.upgrade, RESERVED.upgrade, PAID.upgrade) == (PENDING.coming, None, None)
        assert RESERVED.free_until == DAY
        assert IN_TRIAL.free_until == IN_TRIAL.trial_ends_on
        undone = replace(PAID, coming=LATER)
        assert (undone.is_billed, PENDING.is_billed, PAID.is_billed) == (True, False, False)
        assert undone.upgrade is None
        with pytest.raises(Refused) as no:
            rules.check_open(undone)
        assert (no.value.code, no.value.values["start"]) == ("day_is_billed", DAY + ONE)
        assert code(rules.check_open, PENDING) == ""
        assert (PAID.plan, IN_TRIAL.plan) == (Plan.WORKPLACE, None)

    def test_while_the_data_is_there_one_may_come_back(self) -> None:
        at_the_end = replace(ENDED, day=DAY + ONE)
        assert (ENDED.can_undo, at_the_end.can_undo, PAID.can_undo) == (True, False, False)
        assert code(rules.check_undo, ENDED) == ""
        assert code(rules.check_undo, at_the_end) == "deletion_begun"
        assert code(rules.check_undo, replace(ENDED, deletion_on=None)) == "deletion_begun"
        assert not replace(ENDED, deletion_on=None).can_undo
        assert code(rules.check_undo, PAID) == code(rules.check_undo, None) == "not_terminated"
        trial = replace(
            ENDED, term=None, latest=None, day=IN_TRIAL.trial_ends_on, deletion_on=days.OPEN_END
        )
        assert trial.can_undo
        assert code(rules.check_undo, trial) == ""
        over = replace(trial, day=trial.day + ONE)
        assert not over.can_undo
        assert code(rules.check_undo, over) == "trial_is_over"

    def test_who_comes_back_goes_on_today_or_when_the_old_term_is_over(self) -> None:
        assert rules.resumed(ENDED) == replace(TERM, starts_on=DAY + ONE, contract_from=DAY + ONE)
        later = replace(ENDED, day=DAY + 5 * ONE)
        assert rules.resumed(later) == replace(
            TERM, starts_on=DAY + 5 * ONE, contract_from=DAY + 5 * ONE
        )
        assert rules.resumed(replace(ENDED, latest=None)) is None
        assert rules.resumed(PAID) is None

    def test_what_a_console_admin_finds(self) -> None:
        late = replace(EXPIRED, deletion_on=EXPIRED.day + ONE)
        assert (IN_TRIAL.opens_for_admins, ENDED.opens_for_admins) == (True, True)
        assert (late.opens_for_admins, EXPIRED.opens_for_admins) == (True, False)
        assert (late.can_convert_late, EXPIRED.can_convert_late) == (True, False)

    def test_it_is_read_off_the_terms(self) -> None:
        old = replace(TERM, starts_on=DAY - 3 * ONE, ends_on=DAY - ONE)
        held = {"trial_starts_on": DAY, "trial_ends_on": DAY, "terms": [old, TERM, LATER]}
        today = rules.standing(day=DAY, **held)
        assert (today.term, today.coming, today.latest) == (TERM, LATER, TERM)
        before = rules.standing(day=DAY - ONE, **held)
        assert (before.term, before.coming, before.latest) == (old, TERM, old)
        first = rules.standing(day=DAY - 3 * ONE, **held)
        assert (first.term, first.coming, first.latest) == (old, TERM, old)
        never = rules.standing(day=DAY - 4 * ONE, **held)
        assert (never.term, never.coming, never.latest) == (None, old, None)

    def test_a_contract_is_annual_or_none(self) -> None:
        annual = replace(TERM, cycle=Cycle.ANNUAL)
        assert (annual.contracts, TERM.contracts) == ([DAY], [])
        assert TERM.begins_contract
        assert not replace(TERM, starts_on=DAY + ONE).begins_contract

    def test_contract_years_and_months(self) -> None:
        start = date(2024, 2, 29)
        year = rules.contract_year
        assert year(start, start) == (start, date(2025, 2, 27))
        assert year(start, date(2025, 2, 27)) == (start, date(2025, 2, 27))
        assert year(start, date(2025, 2, 28)) == (date(2025, 2, 28), date(2026, 2, 27))
        period = rules.billing_period
        assert period(Cycle.ANNUAL, start, start) == (start, date(2025, 2, 27))
        assert period(Cycle.MONTHLY, start, DAY) == (date(2026, 5, 1), date(2026, 5, 31))

    def test_mail_is_collabo_s(self) -> None:
        for plan, has_mail in [
            *((Plan.WORKPLACE, False), (Plan.COLLABO, True), (Plan.COLLABO_PLUS, True)),
        ]:
            assert rules.may_mail(replace(PAID, term=replace(TERM, plan=plan))) is has_mail
        assert not rules.may_mail(IN_TRIAL)
        assert code(rules.check_paid, IN_TRIAL) == "not_paid"


class TestCapacity:
    @pytest.mark.parametrize(("tb", "refused"), [(0, 1), (1, 0), (100, 0), (101, 1), (-1, 1)])
    def test_one_to_a_hundred_at_a_time(self, tb: int, refused: int) -> None:
        assert code(rules.check_tb, tb) == ("tb_out_of_range" if refused else "")

    def test_no_more_than_was_added_and_never_below_what_is_used(self) -> None:
        held = {"held": 2, "capacity": 3 * TB}
        assert code(check_held, tb=2, held=2) == ""
        assert code(rules.check_return, tb=3, used=0, **held) == "nothing_to_return"
        assert code(rules.check_return, tb=2, used=TB, **held) == ""
        with pytest.raises(Refused) as no:
            rules.check_return(tb=2, used=TB + 1, **held)
        assert (no.value.code, no.value.values["left"]) == ("capacity_in_use", "1 TB")

    def test_what_comes_with_a_plan(self) -> None:
        assert rules.shared_capacity(None, accounts=0) == 512 * GB
        assert rules.shared_capacity(Plan.COLLABO, accounts=3, added_tb=2) == 515 * GB + 2 * TB
        assert rules.shared_capacity(Plan.COLLABO_PLUS, accounts=1) == TB + GB
        line_works = rules.line_works_capacity
        assert line_works(None) == line_works(Plan.WORKPLACE, accounts=9) == 0
        assert line_works(Plan.COLLABO, accounts=2) == TB + 2 * GB
        assert line_works(Plan.COLLABO_PLUS) == 10 * TB

    def test_growth_is_the_line_that_fits_best(self) -> None:
        reports = [(DAY + n * ONE, 100 + 10 * n) for n in range(8)]
        today = reports[-1][0]
        grown = rules.growth(reports, capacity=200, today=today)
        assert grown == Growth(10, today + 4 * ONE)
        assert rules.growth(reports[:7], capacity=200, today=today) is None
        assert rules.growth([], capacity=200, today=today) is None
        assert rules.growth(reports, capacity=169, today=today) == Growth(10, today)
        assert rules.growth(reports, capacity=170, today=today) == Growth(10, today + ONE)
        assert rules.growth(reports, capacity=171, today=today) == Growth(10, today + ONE)
        slow = [(day, n) for n, (day, _size) in enumerate(reports)]
        assert rules.growth(slow, capacity=7, today=today) == Growth(1, today + ONE)
        uneven = [(day, size) for n, (day, size) in enumerate(reports) if n != 3]
        assert rules.growth(uneven, capacity=200, today=today) == grown
        shrinks = [(day, 1000 - size) for day, size in reports]
        assert rules.growth(shrinks, capacity=2000, today=today) == Growth(-10, None)
        stays = [(day, 5) for day, _size in reports]
        assert rules.growth(stays, capacity=9, today=today) == Growth(0, None)
        assert rules.growth(stays, capacity=5, today=today) == Growth(0, None)
        horizon = timedelta(days=3 * 365)
        far = 170 + 10 * (horizon.days - 1)
        assert rules.growth(reports, capacity=far, today=today) == Growth(10, today + horizon)
        assert rules.growth(reports, capacity=far + 10, today=today) == Growth(10, None)


class TestPrices:
    def test_a_price_is_of_a_plan_and_a_cycle_or_of_neither(self) -> None:
        for item, plan, cycle, refused in [
            (Item.SEAT, Plan.COLLABO, Cycle.ANNUAL, False),
            (Item.SEAT, None, Cycle.ANNUAL, True),
            (Item.SEAT, Plan.COLLABO, None, True),
            (Item.SEAT, None, None, True),
            (Item.CAPACITY, None, None, False),
            (Item.CAPACITY, Plan.COLLABO, None, True),
            (Item.CAPACITY, None, Cycle.MONTHLY, True),
        ]:
            assert bool(code(rules.check_priced, item, plan, cycle)) == refused

    def test_from_tomorrow_on(self) -> None:
        for check in (rules.check_price_day, rules.check_price_withdrawal):
            assert code(check, DAY, today=DAY)
            assert not code(check, DAY + ONE, today=DAY)
        with pytest.raises(Refused) as no:
            rules.check_price_day(DAY, today=DAY)
        assert no.value.values["first"] == DAY + ONE

    @pytest.mark.parametrize(("won", "refused"), [(0, 1), (1, 0), (10**8, 0), (10**8 + 1, 1)])
    def test_within_bounds(self, won: int, refused: int) -> None:
        assert bool(code(rules.check_unit_price, won)) == bool(refused)


def test_grace_holds_a_deletion_back() -> None:
    assert rules.deletion_day(DAY, grace_days=0) == DAY
    assert rules.deletion_day(DAY, grace_days=3) == DAY + 3 * ONE
