"""Which host a request came to: the console's, or a company's own. R: A2."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from groupco.rules import RESERVED_IDS


def company_of(host: str) -> str | None:
    """The company id that a host name carries; None for the console's own hosts.

    A company's host is one label below COMPANY_DOMAIN. Labels that are reserved (console, www …)
    can't be companies, so the console itself may lie below the same domain.
    """
    name = host.partition(":")[0].rstrip(".").lower()
    label, dot, domain = name.partition(".")
    is_console = name == urlsplit(settings.CONSOLE_URL).hostname or label in RESERVED_IDS
    if not dot or domain != settings.COMPANY_DOMAIN or is_console:
        return None
    return label


def address_of(company_id: str) -> str:
    """The address of a company's own host, as the console's: same scheme, same port."""
    console = urlsplit(settings.CONSOLE_URL)
    port = f":{console.port}" if console.port else ""
    return f"{console.scheme}://{company_id}.{settings.COMPANY_DOMAIN}{port}"
