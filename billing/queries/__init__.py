"""Every read of charges and invoices that another room needs."""

from billing.queries.invoices import (
    Close,
    Statement,
    invoice,
    invoices,
    last_close,
    owing,
    statements,
)
from billing.queries.outlook import Outlook, estimate, outlook
from billing.queries.usage import DayUse, MonthUse, all_charges, charges, day_uses, month

__all__ = [
    "Close",
    "DayUse",
    "MonthUse",
    "Outlook",
    "Statement",
    "all_charges",
    "charges",
    "day_uses",
    "estimate",
    "invoice",
    "invoices",
    "last_close",
    "month",
    "outlook",
    "owing",
    "statements",
]
