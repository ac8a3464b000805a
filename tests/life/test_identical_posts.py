"""The same form sent sixteen times at once takes effect once, and every sender is led on alike.

R: B2, C4, D4, D5, E10, G3, H4. Threads with connections of their own, on a database of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from typing import Any, Final

import pytest
from django.test import Client

from billing import operations as billing
from billing.models import Payment, Way
from groupco import operations as groups
from groupco.choices import Role
from groupco.models import Account
from products import operations as products
from tests import databases
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily
from workplace_console.common.models import AuditEntry, Mail

TODAY: Final = date(2026, 3, 10)
BILLED_FROM: Final = date(2026, 1, 1)
AT_ONCE: Final = 16
EMAIL, PASSWORD = "owner@acme.example", "Every-day-1-owner"


@dataclass(frozen=True)
class Form:
    """A form that moves money: where it is, what is typed, and what it does (in the audit log)."""

    path: str
    data: Callable[[str], dict[str, Any]]
    action: str
    make: Callable[..., str] = paid
    before: Callable[[str], object] = lambda _company: None
    is_mailed: bool = True


def add(company: str) -> None:
    products.add_capacity(company_id=company, tb=3, today=TODAY, by=BY)


def chosen(company: str) -> dict[str, Any]:
    account = Account.objects.filter(company=company).order_by("pk")[0]
    return {"account": account.pk, "act": "exclude"}


ROSTER: Final = "employee,name,registered_on\nk1,Kim,2026-03-10\nk2,Lee,2026-03-10\n"

FORMS: Final = {
    "convert": Form(
        "product/convert/",
        lambda _company: {"plan": "workplace", "cycle": "monthly", "start": "2026-03-12"},
        "conversion_reserved",
        make=trial,
    ),
    "convert today": Form(
        "product/convert/",
        lambda _company: {"plan": "collabo", "cycle": "annual", "start": str(TODAY)},
        "conversion_started",
        make=trial,
    ),
    "upgrade": Form("product/upgrade/", lambda _company: {"plan": "collabo"}, "upgrade_requested"),
    "add": Form("product/capacity/add/", lambda _company: {"tb": 2}, "capacity_added"),
    "return": Form(
        "product/capacity/return/", lambda _company: {"tb": 1}, "capacity_returned", before=add
    ),
    "terminate": Form(
        "product/terminate/",
        lambda company: {"company_id": company, "password": PASSWORD},
        "terminated",
    ),
    "register": Form(
        "accounts/", lambda _company: {"name": "Kim"}, "accounts_registered", is_mailed=False
    ),
    "exclude": Form("accounts/exclude/", chosen, "accounts_excluded", is_mailed=False),
    "import": Form(
        "accounts/import/",
        lambda _company: {"roster": ROSTER, "act": "apply"},
        "accounts_imported",
        is_mailed=False,
    ),
}


@pytest.fixture
def owner(database: str, db: None, settings: Any) -> Iterator[Client]:
    """Somebody signed in who owns whatever company there will be."""
    settings.CONSOLE_TODAY = TODAY
    with databases.connected(database):
        trial("first", on=TODAY)
        yield people.signed_in(groups.set_sign_in(email=EMAIL, password=PASSWORD))


@pytest.mark.parametrize("name", FORMS)
def test_sixteen_at_once_are_one(name: str, owner: Client, database: str, examples) -> None:
    form = FORMS[name]
    for number in range(examples(few=1, deep=100)):
        company = form.make(f"acme-{number}", on=TODAY, accounts=2)
        groups.add_admin(company_id=company, email=EMAIL, role=Role.OWNER, today=TODAY, by=BY)
        form.before(company)
        already = acts(company, form.action)
        path = f"/c/{company}/{form.path}"
        data = form.data(company) | token(owner, path)

        answers = sent_at_once(partial(send, database, owner, path, data))

        assert answers == [(302, answers[0][1])] * AT_ONCE
        assert acts(company, form.action) == already + 1
        if form.is_mailed:
            assert Mail.objects.filter(company=company, kind=form.action).count() == 1


def test_sixteen_payments_at_once_are_one(owner: Client, database: str, examples) -> None:
    """R: E10, E12. A card is registered and pays a bill; for another there is a cash receipt."""
    companies = [f"pays-{number}" for number in range(examples(few=1, deep=100))]
    for company in companies:
        paid(company, on=BILLED_FROM, accounts=2)
        groups.add_admin(company_id=company, email=EMAIL, role=Role.OWNER, today=TODAY, by=BY)
    daily.run(until=TODAY)
    for company in companies:
        billing.record_transfer(
            payer=company,
            amount=11_000,
            received_on=TODAY,
            invoice=f"{company}-202602-1",
            today=TODAY,
            by=BY,
        )
        card, bills = "payment/card/", f"bills/{company}-2026"
        asked = {"act": "ask", "purpose": "income", "identity": "010-1234-5678"}
        receipt = f"{bills}02-1/receipt/"
        for form, path, more, action in (
            (card, card, {"card": "4242"}, "payment_method_added"),
            (f"{bills}03-1/", f"{bills}03-1/pay/", {}, "payment_asked"),
            (receipt, receipt, asked, "cash_receipt_asked"),
        ):
            data = more | token(owner, f"/c/{company}/{form}")
            assert "once" in data

            path = f"/c/{company}/{path}"
            answers = sent_at_once(partial(send, database, owner, path, data))

            assert answers == [(302, answers[0][1])] * AT_ONCE, path
            assert acts(company, action) == 1, path
        assert Payment.objects.filter(payer=company, way=Way.CARD).count() == 1


def acts(company: str, action: str) -> int:
    return AuditEntry.objects.filter(company=company, action=action).count()


def token(owner: Client, path: str) -> dict[str, str]:
    """The hidden fields of a form, as a browser sends them back."""
    page = owner.get(path, follow=True).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(once)" value="([^"]*)"', page)[:1])


def send(
    database: str, owner: Client, path: str, data: dict[str, Any], begin: Barrier
) -> tuple[int, str]:
    """One of the sixteen; an error of the server's is raised here."""
    browser = Client(headers={"host": people.CONSOLE})
    browser.cookies = owner.cookies.copy()
    with databases.connected(database):
        begin.wait(30)
        answer = browser.post(path, data)
    return answer.status_code, answer.headers.get("Location", "")


def sent_at_once(sender: Callable[[Barrier], tuple[int, str]]) -> list[tuple[int, str]]:
    begin = Barrier(AT_ONCE)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda _number: sender(begin), range(AT_ONCE)))


def test_what_is_sent_again_much_later_takes_no_effect_either(owner: Client, database: str) -> None:
    """R: B2. The answer was lost, and the reservation has been changed since."""
    company = trial("acme", on=TODAY)
    groups.add_admin(company_id=company, email=EMAIL, role=Role.OWNER, today=TODAY, by=BY)
    path = "/c/acme/product/convert/"
    data = FORMS["convert"].data(company) | token(owner, path)
    owner.post(path, data)
    products.change_reservation(
        company_id=company, start=TODAY + timedelta(days=5), today=TODAY, by=BY
    )

    assert owner.post(path, data).status_code == 302

    assert acts(company, "conversion_reserved") == acts(company, "conversion_changed") == 1
