"""What lies sealed in the tables of billing."""

from __future__ import annotations

from billing.models import Evidence, PaymentMethod


def sealed_secrets() -> list[tuple[str, str, str]]:
    """Each sealed value: whose, what it is, and itself."""
    keys = PaymentMethod.objects.exclude(sealed_key="").values_list("company", "sealed_key")
    identities = Evidence.objects.exclude(sealed_identity="").values_list(
        "payer", "sealed_identity"
    )
    return [(company, "billing key", key) for company, key in keys] + [
        (payer, "identity", identity) for payer, identity in identities
    ]
