"""What is allowed about bills and their payment, and how a credit is reckoned."""

from billing.rules.credit import check_credit, credit_vat
from billing.rules.evidence import (
    approval_number,
    check_no_resident_number,
    check_reason,
    check_receipt_possible,
    check_tax_invoice_possible,
    check_written_on,
    masked_mobile,
    mobile_number,
    tax_invoice_number,
    vat_within,
)
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
    "approval_number",
    "check_credit",
    "check_depositor",
    "check_no_resident_number",
    "check_reason",
    "check_receipt_possible",
    "check_refund",
    "check_tax_invoice_possible",
    "check_transfer",
    "check_written_on",
    "credit_vat",
    "due_day",
    "is_business_day",
    "masked_mobile",
    "may_attempt",
    "mobile_number",
    "next_business_day",
    "reminder",
    "tax_invoice_number",
    "vat_within",
]
