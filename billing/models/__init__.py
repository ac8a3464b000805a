"""How much: what each day was charged, and the invoices made of it.

Companies are named by id without a foreign key: the law keeps these rows longer than the company
may be kept (docs/adr/0003).
"""

from billing.models.charges import DayCharge
from billing.models.invoices import NUMBER_LENGTH, CreditNote, Invoice, InvoiceLine

__all__ = ["NUMBER_LENGTH", "CreditNote", "DayCharge", "Invoice", "InvoiceLine"]
