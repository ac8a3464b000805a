"""Every request to the API passes here: token, rate, company, body; then the call, once. R: H4.

No session, no cookie and no form: whoever has the token may, and nobody else. A foreign company and
one that doesn't exist are the same 404.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final, NoReturn, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from groupco import operations as groups_do
from groupco import queries as groups
from groupco.choices import Language
from groupco.models import ApiToken
from workplace_console.api import problems
from workplace_console.api.calls import ApiAddress, ApiRequest, Call
from workplace_console.api.fields import Malformed
from workplace_console.api.problems import Problem
from workplace_console.common import accesses, answers, clock
from workplace_console.common.accesses import Way
from workplace_console.common.answers import Said
from workplace_console.common.audit import Actor
from workplace_console.common.refusal import Refused, gettext_noop
from workplace_console.common.throttle import Throttle
from workplace_console.pages.client import client_address
from workplace_console.pages.closed import DATABASE_AWAY, RETRY_AFTER

log = logging.getLogger(__name__)

MOST_BYTES: Final = 64 * 1024
LONGEST_SECRET: Final = 100
# The same again with the same key succeeds, or is told what it did the first time.
AWAY: Final = Problem(
    503,
    "away",
    gettext_noop("지금은 처리할 수 없습니다. 같은 요청을 같은 키로 다시 보내세요."),
    headers={"Retry-After": RETRY_AFTER},
)
KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")


def guarded(address: ApiAddress, addresses: Sequence[ApiAddress]) -> Callable[..., HttpResponse]:
    """The view that stands at an address."""

    @csrf_exempt
    def answer(request: HttpRequest, **parts: Any) -> HttpResponse:
        asked = cast(ApiRequest, request)
        asked.addresses = addresses
        asked.today = clock.today()
        language = _language(request)
        with translation.override(language):
            response = _answered(asked, address, parts)
        response["Content-Language"] = language
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return answer


def _answered(request: ApiRequest, address: ApiAddress, parts: dict[str, Any]) -> HttpResponse:
    method = "GET" if request.method == "HEAD" else request.method or ""
    found = address.calls.get(method)
    in_query = method == "GET"
    try:
        called = found or _no_such_call(address)
        if not called.is_open:
            _let_in(request, called)
            _find_company(request, parts)
        said = _read(request, address, called) if in_query else _write(request, called)
        return _response(said)
    except Malformed as faults:
        return problems.malformed(faults, in_query=in_query)
    except Refused as no:
        return problems.refused(no, found.beside if found else {})
    except DATABASE_AWAY:
        log.exception("the database can't be asked")
        return problems.refused(AWAY, {})


def _no_such_call(address: ApiAddress) -> NoReturn:
    if not address.calls:
        raise Problem(404, "no_address", gettext_noop("그런 주소가 없습니다. 주소를 확인하세요."))
    allowed = ", ".join(address.methods)
    raise Problem(
        405,
        "no_method",
        gettext_noop("이 주소에는 {allowed}만 쓸 수 있습니다."),
        headers={"Allow": allowed},
        allowed=allowed,
    )


# --- Who asks ------------------------------------------------------------------------------------


def _let_in(request: ApiRequest, called: Call) -> None:
    token = _token(request)
    _count(token)
    request.token = token
    request.by = Actor.token(token.pk, address=client_address(request))
    groups_do.note_token_use(token=token, today=request.today)
    if called.scope and called.scope not in token.scopes:
        raise Problem(
            403,
            "out_of_scope",
            gettext_noop("이 토큰의 범위에 {scope}이(가) 없습니다. 범위가 맞는 토큰을 쓰세요."),
            scope=called.scope.value,
        )


def _token(request: ApiRequest) -> ApiToken:
    kind, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    if kind.lower() == "bearer" and secret and len(secret) <= LONGEST_SECRET:
        token = groups.token(secret)
        if token:
            return token
    raise Problem(
        401,
        "no_token",
        gettext_noop(
            "쓸 수 있는 토큰이 아닙니다. Authorization: Bearer에 철회하지 않은 토큰을 보내세요."
        ),
        headers={"WWW-Authenticate": 'Bearer realm="WORKPLACE Console"'},
    )


def _count(token: ApiToken) -> None:
    """Each token may ask so often a minute."""
    throttle = Throttle("api", limit=settings.API_CALLS_A_MINUTE, window=timedelta(minutes=1))
    if seconds := throttle.hit(str(token.pk)):
        raise Problem(
            429,
            "too_many_calls",
            gettext_noop("1분에 {limit}번까지 부를 수 있습니다. {seconds}초 뒤에 다시 부르세요."),
            headers={"Retry-After": str(seconds)},
            limit=settings.API_CALLS_A_MINUTE,
            seconds=seconds,
        )


def _find_company(request: ApiRequest, parts: dict[str, Any]) -> None:
    """The company in the address, which must be the token's own where it has one. R: A4."""
    asked: str = parts.get("company", "")
    is_allowed = request.token.company_id in (None, asked)
    found = groups.company(asked) if is_allowed else None
    if found is None:
        raise Problem(
            404, "no_company", gettext_noop("그런 회사가 없습니다. 회사 id를 확인하세요.")
        )
    request.company = found


