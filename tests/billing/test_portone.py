"""A gateway loses its answers, calls out of turn and outlives us: nobody pays twice. R: E12."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
from django.test import Client

from billing import gateway as gateways
from billing import operations, queries
from billing.gateway import NoAnswer, Report, State
from billing.models import Invoice, Payment, PaymentOutcome
from tests import databases, portone
from tests.companies import BY, paid
from tests.portone import PortOne
from workplace_console import collection, daily
from workplace_console.common import days
from workplace_console.common.models import Mail, Notice

DUE = date(2026, 2, 10)
NUMBER = "acme-202602-1"


@pytest.fixture
def gateway(settings: Any) -> Iterator[PortOne]:
    with portone.serving() as served:
        settings.PORTONE_API_URL = served.url
        settings.PORTONE_API_SECRET = portone.SECRET
        settings.PORTONE_STORE_ID = portone.STORE
        settings.PORTONE_WEBHOOK_SECRET = portone.WEBHOOK_SECRET
        settings.CONSOLE_TODAY = DUE
        yield served


@pytest.fixture
def billed(db: None) -> None:
    """Seven accounts in January: 38,500 won, due today, and a card."""
    paid("acme", accounts=7)
    daily.run(until=DUE)
    card()


def card(company: str = "acme", key: str = "") -> None:
    operations.register_card(
        company_id=company,
        billing_key=key or f"billing-key-{company}",
        brand="현대카드",
        last_four="1234",
        today=DUE,
        by=BY,
    )


def the_payment() -> Payment:
    return Payment.objects.get(invoice__number=NUMBER)


class TestItsSchema:
    """The SDK reads every kind of answer that the local gateway gives."""

    def talk(self) -> Any:
        found = gateways.gateway()
        assert found
        return found

    def charge(self, key: str = "k1", billing_key: str = "billing-key-acme") -> str:
        return self.talk().charge(
            key=key, billing_key=billing_key, amount=1000, title="W", company="acme"
        )

    def test_a_charge_is_made_found_and_given_back(self, gateway: PortOne) -> None:
        assert self.talk().find("k1") is None
        assert self.charge() == ""
        assert self.charge() == ""
        assert self.talk().find("k1") == Report(State.MADE, 1000, "tx-k1")

        part = {"key": "k1", "amount": 300, "reason": "x"}
        assert self.talk().cancel(**part, left=1000) == ""
        assert self.talk().cancel(**part, left=1000) != ""
        assert self.talk().cancel(key="k1", amount=700, left=700, reason="y") == ""
        report = self.talk().find("k1")
        assert [(c.amount, c.reason) for c in report.cancellations] == [(300, "x"), (700, "y")]
        assert gateway.total("k1") == 0

    def test_a_card_is_refused_with_its_reason(self, gateway: PortOne) -> None:
        gateway.refused_keys = {"billing-key-acme"}
        assert self.charge() == "한도초과"
        assert self.talk().find("k1") == Report(State.REFUSED, 1000, "tx-k1", "한도초과")

    @pytest.mark.parametrize("status", ["READY", "PAY_PENDING"])
    def test_a_charge_may_be_on_its_way(self, gateway: PortOne, status: str) -> None:
        gateway.charges["k1"] = {"status": status, "amount": 5, "cancellations": []}
        assert self.talk().find("k1") == Report(State.PENDING, 5)

    def test_a_card_is_known_by_its_key(self, gateway: PortOne) -> None:
        card = self.talk().card("billing-key-acme")
        assert (card.company, card.brand, card.last_four) == ("acme", "현대카드", "1234")
        assert self.talk().card("nonsense") is None
        self.talk().forget("billing-key-acme")

    @pytest.mark.parametrize("trouble", ["lost before", "lost after", "broken"])
    @pytest.mark.parametrize("what", ["charge", "find", "cancel", "card", "forget"])
    def test_no_answer_is_none(self, gateway: PortOne, what: str, trouble: str) -> None:
        acts = {
            "charge": self.charge,
            "find": lambda: self.talk().find("k"),
            "cancel": lambda: self.talk().cancel(key="k", amount=1, left=1, reason="x"),
            "card": lambda: self.talk().card("billing-key-acme"),
            "forget": lambda: self.talk().forget("billing-key-acme"),
        }
        gateway.misbehave = lambda *_: trouble

        with pytest.raises(NoAnswer):
            acts[what]()

    def test_an_answer_of_a_kind_that_nobody_knows_is_none(self, gateway: PortOne) -> None:
        gateway.charges["k1"] = {"status": "SOMETHING_NEW", "amount": 5, "cancellations": []}
        with pytest.raises(NoAnswer):
            self.talk().find("k1")


@pytest.mark.usefixtures("billed")
class TestCollecting:
    def test_a_card_is_charged_on_the_due_day_once(self, gateway: PortOne) -> None:
        collection.collect(today=DUE - days.ONE_DAY)
        assert gateway.money == []
        for _again in range(3):
            collection.collect(today=DUE)

        assert gateway.money == [(the_payment().key, 38_500)]
        assert queries.balance("acme") == 0
        assert Mail.objects.filter(kind="payment_made").count() == 1

    def test_a_refused_card_is_told_and_tried_again_the_next_business_day(
        self, gateway: PortOne
    ) -> None:
        gateway.refused_keys = {"billing-key-acme"}
        collection.collect(today=DUE)
        assert Mail.objects.get(kind="payment_refused").figures["reason"] == "한도초과"
        gateway.refused_keys = set()

        collection.collect(today=DUE + days.ONE_DAY)

        assert [amount for _key, amount in gateway.money] == [38_500]
        assert queries.balance("acme") == 0

    def test_a_card_that_is_refused_again_and_again_is_told_then_the_payer_is_reminded(
        self, gateway: PortOne
    ) -> None:
        gateway.refused_keys = {"billing-key-acme"}
        for late in range(5):  # Tuesday to Saturday
            collection.collect(today=DUE + timedelta(days=late))

        kinds = Mail.objects.order_by("on").values_list("kind", "on__day")
        told = [(kind, day) for kind, day in kinds if kind.startswith("payment_")]
        refused = [("payment_refused", day) for day in (10, 11, 12, 13)]
        assert told == [*refused, ("payment_overdue", 14)]

    def test_a_card_that_was_removed_while_nobody_knew_is_asked_about_not_charged(
        self, gateway: PortOne
    ) -> None:
        payment = operations.begin_charge(number=NUMBER, today=DUE, by=BY)
        assert payment
        payment.method.__class__.objects.update(sealed_key="", ends_on=DUE, is_default=False)

        collection.collect(today=DUE)

        assert gateway.money == []
        assert queries.find_payment(payment.number).state == "failed"

    def test_what_was_paid_otherwise_while_the_gateway_was_down_is_not_charged(
        self, gateway: PortOne
    ) -> None:
        gateway.misbehave = lambda *_: "lost before"
        collection.collect(today=DUE)
        operations.record_transfer(
            payer="acme", amount=38_500, received_on=DUE, invoice=NUMBER, today=DUE, by=BY
        )
        gateway.misbehave = lambda *_: None

        collection.collect(today=DUE)

        assert gateway.money == []
        assert queries.undecided() == []
        assert queries.balance("acme") == 0

    def test_another_amount_than_was_asked_for_is_for_people_to_look_at(
        self, gateway: PortOne
    ) -> None:
        payment = operations.begin_charge(number=NUMBER, today=DUE, by=BY)
        gateway.charges[payment.key] = {"status": "PAID", "amount": 1, "cancellations": []}

        for _again in range(2):
            collection.collect(today=DUE)

        assert queries.undecided() == [payment]
        assert Notice.objects.filter(kind="payment_differs").count() == 1

    def test_a_refund_of_a_card_is_made_once_though_its_answer_is_lost(
        self, gateway: PortOne
    ) -> None:
        collection.collect(today=DUE)
        operations.credit(number=NUMBER, supply=10_000, reason="x", today=DUE, by=BY)
        refund = operations.begin_refund(
            number=the_payment().number, amount=11_000, reason="초과", today=DUE, by=BY
        )
        gateway.misbehave = lambda what, _key: "lost after" if what == "cancel" else None
        talk = gateways.gateway()
        assert talk
        assert collection.settle_refund(talk, refund, today=DUE, by=BY) is State.PENDING
        gateway.misbehave = lambda *_: None

        for _again in range(2):
            collection.collect(today=DUE)

        assert gateway.money == [(the_payment().key, 38_500), (the_payment().key, -11_000)]
        assert queries.balance("acme") == 0
        assert queries.pending_refunds() == []

    def test_what_was_given_back_over_there_is_written_down_here(self, gateway: PortOne) -> None:
        collection.collect(today=DUE)
        key = the_payment().key
        gateway.cancel(key, {"amount": 500, "currentCancellableAmount": 38_500, "reason": "전화"})

        for _twice in range(2):
            hear(gateway, "Cancelled", key)

        assert queries.balance("acme") == 500
        assert queries.find_payment(the_payment().number).left == 38_000


@pytest.mark.usefixtures("billed")
def test_of_two_hundred_lost_answers_no_charge_is_made_twice_and_none_is_lost(
    gateway: PortOne,
) -> None:
    """The gateway drops its answers after charging, and some before, and some of what is asked
    about; then it is well again."""
    bills = [a_bill(number) for number in range(2, 202)]
    random = Random(7)
    gateway.misbehave = lambda what, _key: (
        random.choice(["lost after"] * 4 + ["lost before", "broken"])
        if what == "charge"
        else random.choice([None, None, "lost after"])
    )
    collection.collect(today=DUE)
    gateway.misbehave = lambda *_: None
    for _again in range(2):
        collection.collect(today=DUE)
    collection.collect(today=DUE + days.ONE_DAY)

    keys = list(Payment.objects.values_list("key", flat=True))
    assert len(keys) == len(bills) + 1
    assert sorted(gateway.money) == sorted((key, gateway.total(key)) for key in keys)
    assert queries.undecided() == []
    assert queries.balance("acme") == 0
    assert not queries.open_bills()


def a_bill(number: int) -> str:
    """One more bill of acme's, of an odd amount, due today."""
    first = Invoice.objects.get(number=NUMBER)
    first.pk, first.number = None, f"acme-202602-{number}"
    first.kind, first.sequence = f"t{number}", number
    first.supply, first.vat, first.total = 1000 + number, 0, 1000 + number
    first.save(force_insert=True)
    return first.number


