"""How an address of the API is declared: what each of its methods takes, says and may refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest

from groupco.choices import Scope
from groupco.models import ApiToken, Company
from workplace_console.api.fields import Record
from workplace_console.common.audit import Actor


class ApiRequest(HttpRequest):
    """A request whose token may do what it asks for."""

    today: date
    by: Actor
    token: ApiToken
    # The company in the address, where there is one.
    company: Company
    # Everything there is, for the description.
    addresses: Sequence[ApiAddress]


def common(request: ApiRequest) -> dict[str, Any]:
    """What every operation on the company in the address is told."""
    return {"company_id": request.company.pk, "today": request.today, "by": request.by}


Given = dict[str, Any]
View = Callable[[ApiRequest, Given], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One method of an address.

    `scope` is what the token must be for, None when any will do; `is_open` needs no token.
    `hands_out`: it gives people's data away, which is written down with the `reason` it was told.
    `refuses` are the codes of what the rules may refuse, each with the field it is about, or "".
    """

    view: View
    answer: Record
    scope: Scope | None = None
    is_open: bool = False
    takes: Record = field(default_factory=Record)
    status: int = 200
    hands_out: bool = False
    refuses: Mapping[str, str] = field(default_factory=dict)

    @property
    def says(self) -> str:
        """What it does, in English: the first sentence of the view's docstring."""
        return " ".join((self.view.__doc__ or "").split("\n\n")[0].split())

    @property
    def beside(self) -> dict[str, str]:
        return {code: name for code, name in self.refuses.items() if name}


def call(**declared: Any) -> Callable[[View], Call]:
    """Declare a view as a call."""

    def declare(view: View) -> Call:
        return Call(view=view, **declared)

    return declare


@dataclass(frozen=True)
class ApiAddress:
    """One address of the API and what may be called there, by method.

    HEAD goes with GET; a POST takes effect once for each Idempotency-Key. Without any call it is an
    address that isn't there.
    """

    name: str
    route: str
    calls: Mapping[str, Call]

    @property
    def methods(self) -> list[str]:
        return [*self.calls, *(["HEAD"] if "GET" in self.calls else [])]
