"""English is complete: no Hangul on any page, in any file or answer to a form. R: H3.

Nobody here has a Korean name, so whatever Hangul there is was written by the console. Pages are
found by following links, forms by looking at the pages: what is new is seen without a line here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import openpyxl
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from pypdf import PdfReader

from billing import operations as billing
from groupco import operations as groups
from groupco.choices import Role
from groupco.models import Company, User
from products import operations as products
from products.choices import Cycle, Plan, StorageCategory
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily
from workplace_console.addresses import COMPANY_HOST, CONSOLE, Who
from workplace_console.common import sizes
from workplace_console.termination import terminate

HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ][가-힣ㄱ-ㅎㅏ-ㅣ\s]*")
# The way back to Korean is Korean.
IN_KOREAN = re.compile(r'<(\w+)[^>]*(?:\blang="ko"|value="ko")[^>]*>.*?</\1>', re.S)

# An example of a name, and of its initials, which only Korean has.
A_NAME = re.compile("김서연|ㄱㅅㅇ")

BEGUN = date(2026, 3, 2)
TODAY = date(2026, 5, 11)

# Not pages of one's own company, or reached by a mail only.
AT_THE_DOOR = {"home", "login", "reset", "reset_set", "invite", "return", "account"}
ELSEWHERE = AT_THE_DOOR | {"healthz", "styleguide"}


@pytest.fixture
def owner(db: None, settings: Any) -> User:
    """Of companies in every state, with a bit of everything that can be shown."""
    settings.SUPPLIER = dict.fromkeys(settings.SUPPLIER, "Supplier")
    settings.BANK_ACCOUNT = "Bank 000-12-345678"
    settings.DELETION_GRACE_DAYS = 30
    settings.CONSOLE_TODAY = TODAY
    paid("acme", on=BEGUN, accounts=3)
    paid("sister", on=BEGUN, accounts=2, plan=Plan.COLLABO, cycle=Cycle.ANNUAL)
    common = {"today": BEGUN, "by": BY}
    products.form_group(company_id="acme", members=["sister"], **common)
    products.add_capacity(company_id="acme", tb=3, **common)
    for category in StorageCategory:
        products.report_storage(
            company_id="acme", category=category, bytes=620 * sizes.GB, **common
        )
    user = people.admin("acme", Role.OWNER, today=BEGUN)
    paid("over", on=BEGUN, accounts=2)
    trial("late", on=BEGUN, accounts=1, trial_days=60)
    trial("fresh", on=BEGUN, accounts=1, trial_days=75)
    daily.run(until=TODAY - timedelta(days=1))
    trial("soon", on=TODAY, accounts=1)
    products.reserve(
        company_id="soon",
        plan=Plan.COLLABO,
        cycle=Cycle.ANNUAL,
        start=TODAY + timedelta(days=9),
        today=TODAY,
        by=BY,
    )
    for company in ("sister", "late", "fresh", "soon", "over"):
        people.admin(company, Role.OWNER, today=TODAY, email=user.email)
    daily.run(until=TODAY)
    change_this_and_that()
    return user


def change_this_and_that() -> None:
    common = {"today": TODAY, "by": BY}
    billing.credit(number="acme-202604-1", supply=10, reason="a mistake", **common)
    products.request_upgrade(company_id="acme", plan=Plan.COLLABO, **common)
    products.register_accounts(
        company_id="acme", persons=[groups.Person("7", "Kim", "kim@acme.example")], **common
    )
    products.return_capacity(company_id="acme", tb=1, **common)
    groups.invite_admin(company_id="acme", email="new@acme.example", role=Role.BILLING, **common)
    groups.request_change(
        company_id="acme",
        user=User(email="clerk@acme.example"),
        text="Please add storage",
        **common,
    )
    terminate(company_id="over", **common)
    Company.objects.update(representative="Boss", address="Street 1", business_number="1234567891")


def english(client: Client) -> Client:
    client.cookies["console_language"] = "en"
    return client


class Reader(HTMLParser):
    """The links and forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "a" and at.get("href"):
            self.links.append(at["href"])
        elif tag == "form":
            self.forms.append(Form(at.get("action", ""), at.get("method", "get").lower()))
        elif self.forms and tag in ("input", "select", "textarea", "button") and at.get("name"):
            self.forms[-1].add(tag, at)


