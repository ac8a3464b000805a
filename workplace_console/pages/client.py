"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's IP address; behind our proxy, the last one that the proxy saw itself."""
    direct: str = request.META["REMOTE_ADDR"] or "127.0.0.1"
    if not settings.BEHIND_PROXY:
        return direct
    seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(seen))
    except ValueError:
        return direct
