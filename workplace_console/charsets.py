"""Requests are written in UTF-8, whatever they say."""

from __future__ import annotations

from typing import Any

from django.utils.http import parse_header_parameters


def is_utf8(charset: str) -> bool:
    return charset.lower() in ("utf-8", "utf8")


def readable(environ: dict[str, Any]) -> dict[str, Any]:
    """A request that names another codec, or one that can't be read, names one that there is not.

    Django looks at it while it makes the request, when nothing of ours can answer yet, and reads
    even the query with it. middleware.only_utf8 refuses what comes out of here.
    """
    try:
        kind, more = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    except (ValueError, LookupError):
        environ["CONTENT_TYPE"] = "application/octet-stream; charset=none"
    else:
        if not is_utf8(more.get("charset", "utf-8")):
            environ["CONTENT_TYPE"] = f"{kind}; charset=none"
    return environ
