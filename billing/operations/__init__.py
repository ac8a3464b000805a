"""Every write of charges and invoices."""

from billing.operations.charge import charge, charged_companies
from billing.operations.close import close, due_payers

__all__ = ["charge", "charged_companies", "close", "due_payers"]
