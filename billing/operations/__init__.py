"""Every write of charges, invoices and payments."""

from billing.operations.budgets import budgeted, check_budgets, set_budget
from billing.operations.charge import charge, charged_companies
from billing.operations.check import check_books
from billing.operations.close import Issued, close, close_finally, due_payers
from billing.operations.credit import credit
from billing.operations.evidence import (
    ask_cash_receipt,
    cancel_evidence,
    issue_cash_receipt,
    record_tax_invoice,
    refuse_cash_receipt,
    withdraw_cash_receipt,
)
from billing.operations.holidays import remove_holiday, set_holiday
from billing.operations.methods import (
    register_card,
    register_transfer,
    remove_method,
    set_default_method,
)
from billing.operations.payments import begin_charge, record_payment, record_transfer
from billing.operations.refunds import begin_refund, record_cancellation, record_refund
from billing.operations.reminders import remind_overdue

__all__ = [
    "Issued",
    "ask_cash_receipt",
    "begin_charge",
    "begin_refund",
    "budgeted",
    "cancel_evidence",
    "charge",
    "charged_companies",
    "check_books",
    "check_budgets",
    "close",
    "close_finally",
    "credit",
    "due_payers",
    "issue_cash_receipt",
    "record_cancellation",
    "record_payment",
    "record_refund",
    "record_tax_invoice",
    "record_transfer",
    "refuse_cash_receipt",
    "register_card",
    "register_transfer",
    "remind_overdue",
    "remove_holiday",
    "remove_method",
    "set_budget",
    "set_default_method",
    "set_holiday",
    "withdraw_cash_receipt",
]
