"""업그레이드, 용량 추가 and 용량 반납 as pages: what they show, refuse and do, once. R: C, D."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from groupco.choices import Role
from products import operations as products
from products import queries
from products.choices import Cycle, Plan, StorageCategory
from products.models import Phase
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily
from workplace_console.common import sizes
from workplace_console.common.models import Mail

BEGUN = date(2026, 3, 1)
TODAY = date(2026, 5, 11)
UPGRADE = "/c/acme/product/upgrade/"
ADD = "/c/acme/product/capacity/add/"
RETURN = "/c/acme/product/capacity/return/"
PRODUCT = "/c/acme/product/"


@pytest.fixture(scope="class")
def acme(kept_for_class: None) -> None:
    """Ten accounts by the month since March."""
    paid("acme", on=BEGUN, accounts=10)
    daily.run(until=TODAY)


@pytest.fixture
def owner(acme: None, db: None, settings: Any) -> Client:
    """The owner of acme."""
    settings.CONSOLE_TODAY = TODAY
    return people.signed_in(people.admin("acme", Role.OWNER, today=TODAY))


def read(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def token(client: Client, url: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', client.get(url).content.decode())
    assert found
    return found[1]


def held() -> int:
    return queries.capacity("acme", TODAY).added_tb


class TestUpgrade:
    def test_it_shows_each_higher_plan_to_the_won(self, owner: Client) -> None:
        page = read(owner, UPGRADE)

        # May so far and as it goes on: 11 days at 5,000, 20 at 8,000 or 12,000; ten accounts.
        collabo = 10 * 11 * 5_000 // 31 + 10 * 20 * 8_000 // 31
        plus = 10 * 11 * 5_000 // 31 + 10 * 20 * 12_000 // 31
        for won in ("50,000원", f"{collabo:,}원", f"+{collabo - 50_000:,}원", f"{plus:,}원"):
            assert won in page
        for words in ("522 GB", "1,034 GB", "10,250 GB", "80,000원", "120,000원"):
            assert words in page

    def test_applied_for_withdrawn_and_applied_for_again(self, owner: Client) -> None:
        answer = owner.post(UPGRADE, {"plan": "collabo"})

        assert answer.url == PRODUCT
        product = owner.get(PRODUCT).content.decode()
        assert re.search(r"<button[^>]* disabled[^>]*>신청 중</button>", product)
        assert UPGRADE in product
        assert "2026. 5. 12. 0시부터의 WORKPLACE Collabo" in read(owner, UPGRADE)

        assert owner.post(UPGRADE, {"act": "withdraw"}).url == PRODUCT
        assert Phase.objects.count() == 1
        assert owner.post(UPGRADE, {"plan": "collabo_plus"}).url == PRODUCT
        assert list(Mail.objects.filter(kind__startswith="upgrade").values_list("kind")) == [
            ("upgrade_requested",),
            ("upgrade_cancelled",),
            ("upgrade_requested",),
        ]

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({}, "요금제를 고르세요."),
            ({"plan": "workplace"}, "없는 요금제입니다."),
            ({"plan": "gold"}, "없는 요금제입니다."),
            ({"act": "withdraw"}, "신청 중인 업그레이드가 없습니다."),
        ],
    )
    def test_what_cannot_be_is_said(
        self, owner: Client, data: dict[str, str], sentence: str
    ) -> None:
        answer = owner.post(UPGRADE, data)

        assert answer.status_code == 200
        assert sentence in answer.content.decode()
        assert Phase.objects.count() == 1

    def test_a_second_one_is_refused_while_one_is_pending(self, owner: Client) -> None:
        owner.post(UPGRADE, {"plan": "collabo"})

        answer = owner.post(UPGRADE, {"plan": "collabo_plus"})

        assert "먼저 신청을 취소하세요." in answer.content.decode()
        assert Phase.objects.get(starts_on=TODAY + timedelta(days=1)).plan == Plan.COLLABO


def test_an_annual_contract_shows_what_accrues(db: None, settings: Any) -> None:
    paid("yearly", on=BEGUN, accounts=10, cycle=Cycle.ANNUAL)
    daily.run(until=TODAY)
    settings.CONSOLE_TODAY = TODAY
    client = people.signed_in(people.admin("yearly", Role.VIEWER, today=TODAY))

    page = read(client, "/c/yearly/product/upgrade/")

    # 72 days at 50,000 a year until today, 20 at 80,000; the contract year goes on.
    until = 10 * 72 * 50_000 // 365
    assert f"{10 * 92 * 50_000 // 365:,}원" in page
    assert f"{until + 10 * 20 * 80_000 // 365:,}원" in page
    assert "신청은 소유자만 할 수 있습니다." in page


def test_from_collabo_on_there_is_no_button_and_the_address_refuses(
    db: None, settings: Any
) -> None:
    paid("acme", on=BEGUN, accounts=1, plan=Plan.COLLABO)
    settings.CONSOLE_TODAY = BEGUN
    client = people.signed_in(people.admin("acme", Role.OWNER, today=BEGUN))

    assert UPGRADE not in client.get(PRODUCT).content.decode()
    assert "고객지원에 문의하세요." in read(client, UPGRADE, 409)
    assert (
        "고객지원에 문의하세요." in client.post(UPGRADE, {"plan": "collabo_plus"}).content.decode()
    )
    assert Phase.objects.count() == 1


def test_in_trial_there_are_no_buttons_and_the_addresses_refuse(db: None, settings: Any) -> None:
    """R: B7."""
    trial("acme", on=BEGUN, accounts=1)
    settings.CONSOLE_TODAY = BEGUN
    client = people.signed_in(people.admin("acme", Role.OWNER, today=BEGUN))

    product = client.get(PRODUCT).content.decode()
    for url in (UPGRADE, ADD, RETURN):
        assert url not in product
        assert "유료 이용 중에 할 수 있습니다." in read(client, url, 409)
        answer = client.post(url, {"plan": "collabo", "tb": "1"})
        assert answer.status_code == 409
    assert not Phase.objects.exists()


class TestCapacity:
    def test_it_shows_what_it_comes_to(self, owner: Client) -> None:
        page = read(owner, f"{ADD}?tb=3")

        # 21 days of May, today among them; the capacity from 522 GB to 3,594 GB.
        assert f"+{3 * 21 * 90_000 // 31:,}원" in page
        assert "+270,000원" in page
        assert "3,594 GB" in page

    def test_added_it_is_in_the_list_at_once_and_returned_today_still_counts(
        self, owner: Client
    ) -> None:
        assert RETURN not in owner.get(PRODUCT).content.decode()
        assert "추가한 용량은 0 TB입니다." in read(owner, RETURN, 409)

        assert owner.post(ADD, {"tb": "3"}).url == PRODUCT
        product = read(owner, PRODUCT)
        assert "추가 용량 3 TB" in product
        assert "3,594 GB" in product

        # Two of the three go from tomorrow on: twenty days of May.
        before = 3 * 21 * 90_000 // 31
        page = read(owner, f"{RETURN}?tb=2")
        assert f"−{before - (3 + 20) * 90_000 // 31:,}원" in page
        assert owner.post(RETURN, {"tb": "2"}).url == PRODUCT
        assert held() == 1

    @pytest.mark.parametrize("url", [ADD, RETURN])
    @pytest.mark.parametrize("tb", ["", "0", "101", "-1", "1.5", "TB", "9" * 30, "1e2", "\x00"])
    def test_a_wrong_number_is_said_beside_it_and_stays(
        self, owner: Client, url: str, tb: str
    ) -> None:
        owner.post(ADD, {"tb": "2"})

        for answer in (owner.post(url, {"tb": tb}), owner.get(url, {"tb": tb})):
            assert answer.status_code == 200
            assert "용량을 1부터 100 사이의 숫자로 적으세요." in answer.content.decode()
        assert held() == 2

    def test_a_return_below_what_is_used_is_refused_with_the_figures(self, owner: Client) -> None:
        """R: D5."""
        owner.post(ADD, {"tb": "2"})
        products.report_storage(
            company_id="acme",
            category=StorageCategory.BOARD,
            bytes=1600 * sizes.GB,
            today=TODAY,
            by=BY,
        )
        sentence = "1.5 TB를 쓰고 있어 1 TB를 반납하면 1.5 TB만 남습니다."

        assert sentence in read(owner, f"{RETURN}?tb=1")
        assert sentence in owner.post(RETURN, {"tb": "1"}).content.decode()
        assert held() == 2

    def test_more_than_is_held_is_refused(self, owner: Client) -> None:
        owner.post(ADD, {"tb": "2"})

        answer = owner.post(RETURN, {"tb": "3"})

        assert "추가한 용량은 2 TB입니다." in answer.content.decode()
        assert held() == 2


class TestOnce:
    def test_the_same_form_sent_again_has_no_further_effect(self, owner: Client) -> None:
        data = {"tb": "2", "once": token(owner, ADD)}

        answers = [owner.post(ADD, data) for _ in range(3)]

        assert [answer.url for answer in answers] == [PRODUCT] * 3
        assert held() == 2

    def test_another_form_has_its_own_effect(self, owner: Client) -> None:
        for _ in range(2):
            owner.post(ADD, {"tb": "2", "once": token(owner, ADD)})

        assert held() == 4

    def test_what_was_refused_may_be_sent_again(self, owner: Client) -> None:
        owner.post(ADD, {"tb": "1"})
        data = {"tb": "1", "once": token(owner, RETURN)}
        products.report_storage(
            company_id="acme",
            category=StorageCategory.PHOTO,
            bytes=sizes.TB,
            today=TODAY,
            by=BY,
        )
        assert "데이터를 먼저 줄이세요." in owner.post(RETURN, data).content.decode()
        products.report_storage(
            company_id="acme", category=StorageCategory.PHOTO, bytes=0, today=TODAY, by=BY
        )

        assert owner.post(RETURN, data).url == PRODUCT
        assert held() == 0


def test_the_list_tells_how_capacity_fills_up(owner: Client, settings: Any) -> None:
    """512 GB and 10 for the accounts; one GB more a day for a month, 482 GB in the end."""
    for number in range(31):
        day = TODAY - timedelta(days=30 - number)
        daily_report(day, 452 + number)

    page = read(owner, PRODUCT)

    # 40 GB are free: the 41st day from today does not fit.
    assert "지금처럼 늘면 2026. 6. 21. 무렵 가득 찹니다(하루 1 GB씩)." in page
    assert "월말 사용량: 4월 471 GB, 5월 482 GB" in owner.get(PRODUCT).content.decode()


def daily_report(day: date, gigabytes: int) -> None:
    from products.models import StorageDay, StorageUse

    StorageDay.objects.create(company_id="acme", day=day, bytes=gigabytes * sizes.GB)
    StorageUse.objects.update_or_create(
        company_id="acme",
        category=StorageCategory.BOARD,
        defaults={"bytes": gigabytes * sizes.GB, "reported_on": day},
    )
