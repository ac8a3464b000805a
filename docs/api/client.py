"""A client of the console's HTTP API, with the standard library alone. Take it and make it yours.

    console = Console("https://console.example", token)
    console.join("hanbit", number="E0417", name="김서연", email="kim@hanbit.example")
    console.report_storage("hanbit", messenger=48_318_382_080)

Whatever is lost on the way is sent again with the same Idempotency-Key, so it takes effect once.
"""  # noqa: INP001 - an example, not a package

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

TIMEOUT = 30.0
TRIES = 5


class Problem(Exception):
    """The console said no: `code` is for programs, the text for people."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body.get('code')}: {body.get('detail')} {body.get('errors')}")
        self.status = status
        self.code = body.get("code", "")
        self.errors = body.get("errors", [])


class Console:
    """The API at one address, for one token."""

    def __init__(self, url: str, token: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._url = url.rstrip("/") + "/api/v1/companies/"
        self._token = token
        self._sleep = sleep

    def company(self, company: str) -> dict[str, Any]:
        """How a company stands today."""
        return self._call("GET", quote(company))

    def accounts(self, company: str) -> Iterator[dict[str, Any]]:
        """Everybody who is registered now, in the order of their numbers."""
        query: dict[str, Any] = {"limit": 1000}
        while True:
            page = self._call("GET", f"{quote(company)}/accounts?{urlencode(query)}")
            yield from page["accounts"]
            if page["next"] is None:
                return
            query["after"] = page["next"]

    def join(self, company: str, *, key: str = "", **person: str) -> dict[str, Any]:
        """Register a person (number, name, email) from today on."""
        return self._post(f"{quote(company)}/accounts", person, key)

    def leave(self, company: str, number: str, *, key: str = "") -> dict[str, Any]:
        """Exclude the person with this number; today still counts."""
        return self._post(f"{quote(company)}/accounts/exclude", {"number": number}, key)

    def report_storage(self, company: str, *, key: str = "", **totals: int) -> dict[str, Any]:
        """New totals in bytes: attachment, photo, messenger, board, or some of them."""
        return self._post(f"{quote(company)}/storage", totals, key)

    def report_cards(
        self, company: str, count: int, as_of: str, *, key: str = ""
    ) -> dict[str, Any]:
        """How many corporate cards are linked, counted at `as_of` (2026-03-05T09:00:00+09:00)."""
        return self._post(f"{quote(company)}/cards", {"count": count, "as_of": as_of}, key)

    def _post(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        """`key` names what is to be done. A program that may be killed in between writes its key
        down first, and comes back with it."""
        return self._call("POST", path, json.dumps(body).encode(), key or str(uuid.uuid4()))

    def _call(
        self, method: str, path: str, body: bytes | None = None, key: str = ""
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}", "Accept-Language": "en"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        request = urllib.request.Request(  # noqa: S310 - an address that its user gives
            self._url + path, data=body, headers=headers, method=method
        )
        for tried in range(1, TRIES + 1):
            try:
                return self._send(request)
            except urllib.error.HTTPError as answer:
                if tried == TRIES or not (answer.code == 429 or answer.code >= 500):
                    raise Problem(answer.code, _json(answer.read())) from None
                self._sleep(float(answer.headers.get("Retry-After", 2**tried)))
            except OSError:  # nobody knows whether it arrived: once more, with the same key
                if tried == TRIES:
                    raise
                self._sleep(2**tried)
        raise AssertionError("unreachable")

    def _send(self, request: urllib.request.Request) -> dict[str, Any]:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            return _json(answer.read())


def _json(content: bytes) -> dict[str, Any]:
    """What was said; something in between (a proxy) may not speak JSON."""
    try:
        found: dict[str, Any] = json.loads(content)
    except ValueError:
        found = {"detail": content[:200].decode(errors="replace")}
    return found
