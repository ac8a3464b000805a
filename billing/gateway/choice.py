"""Which gateway there is: PortOne where it is set up, the mock in the demo, else none."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from billing.gateway.talk import Gateway


def gateway() -> Gateway | None:
    """The gateway to talk to; None where no card can be charged."""
    if settings.PORTONE_API_SECRET:
        return _portone(settings.PORTONE_API_URL, settings.PORTONE_API_SECRET)
    return _mock() if settings.MOCK_GATEWAY else None


@cache
def _portone(url: str, secret: str) -> Gateway:
    # Not at the top: half a second and 20 MB that only its users should pay.
    from billing.gateway.portone import PortOne

    return PortOne(
        url=url,
        secret=secret,
        store_id=settings.PORTONE_STORE_ID,
        channel_key=settings.PORTONE_CHANNEL_KEY,
    )


@cache
def _mock() -> Gateway:
    from billing.gateway.mock import Mock

    return Mock()
