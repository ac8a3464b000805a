"""Every address of the console: who may read it, who may write, what serves it.

The site maps (urls.py, company_urls.py) are made of these lists and of nothing else, and the guard
asks them before a view runs. A new page is a new line here, and a new row in the table of
tests/pages/test_addresses.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from django.http import HttpResponseBase

from workplace_console.api import accounts as api_accounts
from workplace_console.api import company as api_company
from workplace_console.api import openapi, reports
from workplace_console.api.calls import ApiAddress
from workplace_console.common.accesses import Way
from workplace_console.pages import (
    access,
    account,
    accounts,
    admins,
    audit,
    bills,
    budget,
    capacity,
    company,
    company_host,
    dashboard,
    deliveries,
    departments,
    documents,
    door,
    group,
    group_order,
    group_scope,
    help,
    home,
    hooks,
    notices,
    payment,
    people,
    postings,
    product,
    quote,
    receipt,
    second_factor,
    sign_ins,
    styleguide,
    terminate,
    tokens,
    trend,
    upgrade,
    usage,
)

View: TypeAlias = Callable[..., HttpResponseBase]


class Who(StrEnum):
    """In what capacity someone asks. One person may be several at once."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    # Console admins of the company in the address, by role. R: A6.
    OWNER = "owner"
    BILLING = "billing"
    VIEWER = "viewer"
    # At a company's own host, or in its console by mistake. R: A1, A2.
    EMPLOYEE = "employee"
    WORKPLACE_ADMIN = "workplace_admin"


Whos: TypeAlias = frozenset[Who]

NOBODY: Final[Whos] = frozenset()
ANYONE: Final[Whos] = frozenset({Who.ANYONE})
SIGNED_IN: Final[Whos] = frozenset({Who.SIGNED_IN})
ADMINS: Final[Whos] = frozenset({Who.OWNER, Who.BILLING, Who.VIEWER})
OWNERS: Final[Whos] = frozenset({Who.OWNER})
PAYING: Final[Whos] = frozenset({Who.OWNER, Who.BILLING})
EMPLOYEES: Final[Whos] = frozenset({Who.EMPLOYEE})
WORKPLACE_ADMINS: Final[Whos] = frozenset({Who.WORKPLACE_ADMIN})

LOOKED, TAKEN = Way.LOOKED, Way.TAKEN


@dataclass(frozen=True)
class Address:
    """One address. GET and HEAD are for `reads`, POST is for `writes`; nothing else is allowed.

    `grave`: about money, deletion, or who may do that; a POST needs a second factor where settings
    say so. `fresh` asks before a POST who it is, when that was shown long ago. `after_end`: it is
    there even when the company is terminated (R: G5); `after_expiry`: when its trial has expired
    and its data is still there (R: G3). `noted`: it shows a company's people or hands them out, and
    who reads it is written down (common/accesses.py).
    """

    name: str
    route: str
    view: View
    reads: Whos = ADMINS
    writes: Whos = NOBODY
    grave: bool = False
    fresh: bool = False
    after_end: bool = False
    after_expiry: bool = False
    noted: Way | None = None

    @property
    def methods(self) -> tuple[str, ...]:
        reading = ("GET", "HEAD") if self.reads else ()
        return reading + (("POST",) if self.writes else ())

    @property
    def is_open(self) -> bool:
        """Whether anyone at all may come, signed in or not."""
        return Who.ANYONE in self.reads | self.writes


def _anyone(name: str, route: str, view: Any, *, reads: Whos = ANYONE) -> Address:
    return Address(name, route, view, reads, ANYONE)


# One's way in and out; the same at the console and at a company's own host.
DOOR: Final = (
    _anyone("logout", "logout/", door.logout, reads=NOBODY),
    _anyone("reset", "login/reset/", door.reset),
    _anyone("reset_set", "login/reset/<str:token>/", door.reset_set),
    _anyone("language", "language/", door.language, reads=NOBODY),
    Address("healthz", "healthz", home.healthz, ANYONE),
)

