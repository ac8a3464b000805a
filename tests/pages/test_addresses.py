"""Who gets through which address, told here a second time: the registry against this table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.admin import site
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, set_script_prefix

from groupco.choices import Role
from groupco.models import User
from groupco.operations import set_sign_in
from tests.api.test_addresses import AT_API
from tests.companies import paid
from tests.pages import people
from workplace_console import guard

DAY = date(2026, 3, 2)
SETTLED = date(2026, 4, 10)
HOST = "acme.localhost"

# At the console. Who may read, who may write; o owner, b billing, v viewer, e employee (workplace
# admins are employees here), * anyone, s anyone signed in, d anyone where DEBUG is on (here it
# is not), - nobody.
AT_CONSOLE = {
    "home": ("*", "-"),
    "login": ("*", "*"),
    "logout": ("-", "*"),
    "reset": ("*", "*"),
    "reset_set": ("*", "*"),
    "language": ("-", "*"),
    "healthz": ("*", "-"),
    "invite": ("*", "*"),
    "portone": ("-", "*"),
    "return": ("s", "-"),
    "styleguide": ("d", "-"),
    "account": ("s", "s"),
    "sign_ins": ("s", "s"),
    "second_step": ("*", "*"),
    "second_factor": ("s", "s"),
    "second_factor_app": ("s", "s"),
    "second_factor_passkey": ("s", "s"),
    "dashboard": ("obv", "-"),
    "product": ("obv", "-"),
    "convert": ("obv", "o"),
    "upgrade": ("obv", "o"),
    "capacity_add": ("obv", "o"),
    "capacity_return": ("obv", "o"),
    "terminate": ("obv", "o"),
    "terminate_data": ("-", "o"),
    "ended": ("obv", "o"),
    "accounts": ("obv", "o"),
    "accounts_exclude": ("o", "o"),
    "accounts_import": ("o", "o"),
    "accounts_csv": ("obv", "-"),
    "departments": ("obv", "o"),
    "departments_import": ("o", "o"),
    "postings": ("obv", "o"),
    "group": ("obv", "o"),
    "group_scope": ("obv", "o"),
    "group_order": ("obv", "o"),
    "usage": ("obv", "-"),
    "trend": ("obv", "-"),
    "usage_month": ("obv", "-"),
    "bills": ("obv", "-"),
    "bill": ("obv", "-"),
    "documents": ("obv", "-"),
    "receipt": ("obv", "ob"),
    "payment": ("obv", "ob"),
    "deliveries": ("obv", "ob"),
    "bill_pay": ("-", "ob"),
    "payment_card": ("ob", "ob"),
    "budget": ("obv", "ob"),
    "quote": ("obv", "-"),
    "notices": ("obv", "obv"),
    "audit": ("obv", "-"),
    "audit_csv": ("obv", "-"),
    "access": ("o", "-"),
    "help": ("obv", "-"),
    "help_article": ("obv", "-"),
    "company": ("obv", "ob"),
    "tokens": ("obv", "o"),
    "admins": ("obv", "o"),
    "change_request": ("-", "e"),
}

# At the company's own host: w workplace admin.
AT_COMPANY_HOST = {
    "login": ("*", "*"),
    "logout": ("-", "*"),
    "reset": ("*", "*"),
    "reset_set": ("*", "*"),
    "language": ("-", "*"),
    "healthz": ("*", "-"),
    "accounts": ("w", "w"),
    "accounts_exclude": ("w", "w"),
    "accounts_import": ("w", "w"),
    "accounts_csv": ("w", "-"),
    "people": ("ew", "ew"),
}

PARTS: dict[str, dict[str, Any]] = {
    "reset_set": {"token": "no-such-token"},
    "invite": {"token": "no-such-token"},
    "usage_month": {"month": date(2026, 3, 1)},
    "bill": {"number": "acme-202604-1"},
    "bill_pay": {"number": "acme-202604-1"},
    "receipt": {"number": "acme-202604-1"},
    "help_article": {"slug": "trial"},
}

# What is sent where an empty form would be answered like somebody who may not send it.
POSTED = {"change_request": {"text": "용량을 늘려 주세요."}}

# Where those are sent who have to sign in first; at a company's own host that is its first page.
WAYS_IN = ("/login/?next=", "/?next=")

VISITORS = ("stranger", "o", "b", "v", "e", "w", "foreign", "staff")


@pytest.fixture
def visitors(db: None, settings: Any) -> dict[str, User | None]:
    """Acme with its admins and employees, another company's owner, and support staff."""
    from workplace_console import daily

    paid("acme", on=DAY, accounts=3)
    paid("other", on=DAY)
    settings.CONSOLE_TODAY = SETTLED
    found: dict[str, User | None] = {
        "stranger": None,
        "o": people.admin("acme", Role.OWNER, today=DAY),
        "b": people.admin("acme", Role.BILLING, today=DAY),
        "v": people.admin("acme", Role.VIEWER, today=DAY),
        "e": people.employee("acme", today=DAY),
        "w": people.employee("acme", today=DAY, is_workplace_admin=True),
        "foreign": people.admin("other", Role.OWNER, today=DAY),
        "staff": set_sign_in(email="staff@console.example", password="", staff_roles=["support"]),
    }
    daily.run(until=SETTLED)
    return found


