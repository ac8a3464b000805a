"""단가 on the support site: set for days to come, changed and withdrawn until their day. R: E11."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from groupco.choices import StaffRole
from groupco.operations import set_sign_in
from products.choices import Cycle, Item, Plan
from products.models import Price
from tests.support.conftest import client_of
from tests.support.written import entries, writes

pytestmark = pytest.mark.usefixtures("a_day")

LIST = "/support/products/price/"
ADD = LIST + "add/"
PASSWORD = "correct-horse-2026"
NEW = {
    "item": "seat",
    "plan": "collabo",
    "cycle": "monthly",
    "starts_on": "2026-03-03",
    "unit_price": "9000",
}


def the_new_one() -> Price:
    return Price.objects.get(
        item=Item.SEAT, plan=Plan.COLLABO, cycle=Cycle.MONTHLY, starts_on=date(2026, 3, 3)
    )


def page_of(price: Price) -> str:
    return f"{LIST}{price.pk}/change/"


def in_force() -> Price:
    return Price.objects.get(item=Item.SEAT, plan=Plan.COLLABO, cycle=Cycle.MONTHLY)


class TestTheList:
    def test_every_price_is_marked_as_an_example_and_with_its_state(self, billing: Client) -> None:
        billing.post(ADD, NEW)

        page = billing.get(LIST).content.decode()

        assert "9,000원 (예시)" in page
        assert "예정" in page
        assert page.count("(예시)") == Price.objects.count()

    def test_support_reads_it_without_buttons(self, support: Client) -> None:
        assert "단가 등록" not in support.get(LIST).content.decode()
        assert "철회" not in support.get(page_of(in_force())).content.decode()


class TestSetting:
    def test_a_price_for_tomorrow_is_set_and_written_down(self, billing: Client) -> None:
        answer = billing.post(ADD, NEW)

        assert answer.url == LIST
        assert the_new_one().unit_price == 9000
        (entry,) = entries("price_set")
        assert entry.actor == f"user:{billing.session['_auth_user_id']}"
        assert entry.company == ""
        assert entry.before is None
        assert entry.after == NEW | {"unit_price": 9000}

    @pytest.mark.parametrize(
        ("changes", "field", "says"),
        [
            ({"starts_on": "2026-03-02"}, "starts_on", "시행일은 2026. 3. 3.부터"),
            ({"starts_on": "2025-01-01"}, "starts_on", "시행일은 2026. 3. 3.부터"),
            ({"starts_on": "0000-00-00"}, "starts_on", "날짜를"),
            ({"unit_price": "0"}, "unit_price", "단가는 1원부터"),
            ({"unit_price": "-5"}, "unit_price", "단가는 1원부터"),
            ({"unit_price": "999999999999999999999"}, "unit_price", "단가는 1원부터"),
            ({"unit_price": "5000.5"}, "unit_price", "숫자만"),
            ({"plan": ""}, "item", "상품과 결제 주기를 고르고"),
            ({"item": "capacity"}, "item", "상품과 결제 주기를 고르고"),
            ({"item": "nosuch"}, "item", "목록에 있는 것"),
        ],
    )
    def test_a_refusal_stands_beside_its_field_and_nothing_is_written(
        self, billing: Client, changes: dict[str, str], field: str, says: str
    ) -> None:
        with writes() as written:
            answer = billing.post(ADD, NEW | changes)

        page = answer.content.decode()
        assert says in page
        assert f'id="id_{field}_error"' in page
        assert written == []

    def test_the_price_of_capacity_has_neither_plan_nor_cycle(self, billing: Client) -> None:
        billing.post(ADD, NEW | {"item": "capacity", "plan": "", "cycle": ""})

        assert Price.objects.get(item=Item.CAPACITY, starts_on=date(2026, 3, 3)).plan is None

    def test_the_password_is_asked_again_when_it_was_given_long_ago(self) -> None:
        user = set_sign_in(
            email="b@console.example", password=PASSWORD, staff_roles=[StaffRole.BILLING]
        )
        client = client_of(user, hours_ago=1)

        asked = client.post(ADD, NEW)
        assert "비밀번호 확인" in asked.content.decode()
        assert entries("price_set") == []

        client.post(ADD, NEW | {"password_again": PASSWORD})
        assert the_new_one().unit_price == 9000


class TestChangingAndWithdrawing:
    @pytest.fixture(autouse=True)
    def _is_set(self, billing: Client) -> None:
        billing.post(ADD, NEW)

    def test_it_can_be_changed_until_its_day(self, billing: Client) -> None:
        billing.post(page_of(the_new_one()), {"act": "change", "unit_price": "9500"})

        assert the_new_one().unit_price == 9500
        entry = entries("price_set")[-1]
        assert entry.before
        assert entry.before["unit_price"] == 9000

    def test_setting_the_same_day_again_changes_it(self, billing: Client) -> None:
        billing.post(ADD, NEW | {"unit_price": "9900"})

        assert the_new_one().unit_price == 9900
        assert Price.objects.filter(starts_on=date(2026, 3, 3)).count() == 1

    def test_it_can_be_withdrawn_until_its_day(self, billing: Client) -> None:
        billing.post(page_of(the_new_one()), {"act": "withdraw", "unit_price": ""})

        assert not Price.objects.filter(starts_on=date(2026, 3, 3)).exists()
        (entry,) = entries("price_withdrawn")
        assert entry.before == NEW | {"unit_price": 9000}
        assert entry.after is None

    @pytest.mark.parametrize("act", ["change", "withdraw"])
    def test_once_its_day_has_begun_it_stays(
        self, billing: Client, settings: Any, act: str
    ) -> None:
        settings.CONSOLE_TODAY = date(2026, 3, 3)

        with writes() as written:
            answer = billing.post(page_of(the_new_one()), {"act": act, "unit_price": "1"})

        assert answer.status_code == 200
        page = answer.content.decode()
        assert ("철회할 수 없습니다" if act == "withdraw" else "시행일은") in page
        assert written == []
        assert "단가 변경" not in billing.get(page_of(the_new_one())).content.decode()
