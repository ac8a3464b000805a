"""A local gateway that speaks PortOne V2's published schema, and misbehaves when it is told to.

Its answers are read by PortOne's own SDK, which is made of that schema and takes nothing else
(tests/billing/test_portone.py tries every kind of them).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

SECRET = "portone-test-secret"
STORE = "store-1"
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, ok!").decode()
AT = "2026-03-10T00:00:00Z"
CHANNEL = {"type": "TEST", "pgProvider": "TOSSPAYMENTS", "pgMerchantId": "m"}
CHARGE_FIELDS = {
    *("storeId", "billingKey", "channelKey", "orderName", "customer", "amount", "currency"),
}

Misbehave = Callable[[str, str], str | None]


class PortOne:
    """What it holds, and what it was asked. `misbehave(what, key)` says how an answer goes wrong:
    "lost before", "lost after", "broken" (a proxy's page), "killed" (with it, whoever asked)."""

    def __init__(self) -> None:
        self.charges: dict[str, dict[str, Any]] = {}
        self.money: list[tuple[str, int]] = []
        self.asked: list[tuple[str, str]] = []
        self.refused_keys: set[str] = set()
        self.misbehave: Misbehave = lambda what, key: None
        self.victim: int = 0
        self.url = ""
        self._lock = threading.Lock()

    # --- What it does -------------------------------------------------------------------------

    def charge(self, key: str, body: dict[str, Any]) -> tuple[int, Any]:
        assert set(body) <= CHARGE_FIELDS, body
        assert body["currency"] == "KRW"
        assert body["storeId"] == STORE
        amount = body["amount"]["total"]
        with self._lock:
            known = self.charges.get(key)
            if known and known["status"] == "PAID":
                return 409, {"type": "ALREADY_PAID"}
            if body["billingKey"] in self.refused_keys:
                self.charges[key] = {"status": "FAILED", "amount": amount, "cancellations": []}
                return 502, {
                    "type": "PG_PROVIDER", "pgCode": "R1", "pgMessage": "한도초과", "message": "no",
                }  # fmt: skip
            self.charges[key] = {"status": "PAID", "amount": amount, "cancellations": []}
            self.money.append((key, amount))
        return 200, {"payment": {"pgTxId": f"pg-{key}", "paidAt": AT}}

    def find(self, key: str) -> tuple[int, Any]:
        charge = self.charges.get(key)
        if charge is None:
            return 404, {"type": "PAYMENT_NOT_FOUND"}
        return 200, payment(key, charge)

    def cancel(self, key: str, body: dict[str, Any]) -> tuple[int, Any]:
        with self._lock:
            charge = self.charges.get(key)
            if charge is None:
                return 404, {"type": "PAYMENT_NOT_FOUND"}
            left = charge["amount"] - sum(done["totalAmount"] for done in charge["cancellations"])
            if body["currentCancellableAmount"] != left:
                return 409, {"type": "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN"}
            if body["amount"] > left:
                return 409, {"type": "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT"}
            done = {
                "status": "SUCCEEDED", "id": f"c-{key}-{len(charge['cancellations'])}",
                "totalAmount": body["amount"], "taxFreeAmount": 0, "vatAmount": 0,
                "reason": body["reason"], "requestedAt": AT, "cancelledAt": AT,
            }  # fmt: skip
            charge["cancellations"].append(done)
            charge["status"] = "CANCELLED" if left == body["amount"] else "PARTIAL_CANCELLED"
            self.money.append((key, -body["amount"]))
        return 200, {"cancellation": done}

    def card(self, billing_key: str) -> tuple[int, Any]:
        if not billing_key.startswith("billing-key-"):
            return 404, {"type": "BILLING_KEY_NOT_FOUND"}
        return 200, {
            "status": "ISSUED", "billingKey": billing_key, "merchantId": "m", "storeId": STORE,
            "channels": [CHANNEL], "customer": {"id": billing_key.removeprefix("billing-key-")},
            "issuedAt": AT,
            "methods": [{"type": "BillingKeyPaymentMethodCard",
                         "card": {"name": "현대카드", "number": "411111******1234"}}],
        }  # fmt: skip

    def total(self, key: str) -> int:
        """The money it moved under a key, in won."""
        return sum(amount for of, amount in self.money if of == key)


def payment(key: str, charge: dict[str, Any]) -> dict[str, Any]:
    """A payment as GET /payments/{id} describes it."""
    status, total = charge["status"], charge["amount"]
    cancelled = sum(done["totalAmount"] for done in charge["cancellations"])
    found: dict[str, Any] = {
        "status": status, "id": key, "transactionId": f"tx-{key}", "merchantId": "m",
        "storeId": STORE, "version": "V2", "requestedAt": AT, "updatedAt": AT,
        "statusChangedAt": AT, "orderName": "WORKPLACE", "currency": "KRW", "customer": {},
        "channel": CHANNEL, "origin": {"platformType": "API", "ipAddress": "127.0.0.1"},
        "amount": {"total": total, "taxFree": 0, "discount": 0, "paid": total,
                   "cancelled": cancelled, "cancelledTaxFree": 0},
    }  # fmt: skip
    if status == "FAILED":
        return found | {"failedAt": AT, "failure": {"reason": "declined", "pgMessage": "한도초과"}}
    if status in ("CANCELLED", "PARTIAL_CANCELLED"):
        return found | {"cancelledAt": AT, "cancellations": charge["cancellations"]}
    return found | ({"paidAt": AT, "disputes": []} if status == "PAID" else {})


class Server(ThreadingHTTPServer):
    """Answers for one gateway."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.portone = PortOne()
        self.portone.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.0"  # a connection for each request

    def do_GET(self) -> None:
        self.answer(None)

    def do_DELETE(self) -> None:
        self.answer(None)

    def do_POST(self) -> None:
        self.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def log_message(self, *_args: Any) -> None:
        """Nothing is said of what goes right."""

    def answer(self, body: Any) -> None:
        assert self.headers["Authorization"] == f"PortOne {SECRET}"
        portone = self.server.portone
        what, key, do = self.wanted(body)
        portone.asked.append((what, key))
        trouble = portone.misbehave(what, key)
        if trouble == "lost before":
            return
        status, found = do()
        if trouble == "killed":
            os.kill(portone.victim, signal.SIGKILL)
        if trouble in ("lost after", "killed"):
            return
        self.send_response(status if trouble != "broken" else 502)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        page = b"<html>Bad Gateway</html>"
        self.wfile.write(page if trouble == "broken" else json.dumps(found).encode())

    def wanted(self, body: Any) -> tuple[str, str, Callable[[], tuple[int, Any]]]:
        """What is asked for by a request: its name, the key it is about, and what does it."""
        portone = self.server.portone
        _root, noun, key, *verb = map(unquote, urlsplit(self.path).path.split("/"))
        if noun == "billing-keys":
            if self.command == "DELETE":
                return "forget", key, lambda: (200, {"deletedAt": AT})
            return "card", key, lambda: portone.card(key)
        if verb == ["billing-key"]:
            return "charge", key, lambda: portone.charge(key, body)
        if verb == ["cancel"]:
            return "cancel", key, lambda: portone.cancel(key, body)
        return "find", key, lambda: portone.find(key)


@contextmanager
def serving() -> Iterator[PortOne]:
    """One of them, on a port of its own, until the block is left."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.portone
        finally:
            server.shutdown()
            thread.join()


def signed(body: str, *, secret: str = WEBHOOK_SECRET, age: int = 0) -> dict[str, str]:
    """The headers of a webhook, as Standard Webhooks has them."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    ident, at = "msg-1", str(int(time.time()) - age)
    digest = hmac.new(key, f"{ident}.{at}.{body}".encode(), hashlib.sha256).digest()
    return {
        "webhook-id": ident,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def message(kind: str, key: str) -> str:
    """A webhook's body."""
    data = {"paymentId": key, "storeId": STORE, "transactionId": f"tx-{key}"}
    return json.dumps({"type": f"Transaction.{kind}", "timestamp": AT, "data": data})
