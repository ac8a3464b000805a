"""Prices are set for days to come, and a day is charged at the price in force. R: E11."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from billing.models import DayCharge
from products import operations, queries
from products.choices import Cycle, Item, Plan
from products.models import Price
from tests.companies import BY, NEW_YEAR, paid
from tests.products.refused import refused
from workplace_console import daily
from workplace_console.common.models import AuditEntry
from workplace_console.common.refusal import Refused

pytestmark = pytest.mark.django_db

TOMORROW = NEW_YEAR + timedelta(days=1)
SEAT: dict[str, Any] = {"item": Item.SEAT, "plan": Plan.WORKPLACE, "cycle": Cycle.MONTHLY}


def set_price(**given: Any) -> Price:
    values = {**SEAT, "starts_on": TOMORROW, "unit_price": 6000, "today": NEW_YEAR, "by": BY}
    return operations.set_price(**values | given)


def price_on(day: date) -> int | None:
    return queries.price(**SEAT, day=day)


class TestSetPrice:
    def test_it_holds_from_its_day_on_and_not_before(self) -> None:
        set_price()

        assert price_on(NEW_YEAR) == 5000
        assert price_on(TOMORROW) == 6000
        assert price_on(date(2030, 1, 1)) == 6000

    def test_the_night_charges_each_day_at_the_price_in_force(self) -> None:
        paid("acme", accounts=1)
        set_price()

        daily.run(until=date(2026, 1, 4))

        charged = DayCharge.objects.order_by("day").values_list("unit_price", flat=True)
        assert list(charged) == [5000, 6000, 6000]

    @pytest.mark.parametrize("starts_on", [NEW_YEAR, date(2025, 12, 31), date(2010, 1, 1)])
    def test_days_that_are_or_were_keep_their_price(self, starts_on: date) -> None:
        with pytest.raises(Refused) as no:
            set_price(starts_on=starts_on)

        assert no.value.code == "price_too_early"
        assert price_on(NEW_YEAR) == 5000

    def test_it_can_be_changed_until_its_day(self) -> None:
        set_price()
        set_price(unit_price=6500)

        assert price_on(TOMORROW) == 6500
        with refused("price_too_early"):
            set_price(unit_price=7000, today=TOMORROW)

    @pytest.mark.parametrize("unit_price", [0, -1, 100_000_001])
    def test_a_price_that_can_only_be_a_slip_is_refused(self, unit_price: int) -> None:
        with refused("price_out_of_range"):
            set_price(unit_price=unit_price)

    @pytest.mark.parametrize(
        "key",
        [
            {"plan": None},
            {"cycle": None},
            {"item": Item.CAPACITY},
            {"item": Item.CAPACITY, "plan": None},
        ],
    )
    def test_it_is_for_a_seat_of_a_plan_and_cycle_or_for_capacity(
        self, key: dict[str, Any]
    ) -> None:
        with refused("price_of_nothing"):
            set_price(**key)

    def test_no_day_that_the_night_has_passed_is_touched(self) -> None:
        paid("acme")
        daily.run(until=date(2026, 1, 5))

        with refused("day_is_over"):
            set_price()

    def test_what_it_was_before_is_in_the_log_which_names_no_company(self) -> None:
        set_price()
        set_price(unit_price=6500)

        first, second = AuditEntry.objects.filter(action="price_set").order_by("pk")
        figures = {
            "item": "seat",
            "plan": "workplace",
            "cycle": "monthly",
            "starts_on": "2026-01-02",
            "unit_price": 6000,
        }
        assert (first.company, first.before, first.after) == ("", None, figures)
        assert (second.before, second.after) == (figures, figures | {"unit_price": 6500})


class TestWithdrawPrice:
    def withdraw(self, price: Price, today: date = NEW_YEAR) -> None:
        operations.withdraw_price(price_id=price.pk, today=today, by=BY)

    def test_the_one_before_goes_on(self) -> None:
        self.withdraw(set_price())

        assert price_on(TOMORROW) == 5000

    def test_once_its_day_has_begun_it_stays(self) -> None:
        price = set_price()

        with refused("price_in_force"):
            self.withdraw(price, today=TOMORROW)

        assert price_on(TOMORROW) == 6000

    def test_a_second_time_it_is_gone(self) -> None:
        price = set_price()
        self.withdraw(price)

        with refused("unknown_price"):
            self.withdraw(price)

        assert AuditEntry.objects.filter(action="price_withdrawn").count() == 1


def test_in_force_is_one_price_for_each_item_plan_and_cycle() -> None:
    set_price()

    for day, seat in ((NEW_YEAR, 5000), (TOMORROW, 6000)):
        found = queries.prices_in_force(day)
        assert len(found) == len({(p.item, p.plan, p.cycle) for p in found}) == 7
        (mine,) = [p for p in found if (p.item, p.plan, p.cycle) == tuple(SEAT.values())]
        assert mine.unit_price == seat
