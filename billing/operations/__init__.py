"""Every write of charges and invoices."""

from billing.operations.charge import charge, charged_companies
from billing.operations.close import Issued, close, close_finally, due_payers

__all__ = ["Issued", "charge", "charged_companies", "close", "close_finally", "due_payers"]
