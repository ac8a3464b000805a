"""An invoice is found by its number, by an index, among however many there are. R: E5."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.models import Q, QuerySet

from billing import queries
from billing.models import Evidence, Invoice, Payment
from tests.companies import paid
from workplace_console import daily
from workplace_console.common import sql

pytestmark = pytest.mark.django_db

NUMBER = "acme-seoul-202602-1"


@pytest.fixture
def billed() -> None:
    for company in ("acme-seoul", "acme"):
        paid(company, on=date(2026, 1, 15))
    daily.run(until=date(2026, 3, 1))


@pytest.mark.usefixtures("billed")
class TestNumbers:
    def test_a_number_is_of_one_invoice(self) -> None:
        assert [found.number for found in Invoice.objects.filter(number=NUMBER)] == [NUMBER]
        assert len(queries.invoice_keys(NUMBER)) == 1

    @pytest.mark.parametrize(
        "number",
        ["", "-", "acme", "acme-seoul-202602-2", "acme-202602-1-", "%", NUMBER.upper(), "가" * 500],
    )
    def test_what_is_no_number_finds_nothing(self, number: str) -> None:
        assert not Invoice.objects.filter(number=number).exists()
        assert queries.invoice("acme-seoul", number) is None

    def test_other_than_a_number_is_all_the_rest(self) -> None:
        others = Invoice.objects.exclude(number=NUMBER)
        assert sorted(invoice.number for invoice in others) == [
            *("acme-202602-1", "acme-202603-1", "acme-seoul-202603-1")
        ]
        either = Invoice.objects.filter(Q(number=NUMBER) | Q(payer="acme"))
        assert either.count() == 3

    @pytest.mark.parametrize(
        "found",
        [
            Invoice.objects.filter(number=NUMBER),
            Invoice.objects.filter(number=NUMBER, kind="regular"),
            Payment.objects.filter(invoice__number=NUMBER),
            Evidence.objects.filter(invoice__number=NUMBER),
        ],
        ids=["invoice", "of a kind", "payments", "evidence"],
    )
    def test_it_is_looked_up_not_looked_for(self, found: QuerySet[Any]) -> None:
        sql.changed("SET LOCAL enable_seqscan = off")  # as where there are many

        plan = found.explain()

        assert "invoice_number_once" in plan
        assert "split_part" in plan.split("Index Cond")[1].splitlines()[0]
