"""Programs that call the API, each with a token of its own."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.test import Client

from groupco.choices import Scope
from products import operations as products
from tests.companies import BY

DAY: Final = date(2026, 3, 2)
COMPANIES: Final = "/api/v1/companies/"


@dataclass(frozen=True)
class Caller:
    """A program; without a token when there is no secret."""

    secret: str

    def get(self, path: str, **headers: str) -> HttpResponse:
        return Client().get(COMPANIES + path, headers=self._headers(headers))

    def post(self, path: str, body: Any, *, key: str = "", **headers: str) -> HttpResponse:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        own = {"idempotency-key": key or str(uuid.uuid4())}
        return Client(raise_request_exception=False).generic(
            "POST",
            COMPANIES + path,
            content,
            content_type=headers.pop("content_type", "application/json"),
            headers=self._headers(own | headers),
        )

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        own = {"authorization": f"Bearer {self.secret}"} if self.secret else {}
        return own | {name: value for name, value in more.items() if value is not None}


def service(*scopes: Scope) -> Caller:
    """One of WORKPLACE's own services."""
    return caller(None, *scopes)


def caller(company_id: str | None, *scopes: Scope) -> Caller:
    """A program of a company; None: of WORKPLACE."""
    issued = products.issue_token(
        company_id=company_id, name="program", scopes=scopes or list(Scope), today=DAY, by=BY
    )
    return Caller(issued.secret)


def code(answer: HttpResponse) -> str:
    """What a problem is called."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    found: str = json.loads(answer.content)["code"]
    return found