# --- What is asked -------------------------------------------------------------------------------


def _read(request: ApiRequest, address: ApiAddress, called: Call) -> Said:
    # Not request.GET: it is read in whatever charset the caller says that there is.
    sent = request.META.get("QUERY_STRING", "").encode("iso-8859-1")  # as WSGI hands it on
    given = called.takes.read_query(QueryDict(sent, encoding="utf-8"))
    said = Said(called.status, problems.written(called.view(request, given)))
    if called.hands_out and request.method != "HEAD":
        accesses.note(
            request.company.pk,
            address.name,
            Way.TAKEN,
            reason=given.get("reason", ""),
            today=request.today,
            by=request.by,
        )
    return said


def _write(request: ApiRequest, called: Call) -> Said:
    body = _body(request)
    given = called.takes.read(body)
    key = _key(request)

    def act() -> Said:
        return Said(called.status, problems.written(called.view(request, given)))

    return answers.once(
        f"{request.token.pk}\0{key}",
        f"{request.method} {request.path}\0{json.dumps(body, sort_keys=True)}",
        company=request.company.pk,
        act=act,
    )


def _key(request: ApiRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise Problem(
            400,
            "no_key",
            gettext_noop("Idempotency-Key에 한 번만 쓰는 값을 200자 이하로 보내세요."),
        )
    return key


def _body(request: ApiRequest) -> Any:
    """The JSON that was sent, strictly: no name twice, nothing that is not JSON."""
    if request.headers.get("Transfer-Encoding"):
        raise Problem(411, "no_length", gettext_noop("Content-Length와 함께 보내세요."))
    if request.content_type != "application/json":
        raise Problem(
            415, "not_json", gettext_noop("본문을 Content-Type: application/json으로 보내세요.")
        )
    if _length(request) > MOST_BYTES:
        raise Problem(
            413,
            "too_large",
            gettext_noop("본문은 {most}바이트까지 보낼 수 있습니다. 나누어 보내세요."),
            most=MOST_BYTES,
        )
    try:
        return json.loads(
            request.body.decode(), parse_constant=_refuse, object_pairs_hook=_each_once
        )
    except (ValueError, RecursionError, UnreadablePostError):
        raise Problem(
            400, "bad_json", gettext_noop("본문이 JSON이 아닙니다. UTF-8로 된 JSON을 보내세요.")
        ) from None


def _length(request: ApiRequest) -> int:
    """The bytes that are announced, which is how far a body is read."""
    text = str(request.META.get("CONTENT_LENGTH") or "")
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else 0


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


# --- What is answered ----------------------------------------------------------------------------


def _response(said: Said) -> HttpResponse:
    headers = {"Idempotent-Replayed": "true"} if said.is_again else {}
    return HttpResponse(
        said.body, status=said.status, content_type="application/json", headers=headers
    )


def _language(request: HttpRequest) -> str:
    """Korean, unless Accept-Language puts English first. R: H3."""
    for language, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        code = language.partition("-")[0]
        if code in Language.values:
            return code
    return str(settings.LANGUAGE_CODE)
