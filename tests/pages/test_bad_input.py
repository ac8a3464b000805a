"""Bad inputs over all forms: never a 500, and nothing written when something is refused.

BAD_INPUTS says how many, in all; `.ci/run` sends 20,000.
"""

from __future__ import annotations

import os
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from groupco.choices import Role
from groupco.models import Account, User
from products import operations as products
from tests.companies import BY, paid, trial
from tests.pages import people

DAY = date(2026, 3, 2)
CHUNKS = 8
REQUESTS = int(os.environ.get("BAD_INPUTS", "1000"))

# Not the business's: sessions and the access log are written by looking, throttles by refusals.
BESIDE = {
    "common_access",
    "groupco_session",
    "common_throttle",
    "common_throttlecount",
    "common_sentform",
    "django_migrations",
}


@dataclass(frozen=True)
class Form:
    """A form: where it is, and what a good filling-in looks like."""

    url: str
    good: dict[str, Any]
    method: str = "post"
    who: str = "owner"
    host: str = people.CONSOLE
    weight: int = 10
    files: tuple[str, ...] = field(default=())


def forms(account: int, admin: int) -> list[Form]:
    roster = "employee,name\nE900,새 사람\n"
    conversion = {"plan": "collabo", "cycle": "annual", "start": "2026-03-20"}
    return [
        Form("/login/", {"login": "owner@acme.example", "password": "wrong"}, who="", weight=2),
        Form("/login/", {"next": "/c/acme/"}, "get", who=""),
        Form("/login/reset/", {"email": "nobody@acme.example"}, who=""),
        Form("/login/reset/1:2:3:sig/", {"password": "a-long-password"}, who="", weight=3),
        Form("/invite/abc/", {"name": "김", "password": "a-long-password"}, who="", weight=3),
        Form("/language/", {"language": "en", "next": "/"}, weight=3),
        Form("/account/", {"act": "profile", "name": "김", "language": "ko"}),
        Form("/account/", {"act": "password", "current": "x", "password": "y"}, weight=1),
        Form("/account/second/", {"act": "remove", "factor": "1"}, weight=3),
        Form("/account/second/", {"act": "codes"}, weight=1),
        Form("/account/second/app/", {"code": "123456"}, weight=4),
        Form("/account/second/passkey/", {"name": "노트북", "made": MADE}, weight=8),
        Form("/login/second/", {"second_code": "123456", "second_passkey": ""}, who="half",
             weight=4),
        Form("/login/second/", {"second_code": "", "second_passkey": MADE}, who="half", weight=4),
        Form("/account/sessions/", {"act": "end", "sign_in": "x"}, weight=3),
        Form("/c/fresh/product/convert/", conversion | {"act": "reserve"}, weight=20),
        Form("/c/fresh/product/convert/", conversion, "get", weight=20),
        Form("/c/acme/product/convert/", conversion | {"act": "change"}),
        Form("/c/acme/product/upgrade/", {"plan": "collabo", "once": "t"}),
        Form("/c/acme/product/upgrade/", {"act": "withdraw", "once": "u"}, weight=5),
        Form("/c/acme/product/capacity/add/", {"tb": "1", "once": "v"}),
        Form("/c/acme/product/capacity/add/", {"tb": "1"}, "get", weight=5),
        Form("/c/acme/product/capacity/return/", {"tb": "1", "once": "w"}),
        Form("/c/acme/product/terminate/", {"company_id": "acme", "password": "no"}, weight=2),
        Form("/c/acme/quote/", conversion | {"accounts": "9", "tb": "1", "format": "csv"}, "get"),
        Form("/c/acme/accounts/", {"act": "register", "number": "E1", "name": "김", "email": ""}),
        Form("/c/acme/accounts/", {"q": "김", "after": "E1", "page": "2"}, "get"),
        Form("/c/acme/accounts/", {"show": "idle", "page": "2", "all": "1"}, "get", weight=5),
        Form("/c/acme/accounts/exclude/", {"account": str(account)}),
        Form("/c/acme/accounts/import/", {"roster": roster, "act": "apply"}, weight=15),
        Form("/c/acme/accounts/import/", {"file": roster}, weight=15, files=("file",)),
        Form("/c/acme/departments/", {"act": "add", "name": "개발", "parent": "", "code": "D"}),
        Form("/c/acme/departments/", {"at": "1", "page": "2"}, "get", weight=3),
        Form("/c/acme/departments/import/", {"roster": "department\nx\n", "act": "apply"}),
        Form("/c/acme/departments/people/", {"employee": "clerk"}, "get", weight=5),
        Form("/c/acme/departments/people/?employee=clerk",
             {"act": "post", "department": "", "title": "팀장", "is_main": "on"}, weight=5),
        Form("/c/acme/group/",
             {"act": "apply", "company_id_1": "fresh", "business_number_1": "999-81-00015",
              "rows": "2", "once": "g"}, weight=15),
        Form("/c/acme/group/", {"act": "more", "rows": "2", "company_id_1": "fresh"}, weight=5),
        Form("/c/acme/group/", {"act": "withdraw"}, weight=3),
        Form("/c/acme/group/scope/",
             {"version": "0", "scope_acme": "own", "scope_member": "group", "as_of": "member"},
             weight=15),
        Form("/c/acme/group/scope/", {"scope_acme": "own", "as_of": "member", "at": "acme"}, "get"),
        Form("/c/acme/group/order/",
             {"order": "acme,acme/member", "seen": "acme,member", "version": "0", "act": "save"},
             weight=15),
        Form("/c/acme/group/order/",
             {"order": "acme,member", "version": "0", "act": "drop", "company": "member",
              "onto": "acme", "where": "into"}, weight=10),
        Form("/c/acme/group/", {"act": "agree"}, weight=3),
        Form("/c/acme/usage/", {"month": "2026-03"}, "get"),
        Form("/c/acme/usage/", {"month": "2026-03", "format": "xlsx"}, "get", weight=3),
        Form("/c/acme/usage/2026-03/", {"company": "acme", "item": "seat"}, "get"),
        Form("/c/acme/bills/", {"page": "1"}, "get"),
        Form("/c/acme/payment/", {"act": "transfer", "depositor": "에이스"}),
        Form("/c/acme/payment/", {"act": "default", "method": "1"}),
        Form("/c/acme/payment/", {"act": "remove", "method": "1"}),
        Form("/c/acme/payment/card/", {"card": "4242", "once": "x"}),
        Form("/c/acme/payment/card/", {"billingKey": "k"}, "get", weight=3),
        Form("/c/acme/bills/acme-202604-1/pay/", {"once": "y"}, weight=3),
        Form("/c/acme/notices/", {"before": "10", "page": "2"}, "get"),
        Form("/c/acme/notices/", {"act": "read", "up_to": "3"}, weight=3),
        Form("/c/acme/audit/",
             {"from": "2026-03-01", "to": "2026-03-31", "who": "1", "what": "admin_set",
              "before": "5"}, "get", weight=15),
        Form("/c/acme/audit/access/",
             {"first": "2026-03-01", "last": "2026-03-31", "way": "taken"}, "get"),
        Form("/c/acme/accounts/csv/", {"reason": "work"}, "get"),
        Form("/c/acme/audit/csv/", {"from": "2026-03-01", "to": "2026-03-31", "who": "1"}, "get"),
        Form("/c/acme/company/",
             {"name": "에이스", "business_number": "999-81-00015", "representative": "홍",
              "address": "서울", "business_type": "서비스", "business_item": "소프트웨어",
              "billing_addresses": "a@acme.example\nb@acme.example"}, weight=20),
        Form("/c/acme/payment/",
             {"billing_addresses": "a@acme.example", "boxes": "1", "told": "bills:a@acme.example"}),
        Form("/c/acme/documents/", {"month": "2026-03", "kind": "invoice", "number": "a",
                                    "page": "1"}, "get"),
        Form("/c/acme/documents/", {"first": "2026-03", "last": "2026-03"}, "get", weight=3),
        Form("/c/acme/bills/acme-202604-1/receipt/",
             {"act": "ask", "purpose": "income", "identity": "010-1234-5678"}, weight=2),
        Form("/c/acme/budget/", {"amount": "1,000,000"}),
        Form("/c/acme/payment/deliveries/", {"address": "a@acme.example", "page": "1"}, "get"),
        Form("/c/acme/payment/deliveries/", {"address": "a@acme.example"}, weight=3),
        Form("/c/acme/admins/", {"act": "invite", "email": "x@acme.example", "role": "viewer"}),
        Form("/c/acme/admins/", {"act": "role", "admin": str(admin), "role": "viewer"}),
        Form("/c/acme/admins/", {"act": "remove", "admin": str(admin)}, weight=2),
        Form("/c/acme/company/tokens/",
             {"act": "issue", "name": "인사 시스템", "scopes": "accounts", "once": "x"}),
        Form("/c/acme/company/tokens/", {"act": "withdraw", "token": "1"}, weight=5),
        Form("/c/acme/request/", {"text": "바꿔 주세요"}, who="employee"),
        Form("/", {"login": "clerk@acme.example", "password": "no"}, who="",
             host="acme.localhost", weight=2),
        Form("/accounts/", {"act": "register", "number": "", "name": "김", "email": ""},
             who="boss", host="acme.localhost"),
        Form("/accounts/import/", {"roster": roster, "act": "apply"}, who="boss",
             host="acme.localhost"),
        Form("/people/", {"q": "김ㅅ", "tab": "chart", "at": "acme", "page": "2"}, "get",
             who="boss", host="acme.localhost", weight=15),
        Form("/people/", {"act": "approver", "pick": "1", "drop": "approver:1"}, who="boss",
             host="acme.localhost", weight=5),
    ]  # fmt: skip


