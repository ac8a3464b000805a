"""확인할 일: what the dashboard says is wrong today, and where each is put right."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from billing import operations as billing
from billing import queries
from groupco.choices import Role
from products import operations as products
from products.choices import StorageCategory
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily
from workplace_console.common import sizes, words

pytestmark = pytest.mark.django_db

BEGUN = date(2026, 3, 2)
TODAY = date(2026, 5, 11)
COMMON: Any = {"today": TODAY, "by": BY}
ALL_WELL = "지금 처리할 일이 없습니다"


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.CONSOLE_TODAY = TODAY


def dashboard(role: Role = Role.OWNER) -> str:
    email = f"looks-as-{role}@acme.example"
    client = people.signed_in(people.admin("acme", role, today=TODAY, email=email))
    return unescape(client.get("/c/acme/").content.decode())


def concerns(role: Role = Role.OWNER) -> list[tuple[str, str, str]]:
    """Tone, sentence and button of each."""
    page = dashboard(role)
    _before, _is_there, section = page.partition('aria-label="확인할 일">')
    assert bool(section) != (ALL_WELL in page)
    return [
        (
            notice.partition('"')[0],
            "".join(re.findall(r"<b>(.*?)</b>", notice)),
            "".join(re.findall(r'<a [^>]*href="(.*?)"', notice)),
        )
        for notice in section.partition("</section>")[0].split('<div class="notice ')[1:]
    ]


def with_a_card() -> None:
    billing.register_transfer(company_id="acme", depositor="acme", **COMMON)


class TestATrial:
    @pytest.mark.parametrize(("grace", "gone"), [(0, "2026. 5. 20."), (5, "2026. 5. 25.")])
    def test_says_the_day_on_which_its_data_goes(
        self, grace: int, gone: str, settings: Any
    ) -> None:
        settings.DELETION_GRACE_DAYS = grace
        trial(on=TODAY - timedelta(days=21))

        page = dashboard()

        assert "무료 체험이 2026. 5. 19.에 끝납니다(오늘을 넣어 9일 남음)." in page
        assert f"{gone} 0시에" in page
        assert "무료 체험 중에는 요금이 없습니다" in page


class TestACompanyThatPays:
    def test_is_told_that_nothing_is_wrong(self) -> None:
        paid(on=TODAY)
        with_a_card()

        assert concerns() == []

    def test_is_told_of_bills_that_are_late(self, settings: Any) -> None:
        paid(on=BEGUN, accounts=31)
        with_a_card()
        daily.run(until=date(2026, 4, 30))
        won = [words.won(bill.open) for bill in queries.bills(["acme"])]
        late = "/c/acme/bills/acme-202604-1/"
        assert concerns() == [("bad", f"미납 청구서가 1건, {won[0]}입니다.", late)]

        settings.CONSOLE_TODAY = TODAY + timedelta(days=1)
        daily.run(until=settings.CONSOLE_TODAY)
        total = words.won(sum(bill.open for bill in queries.bills(["acme"])))
        assert concerns() == [("bad", f"미납 청구서가 2건, {total}입니다.", "/c/acme/bills/")]

    def test_is_told_that_nobody_knows_how_it_pays(self) -> None:
        paid(on=TODAY)

        assert concerns() == [("warn", "등록된 결제수단이 없습니다.", "/c/acme/payment/")]

    def test_is_told_that_capacity_is_short_and_that_it_is_full(self) -> None:
        paid(on=TODAY)
        with_a_card()
        store(480)
        assert concerns() == [
            ("warn", "공용 용량이 33 GB만 남았습니다.", "/c/acme/product/capacity/add/")
        ]
        assert concerns(Role.VIEWER)[0][2] == "/c/acme/product/"

        store(513)

        assert concerns() == [
            ("bad", "공용 용량이 가득 찼습니다.", "/c/acme/product/capacity/add/")
        ]

    def test_is_told_of_the_budget_by_what_is_worst(self) -> None:
        paid(on=TODAY - timedelta(days=10), accounts=31)
        with_a_card()
        daily.run(until=TODAY)

        told = {}
        for amount in (500_000, 170_500, 60_000, 55_000):
            billing.set_budget(company_id="acme", amount=amount, **COMMON)
            told[amount] = [(tone, title) for tone, title, url in concerns()]

        assert told == {
            500_000: [],
            170_500: [("warn", "이번 달 요금이 예산을 넘을 것으로 보입니다.")],
            60_000: [("warn", "이번 달 요금이 예산을 넘을 것으로 보입니다.")],
            55_000: [("bad", "이번 달 요금이 예산에 이르렀습니다.")],
        }
        assert "월 예산 55,000원 가운데 55,000원 사용" in dashboard()

    def test_is_told_of_most_of_the_budget_spent_when_the_rest_will_do(self, settings: Any) -> None:
        paid(on=date(2026, 5, 1), accounts=31)
        with_a_card()
        settings.CONSOLE_TODAY = last = date(2026, 5, 30)
        daily.run(until=last)
        billing.set_budget(company_id="acme", amount=180_000, today=last, by=BY)

        assert [title for _tone, title, _url in concerns()] == [
            "이번 달 요금이 예산의 80 %에 이르렀습니다."
        ]


def store(gigabytes: int) -> None:
    category = next(iter(StorageCategory))
    products.report_storage(
        company_id="acme", category=category, bytes=gigabytes * sizes.GB, **COMMON
    )
