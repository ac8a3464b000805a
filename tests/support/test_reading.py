"""What is only read on the support site: audit log, notices, deletions, invoices, day charges."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.companies import BY, paid, trial
from tests.support.conftest import DAY
from workplace_console import daily
from workplace_console.common import audit, messages
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.models import AuditEntry

pytestmark = pytest.mark.usefixtures("a_day")

AUDIT = "/support/common/auditentry/"


class TestAudit:
    @pytest.fixture(autouse=True)
    def _log(self, a_day: None) -> None:
        audit.record(
            Change("acme", "price_set", {"unit_price": 1}, {"unit_price": 2}), on=DAY, by=BY
        )
        someone = Actor.user(7, address="192.0.2.1")
        audit.record(Change("other", "mail_resent"), on=DAY, by=someone)

    @pytest.mark.parametrize(
        ("query", "there", "not_there"),
        [
            ({"q": "acme"}, "command:test", "user:7"),
            ({"q": "user:7"}, "user:7", "command:test"),
            ({"q": "mail_resent"}, "user:7", "command:test"),
            ({"by": "command:"}, "command:test", "user:7"),
        ],
    )
    def test_it_is_narrowed_by_company_actor_and_action(
        self, support: Client, query: dict[str, str], there: str, not_there: str
    ) -> None:
        page = support.get(AUDIT, query).content.decode().partition('id="result_list"')[2]

        assert there in page
        assert not_there not in page

    def test_an_entry_shows_what_changed(self, support: Client) -> None:
        entry = AuditEntry.objects.get(company="acme")

        page = support.get(f"{AUDIT}{entry.pk}/change/").content.decode()

        assert "price_set" in page
        assert "<td>1</td><td>2</td>" in page


def test_notices_are_those_for_staff_in_their_own_words(support: Client) -> None:
    figures = {"job": "charge", "day_on": "2026-03-02", "reason": "no_price"}
    messages.tell_staff([Event("acme", "parked", figures=figures)], on=DAY)
    trial("other", on=DAY)

    page = support.get("/support/common/notice/").content.decode()

    assert "acme: charge 작업이 보류되었습니다" in page
    assert "other" not in page


def test_deletion_records_say_what_went_and_when(support: Client) -> None:
    trial("gone", on=DAY, accounts=4, trial_days=1)
    daily.run(until=date(2026, 3, 3))

    page = support.get("/support/products/deletion/gone/change/").content.decode()

    assert "2026. 3. 3." in page
    assert "사원" in page
    assert "백업에서도 없어지는 날" in page
    assert '<td class="figure">4</td>' in page


class TestBills:
    @pytest.fixture(autouse=True)
    def _april(self, a_day: None, settings: Any) -> None:
        paid("acme", on=DAY, accounts=10)
        settings.CONSOLE_TODAY = date(2026, 4, 1)
        daily.run(until=date(2026, 4, 1))

    @pytest.mark.parametrize("term", ["acme", "acme-202604-1", "ACME"])
    def test_invoices_are_found_by_number_and_payer(self, support: Client, term: str) -> None:
        page = support.get("/support/billing/invoice/", {"q": term}).content.decode()

        assert 'href="/support/billing/invoice/acme-202604-1/change/' in page

    def test_an_invoice_shows_how_each_line_comes_about(self, billing: Client) -> None:
        page = billing.get(
            "/support/billing/invoice/acme-202604-1/change/", follow=True
        ).content.decode()

        # 10 accounts from 2 to 31 March: 300 account-days of a month of 31 days.
        assert "300명·일 × 5,000원 ÷ 31일" in page
        assert "48,387원" in page

    def test_the_days_of_a_month_are_shown_as_they_were_charged(self, support: Client) -> None:
        page = support.get(
            "/support/day-charges/", {"company": "acme", "month": "2026-03"}
        ).content.decode()

        assert page.count("<td>사용자</td>") == 30
        assert "2026. 3. 1." not in page

    def test_a_company_without_charges_has_none(self, support: Client) -> None:
        page = support.get(
            "/support/day-charges/", {"company": "nosuch", "month": "2026-03"}
        ).content.decode()

        assert "이 달에 기록된 이용이 없습니다" in page

    def test_a_month_that_is_none_is_said_beside_the_field(self, support: Client) -> None:
        page = support.get(
            "/support/day-charges/", {"company": "acme", "month": "2026-13"}
        ).content.decode()

        assert 'id="id_month_error"' in page
