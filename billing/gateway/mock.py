"""The demo's own gateway (모의 결제): no card, no money, but every way in which one can answer."""

from __future__ import annotations

import secrets
from typing import Final

from django.db import transaction
from django.db.models import F

from billing.gateway.talk import Cancellation, Card, NoAnswer, Report, State
from billing.models import MockCharge

APPROVES: Final = "4242"
REFUSES: Final = "0002"
LOSES: Final = "0003"

# The cards that the demo offers, by their last digits.
CARDS: Final = (APPROVES, REFUSES, LOSES)
BRAND: Final = "모의카드"
WHY: Final = "한도를 넘었습니다(모의)."


def issue(company: str, last_four: str) -> str:
    """A billing key for one of the demo's cards."""
    return f"mock-{company}-{last_four}-{secrets.token_hex(8)}"


class Mock:
    """Keeps what it was asked in a table of its own, in transactions of its own."""

    is_mock = True

    def charge(self, *, key: str, billing_key: str, amount: int, title: str, company: str) -> str:
        card = self.card(billing_key)
        approves = card is not None and card.last_four != REFUSES
        _charge, is_new = MockCharge.objects.get_or_create(
            key=key, defaults={"amount": amount, "is_made": approves}
        )
        if is_new and card and card.last_four == LOSES:
            raise NoAnswer("charge")
        return "" if approves else WHY

    def find(self, key: str) -> Report | None:
        found = MockCharge.objects.filter(key=key).first()
        if found is None:
            return None
        if not found.is_made:
            return Report(State.REFUSED, found.amount, key, WHY)
        cancellations = tuple(
            Cancellation(f"{key}-{n}", amount, reason)
            for n, (amount, reason) in enumerate(found.reasons)
        )
        return Report(State.MADE, found.amount, key, cancellations=cancellations)

    @transaction.atomic
    def cancel(self, *, key: str, amount: int, left: int, reason: str) -> str:
        found = MockCharge.objects.select_for_update().filter(key=key, is_made=True).first()
        if found is None or found.amount - found.cancelled != left or amount > left:
            return WHY
        found.reasons.append([amount, reason])
        MockCharge.objects.filter(pk=key).update(
            cancelled=F("cancelled") + amount, reasons=found.reasons
        )
        return ""

    def card(self, billing_key: str) -> Card | None:
        kind, _dash, rest = billing_key.partition("-")
        parts = rest.rsplit("-", 2)
        if kind != "mock" or len(parts) != 3 or parts[1] not in CARDS:
            return None
        return Card(company=parts[0], brand=BRAND, last_four=parts[1])

    def forget(self, billing_key: str) -> None:
        """Nothing is kept of a card."""
