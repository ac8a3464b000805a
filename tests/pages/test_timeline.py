"""앞으로 일어날 일: what a company's dashboard says of the days to come."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from groupco.choices import Role
from products import operations
from products.choices import Cycle, Item, Plan, StorageCategory
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily
from workplace_console.common import sizes
from workplace_console.pages import timeline
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

BEGUN = date(2026, 3, 2)
TODAY = date(2026, 5, 11)
COMMON = {"today": TODAY, "by": BY}


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.CONSOLE_TODAY = TODAY


def told(company: str = "acme", path: str = "") -> list[tuple[str, str, str]]:
    """Day, title and button of what is told, in order."""
    email = f"looks-at-{company}@acme.example"
    client: Client = people.signed_in(people.admin(company, Role.OWNER, today=TODAY, email=email))
    page = unescape(client.get(f"/c/{company}/{path}").content.decode())
    found = re.findall(
        r'<span class="when"><time[^>]*>(.*?)</time><small>.*?<b>(.*?)</b>(.*?)</li>',
        page,
        re.DOTALL,
    )
    return [(day, title, "".join(re.findall(r'href="(.*?)"', more))) for day, title, more in found]


class TestATrial:
    @pytest.mark.parametrize("grace", [0, 5])
    def test_its_reminders_its_end_and_what_is_deleted(self, grace: int, settings: Any) -> None:
        settings.DELETION_GRACE_DAYS = grace
        trial(on=TODAY - timedelta(days=21))
        convert = "/c/acme/product/convert/"

        until, *end = [
            ("2026. 5. 12.", "체험 종료 7일 전 메일을 보냅니다", ""),
            ("2026. 5. 16.", "체험 종료 3일 전 메일을 보냅니다", ""),
            ("2026. 5. 18.", "체험 종료 1일 전 메일을 보냅니다", ""),
            ("2026. 5. 19.", "무료 체험의 마지막 날입니다", convert),
        ]
        gone = [
            ("2026. 5. 20.", "로그인이 막힙니다", ""),
            ("2026. 5. 25.", "데이터를 영구 삭제합니다", ""),
        ]
        if not grace:
            gone = [("2026. 5. 20.", "로그인이 막히고 데이터를 영구 삭제합니다", "")]
        assert told() == [until, *end, *gone]

    def test_with_a_reservation_only_its_beginning_and_the_first_invoice(self) -> None:
        trial(on=TODAY - timedelta(days=21), accounts=2)
        operations.reserve(
            company_id="acme",
            plan=Plan.COLLABO,
            cycle=Cycle.MONTHLY,
            start=date(2026, 5, 17),
            **COMMON,
        )
        assert told() == [
            (
                "2026. 5. 17.",
                "WORKPLACE Collabo의 유료 이용을 시작합니다",
                "/c/acme/product/convert/",
            ),
            ("2026. 6. 1.", "2026년 5월 청구서를 발행합니다", "/c/acme/usage/"),
        ]


class TestAPaidCompany:
    def test_an_upgrade_new_prices_the_invoice_and_full_capacity(self) -> None:
        paid(on=BEGUN, accounts=2)
        daily.run(until=TODAY)
        for before in (20, 10, 0):
            operations.report_storage(
                company_id="acme",
                category=StorageCategory.BOARD,
                bytes=(400 - 5 * before) * sizes.GB,
                today=TODAY,
                by=BY,
            )
            move_report(before)
        for plan, start in ((Plan.COLLABO, date(2026, 7, 1)), (Plan.WORKPLACE, date(2026, 7, 2))):
            operations.set_price(
                item=Item.SEAT,
                plan=plan,
                cycle=Cycle.MONTHLY,
                starts_on=start,
                unit_price=9_000,
                **COMMON,
            )
        operations.request_upgrade(company_id="acme", plan=Plan.COLLABO, **COMMON)

        bills = "/c/acme/bills/acme-2026"
        assert told() == [
            ("2026. 4. 10.", "미납 청구서: acme-202604-1", f"{bills}04-1/"),
            ("2026. 5. 11.", "어제까지의 요금을 계산했습니다", ""),
            ("2026. 5. 11.", "결제일: 청구서 acme-202605-1", f"{bills}05-1/"),
            (
                "2026. 5. 12.",
                "업그레이드를 적용합니다: WORKPLACE Collabo",
                "/c/acme/product/upgrade/",
            ),
            ("2026. 6. 1.", "2026년 5월 청구서를 발행합니다", "/c/acme/usage/"),
            # 114 GB are free, at 5 GB a day.
            ("2026. 6. 3.", "공용 용량이 가득 찹니다", "/c/acme/product/capacity/add/"),
            (
                "2026. 7. 1.",
                "WORKPLACE Collabo의 사용자당 월 단가가 8,000원에서 9,000원으로 바뀝니다",
                "/c/acme/quote/",
            ),
        ]

    def test_a_contract_year_is_told_before_anything_has_accrued(self) -> None:
        paid(on=TODAY, accounts=2, cycle=Cycle.ANNUAL)
        assert told() == [("2027. 5. 11.", "연간 계약을 청구하고 새 계약 연도를 시작합니다", "")]
        daily.run(until=TODAY + timedelta(days=1))

    def test_who_pays_from_tomorrow_on_is_told_to_both(self, settings: Any) -> None:
        settings.DELETION_GRACE_DAYS = 9
        paid("lead", on=BEGUN)
        paid("acme", on=BEGUN)
        operations.form_group(company_id="lead", members=["acme"], today=BEGUN, by=BY)
        daily.run(until=TODAY)
        terminate(company_id="acme", **COMMON)

        assert (
            "2026. 5. 12.",
            "acme의 요금을 더는 함께 내지 않습니다",
            "",
        ) in told("lead")
        operations.undo_termination(company_id="acme", **COMMON)
        assert told()[:2] == [
            ("2026. 5. 12.", "WORKPLACE의 새 계약이 시작됩니다", ""),
            ("2026. 5. 12.", "이용 요금을 직접 내기 시작합니다", ""),
        ]


def test_a_terminated_company_is_told_what_goes_when(settings: Any) -> None:
    settings.DELETION_GRACE_DAYS = 9
    paid(on=BEGUN)
    daily.run(until=TODAY)
    terminate(company_id="acme", **COMMON)

    assert told(path="ended/") == [
        ("2026. 5. 20.", "데이터를 영구 삭제하고 그 기록을 메일로 보냅니다", "#undo"),
        ("2026. 6. 19.", "백업에서도 없어집니다", ""),
        ("2026. 8. 9.", "이 화면과 청구서를 닫습니다", ""),
    ]


def test_every_source_is_named_once_and_says_what_it_is() -> None:
    assert len(set(timeline.SOURCES)) == len(timeline.SOURCES)
    assert all(source.__doc__ for source in timeline.SOURCES)


def move_report(before: int) -> None:
    """As if the last report were so many days old."""
    from products.models import StorageDay

    StorageDay.objects.filter(day=TODAY).update(day=TODAY - timedelta(days=before))
