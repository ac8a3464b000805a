"""Who gets which mail: admins, and for what costs money the billing addresses too. R: B4, E10."""

from __future__ import annotations

from datetime import date

import pytest

from groupco import operations, queries
from groupco.choices import Topic
from groupco.models import BillingAddress, User
from products import operations as products
from products.choices import Cycle, Plan
from tests import companies
from tests.companies import BY, NEW_YEAR
from workplace_console import daily
from workplace_console.common.models import Mail

pytestmark = pytest.mark.django_db

ADMIN, BILLS = "admin@acme.example", "bills@acme.example"


def with_billing_addresses(*addresses: str, company_id: str = "acme") -> None:
    for address in addresses:
        BillingAddress.objects.create(company_id=company_id, email=address)


def told() -> dict[str, list[str]]:
    return dict(Mail.objects.order_by("pk").values_list("kind", "recipients"))


class TestTold:
    def test_admins_come_first_and_each_address_once(self, django_assert_num_queries) -> None:
        for company_id in ("acme", "other", "bare"):
            companies.trial(company_id)
        with_billing_addresses(BILLS, ADMIN)
        with_billing_addresses(BILLS, company_id="other")
        operations.set_sign_in(email="out@bare.example", password="x")

        with django_assert_num_queries(1):
            found = queries.told_addresses(["acme", "other", "bare", "nosuch"], about=Topic.BILLS)

        assert found == {
            "acme": (ADMIN, BILLS),
            "other": ("admin@other.example", BILLS),
            "bare": ("admin@bare.example",),
            "nosuch": (),
        }

    def test_who_may_not_sign_in_any_more_is_not_told(self) -> None:
        companies.trial()
        with_billing_addresses(BILLS)
        User.objects.update(is_active=False)

        assert queries.told_addresses(["acme"], about=Topic.BILLS) == {"acme": (BILLS,)}
        assert queries.admin_addresses(["acme"]) == {"acme": ()}

    def test_an_address_is_told_of_its_topics_and_of_nothing_else(self) -> None:
        companies.trial()
        BillingAddress.objects.create(company_id="acme", email=BILLS, topics=[Topic.PAYMENT])

        told = {topic: queries.told_addresses(["acme"], about=topic)["acme"] for topic in Topic}

        assert told == dict.fromkeys(Topic, (ADMIN,)) | {Topic.PAYMENT: (ADMIN, BILLS)}


class TestMails:
    def test_conversions_and_invoices_go_to_both(self) -> None:
        companies.trial(accounts=2)
        with_billing_addresses(BILLS)
        reserved = {"company_id": "acme", "plan": Plan.WORKPLACE, "cycle": Cycle.MONTHLY}
        for act, start in (
            (products.reserve, date(2026, 1, 10)),
            (products.change_reservation, date(2026, 1, 12)),
        ):
            act(**reserved, start=start, today=NEW_YEAR, by=BY)
        products.withdraw_reservation(company_id="acme", today=NEW_YEAR, by=BY)
        products.reserve(**reserved, start=date(2026, 1, 12), today=NEW_YEAR, by=BY)
        daily.run(until=date(2026, 2, 1))

        found = told()

        assert found.pop("trial_started") == [ADMIN]
        assert found.keys() == {
            "conversion_reserved",
            "conversion_changed",
            "conversion_cancelled",
            "conversion_started",
            "invoice_issued",
        }
        assert {tuple(to) for to in found.values()} == {(ADMIN, BILLS)}

    def test_who_wants_bills_only_hears_nothing_of_contracts(self) -> None:
        companies.trial(accounts=2)
        BillingAddress.objects.create(company_id="acme", email=BILLS, topics=[Topic.BILLS])
        products.reserve(
            company_id="acme",
            plan=Plan.WORKPLACE,
            cycle=Cycle.MONTHLY,
            start=date(2026, 1, 10),
            today=NEW_YEAR,
            by=BY,
        )
        daily.run(until=date(2026, 2, 1))

        assert {kind for kind, to in told().items() if BILLS in to} == {"invoice_issued"}

    def test_what_starts_at_once_is_told_to_both(self) -> None:
        companies.trial(accounts=2)
        with_billing_addresses(BILLS)

        products.reserve(
            company_id="acme",
            plan=Plan.WORKPLACE,
            cycle=Cycle.MONTHLY,
            start=NEW_YEAR,
            today=NEW_YEAR,
            by=BY,
        )

        assert told()["conversion_started"] == [ADMIN, BILLS]

    def test_a_trial_and_its_end_go_to_admins_only(self) -> None:
        companies.trial(trial_days=9)
        with_billing_addresses(BILLS)

        daily.run(until=date(2026, 1, 9))
        found = told()
        daily.run(until=date(2026, 1, 12))
        found |= told()

        assert found.keys() == {"trial_started", "trial_ending", "trial_expired", "data_deleted"}
        assert {tuple(to) for to in found.values()} == {(ADMIN,)}
