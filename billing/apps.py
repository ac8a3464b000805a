from django.apps import AppConfig


class BillingConfig(AppConfig):
    """How much: daily charges, the one reckoning, invoices."""

    name = "billing"
    verbose_name = "청구"