MADE = (
    '{"id":"AAAA","rawId":"AAAA","type":"public-key","clientExtensionResults":{},"response":'
    '{"clientDataJSON":"e30","attestationObject":"oA","authenticatorData":"AA","signature":"AA"}}'
)

NASTY: list[Callable[[Random], bytes]] = [
    lambda _r: b"",
    lambda _r: b" ",
    lambda _r: b"\x00",
    lambda _r: "김\x00이".encode(),
    lambda _r: b"\xff\xfe\xed\xa0\x80",
    lambda _r: "\u202e\u200b\ufeff".encode(),
    lambda _r: "１２".encode(),
    lambda _r: b"-1",
    lambda _r: b"0",
    lambda _r: b"9" * 40,
    lambda _r: b"1e999",
    lambda _r: b"NaN",
    lambda _r: b"0000-00-00",
    lambda _r: b"2026-02-30",
    lambda _r: b"9999-12-31",
    lambda _r: b"99999-01-01",
    lambda _r: b"2026-3-5",
    lambda _r: b"2026-03-32; DROP TABLE groupco_user",
    lambda _r: b"' OR '1'='1",
    lambda _r: b"%s%(x)s{0}{name}",
    lambda _r: b"<script>alert(1)</script>",
    lambda _r: b"../../etc/passwd",
    lambda _r: b"https://evil.example/",
    lambda _r: b"a@b",
    lambda _r: "관리자@한글.example".encode(),
    lambda _r: b"x" * 70_000,
    lambda _r: "가".encode() * 300,
    lambda _r: b"\r\nSet-Cookie: a=b",
    lambda _r: b'"unclosed,\n1,2',
    lambda _r: b"employee\n" + b"E1\n" * 2000,
    lambda r: bytes(r.randrange(256) for _ in range(r.randrange(1, 60))),
    lambda r: "".join(r.choices(string.printable, k=r.randrange(1, 40))).encode(),
    lambda r: str(r.randrange(-(2**70), 2**70)).encode(),
    lambda r: f"{r.randrange(1, 9999):04}-{r.randrange(0, 14):02}-{r.randrange(0, 33):02}".encode(),
]