CONSOLE: Final = (
    Address("home", "", home.home, ANYONE),
    _anyone("login", "login/", door.login),
    _anyone("second_step", "login/second/", door.second_step_page),
    *DOOR,
    _anyone("invite", "invite/<str:token>/", door.invite),
    _anyone("portone", "hooks/portone/", hooks.portone, reads=NOBODY),
    Address("styleguide", "styleguide/", styleguide.styleguide, ANYONE),
    Address("return", "return/", terminate.product_return, SIGNED_IN),
    Address("account", "account/", account.account, SIGNED_IN, SIGNED_IN),
    Address(
        "second_factor",
        "account/second/",
        second_factor.second_factor,
        SIGNED_IN,
        SIGNED_IN,
        fresh=True,
    ),
    Address(
        "second_factor_app",
        "account/second/app/",
        second_factor.app,
        SIGNED_IN,
        SIGNED_IN,
        fresh=True,
    ),
    Address(
        "second_factor_passkey",
        "account/second/passkey/",
        second_factor.passkey,
        SIGNED_IN,
        SIGNED_IN,
        fresh=True,
    ),
    Address("sign_ins", "account/sessions/", sign_ins.sign_ins, SIGNED_IN, SIGNED_IN),
    Address("dashboard", "c/<company:company>/", dashboard.dashboard),
    Address("product", "c/<company:company>/product/", product.product),
    Address(
        "convert",
        "c/<company:company>/product/convert/",
        product.convert,
        ADMINS,
        OWNERS,
        grave=True,
        after_expiry=True,
    ),
    Address(
        "upgrade",
        "c/<company:company>/product/upgrade/",
        upgrade.upgrade,
        ADMINS,
        OWNERS,
        grave=True,
    ),
    Address(
        "capacity_add",
        "c/<company:company>/product/capacity/add/",
        capacity.capacity_add,
        ADMINS,
        OWNERS,
        grave=True,
    ),
    Address(
        "capacity_return",
        "c/<company:company>/product/capacity/return/",
        capacity.capacity_return,
        ADMINS,
        OWNERS,
        grave=True,
    ),
    # It asks for the password itself, each time. R: G2.
    Address(
        "terminate",
        "c/<company:company>/product/terminate/",
        terminate.terminate,
        ADMINS,
        OWNERS,
        grave=True,
    ),
    Address(
        "terminate_data",
        "c/<company:company>/product/terminate/data/",
        terminate.terminate_data,
        NOBODY,
        OWNERS,
        grave=True,
        fresh=True,
        noted=TAKEN,
    ),
    Address(
        "ended",
        "c/<company:company>/ended/",
        terminate.ended,
        ADMINS,
        OWNERS,
        grave=True,
        fresh=True,
        after_end=True,
    ),
    Address(
        "accounts", "c/<company:company>/accounts/", accounts.accounts, ADMINS, OWNERS, noted=LOOKED
    ),
    Address(
        "accounts_exclude",
        "c/<company:company>/accounts/exclude/",
        accounts.accounts_exclude,
        OWNERS,
        OWNERS,
        noted=LOOKED,
    ),
    Address(
        "accounts_import",
        "c/<company:company>/accounts/import/",
        accounts.accounts_import,
        OWNERS,
        OWNERS,
    ),
    Address(
        "accounts_csv", "c/<company:company>/accounts/csv/", accounts.accounts_csv, noted=TAKEN
    ),
    Address(
        "departments",
        "c/<company:company>/departments/",
        departments.departments,
        ADMINS,
        OWNERS,
        noted=LOOKED,
    ),
    Address(
        "departments_import",
        "c/<company:company>/departments/import/",
        departments.departments_import,
        OWNERS,
        OWNERS,
    ),
    Address(
        "postings",
        "c/<company:company>/departments/people/",
        postings.postings,
        ADMINS,
        OWNERS,
        noted=LOOKED,
    ),
    Address(
        "group",
        "c/<company:company>/group/",
        group.group,
        ADMINS,
        OWNERS,
        grave=True,
        fresh=True,
    ),
    Address(
        "group_scope",
        "c/<company:company>/group/scope/",
        group_scope.scope,
        ADMINS,
        OWNERS,
    ),
    Address(
        "group_order",
        "c/<company:company>/group/order/",
        group_order.order,
        ADMINS,
        OWNERS,
    ),
    Address("usage", "c/<company:company>/usage/", usage.usage),
    Address("trend", "c/<company:company>/usage/trend/", trend.trend),
    Address(
        "usage_month",
        "c/<company:company>/usage/<month:month>/",
        usage.usage_month,
        after_end=True,  # a bill's lines lead there
        noted=LOOKED,
    ),
    Address("bills", "c/<company:company>/bills/", bills.bills, after_end=True),
    Address("documents", "c/<company:company>/documents/", documents.documents, after_end=True),
    Address("bill", "c/<company:company>/bills/<str:number>/", bills.bill, after_end=True),
    Address(
        "payment",
        "c/<company:company>/payment/",
        payment.payment,
        ADMINS,
        PAYING,
        grave=True,
        fresh=True,
        after_end=True,
    ),
    Address(
        "receipt",
        "c/<company:company>/bills/<str:number>/receipt/",
        receipt.receipt,
        ADMINS,
        PAYING,
        after_end=True,
    ),
    Address(
        "deliveries",
        "c/<company:company>/payment/deliveries/",
        deliveries.deliveries,
        ADMINS,
        PAYING,
    ),
    Address(
        "bill_pay",
        "c/<company:company>/bills/<str:number>/pay/",
        bills.bill_pay,
        NOBODY,
        PAYING,
        grave=True,
        fresh=True,
    ),
    Address(
        "payment_card",
        "c/<company:company>/payment/card/",
        payment.payment_card,
        PAYING,
        PAYING,
        grave=True,
        fresh=True,
    ),
    Address("budget", "c/<company:company>/budget/", budget.budget, ADMINS, PAYING),
    Address("quote", "c/<company:company>/quote/", quote.quote),
    Address("notices", "c/<company:company>/notices/", notices.notices, ADMINS, ADMINS),
    Address("audit", "c/<company:company>/audit/", audit.audit),
    Address("access", "c/<company:company>/audit/access/", access.access, OWNERS),
    Address("audit_csv", "c/<company:company>/audit/csv/", audit.audit_csv),
    Address("help", "c/<company:company>/help/", help.help_, after_end=True),
    Address(
        "help_article",
        "c/<company:company>/help/<slug:slug>/",
        help.help_article,
        after_end=True,
    ),
    Address("company", "c/<company:company>/company/", company.company, ADMINS, PAYING),
    Address(
        "tokens",
        "c/<company:company>/company/tokens/",
        tokens.tokens,
        ADMINS,
        OWNERS,
        grave=True,
        fresh=True,
    ),
    Address(
        "admins",
        "c/<company:company>/admins/",
        admins.admins,
        ADMINS,
        OWNERS,
        grave=True,
        fresh=True,
    ),
    Address(
        "change_request",
        "c/<company:company>/request/",
        home.change_request,
        NOBODY,
        EMPLOYEES,
    ),
)

