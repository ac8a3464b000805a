"""A key of another company gets nowhere where a filter is all that is in between. R: A4."""

from __future__ import annotations

from datetime import date

import pytest

from billing import queries as bills
from groupco import queries as groups
from groupco.models import Account
from products import operations as products
from tests.companies import BY, paid
from workplace_console import daily

pytestmark = pytest.mark.django_db

DAY = date(2026, 4, 29)
TODAY = date(2026, 5, 2)


@pytest.fixture(autouse=True)
def _two_companies() -> None:
    for company in ("acme", "other"):
        paid(company, on=DAY, accounts=1)
    daily.run(until=TODAY)


def test_a_bill_is_read_by_its_payer_alone() -> None:
    assert bills.invoice("acme", "acme-202605-1")
    assert bills.invoice("other", "acme-202605-1") is None


def test_an_account_is_excluded_by_its_own_company_alone() -> None:
    theirs = Account.objects.get(company="other")
    asked = {"account_ids": [theirs.pk], "today": TODAY, "by": BY}

    assert products.exclude_accounts(company_id="acme", **asked) == 0
    assert groups.accounts_of("acme", [theirs.pk], TODAY) == []
    assert products.exclude_accounts(company_id="other", **asked) == 1