@pytest.fixture
def everybody(db: None, settings: Any) -> dict[str, Client | int]:
    settings.CONSOLE_TODAY = DAY
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    paid("acme", on=DAY, accounts=5)
    trial("fresh", on=DAY, accounts=3)
    paid("member", on=DAY)
    products.form_group(company_id="acme", members=["member"], today=DAY, by=BY)
    owner = people.admin("acme", Role.OWNER, today=DAY, email="owner@acme.example")
    people.admin("fresh", Role.OWNER, today=DAY, email="owner@acme.example")
    viewer = people.admin("acme", Role.VIEWER, today=DAY)
    clerk = people.employee("acme", today=DAY)
    boss = people.employee("acme", today=DAY, is_workplace_admin=True)

    def client(user: User | None, host: str = people.CONSOLE) -> Client:
        client = people.signed_in(user, host=host)
        client.raise_request_exception = False
        return client

    halfway = client(None)
    careful = people.admin("acme", Role.VIEWER, today=DAY, email="careful@acme.example")
    careful.set_password("correct-horse-2026")
    careful.save()
    people.app(careful)
    halfway.post("/login/", {"login": careful.email, "password": "correct-horse-2026"})
    return {
        "half": halfway,
        "": client(None),
        "@": client(None, "acme.localhost"),
        "owner": client(owner),
        "employee": client(clerk),
        "boss": client(boss, "acme.localhost"),
        "account": Account.objects.filter(company_id="acme").latest("pk").pk,
        "admin": viewer.admin_of.get().pk,
    }


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_bad_input_is_answered_and_changes_nothing(everybody: dict[str, Any], chunk: int) -> None:
    random = Random(chunk)
    known = forms(everybody["account"], everybody["admin"])
    weights = [form.weight for form in known]
    before = fingerprint()
    for number in range(REQUESTS // CHUNKS):
        form = random.choices(known, weights)[0]
        filled = spoiled(form, random)
        answer = send(everybody, form, filled)
        note = f"chunk {chunk}, request {number}: {form.method} {form.url} {filled!r:.600}"
        assert answer.status_code < 500, note
        after = fingerprint() if form.method == "post" or number % 50 == 0 else before
        # A spoiled form may still be a good one; then it is done, and says so by a redirect.
        if answer.status_code != 302 and not is_sending(form):
            assert after == before, note
        before = after


def is_sending(form: Form) -> bool:
    """Forms that do what they are for and answer with a page, not with a redirect."""
    return form.url in ("/login/reset/", "/c/acme/request/", "/c/acme/company/tokens/")


def spoiled(form: Form, random: Random) -> list[tuple[str, bytes]]:
    """A good filling-in with one to three things wrong."""
    fields = [(name, str(value).encode()) for name, value in form.good.items()]
    for _ in range(random.randrange(1, 4)):
        place = random.randrange(len(fields))
        name, value = fields[place]
        match random.randrange(6):
            case 0:
                fields.append((name, random.choice(NASTY)(random)))
            case 1 if len(fields) > 1:
                del fields[place]
            case 2:
                fields.append((f"{name}{random.randrange(9)}", value))
            case _:
                fields[place] = (name, random.choice(NASTY)(random))
    return fields


def send(everybody: dict[str, Any], form: Form, filled: list[tuple[str, bytes]]) -> Any:
    who = "@" if not form.who and form.host != people.CONSOLE else form.who
    client: Client = everybody[who]
    if form.files:
        data = {
            name: SimpleUploadedFile("roster.csv", value) if name in form.files else value
            for name, value in filled
        }
        return client.post(form.url, data)
    encoded = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in filled)
    if form.method == "get":
        return client.get(f"{form.url}?{encoded}")
    kind = "application/x-www-form-urlencoded"
    return client.generic("POST", form.url, encoded, content_type=kind)


def fingerprint() -> tuple[Any, ...]:
    """What the business's tables hold, in a number."""
    if not TABLES:
        TABLES.extend(sorted(set(connection.introspection.table_names()) - BESIDE))
    # Who signed in when is no business either.
    parts = " UNION ALL ".join(
        f"SELECT '{table}', count(*), sum(hashtext((to_jsonb(t) - 'last_login')::text)::bigint)"  # noqa: S608
        f" FROM {table} t"
        for table in TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{parts} ORDER BY 1")
        return tuple(cursor.fetchall())


TABLES: list[str] = []
