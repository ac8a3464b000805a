"""What is paid, what is open, and that nobody's balance is ever wrong. R: E10, E12, G5."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from billing import operations, queries, rules
from billing.models import Invoice, Payment, PaymentMethod
from billing.queries import Settlement
from tests.companies import BY, paid
from workplace_console import daily
from workplace_console.common import sql
from workplace_console.common.models import AuditEntry, Mail
from workplace_console.common.refusal import Refused

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 12)
FIRST, SECOND = "acme-202602-1", "acme-202603-1"


@pytest.fixture(scope="class")
def billed(kept_for_class: None) -> None:
    """Seven accounts in January and February: two bills of 38,500 won."""
    paid("acme", accounts=7)
    daily.run(until=TODAY)


def transfer(amount: int, invoice: str = "", *, on: date = TODAY, payer: str = "acme") -> Payment:
    return operations.record_transfer(
        payer=payer, amount=amount, received_on=on, invoice=invoice, today=TODAY, by=BY
    )


def card(last_four: str = "4242") -> PaymentMethod:
    return operations.register_card(
        company_id="acme",
        billing_key=f"key-{last_four}",
        brand="예시카드",
        last_four=last_four,
        today=TODAY,
        by=BY,
    )


def open_of() -> dict[str, int]:
    return {bill.number: bill.open for bill in queries.bills(["acme"])}


class TestDueDay:
    @pytest.mark.parametrize(
        ("issued", "due"),
        [
            ("2026-02-01", "2026-02-10"),
            ("2026-03-01", "2026-03-10"),
            ("2026-05-01", "2026-05-11"),  # the 10th is a Sunday
            ("2026-10-01", "2026-10-12"),  # a Saturday
            ("2027-10-01", "2027-10-12"),  # a Sunday, and the Monday stands in for Hangul day
            ("2028-10-10", "2028-11-10"),
            ("2026-03-10", "2026-04-10"),
            ("2026-03-09", "2026-03-10"),
            ("2026-12-31", "2027-01-11"),
        ],
    )
    def test_is_the_tenth_after_issue_or_the_business_day_that_follows(
        self, issued: str, due: str
    ) -> None:
        assert queries.due_day(date.fromisoformat(issued)) == date.fromisoformat(due)

    def test_follows_the_holidays_that_staff_keeps(self) -> None:
        tenth = date(2026, 2, 10)
        operations.set_holiday(day=tenth, name=" 임시  공휴일 ", today=TODAY, by=BY)
        assert queries.due_day(date(2026, 2, 1)) == date(2026, 2, 11)

        operations.remove_holiday(day=tenth, today=TODAY, by=BY)
        operations.remove_holiday(day=tenth, today=TODAY, by=BY)
        assert queries.due_day(date(2026, 2, 1)) == tenth
        assert AuditEntry.objects.filter(action="holiday_removed").count() == 1

    def test_stands_on_the_bill_and_in_the_mail(self, billed: None) -> None:
        assert Invoice.objects.get(number=SECOND).due_on == date(2026, 3, 10)
        assert Mail.objects.get(key=f"invoice_issued:{SECOND}").figures["due_on"] == "2026-03-10"

    @pytest.mark.parametrize(
        ("late", "reminder"),
        [(0, None), (1, 1), (6, 1), (7, 7), (29, 14), (30, 30), (59, 30), (60, 60), (91, 90)],
    )
    def test_is_reminded_of_less_and_less_often(self, late: int, reminder: int | None) -> None:
        assert rules.reminder(due_on=TODAY - timedelta(days=late), today=TODAY) == reminder


@pytest.mark.usefixtures("billed")
class TestTransfers:
    def test_all_of_a_bill_settles_it(self) -> None:
        transfer(38_500, FIRST)

        assert open_of() == {FIRST: 0, SECOND: 38_500}
        bills = {bill.number: bill.settlement(TODAY) for bill in queries.bills(["acme"])}
        assert bills == {FIRST: Settlement.SETTLED, SECOND: Settlement.OVERDUE}
        assert queries.bill("acme", SECOND).settlement(date(2026, 3, 10)) is Settlement.OPEN
        assert Mail.objects.filter(kind="payment_made", company="acme").count() == 1

    def test_part_of_it_leaves_the_rest_open(self) -> None:
        transfer(10_000, SECOND)

        assert open_of() == {FIRST: 38_500, SECOND: 28_500}

    def test_what_is_over_pays_the_oldest_other_bill_and_then_the_next_one(self) -> None:
        transfer(100_000, SECOND)

        assert open_of() == {FIRST: 0, SECOND: 0}
        assert queries.balance("acme") == -23_000
        daily.run(until=date(2026, 4, 1))
        assert open_of()["acme-202604-1"] == 38_500 - 23_000

    def test_without_a_bill_it_pays_the_oldest_first(self) -> None:
        transfer(40_000)

        assert open_of() == {FIRST: 0, SECOND: 37_000}

    def test_a_credit_note_on_a_paid_bill_goes_against_the_next(self) -> None:
        transfer(38_500, FIRST)
        operations.credit(number=FIRST, supply=10_000, reason="x", today=TODAY, by=BY)

        assert open_of() == {FIRST: 0, SECOND: 27_500}

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"amount": 0}, "amount_out_of_range"),
            ({"amount": 10**15}, "amount_out_of_range"),
            ({"received_on": TODAY + timedelta(days=1)}, "bad_received_on"),
            ({"received_on": date(1900, 1, 1)}, "bad_received_on"),
            ({"payer": "nobody"}, "unknown_company"),
            ({"invoice": "other-202602-1"}, "unknown_invoice"),
            ({"depositor": "\n"}, None),
            ({"depositor": "가" * 41}, "bad_depositor"),
            ({"depositor": "a\0b"}, "bad_depositor"),
            ({"today": date(2026, 3, 1)}, "day_is_over"),
        ],
    )
    def test_what_cannot_be_is_refused(self, change: dict[str, Any], code: str | None) -> None:
        good = {"payer": "acme", "amount": 1, "received_on": date(2026, 3, 1)}
        good |= {"today": TODAY, "by": BY}
        if code is None:
            operations.record_transfer(**good | change)
            return
        with pytest.raises(Refused) as no:
            operations.record_transfer(**good | change)
        assert no.value.code == code
        assert not Payment.objects.exists()


@pytest.mark.usefixtures("billed")
class TestRefunds:
    def test_what_is_in_credit_can_be_given_back_once(self) -> None:
        payment = transfer(87_000, FIRST)
        operations.begin_refund(
            number=payment.number, amount=10_000, reason="초과", today=TODAY, by=BY
        )

        assert queries.balance("acme") == 0
        assert queries.find_payment(payment.number).left == 77_000
        assert open_of() == {FIRST: 0, SECOND: 0}
        with pytest.raises(Refused) as no:
            operations.begin_refund(
                number=payment.number, amount=1, reason="또", today=TODAY, by=BY
            )
        assert no.value.code == "nothing_to_refund"
        assert Mail.objects.filter(kind="payment_refunded").count() == 1

    def test_no_more_than_the_credit_and_the_payment_hold(self) -> None:
        small, _big = transfer(5_000, FIRST), transfer(100_000, FIRST)

        for amount, code in ((5_001, "refund_out_of_range"), (0, "refund_out_of_range")):
            with pytest.raises(Refused) as no:
                operations.begin_refund(
                    number=small.number, amount=amount, reason="x", today=TODAY, by=BY
                )
            assert no.value.code == code


@pytest.mark.usefixtures("billed")
class TestCharges:
    def test_one_is_written_before_the_gateway_is_asked_and_returned_until_it_is_known(
        self,
    ) -> None:
        card()
        first = operations.begin_charge(number=FIRST, today=TODAY, by=BY)
        assert first
        assert (first.amount, first.last_four) == (38_500, "4242")

        again = operations.begin_charge(number=FIRST, today=TODAY, by=BY, is_asked_for=True)

        assert again == first
        assert queries.undecided() == [first]
        assert queries.balance("acme") == 77_000

    def test_without_a_card_or_on_a_closed_day_nothing_is_asked(self) -> None:
        assert operations.begin_charge(number=FIRST, today=TODAY, by=BY) is None
        card()
        sunday = date(2026, 3, 15)
        assert operations.begin_charge(number=FIRST, today=sunday, by=BY) is None

    def test_a_refused_card_is_tried_on_the_following_business_days_and_then_no_more(self) -> None:
        card()
        tried = []
        for day in (TODAY + timedelta(days=n) for n in range(12)):
            for _twice in range(2):
                if payment := operations.begin_charge(number=FIRST, today=day, by=BY):
                    operations.record_payment(
                        number=payment.number, is_done=False, reason="한도 초과", today=day, by=BY
                    )
                    tried.append(day.day)
        assert tried == [12, 13, 16, 17]
        assert Mail.objects.filter(kind="payment_refused").count() == 4

        asked = operations.begin_charge(number=FIRST, today=TODAY, by=BY, is_asked_for=True)
        assert asked
        assert asked.attempt == 1

    def test_a_new_card_is_tried_anew(self) -> None:
        card()
        for day in (12, 13, 16, 17):
            on = date(2026, 3, day)
            payment = operations.begin_charge(number=FIRST, today=on, by=BY)
            operations.record_payment(number=payment.number, is_done=False, today=on, by=BY)
        card("0000")

        assert operations.begin_charge(number=FIRST, today=date(2026, 3, 18), by=BY)

    def test_states_only_go_forward_and_are_told_once(self) -> None:
        card()
        payment = operations.begin_charge(number=FIRST, today=TODAY, by=BY)

        def heard(*, is_done: bool) -> bool:
            return operations.record_payment(
                number=payment.number, is_done=is_done, today=TODAY, by=BY
            )

        news = [heard(is_done=done) for done in (False, False, True, False, True)]

        assert news == [True, False, True, False, False]
        assert queries.find_payment(payment.number).state == "done"
        assert queries.balance("acme") == 38_500

    def test_what_was_made_is_never_refused_afterwards(self) -> None:
        card()
        payment = operations.begin_charge(number=FIRST, today=TODAY, by=BY)
        what = {"number": payment.number, "today": TODAY, "by": BY}

        news = [operations.record_payment(**what, is_done=done) for done in (True, False)]

        assert news == [True, False]
        assert queries.find_payment(payment.number).state == "done"


@pytest.mark.usefixtures("billed")
class TestMethods:
    def test_a_key_lies_sealed_and_goes_with_its_card(self) -> None:
        method = card()
        row = sql.column("SELECT m::text FROM billing_paymentmethod AS m")[0]
        assert "key-4242" not in row

        transfer(77_000)
        key = operations.remove_method(company_id="acme", method_id=method.pk, today=TODAY, by=BY)

        assert key == "key-4242"
        assert not queries.has_method("acme")
        assert PaymentMethod.objects.get().sealed_key == ""

    def test_the_last_one_stays_while_a_bill_is_open(self) -> None:
        method = card()
        with pytest.raises(Refused) as no:
            operations.remove_method(company_id="acme", method_id=method.pk, today=TODAY, by=BY)
        assert no.value.code == "bill_is_open"

    def test_there_is_one_default(self) -> None:
        first = card()
        second = operations.register_transfer(
            company_id="acme", depositor="에이스", today=TODAY, by=BY
        )
        assert [m.pk for m in queries.methods("acme")] == [first.pk, second.pk]
        operations.set_default_method(company_id="acme", method_id=second.pk, today=TODAY, by=BY)
        assert [m.is_default for m in queries.methods("acme")] == [True, False]
        for attempt, code in (
            (lambda: operations.remove_method(company_id="acme", method_id=second.pk, today=TODAY,
                                              by=BY), "default_method"),
            (lambda: operations.set_default_method(company_id="other", method_id=second.pk,
                                                   today=TODAY, by=BY), "unknown_method"),
            (lambda: operations.register_transfer(company_id="acme", depositor="", today=TODAY,
                                                  by=BY), "transfer_registered"),
            (card, "card_registered"),
        ):  # fmt: skip
            with pytest.raises(Refused) as no:
                attempt()
            assert no.value.code == code


@pytest.mark.usefixtures("billed")
def test_who_does_not_pay_is_reminded_once_for_each_of_the_days() -> None:
    bills = queries.open_bills()
    for _twice in range(2):
        operations.remind_overdue(bills=bills, today=TODAY)

    told = Mail.objects.filter(kind="payment_overdue").order_by("key")
    assert [mail.figures["number"] for mail in told] == [FIRST, SECOND]
    assert told[0].figures["open_won"] == 38_500


@pytest.mark.usefixtures("billed")
def test_one_who_owes_nothing_any_more_is_known_since_when() -> None:
    assert queries.owing(["acme", "nobody"]) == {"acme"}
    assert queries.settled_on(["acme"]) == {}

    transfer(38_500, on=date(2026, 2, 9))
    assert queries.settled_on(["acme"]) == {}
    transfer(38_500, on=date(2026, 3, 11))

    assert queries.owing(["acme"]) == set()
    assert queries.settled_on(["acme"]) == {"acme": date(2026, 3, 11)}