# --- Webhooks ----------------------------------------------------------------------------------


def hear(gateway: PortOne, kind: str, key: str) -> int:
    body = portone.message(kind, key)
    return post(body, portone.signed(body))


def post(body: str, headers: dict[str, str]) -> int:
    return (
        Client(headers={"host": "localhost"} | headers)
        .post("/hooks/portone/", body, content_type="application/json")
        .status_code
    )


@pytest.mark.usefixtures("billed")
def test_webhooks_in_every_order_and_twice_change_nothing_and_no_state_goes_back(
    gateway: PortOne,
) -> None:
    """While they come, what the gateway knows moves from nothing over a refusal to a payment."""
    payment = operations.begin_charge(number=NUMBER, today=DUE, by=BY)
    assert payment
    rank = {None: 0, "failed": 1, "done": 2}
    truth = [None, "READY", "FAILED", "PAID"]
    for order in permutations(["Ready", "PayPending", "Failed", "Paid"]):
        PaymentOutcome.objects.all().delete()
        seen = []
        for kind, status in zip([*order, *order], [*truth, *["PAID"] * 4], strict=True):
            gateway.charges.pop(payment.key, None)
            if status:
                gateway.charges[payment.key] = {
                    "status": status, "amount": 38_500, "cancellations": [],
                }  # fmt: skip
            assert hear(gateway, kind, payment.key) == 204
            seen.append(rank[queries.find_payment(payment.number).state])

        assert seen == sorted(seen)
        assert seen[-1] == 2
        assert queries.balance("acme") == 0
    assert gateway.money == []  # hearing never charges


