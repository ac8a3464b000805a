"""What is allowed about bills and their payment, and how a credit is reckoned."""

from billing.rules.credit import check_credit, credit_vat
from billing.rules.payments import (
    MOST_ATTEMPTS,
    MOST_WON,
    REMINDERS,
    check_depositor,
    check_refund,
    check_transfer,
    due_day,
    is_business_day,
    may_attempt,
    next_business_day,
    reminder,
)

__all__ = [
    "MOST_ATTEMPTS",
    "MOST_WON",
    "REMINDERS",
    "check_credit",
    "check_depositor",
    "check_refund",
    "check_transfer",
    "credit_vat",
    "due_day",
    "is_business_day",
    "may_attempt",
    "next_business_day",
    "reminder",
]
