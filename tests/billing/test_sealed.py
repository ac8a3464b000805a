"""What lies sealed in the database, whatever it is, follows a change of the keys."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from billing import operations
from billing.models import Evidence, PaymentMethod, Purpose
from tests.companies import BY, paid
from workplace_console import daily
from workplace_console.common import sealed

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 12)
SECRETS = ["key-4242", "01012345678"]


@pytest.fixture
def kept() -> None:
    """A card's billing key, and the mobile number that a cash receipt is asked for."""
    paid("acme")
    daily.run(until=TODAY)
    common: Any = {"today": TODAY, "by": BY}
    operations.register_card(
        company_id="acme", billing_key=SECRETS[0], brand="x", last_four="4242", **common
    )
    operations.record_transfer(
        payer="acme", amount=5_500, received_on=TODAY, invoice="acme-202602-1", **common
    )
    operations.ask_cash_receipt(
        payer="acme",
        number="acme-202602-1",
        purpose=Purpose.INCOME,
        identity=SECRETS[1],
        **common,
    )


def lying() -> list[str]:
    """As it lies there."""
    return [PaymentMethod.objects.get().sealed_key, Evidence.objects.get().sealed_identity]


@pytest.mark.usefixtures("kept")
def test_a_new_key_takes_over_all_of_it(settings: Any) -> None:
    settings.SEALING_KEYS = ["the new one " * 3, *settings.SEALING_KEYS]
    assert sealed.reseal() == 2

    settings.SEALING_KEYS = settings.SEALING_KEYS[:1]
    assert [sealed.unseal(text) for text in lying()] == SECRETS


@pytest.mark.usefixtures("kept")
def test_without_the_old_key_nothing_is_written(settings: Any) -> None:
    before = lying()
    settings.SEALING_KEYS = ["lost " * 10]

    with pytest.raises(sealed.Unreadable):
        sealed.reseal()
    assert lying() == before
