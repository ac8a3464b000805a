"""What lies in a database of before is carried over."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command

from billing import operations, queries
from tests.companies import paid
from workplace_console import daily
from workplace_console.common import sql
from workplace_console.common.audit import SYSTEM

APRIL = date(2026, 4, 1)


@pytest.mark.django_db
def test_what_points_to_an_invoice_of_before_points_to_it_afterwards() -> None:
    """Through tables in which invoices are known by their numbers, and back again."""
    for company, day in (("acme", date(2026, 1, 15)), ("other", date(2026, 2, 15))):
        paid(company, on=day, accounts=9)
    today = date(2026, 3, 2)
    daily.run(until=today)
    act = {"today": today, "by": SYSTEM}
    operations.credit(number="acme-202602-1", supply=10, reason="x", **act)
    operations.record_tax_invoice(
        number="acme-202603-1",
        approval="202603021234567890123456",
        written_on=date(2026, 2, 28),
        **act,
    )
    operations.record_transfer(
        payer="other", amount=1, received_on=today, invoice="other-202603-1", **act
    )
    operations.record_transfer(payer="other", amount=1, received_on=today, **act)
    before = pointed()
    # A migration changes tables, which nothing may be waiting for.
    sql.changed("SET CONSTRAINTS ALL IMMEDIATE")

    call_command("migrate", "billing", "0009", verbosity=0)
    call_command("migrate", "billing", verbosity=0)

    assert pointed() == before
    assert before == [
        *(("billing_creditnote", "acme-202602-1"), ("billing_evidence", "acme-202603-1")),
        *(("billing_invoiceline", "acme-202602-1"), ("billing_invoiceline", "acme-202603-1")),
        ("billing_invoiceline", "other-202603-1"),
        *(("billing_payment", "other-202603-1"), ("billing_payment", None)),
    ]
    daily.run(until=APRIL)
    newest = [bill.number for bill in queries.bills(["acme", "other"]) if bill.issued_on == APRIL]
    assert newest == ["acme-202604-1", "other-202604-1"]


def pointed() -> list[tuple[str, str | None]]:
    """All that points to an invoice, and the number of that."""
    tables = ("billing_creditnote", "billing_evidence", "billing_invoiceline", "billing_payment")
    return [
        (table, number)
        for table in tables
        for (number,) in sql.rows(
            f"""SELECT invoice.number FROM {table} AS pointing
                LEFT JOIN billing_invoice AS invoice ON invoice.id = pointing.invoice_id
                ORDER BY 1"""  # noqa: S608
        )
    ]