@pytest.mark.usefixtures("billed")
class TestWebhooks:
    def test_what_is_not_signed_by_the_gateway_is_not_heard(self, gateway: PortOne) -> None:
        body = portone.message("Paid", "k")
        other = "whsec_" + "b3RoZXI=" * 4
        for headers in (
            {},
            portone.signed(body, secret=other),
            portone.signed(body, age=3600),
            portone.signed(body + " "),
            portone.signed(body) | {"webhook-signature": "v1,="},
            portone.signed(body) | {"webhook-timestamp": "9" * 5000},
        ):
            assert post(body, headers) == 400
        assert gateway.asked == []

    @pytest.mark.parametrize(
        "body", ["", "[]", "{}", '{"data": 3}', '{"type": "New.Thing", "data": {}}', "\0", "null"]
    )
    def test_what_says_nothing_of_a_charge_is_no_trouble(self, gateway: PortOne, body: str) -> None:
        assert post(body, portone.signed(body)) in (204, 400)

    def test_of_a_charge_that_is_not_ours_there_is_nothing_to_hear(self, gateway: PortOne) -> None:
        assert hear(gateway, "Paid", "somebody-elses") == 204
        assert gateway.asked == []

    def test_one_is_asked_to_call_again_while_the_gateway_is_down(self, gateway: PortOne) -> None:
        payment = operations.begin_charge(number=NUMBER, today=DUE, by=BY)
        gateway.misbehave = lambda *_: "lost before"
        assert hear(gateway, "Paid", payment.key) == 503

    def test_without_a_secret_nothing_is_believed(self, gateway: PortOne, settings: Any) -> None:
        settings.PORTONE_WEBHOOK_SECRET = ""
        assert hear(gateway, "Paid", "k") == 400


