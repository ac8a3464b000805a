"""Every kind of message has its words, in Korean and in English, and every text is used. R: H1."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone, translation

from billing import operations as billing
from billing import queries as billing_queries
from billing.models import MockCharge, PaymentOutcome, Purpose
from groupco import operations as groups
from groupco.choices import Role
from groupco.models import Account, Company, SecondFactor, User
from groupco.rules import Wanted
from products import operations
from products.choices import Cycle, Plan, StorageCategory
from products.models import Price
from tests import companies
from tests.companies import BY, NEW_YEAR
from tests.pages import people
from workplace_console import collection, daily, password_reset, self_check
from workplace_console.common import messages, sizes, words
from workplace_console.common.models import Mail, Notice
from workplace_console.common.particles import BOTH
from workplace_console.pages import devices
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

# To one person, about that person: a link in it is for nobody else's eyes.
MAIL_ONLY = {
    *("admin_invited", "billing_address_tested", "new_device", "password_reset"),
    *("second_factor_added", "second_factor_removed", "second_factor_reset"),
    *("recovery_codes_made", "recovery_code_used"),
}

FOLDER: Path = settings.BASE_DIR / "templates" / "messages"
KINDS = {path.stem for path in FOLDER.glob("[!_]*.txt")}

# Passed on as they are: what people wrote, and what support staff reads of the books, which is
# written down in words by the job that counts them.
REQUEST, REASON = "부탁", "잘못 청구"
OF_THE_BOOKS = ("where", "recorded", "expected")
HANGUL = re.compile("[가-힣ㄱ-ㅎㅏ-ㅣ]+")


@pytest.fixture
def everything_was_said() -> None:
    """A few companies' weeks in which each kind of message is written."""
    companies.trial("expiring", accounts=2, trial_days=9)
    companies.trial("undecided", accounts=2)
    for act, extra in (
        (operations.reserve, {"plan": Plan.COLLABO, "cycle": Cycle.ANNUAL}),
        (operations.change_reservation, {}),
    ):
        act(company_id="undecided", start=date(2026, 1, 20), today=NEW_YEAR, by=BY, **extra)
    operations.withdraw_reservation(company_id="undecided", today=NEW_YEAR, by=BY)
    operations.extend_trial(company_id="undecided", ends_on=date(2026, 2, 5), today=NEW_YEAR, by=BY)
    companies.paid("paying", accounts=3)
    companies.paid("unpriced", plan=Plan.COLLABO_PLUS)
    Price.objects.filter(plan=Plan.COLLABO_PLUS).delete()
    groups.invite_admin(
        company_id="paying", email="new@acme.example", role=Role.BILLING, today=NEW_YEAR, by=BY
    )
    groups.request_change(
        company_id="paying", user=User(email="a@b.example"), text=REQUEST, today=NEW_YEAR, by=BY
    )
    groups.set_billing_addresses(
        company_id="paying", billing_addresses=["a@paying.example"], today=NEW_YEAR, by=BY
    )
    groups.mail_billing_address(
        company_id="paying", address="a@paying.example", today=NEW_YEAR, by=BY
    )
    sign_in_twice(User.objects.get(email="admin@paying.example"))
    lose_the_phone(User.objects.get(email="admin@paying.example"))
    password_reset.send(email="admin@paying.example", company_id=None, today=NEW_YEAR)
    billing.set_budget(company_id="paying", amount=25_000, today=NEW_YEAR, by=BY)
    grow_and_end()
    daily.run(until=date(2026, 2, 1))
    billing.credit(
        number="paying-202602-1", supply=10, reason=REASON, today=date(2026, 2, 1), by=BY
    )
    papers_for("paying-202602-1", payer="paying", day=date(2026, 2, 1))
    pay("paying-202602-1", today=date(2026, 2, 11))
    Account.objects.filter(company="paying").latest("pk").delete()
    billing.check_books(today=date(2026, 2, 1))
    self_check.tell_staff(today=date(2026, 2, 1))


def sign_in_twice(user: User) -> None:
    """With two browsers: the second is told of."""
    for address in ("192.0.2.1", "192.0.2.2"):
        request = RequestFactory().get("/", REMOTE_ADDR=address, HTTP_USER_AGENT="Firefox/140")
        request.company_of_host = None
        devices.greet(request, HttpResponse(), user)


def lose_the_phone(user: User) -> None:
    """An app is set up, a recovery code used, new ones made; at last all of it is taken away."""
    common = {"user": user, "today": NEW_YEAR, "by": BY}
    people.app(user)
    (code, *_others) = groups.make_recovery_codes(**common)
    groups.use_code(code=code, at=timezone.now(), **common)
    groups.remove_factor(factor_id=SecondFactor.objects.get().pk, keep="", **common)
    people.app(user)
    groups.reset_second_factor(**common)


def pay(number: str, *, today: date) -> None:
    """A card that is refused, a late bill, more money than was owed, and some of it back."""
    common = {"today": today, "by": BY}
    billing.register_card(
        company_id="paying", billing_key="k", brand="Visa", last_four="4242", **common
    )
    refused = billing.begin_charge(number=number, **common)
    assert refused
    MockCharge.objects.create(key=refused.key, amount=1, is_made=True)
    collection.collect(today=today)
    billing.record_payment(number=refused.number, is_done=False, reason=REASON, **common)
    billing.remind_overdue(bills=billing_queries.bills(["paying"]), today=today)
    billing.record_transfer(payer="paying", amount=1, received_on=today, **common)
    over = billing.record_transfer(
        payer="paying", amount=10**6, received_on=today, invoice=number, **common
    )
    billing.begin_refund(number=over.number, amount=5, reason=REASON, **common)
    PaymentOutcome.objects.filter(payment=refused).delete()  # nobody knows, for two days
    collection.collect(today=today + timedelta(days=2))


