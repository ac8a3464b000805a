"""How much: what each day was charged, the invoices made of it, and their payment.

Companies are named by id without a foreign key: the law keeps these rows longer than the company
may be kept (docs/adr/0003).
"""

from billing.models.budgets import Budget, BudgetAlert
from billing.models.charges import DayCharge
from billing.models.evidence import Evidence, EvidenceState, Purpose
from billing.models.holidays import Holiday
from billing.models.invoices import NUMBER_LENGTH, CreditNote, Invoice, InvoiceLine
from billing.models.mock import MockCharge
from billing.models.payments import (
    Outcome,
    Payment,
    PaymentMethod,
    PaymentOutcome,
    Refund,
    RefundOutcome,
    Way,
)

__all__ = [
    "NUMBER_LENGTH",
    "Budget",
    "BudgetAlert",
    "CreditNote",
    "DayCharge",
    "Evidence",
    "EvidenceState",
    "Holiday",
    "Invoice",
    "InvoiceLine",
    "MockCharge",
    "Outcome",
    "Payment",
    "PaymentMethod",
    "PaymentOutcome",
    "Purpose",
    "Refund",
    "RefundOutcome",
    "Way",
]
