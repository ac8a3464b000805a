"""Every write of charges and invoices."""

from billing.operations.charge import charge, charged_companies
from billing.operations.check import check_books
from billing.operations.close import Issued, close, close_finally, due_payers
from billing.operations.credit import credit

__all__ = [
    "Issued",
    "charge",
    "charged_companies",
    "check_books",
    "close",
    "close_finally",
    "credit",
    "due_payers",
]
