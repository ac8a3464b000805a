"""What PortOne calls out to us: signed, perhaps late, twice or out of order. R: E12.

The message is never believed, only its signature is checked: it says of which charge there is
something to hear, and what that is is asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from django.conf import settings

HEADERS: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")


class Forged(Exception):
    """It is not signed with our secret, or too old to be believed."""


def charge_heard_of(body: bytes, headers: Mapping[str, str]) -> str:
    """The key of the charge that a message is about; "" when it is about something else.

    Raises Forged.
    """
    if not settings.PORTONE_WEBHOOK_SECRET:
        raise Forged
    from portone_server_sdk import webhook  # as in choice.py

    try:
        text = body.decode()
        webhook.verify(
            settings.PORTONE_WEBHOOK_SECRET, text, {name: headers.get(name, "") for name in HEADERS}
        )
        data = json.loads(text).get("data", {})
        key = data.get("paymentId", "")
    except (webhook.WebhookVerificationError, ValueError, KeyError, AttributeError):
        raise Forged from None
    return key if isinstance(key, str) else ""