# --- kill -9 -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_who_is_killed_between_charge_and_record_has_paid_once(
    database: str, gateway: PortOne
) -> None:
    """The gateway has the money, and the process that asked for it dies before it hears so."""
    databases.live(
        [
            ("2026-01-02", ["create_company", "acme", "--admin", "a@acme.example"], ""),
            ("2026-01-02", ["import_accounts", "acme", "-"],
             "employee,registered_on,excluded_on\ne1,2026-01-02,\n"),
            ("2026-01-02", ["convert", "acme", "--plan", "workplace", "--cycle", "monthly",
                            "--start", "2026-01-03"], ""),
            ("2026-02-09", ["run_daily"], ""),
        ],
        database=database,
    )  # fmt: skip
    with databases.connected(database):
        card()
    gateway.misbehave = lambda what, _key: "killed" if what == "charge" else None

    assert run_daily(database, gateway) < 0
    assert len(gateway.money) == 1
    with databases.connected(database):
        (undecided,) = queries.undecided()
    gateway.misbehave = lambda *_: None
    assert run_daily(database, gateway) == 0

    with databases.connected(database):
        assert queries.undecided() == []
        assert queries.balance("acme") == 0
        assert queries.find_payment(undecided.number).state == "done"
    assert gateway.money == [(undecided.key, undecided.amount)]


def run_daily(database: str, gateway: PortOne) -> int:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_daily"],
        cwd=databases.ROOT,
        env=os.environ
        | {
            "DATABASE_URL": databases.url(database),
            "CONSOLE_TODAY": str(DUE),
            "PORTONE_API_URL": gateway.url,
            "PORTONE_API_SECRET": portone.SECRET,
            "PORTONE_STORE_ID": portone.STORE,
        },
        stdout=subprocess.DEVNULL,
    )
    gateway.victim = process.pid
    return process.wait(timeout=120)


def test_the_mock_gateway_answers_like_a_real_one(db: None, settings: Any) -> None:
    settings.PORTONE_API_SECRET = ""
    from billing.gateway import mock

    talk = gateways.gateway()
    assert talk
    assert talk.is_mock
    good, bad, lost = (mock.issue("acme", card) for card in mock.CARDS)
    act = {"amount": 500, "title": "W", "company": "acme"}
    assert talk.card(good).company == "acme"
    assert talk.card("billing-key-acme") is None
    assert talk.find("k1") is None
    assert talk.charge(key="k1", billing_key=good, **act) == ""
    assert talk.charge(key="k2", billing_key=bad, **act) == mock.WHY
    with pytest.raises(NoAnswer):
        talk.charge(key="k3", billing_key=lost, **act)
    assert [talk.find(f"k{n}").state for n in (1, 2, 3)] == ["made", "refused", "made"]
    assert talk.charge(key="k3", billing_key=lost, **act) == ""
    assert talk.cancel(key="k1", amount=200, left=500, reason="x") == ""
    assert talk.cancel(key="k1", amount=200, left=500, reason="x") != ""
    assert talk.cancel(key="k2", amount=1, left=500, reason="x") != ""
    assert [c.amount for c in talk.find("k1").cancellations] == [200]
    assert json.dumps(talk.find("k1").amount) == "500"
