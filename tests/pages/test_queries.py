"""How often a page asks the database: seldom, and no more often for ten thousand rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.models import Invoice, InvoiceLine
from groupco.choices import Role
from groupco.models import User
from products import operations as products
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily
from workplace_console.common import sql
from workplace_console.common.models import AuditEntry, Notice

BEGUN = date(2026, 3, 2)
TODAY = date(2026, 5, 11)
MANY = 10_000

# The frame asks for the session, the user, what they are admin of, where the company stands, and
# how many notices are unread.
FRAME = 5
MOST = 8

PAGES = (
    "",
    "product/",
    "product/terminate/",
    "product/convert/",
    "accounts/",
    "departments/",
    "departments/people/?employee=nobody",
    "accounts/?q=1",
    "accounts/?page=2",
    "accounts/?sort=-name",
    "accounts/?show=idle",
    "accounts/?show=duplicates",
    "accounts/import/",
    "accounts/csv/",
    "group/",
    "usage/",
    "usage/?format=csv",
    "usage/trend/",
    "bills/",
    "bills/?sort=total",
    "payment/",
    "payment/deliveries/",
    "payment/card/",
    "budget/",
    "documents/",
    "quote/",
    "quote/?format=pdf",
    "notices/",
    "audit/",
    "audit/?what=accounts_registered",
    "audit/csv/",
    "audit/access/",
    "help/",
    "help/?q=1",
    "help/charges/",
    "company/",
    "company/tokens/",
    "admins/",
)
PAGES_ONCE_PAID = (
    "product/upgrade/",
    "product/capacity/add/",
    "usage/?month=2026-03",
    "usage/2026-03/",
    "usage/2026-03/?format=xlsx",
    "bills/acme-202604-1/?format=pdf",
    "usage/2026-05/",
    "bills/acme-202604-1/",
    "bills/acme-202604-1/receipt/",
    "documents/?first=2026-03&last=2026-04",
)
SUMS = (
    "usage/",
    "usage/?month=2026-03",
    "usage/trend/",
    "usage/2026-03/",
    "bills/",
    "bills/acme-202604-1/",
    "payment/",
)
OF_A_GROUP = (
    "",
    "group/",
    "group/scope/",
    "group/scope/?as_of=member&scope_member=own",
    "group/order/",
    "product/terminate/",
    "usage/",
    "usage/trend/",
    "bills/lead-202604-1/",
    "bills/lead-202604-1/?format=pdf",
)
AT_HOST = ("", "?q=1", "?show=idle", "?show=duplicates", "import/", "csv/")
OF_ONESELF = ("", "sessions/", "second/", "second/passkey/")
PEOPLE = ("", "?q=a", "?tab=chart")


@pytest.fixture
def owner(db: None, settings: Any) -> Client:
    """The owner of acme, paid since March, of a group's representative, and of a company that is
    still in trial."""
    paid("acme", on=BEGUN, accounts=3)
    products.report_use(company_id="acme", numbers=["W000001"], today=BEGUN, by=BY)
    user = people.admin("acme", Role.OWNER, today=BEGUN)
    for company_id in ("lead", "member"):
        paid(company_id, on=BEGUN)
    products.form_group(company_id="lead", members=["member"], today=BEGUN, by=BY)
    people.admin("lead", Role.OWNER, today=BEGUN, email=user.email)
    daily.run(until=TODAY - timedelta(days=1))
    trial("fresh", on=TODAY, accounts=1)
    people.admin("fresh", Role.OWNER, today=TODAY, email=user.email)
    daily.run(until=TODAY)
    settings.CONSOLE_TODAY = TODAY
    return people.signed_in(user)


@pytest.fixture
def workplace_admin(owner: Client) -> Client:
    user = people.employee("acme", today=TODAY, is_workplace_admin=True)
    return people.signed_in(user, host="acme.localhost")


def test_no_page_asks_more_than_eight_times_nor_more_often_for_many_rows(
    owner: Client, workplace_admin: Client
) -> None:
    few = counts(owner, workplace_admin)
    assert {url: count for url, count in few.items() if count > MOST} == {}

    make_many()

    assert counts(owner, workplace_admin) == few


def test_pages_outlive_a_column_more_in_each_table(owner: Client) -> None:
    """Connections keep statements prepared while the migrations of the next release run."""
    urls = [f"/c/acme/{page}" for page in ("", "product/", "accounts/", *SUMS)]
    before = {url: count(owner, url) for url in urls}

    sql.changed("SET CONSTRAINTS ALL IMMEDIATE")
    for table in sql.column("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        sql.changed(f"ALTER TABLE {table} ADD COLUMN one_more integer")

    assert {url: count(owner, url) for url in urls} == before


def test_the_frame_asks_five_times(owner: Client) -> None:
    """A page that asks for nothing of its own: the form of a CSV upload."""
    assert count(owner, "/c/acme/accounts/import/") <= FRAME


def counts(owner: Client, workplace_admin: Client) -> dict[str, int]:
    urls = [f"/c/{id}/{page}" for id in ("acme", "fresh") for page in PAGES]
    urls += [f"/c/acme/{page}" for page in PAGES_ONCE_PAID]
    urls += [f"/c/lead/{page}" for page in OF_A_GROUP]
    urls += [f"/account/{page}" for page in OF_ONESELF]
    at_host = [f"/accounts/{page}" for page in AT_HOST] + [f"/people/{page}" for page in PEOPLE]
    return {url: count(owner, url) for url in urls} | {
        url: count(workplace_admin, url) for url in at_host
    }


def count(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
        assert answer.status_code == 200, url
        if answer.streaming:
            b"".join(answer)
    return people.asked(queries)


def make_many() -> None:
    """Ten thousand accounts, audit entries and notices, a hundred invoices, thirty companies."""
    products.register_new_persons(company_id="acme", count=MANY, today=TODAY, by=BY)
    AuditEntry.objects.bulk_create(
        AuditEntry(company="acme", on=TODAY, actor="job", action="accounts_registered")
        for _ in range(MANY)
    )
    notice = Notice.objects.filter(company="acme").latest("pk")
    Notice.objects.bulk_create(
        Notice(
            key=f"many-{number}",
            company="acme",
            kind=notice.kind,
            on=notice.on,
            figures=notice.figures,
        )
        for number in range(MANY)
    )
    invoice = Invoice.objects.get(number="acme-202604-1")
    line = InvoiceLine.objects.get(invoice=invoice)
    for number in range(100):
        invoice.pk, invoice.number = None, f"acme-2000-{number}"
        invoice.issued_on = date(2000, 1, 1) + timedelta(days=number)
        invoice.save(force_insert=True)
        line.pk, line.invoice = None, invoice
        line.save(force_insert=True)
    for number in range(30):
        people.admin("acme", Role.VIEWER, today=TODAY, email=f"viewer{number}@acme.example")
        trial(f"more-{number}", on=TODAY, accounts=1)
        people.admin(f"more-{number}", Role.OWNER, today=TODAY, email="owner@acme.example")
    for _ in range(30):
        people.signed_in(User.objects.get(email="owner@acme.example"))
    sql.changed("ANALYZE")  # as autovacuum would have, by the time there are so many
