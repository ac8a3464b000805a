"""The payment gateway: whom cards are charged through. R: E10, E12.

A gateway keeps cards under billing keys and charges them under ids that we make, so that asking
twice charges once. Nothing here writes our tables; what is heard is written by operations, and no
transaction of ours is open while a gateway is talked to.
"""

from billing.gateway.choice import gateway
from billing.gateway.talk import (
    Cancellation,
    Card,
    Gateway,
    NoAnswer,
    Report,
    State,
    card_key,
)

__all__ = [
    "Cancellation",
    "Card",
    "Gateway",
    "NoAnswer",
    "Report",
    "State",
    "card_key",
    "gateway",
]