def papers_for(number: str, *, payer: str, day: date) -> None:
    """A cash receipt that is refused, one that is issued and cancelled, then a tax invoice."""
    common = {"today": day, "by": BY}
    billing.record_transfer(payer=payer, amount=1100, received_on=day, invoice=number, **common)
    for is_issued in (False, True):
        receipts = billing.ask_cash_receipt(
            payer=payer,
            number=number,
            purpose=Purpose.INCOME,
            identity="010-1234-5678",
            **common,
        )
        for number_of_it, receipt in enumerate(receipts):
            paper = {"evidence_id": receipt.pk, **common}
            if is_issued:
                billing.issue_cash_receipt(approval=f"12345678{number_of_it}", **paper)
                billing.cancel_evidence(reason=REASON, **paper)
            else:
                billing.refuse_cash_receipt(reason=REASON, **paper)
    tax = billing.record_tax_invoice(
        number=number, approval="20260201-41000012-0000000a", written_on=date(2026, 1, 31), **common
    )
    billing.credit(number=number, supply=10, reason=REASON, **common)
    billing.cancel_evidence(evidence_id=tax.pk, reason=REASON, **common)


def grow_and_end() -> None:
    """Everything a paying company can do, all on one day and the next."""
    companies.paid("member", accounts=2)
    common = {"today": NEW_YEAR, "by": BY}
    operations.request_upgrade(company_id="paying", plan=Plan.COLLABO, **common)
    operations.withdraw_upgrade(company_id="paying", **common)
    operations.request_upgrade(company_id="paying", plan=Plan.COLLABO, **common)
    operations.add_capacity(company_id="paying", tb=2, **common)
    operations.return_capacity(company_id="paying", tb=1, **common)
    for used in (1500, 1539):
        operations.report_storage(
            company_id="paying",
            category=StorageCategory.BOARD,
            bytes=used * sizes.GB,
            **common,
        )
    come_together()
    daily.run(until=date(2026, 1, 2))
    today = date(2026, 1, 2)
    operations.leave_group(company_id="paying", reason=REASON, today=today, by=BY)
    terminate(company_id="member", today=today, by=BY)
    companies.paid("back", on=today)
    companies.trial("back-in-trial", on=today, trial_days=60)
    for company in ("back", "back-in-trial"):
        terminate(company_id=company, grace_days=2, today=today, by=BY)
        operations.undo_termination(company_id=company, today=today, by=BY)


def come_together() -> None:
    """A group is applied for, turned down, formed; it grows, has another lead, and shrinks."""
    common = {"today": NEW_YEAR, "by": BY}
    numbers = {"member": "9998100015", "third": "9998100029"}
    companies.paid("third")
    for company_id, number in numbers.items():
        Company.objects.filter(pk=company_id).update(business_number=number)
        for is_right in (False, True):
            wanted = [Wanted(company_id, number)]
            found = operations.apply_for_group(company_id="paying", companies=wanted, **common)
            application = {"application_id": found.row.pk}
            if not is_right:
                groups.reject_application(**application, reason=REASON, **common)
                continue
            groups.receive_application(**application, **common)
            operations.match_application(**application, **common)
            operations.agree_to_group(company_id=company_id, **common)
    operations.leave_group(company_id="third", reason=REASON, **common)
    operations.ask_to_replace(company_id="member", reason=REASON, **common)
    for company_id in ("paying", "member"):
        operations.agree_to_group(company_id=company_id, **common)


@pytest.mark.usefixtures("everything_was_said")
def test_every_kind_has_words_that_fit_its_figures() -> None:
    said = [*Notice.objects.all(), *Mail.objects.all()]

    assert {message.kind for message in said} == KINDS
    for message in said:
        in_korean, in_english = words_of(message, "ko"), words_of(message, "en")
        assert in_korean != in_english
        passed_on = [REQUEST, REASON]
        if message.kind == "books_differ":
            passed_on += [message.figures[name] for name in OF_THE_BOOKS]
        for text in sorted(passed_on, key=len, reverse=True):
            in_english = in_english.replace(text, "")
        assert HANGUL.findall(in_english) == [], (message.kind, in_english)


def words_of(message: Notice | Mail, language: str) -> str:
    """All that a message says; with its figures in it, and nothing that was left open."""
    with translation.override(language):
        text = messages.text_of(message)
        said = text.title + text.body
        assert text.title
        assert len(text.title.splitlines()) == 1
        assert text.body.strip()
        for figure, value in message.figures.items():
            if figure.endswith("_won") and value is not None:
                assert words.won(value) in said
            if figure.endswith("_on"):
                assert words.day(date.fromisoformat(value)) in said
        assert "{" not in said
        assert not BOTH.search(said)
        assert "None" not in said
    return said


def test_every_text_is_there_in_english() -> None:
    """R: H3."""
    assert {path.stem for path in (FOLDER / "en").glob("[!_]*.txt")} == KINDS


@pytest.mark.usefixtures("everything_was_said")
def test_what_a_company_is_told_goes_by_mail_with_the_same_words() -> None:
    notices = Notice.objects.filter(audience=Notice.Audience.CONSOLE)
    # Nobody can read the notices of a company that is gone; its last mails are on their way.
    written = Mail.objects.exclude(kind__in=MAIL_ONLY).exclude(company="expiring")
    mails = {mail.key: mail for mail in written}

    # The company whose trial expired is gone with its notices; its last mails wait to be sent.
    left = {mail.key for mail in mails.values() if mail.company == "expiring"}
    assert {notice.key for notice in notices} == mails.keys() - left
    for notice in notices:
        assert messages.text_of(notice) == messages.text_of(mails[notice.key])
