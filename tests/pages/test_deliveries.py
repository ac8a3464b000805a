"""결제수단 관리's addresses, 시험 메일 and 발송 기록. R: E10."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail as django_mail
from django.test import Client

from groupco import operations as groups
from groupco import queries
from groupco.choices import Role, Topic
from tests.companies import BY, trial
from tests.pages import people
from workplace_console.common import mail
from workplace_console.common.models import Mail

DAY = date(2026, 3, 2)
PAYMENT, LOG = "/c/acme/payment/", "/c/acme/payment/deliveries/"
BILLS, BOSS = "bills@acme.example", "boss@acme.example"


@pytest.fixture
def billing(db: None, settings: Any) -> Client:
    settings.CONSOLE_TODAY = DAY
    trial("acme", on=DAY)
    return people.signed_in(people.admin("acme", Role.BILLING, today=DAY))


def save(client: Client, *addresses: str, **more: Any) -> str:
    answer = client.post(PAYMENT, {"billing_addresses": "\n".join(addresses), **more}, follow=True)
    return answer.content.decode()


def rows(client: Client, query: str = "") -> list[list[str]]:
    """The log: title, address, state."""
    page = client.get(LOG + query).content.decode()
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)][:3]
        for row in re.findall(r"<tr>(.*?)</tr>", body.replace("\n", " "))
    ]


class TestAddresses:
    def test_they_are_saved_with_what_each_is_mailed_about(self, billing: Client) -> None:
        assert "이용 요금 안내 주소를 저장했습니다." in save(billing, BILLS, BOSS)
        told = ["bills:" + BILLS, "payment:" + BILLS, "contract:" + BOSS]

        save(billing, BILLS, BOSS, boxes="1", told=told)

        assert queries.topics_of_addresses("acme") == {
            BILLS: {Topic.BILLS, Topic.PAYMENT},
            BOSS: {Topic.CONTRACT},
        }
        page = billing.get("/c/acme/company/").content.decode()
        checked = re.findall(r'name="told" value="([^"]+)" checked', page)
        assert checked == told

    def test_an_address_without_anything_is_refused_and_what_was_cleared_stays_so(
        self, billing: Client
    ) -> None:
        save(billing, BILLS)

        page = save(billing, BILLS, boxes="1")

        assert f"{BILLS}에 보낼 것을 하나 이상 고르거나 주소를 지우세요." in page
        assert "checked" not in page
        assert queries.topics_of_addresses("acme") == {BILLS: set(Topic)}

    def test_a_viewer_reads_them_and_is_refused(self, billing: Client) -> None:
        save(billing, BILLS)
        viewer = people.signed_in(people.admin("acme", Role.VIEWER, today=DAY))

        page = viewer.get(PAYMENT).content.decode()

        assert BILLS in page
        assert "저장</button>" not in page
        assert "시험 메일" not in page
        assert viewer.post(LOG, {"address": BILLS}).status_code == 403


class TestTestMail:
    def test_it_waits_is_sent_and_stands_in_the_log(self, billing: Client) -> None:
        save(billing, BILLS)

        page = billing.post(LOG, {"address": BILLS}, follow=True).content.decode()

        assert f"{BILLS}로 시험 메일을 보냅니다." in page
        assert rows(billing)[0] == ["시험 메일입니다", BILLS, "대기"]
        mail.send_due(seconds=5)
        assert rows(billing)[0] == ["시험 메일입니다", BILLS, "발송"]
        assert [sent.to for sent in django_mail.outbox][-1] == [BILLS]

    def test_three_an_hour_go_to_an_address(self, billing: Client) -> None:
        save(billing, BILLS, BOSS)
        for _ in range(3):
            billing.post(LOG, {"address": BILLS})

        page = billing.post(LOG, {"address": BILLS}, follow=True).content.decode()
        billing.post(LOG, {"address": BOSS})

        assert "한 시간에 보낼 수 있는 만큼 보냈습니다." in page
        sent = Mail.objects.filter(kind="billing_address_tested")
        assert [m.recipients for m in sent.order_by("pk")] == [[BILLS]] * 3 + [[BOSS]]

    def test_an_address_that_is_not_saved_gets_none(self, billing: Client) -> None:
        page = billing.post(LOG, {"address": "x@else.example"}, follow=True).content.decode()

        assert "저장된 주소가 아닙니다." in page
        assert not Mail.objects.filter(kind="billing_address_tested").exists()


class TestLog:
    def test_it_says_what_became_of_a_mail_at_each_address(self, billing: Client) -> None:
        found = Mail.objects.get(kind="trial_started")
        found.recipients = ["a@b.example", "c@b.example", "d@b.example"]
        found.done, found.refused = ["a@b.example", "c@b.example"], ["c@b.example"]
        found.save()
        title = "무료 체험을 시작했습니다"

        states = [row[1:] for row in rows(billing)]
        assert states == [
            ["a@b.example", "발송"],
            ["c@b.example", "거부됨"],
            ["d@b.example", "대기"],
        ]
        Mail.objects.update(state="failed")
        assert rows(billing)[2][1:] == ["d@b.example", "실패"]
        assert title[:5] in rows(billing)[0][0]

    def test_one_address_is_picked_out(self, billing: Client) -> None:
        save(billing, BILLS, BOSS)
        billing.post(LOG, {"address": BOSS})

        assert rows(billing, f"?address={BOSS}") == [["시험 메일입니다", BOSS, "대기"]]
        assert rows(billing, f"?address={BILLS}") == []
        page = billing.get(f"{LOG}?address=x@else.example").content.decode()
        assert "목록에 있는 것 가운데 고르세요." in page

    def test_what_is_one_person_s_affair_is_not_in_it(self, billing: Client) -> None:
        invited = "new@acme.example"
        groups.invite_admin(company_id="acme", email=invited, role=Role.VIEWER, today=DAY, by=BY)

        assert Mail.objects.filter(recipients=[invited], company="acme").exists()
        assert invited not in str(rows(billing))

    def test_another_company_s_mails_are_not_in_it(self, billing: Client) -> None:
        trial("other", on=DAY)

        assert "other" not in str(rows(billing))
