"""A company that can't be charged holds up its own invoice and nobody else's. R: E5."""

from __future__ import annotations

from datetime import date

import pytest

from billing import operations as billing
from billing import queries
from billing.models import DayCharge, Invoice
from groupco.models import Payer
from products import operations as products
from products.choices import Item, Plan
from products.models import Price
from tests import companies
from workplace_console import daily
from workplace_console.common import jobs
from workplace_console.common.models import Notice, Parked

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def without_price() -> None:
    """`broken` uses a plan that has no price; `fine` does not."""
    companies.paid("broken", plan=Plan.COLLABO, accounts=2)
    companies.paid("fine", accounts=2)
    Price.objects.filter(plan=Plan.COLLABO).delete()


def price_it() -> None:
    Price.objects.create(
        item=Item.SEAT, plan=Plan.COLLABO, cycle=1, unit_price=8_000, starts_on=JANUARY
    )


def invoices() -> list[tuple[str, date, int]]:
    return [(s.invoice.payer, s.invoice.issued_on, s.invoice.supply) for s in queries.statements()]


@pytest.mark.usefixtures("without_price")
class TestNoPrice:
    def test_parked_by_name_and_all_others_billed(self) -> None:
        outcome = daily.run(until=FEBRUARY)

        assert invoices() == [("fine", FEBRUARY, 10_000)]
        assert set(Parked.objects.values_list("job", "company", "reason")) == {
            ("charge", "broken", "no_price"),
            ("close", "broken", "company_parked"),
        }
        assert outcome.parked == 31 + 1
        assert Notice.objects.filter(company="broken", audience="staff").count() == 32

    def test_billed_as_if_nothing_had_been_once_it_is_mended(self) -> None:
        daily.run(until=date(2026, 2, 10))
        price_it()

        assert daily.run(until=date(2026, 2, 10)).parked == 0

        assert ("broken", FEBRUARY, 16_000) in invoices()
        assert DayCharge.objects.filter(company="broken").count() == 31 + 9
        daily.run(until=MARCH)
        assert [row for row in invoices() if row[0] == "broken"] == [
            ("broken", FEBRUARY, 16_000),
            ("broken", MARCH, 16_000),
        ]

    def test_not_forgotten_where_the_close_itself_had_to_look_for_a_fault(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A payer without a single charge is still one that the close concerns."""
        close = billing.close

        def fails_for_all_at_once(*, day: date, only: object = None) -> object:
            if day == FEBRUARY and only is None:
                raise RuntimeError("something unforeseen")
            return close(day=day, only=only)  # type: ignore[arg-type]

        monkeypatch.setattr(billing, "close", fails_for_all_at_once)
        daily.run(until=FEBRUARY)
        price_it()
        daily.run(until=FEBRUARY)

        assert invoices() == [("broken", FEBRUARY, 16_000), ("fine", FEBRUARY, 10_000)]


def test_a_company_of_which_nothing_can_be_charged_is_parked_once() -> None:
    """Neither its accounts nor its added TB have a price; the other is billed all the same."""
    companies.paid("broken", plan=Plan.COLLABO, accounts=2)
    companies.paid("fine", accounts=2)
    products.add_capacity(company_id="broken", tb=1, today=JANUARY, by=companies.BY)
    Price.objects.exclude(plan=Plan.WORKPLACE).delete()

    daily.run(until=FEBRUARY)

    assert invoices() == [("fine", FEBRUARY, 10_000)]
    parked = Parked.objects.filter(day=date(2026, 1, 2)).values_list("company", "reason", "detail")
    assert list(parked) == [("broken", "no_price", "seat collabo monthly, capacity")]


def test_no_payer() -> None:
    companies.paid("broken")
    Payer.objects.filter(company="broken").delete()

    daily.run(until=date(2026, 1, 2))

    assert Parked.objects.get().reason == "no_payer"


def test_many_without_a_price_do_not_stop_the_night_for_one_at_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "MOST_FAILURES", 2)
    for number in range(3):
        companies.paid(f"broken{number}", plan=Plan.COLLABO)
    companies.paid("faulty")
    companies.paid("fine")
    Price.objects.filter(plan=Plan.COLLABO).delete()
    charge = billing.charge

    def fails_for_one(*, day: date, only: list[str] | None = None) -> object:
        if only is None or "faulty" in only:
            raise RuntimeError("something unforeseen")
        return charge(day=day, only=only)

    monkeypatch.setattr(billing, "charge", fails_for_one)

    daily.run(until=date(2026, 1, 2))

    assert dict(Parked.objects.values_list("company", "reason")) == {
        "faulty": "error",
        **{f"broken{number}": "no_price" for number in range(3)},
    }
    assert list(DayCharge.objects.values_list("company", flat=True)) == ["fine"]


def test_a_late_invoice_takes_a_number_that_is_free() -> None:
    """An invoice of the 1st that waited is issued after one of a later day of the month."""
    companies.paid("acme")
    daily.run(until=date(2026, 1, 31))
    Invoice.objects.create(
        number="acme-202602-1",
        payer="acme",
        issued_on=date(2026, 2, 3),
        due_on=date(2026, 2, 10),
        kind="regular",
        sequence=1,
        period_from=JANUARY,
        period_to=JANUARY,
        supply=0,
        vat=0,
        total=0,
        buyer_name="",
        supplier={},
    )

    daily.run(until=FEBRUARY)

    assert Invoice.objects.get(issued_on=FEBRUARY).number == "acme-202602-2"
