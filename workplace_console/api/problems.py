"""What goes wrong, as RFC 9457 writes it: application/problem+json with a stable code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workplace_console.api.fields import Malformed
from workplace_console.common.refusal import Refused, gettext_noop
from workplace_console.common.words import sentence

PROBLEM_JSON: Final = "application/problem+json"

TITLES: Final[Mapping[int, Promise]] = {
    400: _("읽을 수 없는 요청"),
    401: _("토큰이 없거나 틀림"),
    403: _("허용되지 않음"),
    404: _("없는 주소"),
    405: _("쓸 수 없는 메서드"),
    409: _("지금은 할 수 없음"),
    411: _("길이를 알 수 없는 요청"),
    413: _("너무 큰 요청"),
    415: _("JSON이 아닌 요청"),
    422: _("값이 올바르지 않음"),
    429: _("너무 잦은 요청"),
    503: _("잠시 할 수 없음"),
}

# The status of what the rules refuse; anything else is a conflict with how things stand.
STATUSES: Final = {
    "not_active": 403,
    "nobody": 422,
    "bad_person": 422,
    "as_of_in_future": 422,
    # The night's work has just begun a new day: the same again succeeds.
    "day_is_over": 503,
}


class Problem(Refused):
    """A request that goes no further, with its status and headers of its own."""

    def __init__(
        self,
        status: int,
        code: str,
        template: str,
        *,
        headers: Mapping[str, str] | None = None,
        **values: int | str,
    ) -> None:
        super().__init__(code, template, **values)
        self.status = status
        self.headers = headers or {}


def refused(no: Refused, beside: Mapping[str, str]) -> HttpResponse:
    """The answer to what is refused; `beside` names the field that a code is about."""
    status = no.status if isinstance(no, Problem) else STATUSES.get(no.code, 409)
    headers = dict(no.headers) if isinstance(no, Problem) else {}
    if status == 503:
        headers.setdefault("Retry-After", "1")
    errors = [_error(beside[no.code], no)] if no.code in beside else []
    return _answer(status, no.code, sentence(no), errors, headers)


def malformed(faults: Malformed, *, in_query: bool) -> HttpResponse:
    """The answer to values that are not what was declared, each with where it stands."""
    errors = [_error(name, no, in_query=in_query) for name, no in faults.faults]
    return _answer(422, "invalid", sentence(INVALID), errors, {})


INVALID: Final = Refused("invalid", gettext_noop("값을 읽을 수 없습니다. errors를 보고 고치세요."))


def _error(name: str, no: Refused, *, in_query: bool = False) -> dict[str, str]:
    place = {"parameter": name} if in_query else {"pointer": pointer(name)}
    return place | {"code": no.code, "detail": sentence(no)}


def pointer(name: str) -> str:
    """A JSON Pointer to a value of the body; "" is the body itself."""
    return "#/" + name.replace("~", "~0").replace("/", "~1") if name else "#"


def _answer(
    status: int, code: str, detail: str, errors: list[dict[str, str]], headers: dict[str, str]
) -> HttpResponse:
    body: dict[str, Any] = {
        "type": f"urn:workplace-console:problem:{code}",
        "title": str(TITLES[status]),
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        body["errors"] = errors
    return HttpResponse(written(body), status=status, content_type=PROBLEM_JSON, headers=headers)


def written(body: Any) -> str:
    """JSON that people can read; half letters (a caller's own words) as escapes."""
    text = json.dumps(body, ensure_ascii=False)
    return text if text.isascii() or _is_unicode(text) else json.dumps(body)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
