"""What lies in a database of before is carried over."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command

from tests.companies import paid
from workplace_console import daily
from workplace_console.common import sql


@pytest.mark.django_db
def test_lines_of_before_get_the_day_of_their_invoice() -> None:
    for company, day in (("acme", date(2026, 1, 15)), ("other", date(2026, 2, 15))):
        paid(company, on=day)
    daily.run(until=date(2026, 3, 1))
    lines = "SELECT invoice_id, to_char(issued_on, 'YYYYMM') FROM billing_invoiceline ORDER BY 1"
    before = sql.rows(lines)
    # A migration changes tables, which nothing may be waiting for.
    sql.changed("SET CONSTRAINTS ALL IMMEDIATE")

    call_command("migrate", "billing", "0009", verbosity=0)
    call_command("migrate", "billing", verbosity=0)

    assert sql.rows(lines) == before
    assert before == [
        (number, number.split("-")[1])
        for number in ("acme-202602-1", "acme-202603-1", "other-202603-1")
    ]
