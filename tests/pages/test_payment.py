"""결제수단 관리, the payment of a bill, and what staff records. R: B3, E10, E12."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from billing import operations, queries
from billing.models import Payment, PaymentMethod
from groupco import operations as groups
from groupco.choices import Role, StaffRole
from tests import portone
from tests.companies import BY, paid, trial
from tests.pages import people
from tests.portone import PortOne
from workplace_console import collection, daily
from workplace_console.common.models import SentForm
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 12)
NUMBER = "acme-202602-1"
BILL = f"/c/acme/bills/{NUMBER}/"
PAY = BILL + "pay/"


@pytest.fixture(autouse=True, scope="module")
def billed(kept_for_module: None) -> None:
    """Seven accounts in January: 38,500 won, due the day before yesterday."""
    paid("acme", accounts=7)
    daily.run(until=TODAY)


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.CONSOLE_TODAY = TODAY


@pytest.fixture
def owner() -> Client:
    return people.signed_in(people.admin("acme", Role.OWNER, today=TODAY))


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


class TestMethods:
    def test_a_mock_card_is_chosen_and_is_the_default(self, owner: Client) -> None:
        page = text(owner, "/c/acme/payment/card/")
        assert "모의 결제입니다" in page

        answer = owner.post("/c/acme/payment/card/", {"card": "4242", "once": "a"}, follow=True)

        assert "모의카드 4242" in answer.content.decode()
        method = PaymentMethod.objects.get()
        assert (method.way, method.is_default, method.last_four) == ("card", True, "4242")

    def test_a_card_sent_twice_is_registered_once(self, owner: Client) -> None:
        for _twice in range(2):
            owner.post("/c/acme/payment/card/", {"card": "4242", "once": "a"})
        assert PaymentMethod.objects.count() == 1
        assert SentForm.objects.exists()

    def test_transfer_default_and_remove_by_their_buttons(self, owner: Client) -> None:
        owner.post("/c/acme/payment/card/", {"card": "4242"})
        owner.post("/c/acme/payment/", {"act": "transfer", "depositor": "에이스"})
        card, transfer = PaymentMethod.objects.order_by("pk")
        owner.post("/c/acme/payment/", {"act": "default", "method": transfer.pk})
        owner.post("/c/acme/payment/", {"act": "remove", "method": card.pk})

        page = text(owner, "/c/acme/payment/")
        assert "계좌이체 · 에이스" in page
        assert "모의카드" not in page
        assert "38,500원" in page
        assert "예시은행" in page

    def test_why_one_can_not_be_removed_is_said(self, owner: Client) -> None:
        owner.post("/c/acme/payment/card/", {"card": "4242"})
        method = PaymentMethod.objects.get()

        answer = owner.post("/c/acme/payment/", {"act": "remove", "method": method.pk})

        assert "하나뿐인 결제수단을 삭제할 수 없습니다" in answer.content.decode()
        assert PaymentMethod.objects.get().sealed_key

    def test_somebody_else_s_method_is_none(self, owner: Client) -> None:
        other = operations.register_transfer(company_id="other", depositor="", today=TODAY, by=BY)
        for act in ("default", "remove"):
            answer = owner.post("/c/acme/payment/", {"act": act, "method": other.pk})
            assert "그런 결제수단이 없습니다" in answer.content.decode()

    def test_without_a_gateway_there_is_no_card(self, owner: Client, settings: Any) -> None:
        settings.MOCK_GATEWAY = False
        assert owner.get("/c/acme/payment/card/").status_code == 404
        page = text(owner, "/c/acme/payment/")
        assert "카드 등록" not in page
        assert "지금은 카드를 등록할 수 없습니다" in page


class TestCardsOfTheGateway:
    @pytest.fixture
    def gateway(self, settings: Any) -> Iterator[PortOne]:
        with portone.serving() as served:
            settings.PORTONE_API_URL = served.url
            settings.PORTONE_API_SECRET = portone.SECRET
            settings.PORTONE_STORE_ID = portone.STORE
            settings.PORTONE_CARD_URL = "https://card.example/"
            yield served

    def test_its_page_is_led_to_and_what_comes_back_is_shown_and_saved(
        self, owner: Client, gateway: PortOne
    ) -> None:
        page = text(owner, "/c/acme/payment/card/")
        assert "https://card.example/?storeId=store-1" in page
        assert "payment%2Fcard%2F" in page

        page = text(owner, "/c/acme/payment/card/?billingKey=billing-key-acme")
        assert "현대카드 1234" in page
        assert not PaymentMethod.objects.exists()  # looking writes nothing

        owner.post("/c/acme/payment/card/", {"billingKey": "billing-key-acme"})
        assert PaymentMethod.objects.get().last_four == "1234"

    @pytest.mark.parametrize("key", ["billing-key-other", "nonsense", "", "x" * 201])
    def test_a_key_that_is_not_this_company_s_is_refused(
        self, owner: Client, gateway: PortOne, key: str
    ) -> None:
        for answer in (
            owner.get("/c/acme/payment/card/", {"billingKey": key}),
            owner.post("/c/acme/payment/card/", {"billingKey": key}),
        ):
            assert answer.status_code == 200
        assert not PaymentMethod.objects.exists()

    def test_a_gateway_that_is_down_is_said(self, owner: Client, gateway: PortOne) -> None:
        gateway.misbehave = lambda *_: "lost before"
        page = text(owner, "/c/acme/payment/card/?billingKey=billing-key-acme")
        assert "결제대행사가 응답하지 않습니다" in page


class TestBills:
    def test_the_list_and_the_bill_say_what_is_open(self, owner: Client) -> None:
        page = text(owner, "/c/acme/bills/")
        for words in ("미납", "2026. 2. 10.", "38,500원"):
            assert words in page
        page = text(owner, BILL)
        assert "미납" in page
        assert "지금 38,500원 결제" not in page  # there is no card

    @pytest.mark.parametrize(
        ("card", "says", "state"),
        [
            ("4242", "결제했습니다.", "결제 완료"),
            ("0002", "카드 결제가 거절되었습니다", "한도를 넘었습니다"),
            ("0003", "결제 결과를 확인하고 있습니다", "다시 결제하지 않습니다"),
        ],
    )
    def test_it_is_paid_by_card_at_once(
        self, owner: Client, card: str, says: str, state: str
    ) -> None:
        owner.post("/c/acme/payment/card/", {"card": card})
        assert "지금 38,500원 결제" in text(owner, BILL)

        page = owner.post(PAY, {"once": "p"}, follow=True).content.decode()

        assert says in page
        assert state in page

    def test_what_is_open_comes_about_before_ones_eyes(self, owner: Client) -> None:
        assert "청구 금액 38,500원</span>" in text(owner, BILL)

        operations.credit(number=NUMBER, supply=1000, reason="착오", today=TODAY, by=BY)
        for amount, bill in ((10_000, NUMBER), (500, "")):
            operations.record_transfer(
                payer="acme", amount=amount, received_on=TODAY, invoice=bill, today=TODAY, by=BY
            )

        page = text(owner, BILL)
        assert "<b>26,900원</b>" in page
        assert (
            "청구 금액 38,500원 − 크레딧 노트 1,100원 − 결제 10,000원 − 다른 결제에서 온 금액 500원"
            in page
        )

    def test_a_tax_invoice_stays_the_evidence_of_what_a_card_pays(self, owner: Client) -> None:
        """R: E10, and docs/adr/0018."""
        said = "이 청구서의 증빙은 세금계산서입니다."
        owner.post("/c/acme/payment/card/", {"card": "4242", "once": "a"})
        assert said not in text(owner, BILL)
        operations.record_tax_invoice(
            number=NUMBER, approval="20260212" + "1" * 16, written_on=TODAY, today=TODAY, by=BY
        )
        assert said in text(owner, BILL)

        owner.post(PAY, {"once": "b"})

        assert "결제 완료" in text(owner, BILL)
        assert [paper.kind for paper in queries.evidence(NUMBER)] == ["tax_invoice"]

    def test_a_button_pressed_twice_charges_once(self, owner: Client) -> None:
        owner.post("/c/acme/payment/card/", {"card": "0002"})
        for _twice in range(2):
            owner.post(PAY, {"once": "p"})
        assert Payment.objects.count() == 1

    def test_an_answer_that_was_lost_is_found(self, owner: Client) -> None:
        owner.post("/c/acme/payment/card/", {"card": "0003"})
        owner.post(PAY, {"once": "p"})
        collection.collect(today=TODAY)

        assert "결제 완료" in text(owner, BILL)
        assert queries.balance("acme") == 0

    def test_somebody_else_s_bill_is_not_found(self, owner: Client) -> None:
        for number in ("other-202602-1", "acme-209901-1", "a\0b"):
            url = f"/c/acme/bills/{number}/pay/"
            assert owner.post(url, {}).status_code == 404

    def test_who_only_reads_sees_no_button(self, owner: Client) -> None:
        owner.post("/c/acme/payment/card/", {"card": "4242"})
        viewer = people.signed_in(
            people.admin("acme", Role.VIEWER, today=TODAY, email="v@a.example")
        )
        assert "지금 38,500원 결제" not in text(viewer, BILL)
        assert "계좌이체 등록" not in text(viewer, "/c/acme/payment/")


def test_after_the_end_it_is_still_read_and_nothing_can_be_changed(owner: Client) -> None:
    """R: G5."""
    owner.post("/c/acme/payment/card/", {"card": "4242"})
    terminate(company_id="acme", grace_days=0, today=TODAY, by=BY)

    page = text(owner, "/c/acme/payment/")

    assert "모의카드 4242" in page
    assert "최종" in text(owner, "/c/acme/bills/")
    for button in ("카드 등록", "계좌이체 등록", "삭제:"):
        assert button not in page
    assert "지금 38,500원 결제" not in text(owner, BILL)
    assert owner.post("/c/acme/payment/", {"act": "transfer"}).status_code == 403


def test_a_company_without_a_method_is_warned_when_it_converts(owner: Client) -> None:
    trial("fresh", on=TODAY)
    client = people.signed_in(people.admin("fresh", Role.OWNER, today=TODAY, email="f@f.example"))
    assert "등록된 결제수단이 없습니다" in text(client, "/c/fresh/product/convert/")

    client.post("/c/fresh/payment/card/", {"card": "4242"})

    assert "등록된 결제수단이 없습니다" not in text(client, "/c/fresh/product/convert/")


class TestStaff:
    @pytest.fixture
    def billing(self) -> Client:
        user = groups.set_sign_in(
            email="s@c.example", password="", staff_roles=[StaffRole.BILLING.value]
        )
        return people.signed_in(user)

    ADD = "/support/billing/payment/add/"
    GIVEN = {"payer": "acme", "amount": "40000", "received_on": "2026-02-11", "invoice": NUMBER}

    def test_records_a_transfer_once_and_sees_what_is_over(self, billing: Client) -> None:
        assert "38,500원" in text(billing, "/support/receivables/")
        invoice = text(billing, f"/support/billing/invoice/{NUMBER}/change/")
        assert f"{self.ADD}?payer=acme&amp;invoice={NUMBER}&amp;amount=38500" in invoice
        for _twice in range(2):
            billing.post(self.ADD, self.GIVEN | {"once": "t", "act": "record"})

        payment = Payment.objects.get()
        assert queries.balance("acme") == -1_500
        assert payment.number in text(billing, "/support/billing/payment/")
        assert "미납이 없습니다" in text(billing, "/support/receivables/")
        page = f"/support/billing/payment/{payment.number}/change/"
        billing.post(page, {"amount": "1500", "reason": "초과 입금", "act": "refund"})
        assert queries.balance("acme") == 0
        assert "초과 입금" in text(billing, page)

    def test_a_refusal_stands_beside_its_field(self, billing: Client) -> None:
        answer = billing.post(self.ADD, self.GIVEN | {"payer": "nobody"})
        assert "그런 회사가 없습니다" in answer.content.decode()
        answer = billing.post(self.ADD, self.GIVEN | {"amount": "0"})
        assert "금액은 1원부터" in answer.content.decode()
        assert not Payment.objects.exists()

    def test_keeps_the_holidays(self, billing: Client) -> None:
        billing.post("/support/billing/holiday/add/", {"day": "2026-03-10", "name": "임시"})
        assert queries.due_day(date(2026, 3, 1)) == date(2026, 3, 11)
        billing.post("/support/billing/holiday/2026-03-10/change/", {"act": "remove"})
        assert queries.due_day(date(2026, 3, 1)) == date(2026, 3, 10)

    def test_a_refund_of_a_card_goes_through_the_gateway(
        self, billing: Client, owner: Client
    ) -> None:
        owner.post("/c/acme/payment/card/", {"card": "4242"})
        owner.post(PAY, {})
        operations.credit(number=NUMBER, supply=1_000, reason="x", today=TODAY, by=BY)
        payment = Payment.objects.get()

        page = billing.post(
            f"/support/billing/payment/{payment.number}/change/",
            {"amount": "1100", "reason": "정정", "act": "refund"},
            follow=True,
        ).content.decode()

        assert "환불을 기록하고 회사에 알렸습니다" in page
        assert queries.find_payment(payment.number).refunded == 1_100