@dataclass
class Form:
    """A form as it stands on a page; its buttons are ways of sending it."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def add(self, tag: str, at: dict[str, str]) -> None:
        if tag == "button":
            self.buttons.append((at["name"], at.get("value", "")))
        elif at.get("type") != "file":
            self.fields.setdefault(at["name"], at.get("value", ""))

    def sent(self) -> Iterator[dict[str, str]]:
        """With nothing in it and with nonsense, by every button."""
        kept = {name: self.fields[name] for name in self.fields if "token" in name or name == "act"}
        for button in self.buttons or [("", "")]:
            for text in ("", "?"):
                yield dict.fromkeys(self.fields, text) | kept | dict([button] if button[0] else [])


@dataclass
class Walk:
    """A walk through a host's pages in English; what was Korean on the way."""

    client: Client
    seen: set[str] = field(default_factory=set)
    forms: dict[tuple[str, ...], tuple[str, Form]] = field(default_factory=dict)
    korean: dict[str, list[str]] = field(default_factory=dict)

    def through(self, *starts: str) -> None:
        waiting, known = list(starts), set()
        while waiting:
            path = waiting.pop(0)
            kind = self.kind_of(path)
            if kind is None or kind in known:
                continue
            known.add(kind)
            answer = self.client.get(path, follow=True)
            self.seen.add(kind[0])
            found = self.look_at(path, answer)
            waiting += [urljoin(path, link) for link in found.links if "//" not in link]
            for form in found.forms:
                if form.method == "post":
                    where = urljoin(path, form.action)
                    self.forms.setdefault((kind[0], *form.fields, str(form.buttons)), (where, form))

    def kind_of(self, path: str) -> tuple[str, ...] | None:
        """Pages of one kind look alike: one of them is enough, for each company; of files, one."""
        parts = urlsplit(path)
        try:
            match = resolve(parts.path, urlconf=self.urlconf)
        except Resolver404:
            return None
        asked = sorted(re.findall(r"(?:^|&)(format=\w+|\w+)", parts.query))
        is_file = (match.url_name or "").endswith("_csv") or "format=" in parts.query
        company = "" if is_file else match.kwargs.get("company", "")
        return (match.url_name or "", company, *asked)

    @property
    def urlconf(self) -> str:
        host = self.client.defaults.get("HTTP_HOST", "")
        return f"workplace_console.{'company_urls' if 'acme.' in host else 'urls'}"

    def send_forms(self) -> None:
        for where, form in self.forms.values():
            if where in ("/logout/", "/language/"):
                continue
            for data in form.sent():
                self.look_at(f"{where} {data}", self.client.post(where, data, follow=True))

    def look_at(self, path: str, answer: HttpResponse) -> Reader:
        assert answer.status_code < 500, path
        reader = Reader()
        text = text_of(answer)
        if answer.headers["Content-Type"].startswith("text/html"):
            reader.feed(text)
            text = A_NAME.sub("", IN_KOREAN.sub("", text))
        if found := HANGUL.findall(text):
            self.korean[path] = [piece.strip() for piece in found]
        return reader


def text_of(answer: HttpResponse) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    kind = answer.headers["Content-Type"]
    if "sheet" in kind:
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = (str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
        return "\n".join([*book.sheetnames, *cells])
    if "pdf" in kind:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return "" if "zip" in kind else content.decode()


def test_no_page_of_the_console_has_hangul_in_english(owner: User) -> None:
    walk = Walk(english(people.signed_in(owner)))
    walk.through(
        *(f"/c/{company}/" for company in ("acme", "sister", "late", "fresh", "soon", "over")),
        *("/login/", "/login/reset/", "/account/", "/return/", "/c/acme/accounts/exclude/"),
    )
    walk.send_forms()

    assert walk.korean == {}
    assert missed(walk, CONSOLE, Who.OWNER) == set()


@pytest.fixture
def acme(db: None, settings: Any) -> None:
    settings.CONSOLE_TODAY = BEGUN
    paid("acme", on=BEGUN, accounts=3)


@pytest.mark.usefixtures("acme")
def test_no_page_of_a_company_s_host_has_hangul_in_english() -> None:
    boss = people.employee("acme", today=BEGUN, is_workplace_admin=True)
    walk = Walk(english(people.signed_in(boss, host="acme.localhost")))
    walk.through("/", "/accounts/", "/accounts/import/", "/accounts/exclude/", "/login/reset/")
    walk.send_forms()

    assert walk.korean == {}
    assert missed(walk, COMPANY_HOST, Who.WORKPLACE_ADMIN) == set()


@pytest.mark.usefixtures("acme")
def test_who_is_nobody_or_comes_by_mistake_reads_so_in_english() -> None:
    clerk = people.employee("acme", today=BEGUN)
    for user in (None, clerk):
        walk = Walk(english(people.signed_in(user)))
        walk.through("/c/acme/product/", "/c/nosuch/", "/invite/none/", "/login/reset/none/")
        walk.send_forms()

        assert walk.korean == {}


def missed(walk: Walk, addresses: Iterable[Any], who: Who) -> set[str]:
    """What they may read and the walk did not come to."""
    readable = {address.name for address in addresses if who in address.reads}
    return readable - walk.seen - ELSEWHERE
