"""Every page of the console as a browser meets it: quiet, accessible, and no wider than it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import databases
from tests.browser.conftest import NARROW, WIDE, Watched
from tests.browser.looks import LOOKS, Look, look_at
from tests.browser.served import Served
from tests.browser.test_walk import PASSWORD, ROSTER, sign_in

AT_THE_DOOR = ("login/", "login/reset/", "login/reset/no-such-link/", "invite/no-such-link/", "no/")

OF_A_COMPANY = (
    "",
    "product/",
    "product/terminate/",
    "product/convert/",
    "accounts/",
    "accounts/?q=nobody",
    "accounts/?show=idle",
    "accounts/?show=duplicates",
    "accounts/exclude/",
    "accounts/import/",
    "departments/",
    "departments/import/",
    "departments/people/",
    "departments/people/?employee=1001",
    "group/",
    "usage/",
    "usage/trend/",
    "bills/",
    "payment/",
    "payment/deliveries/",
    "payment/card/",
    "budget/",
    "documents/",
    "quote/",
    "quote/?accounts=many",
    "notices/",
    "audit/",
    "audit/access/",
    "accounts/csv/?reason=",
    "help/",
    "help/?q=capacity",
    "help/?q=nothing",
    "help/charges/",
    "help/access/",
    "company/",
    "company/tokens/",
    "admins/",
)
ONCE_PAID = (
    "product/capacity/add/?tb=2",
    "usage/?month=2026-03",
    "usage/2026-03/",
    "usage/2026-04/",
    "bills/acme-202604-1/",
    "bills/acme-202604-1/receipt/",
)
OF_NOBODY = (
    *("c/acme/no-such-page/", "c/nosuch/", "account/", "account/sessions/", "account/second/"),
    *("account/second/app/", "account/second/passkey/"),
)


@pytest.fixture
def console(serve: Served) -> Served:
    """Acme, paid for a month, and fresh, which is in its trial with a reservation."""
    databases.live(
        [
            ("2026-03-02", ["create_company", "acme", "--name", "에이스", "--admin",
                            "admin@acme.example"], ""),
            ("2026-03-02", ["import_accounts", "acme", "-"], ROSTER),
            ("2026-03-02", ["convert", "acme", "--plan", "collabo", "--cycle", "monthly",
                            "--start", "2026-03-03"], ""),
            ("2026-04-01", ["create_company", "fresh", "--name", "이름이 아주 긴 회사 " * 5,
                            "--admin", "admin@acme.example"], ""),
            ("2026-04-02", ["convert", "fresh", "--plan", "workplace", "--cycle", "annual",
                            "--start", "2026-04-12"], ""),
        ],
        database=serve.database,
    )  # fmt: skip
    databases.let_in("admin@acme.example", PASSWORD, database=serve.database)
    serve.on("2026-04-05")
    return serve


@pytest.mark.thorough
def test_every_page_is_quiet_accessible_and_fits(
    console: Served, browse: Callable[..., Watched]
) -> None:
    """Wide and narrow, light and dark."""
    watched = browse()
    for path in AT_THE_DOOR:
        look_at(watched, f"{console.url}/{path}")
    sign_in(watched.page, console)
    for path in OF_A_COMPANY:
        look_at(watched, f"{console.url}/c/acme/{path}")
        look_at(watched, f"{console.url}/c/fresh/{path}")
    for path in ONCE_PAID:
        look_at(watched, f"{console.url}/c/acme/{path}")
    for path in OF_NOBODY:
        look_at(watched, f"{console.url}/{path}")


# What people come for most, each by one look; all of it in CI (above), and in every state by hand
# (test_states.py).
OFTEN = ("", "product/", "accounts/", "usage/2026-03/", "bills/acme-202604-1/", "audit/")


def test_the_pages_that_are_seen_most_are_quiet_accessible_and_fit(
    console: Served, browse: Callable[..., Watched]
) -> None:
    watched = browse()
    look_at(watched, f"{console.url}/login/", [Look(WIDE, "light")])
    sign_in(watched.page, console)
    for number, path in enumerate(OFTEN):
        look_at(watched, f"{console.url}/c/acme/{path}", [LOOKS[number % len(LOOKS)]])
    look_at(watched, f"{console.url}/c/fresh/", [Look(NARROW, "dark")])
