"""The description of the API (OpenAPI 3.1), made of the declarations that the gate checks by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from groupco.rules import COMPANY_ID
from workplace_console.api.calls import ApiAddress, ApiRequest, Call, Given, call
from workplace_console.api.fields import Field, Record, Rows, Text, Whole
from workplace_console.api.gate import MOST_BYTES
from workplace_console.api.problems import PROBLEM_JSON
from workplace_console.common.answers import HOURS_KEPT

ABOUT: Final = f"""\
WORKPLACE's own services, and a company's own systems, report to the console and ask it how a
company stands. Send a token as `Authorization: Bearer …`. A service's token is good for every
company, a company's own only for that company; any other company is a 404.

Every POST needs an `Idempotency-Key`. The same key with the same content is answered as it was the
first time, for {HOURS_KEPT} hours, and takes effect once; with other content it is a 409
(`key_reused`). A request that was refused leaves its key free. After a lost answer, a 429 or a 5xx,
send the same request with the same key.

Problems are `{PROBLEM_JSON}` (RFC 9457) with a stable `code`; sentences are Korean, or English with
`Accept-Language: en`. Days are calendar days in Asia/Seoul. Bodies may have {MOST_BYTES} bytes."""

ERROR: Final = Record(
    name="FieldError",
    fields={
        "pointer": Text(most=10_000, optional=True, says="A JSON Pointer into the body."),
        "parameter": Text(most=10_000, optional=True, says="The name of a query parameter."),
        "code": Text(most=60),
        "detail": Text(most=1000),
    },
)
PROBLEM: Final = Record(
    name="Problem",
    fields={
        "type": Text(most=200, says="A URN that ends in the code."),
        "title": Text(most=200),
        "status": Whole(least=400, most=599),
        "detail": Text(most=1000, says="What is wrong, then what to do."),
        "code": Text(most=60, says="Stable, for programs."),
        "errors": Rows(of=ERROR, optional=True),
    },
)

# What may come of any call that needs a token, and further of one that writes.
ALWAYS: Final = (401, 403, 404, 422, 429, 503)
OF_WRITES: Final = (400, 409, 411, 413, 415)

ENGLISH: Final = {
    400: "Not JSON, or no Idempotency-Key.",
    401: "No token, or one that is not good.",
    403: "The token's scope does not reach, or the company is neither in trial nor paid.",
    404: "No such company, or not the token's.",
    409: "Not as things stand, or the key was used for other content.",
    411: "Sent without Content-Length.",
    413: "Too large.",
    415: "Not application/json.",
    422: "Values that are not what is described here.",
    429: "Too often; see Retry-After.",
    503: "A new day is just beginning, or the database is away; see Retry-After.",
}


@call(is_open=True, answer=Record())
def described(request: ApiRequest, _given: Given) -> dict[str, Any]:
    """This description."""
    return document(request.addresses)


def document(site: Sequence[ApiAddress]) -> dict[str, Any]:
    """The description of these addresses."""
    records = [PROBLEM, *(r for address in site for c in address.calls.values() for r in _of(c))]
    return {
        "openapi": "3.1.0",
        "info": {"title": "WORKPLACE Console API", "version": "1", "description": ABOUT},
        "paths": {_path(address.route): _methods(address) for address in site if address.calls},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                found.name: found.own_schema() for record in records for found in _named(record)
            },
        },
    }


def _of(called: Call) -> tuple[Record, Record]:
    return called.takes, called.answer


def _named(declared: Field) -> Iterator[Record]:
    """The records with a name in a declaration, itself included."""
    if isinstance(declared, Rows):
        yield from _named(declared.of)
    if isinstance(declared, Record):
        for inner in declared.fields.values():
            yield from _named(inner)
        if declared.name:
            yield declared


def _path(route: str) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def _methods(address: ApiAddress) -> dict[str, Any]:
    company = {
        "name": "company",
        "in": "path",
        "required": True,
        "description": "A company id.",
        "schema": {"type": "string", "pattern": f"^{COMPANY_ID.pattern}$"},
    }
    shared = {"parameters": [company]} if "<company:company>" in address.route else {}
    return shared | {
        method.lower(): _operation(method, called) for method, called in address.calls.items()
    }


def _operation(method: str, called: Call) -> dict[str, Any]:
    is_write = method == "POST"
    parameters = [KEY] if is_write else list(_parameters(called.takes))
    body = {"requestBody": {"required": True, "content": _json(called.takes)}} if is_write else {}
    success = {str(called.status): {"description": "Done.", "content": _json(called.answer)}}
    refused = [] if called.is_open else [*ALWAYS, *(OF_WRITES if is_write else ())]
    codes = ", ".join(f"`{code}`" for code in called.refuses)
    return {
        "operationId": called.view.__name__,
        "summary": called.says,
        **({"description": f"May be refused with the codes {codes}."} if codes else {}),
        "security": [] if called.is_open else [{"token": [called.scope] if called.scope else []}],
        **({"parameters": parameters} if parameters else {}),
        **body,
        "responses": success | dict(_problems(refused)),
    }


KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A new value, a UUID for example, for each thing that is to be done.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}


def _parameters(takes: Record) -> Iterator[dict[str, Any]]:
    for name, declared in takes.fields.items():
        yield {
            "name": name,
            "in": "query",
            "required": not declared.optional,
            "schema": declared.schema(),
        }


def _problems(statuses: Iterable[int]) -> Iterator[tuple[str, dict[str, Any]]]:
    for status in sorted(statuses):
        content = {PROBLEM_JSON: {"schema": PROBLEM.schema()}}
        yield str(status), {"description": ENGLISH[status], "content": content}


def _json(record: Record) -> dict[str, Any]:
    schema = record.schema() if record.fields else {"type": "object"}
    return {"application/json": {"schema": schema}}
