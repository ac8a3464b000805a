"""What can be said to a gateway, whichever it is, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from billing.models import Payment
from workplace_console.common import sealed


class NoAnswer(Exception):
    """Nobody knows what the gateway has done: ask again before anything else."""


class State(StrEnum):
    """What a gateway says of a charge."""

    MADE = "made"
    REFUSED = "refused"
    PENDING = "pending"


@dataclass(frozen=True)
class Cancellation:
    """Money that a gateway has given back of a charge, in won."""

    id: str
    amount: int
    reason: str


@dataclass(frozen=True)
class Report:
    """What a gateway knows of a charge; `amount` is what was charged at first, in won."""

    state: State
    amount: int
    gateway_id: str = ""
    reason: str = ""
    cancellations: tuple[Cancellation, ...] = ()


@dataclass(frozen=True)
class Card:
    """A card that a gateway holds, and for which of our companies it was registered."""

    company: str
    brand: str
    last_four: str


class Gateway(Protocol):
    """All of them raise NoAnswer when nobody knows what was done."""

    # Whether it only plays at paying.
    is_mock: bool

    def charge(self, *, key: str, billing_key: str, amount: int, title: str, company: str) -> str:
        """Charge a card, in won, unless `key` was charged before. Returns why not, or ""."""

    def find(self, key: str) -> Report | None:
        """What became of a charge; None when nothing was ever asked under that key."""

    def cancel(self, *, key: str, amount: int, left: int, reason: str) -> str:
        """Give back so much of a charge that still holds `left`, in won. Returns why not, or ""."""

    def card(self, billing_key: str) -> Card | None:
        """The card under a billing key; None when there is none."""

    def forget(self, billing_key: str) -> None:
        """Hold a card no longer."""


def card_key(payment: Payment) -> str:
    """The billing key that a payment was begun with; "" when its card has been removed."""
    method = payment.method
    return sealed.unseal(method.sealed_key) if method and method.sealed_key else ""