# For programs that show a token: no session, no form. Each call says what scope it needs.
API: Final = (
    ApiAddress("api_described", "api/v1/openapi.json", {"GET": openapi.described}),
    ApiAddress("api_company", "api/v1/companies/<company:company>", {"GET": api_company.standing}),
    ApiAddress(
        "api_accounts",
        "api/v1/companies/<company:company>/accounts",
        {"GET": api_accounts.listed, "POST": api_accounts.join},
    ),
    ApiAddress(
        "api_accounts_exclude",
        "api/v1/companies/<company:company>/accounts/exclude",
        {"POST": api_accounts.leave},
    ),
    ApiAddress(
        "api_storage", "api/v1/companies/<company:company>/storage", {"POST": reports.storage}
    ),
    ApiAddress("api_cards", "api/v1/companies/<company:company>/cards", {"POST": reports.cards}),
    # Whatever else a program asks for is told in its own tongue that it isn't there.
    ApiAddress("api_nothing", "api/<path:rest>", {}),
)

COMPANY_HOST: Final = (
    _anyone("login", "", company_host.entrance),
    *DOOR,
    Address(
        "accounts", "accounts/", accounts.accounts, WORKPLACE_ADMINS, WORKPLACE_ADMINS, noted=LOOKED
    ),
    Address(
        "accounts_exclude",
        "accounts/exclude/",
        accounts.accounts_exclude,
        WORKPLACE_ADMINS,
        WORKPLACE_ADMINS,
        noted=LOOKED,
    ),
    Address(
        "accounts_import",
        "accounts/import/",
        accounts.accounts_import,
        WORKPLACE_ADMINS,
        WORKPLACE_ADMINS,
    ),
    Address("accounts_csv", "accounts/csv/", accounts.accounts_csv, WORKPLACE_ADMINS, noted=TAKEN),
    # Colleagues look each other up all day: nothing is written down about that (docs/adr/0021).
    Address("people", "people/", people.people, EMPLOYEES, EMPLOYEES),
)