def patterns(urlconf: str) -> Iterator[URLPattern | URLResolver]:
    yield from get_resolver(urlconf).url_patterns


@pytest.mark.parametrize(
    ("urlconf", "table"),
    [
        ("workplace_console.urls", AT_CONSOLE | AT_API),
        ("workplace_console.company_urls", AT_COMPANY_HOST),
    ],
)
def test_every_address_is_in_the_registry_and_in_this_table(
    urlconf: str, table: dict[str, Any]
) -> None:
    from workplace_console.guard import is_guarded

    names = []
    for pattern in patterns(urlconf):
        if isinstance(pattern, URLResolver):
            assert pattern.urlconf_name == site.urls[0] or pattern.app_name == "admin"
            continue
        assert is_guarded(pattern.callback), f"{pattern} is not declared in addresses.py"
        names.append(pattern.name)
    assert sorted(names) == sorted(table), "addresses.py and this table differ"


def test_the_support_pages_are_not_on_a_company_s_own_host(visitors: dict[str, Any]) -> None:
    answer = people.signed_in(visitors["staff"], host=HOST).get("/support/")

    assert answer.status_code == 404


@pytest.mark.parametrize("visitor", VISITORS)
def test_the_console_lets_in_whom_it_should(visitors: dict[str, Any], visitor: str) -> None:
    failures = []
    for name, (reads, writes) in AT_CONSOLE.items():
        for method, allowed in (("get", reads), ("post", writes)):
            got = ask(visitors[visitor], name, method, company="acme")
            if got != expected_at_console(visitor, allowed):
                failures.append((name, method, got, expected_at_console(visitor, allowed)))
    assert failures == []


@pytest.mark.parametrize("visitor", VISITORS)
def test_a_company_s_own_host_lets_in_whom_it_should(
    visitors: dict[str, Any], visitor: str
) -> None:
    failures = []
    for name, (reads, writes) in AT_COMPANY_HOST.items():
        for method, allowed in (("get", reads), ("post", writes)):
            got = ask(visitors[visitor], name, method, host=HOST)
            if got != expected_at_host(visitor, allowed):
                failures.append((name, method, got, expected_at_host(visitor, allowed)))
    assert failures == []


def test_a_company_that_does_not_exist_looks_like_somebody_else_s(
    visitors: dict[str, Any],
) -> None:
    client = people.signed_in(visitors["foreign"])

    theirs = client.get("/c/acme/product/")
    nobodys = client.get("/c/nosuch/product/")

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content


def test_no_other_method_is_taken_anywhere(visitors: dict[str, Any]) -> None:
    client = people.signed_in(visitors["o"])
    for name in AT_CONSOLE:
        for method in ("put", "patch", "delete", "options", "trace"):
            assert getattr(client, method)(address(name, company="acme")).status_code == 405


def ask(
    user: User | None, name: str, method: str, *, host: str = people.CONSOLE, company: str = ""
) -> str:
    """What comes of a request, in a word."""
    client = people.signed_in(user, host=host)
    url = address(name, company=company, urlconf="company_urls" if host == HOST else "urls")
    return outcome(getattr(client, method)(url, POSTED.get(name) if method == "post" else None))


def outcome(answer: HttpResponse) -> str:
    if answer.status_code == 302 and answer.headers["Location"].startswith(WAYS_IN):
        return "sign in"
    return {403: "forbidden", 404: "not found", 405: "no such method"}.get(
        answer.status_code, "in" if answer.status_code < 500 else "broken"
    )


def address(name: str, *, company: str = "", urlconf: str = "urls") -> str:
    from django.urls import reverse

    parts = dict(PARTS.get(name, {}))
    open_to_all = {
        "home",
        "login",
        "account",
        "sign_ins",
        "second_step",
        "second_factor",
        "second_factor_app",
        "second_factor_passkey",
        "invite",
        "return",
        "portone",
        "styleguide",
        *AT_COMPANY_HOST,
    } - {
        "accounts",
        "accounts_exclude",
        "accounts_import",
        "accounts_csv",
        "people",
    }
    if company and name not in open_to_all:
        parts["company"] = company
    return reverse(name, urlconf=f"workplace_console.{urlconf}", kwargs=parts)


def expected_at_console(visitor: str, allowed: str) -> str:
    if allowed == "-":
        return "no such method"
    if allowed == "d":
        return "not found"
    if allowed == "*":
        return "in"
    if visitor == "stranger":
        return "sign in"
    if allowed == "s":
        return "in"
    if visitor in ("foreign", "staff"):
        return "not found"
    as_seen = "e" if visitor == "w" else visitor
    return "in" if as_seen in allowed else "forbidden"


def expected_at_host(visitor: str, allowed: str) -> str:
    if allowed == "-":
        return "no such method"
    if allowed == "*":
        return "in"
    if visitor in ("e", "w"):
        return "in" if visitor in allowed else "forbidden"
    return "sign in"


def test_links_are_those_of_the_request_at_hand() -> None:
    """They are kept, but not for a request that says that the console lies elsewhere."""
    plain = guard._link("acme", "product")  # noqa: SLF001
    set_script_prefix("/elsewhere/")
    try:
        assert guard._link("acme", "product") == f"/elsewhere{plain}"  # noqa: SLF001
    finally:
        set_script_prefix("/")
    assert guard._link("acme", "product") == plain == "/c/acme/product/"  # noqa: SLF001
