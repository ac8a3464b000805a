"""Tables that are sorted by their heads, and keep it in the address."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from groupco.choices import Role
from groupco.operations import Person
from products import operations as products
from tests.companies import BY, paid
from tests.pages import people
from workplace_console import daily
from workplace_console.common.sorting import known, ordered

BEGUN = date(2026, 1, 10)
TODAY = date(2026, 4, 2)
PERSONS = [
    Person("3", "Ahn", "c@acme.example"),
    Person("1", "Cho", "b@acme.example"),
    Person("2", "Bae", "a@acme.example"),
]


@pytest.fixture
def client(db: None, settings: Any) -> Client:
    """Acme, which pays since January; its third account came in March."""
    settings.CONSOLE_TODAY = TODAY
    paid("acme", on=BEGUN, accounts=0)
    products.register_accounts(company_id="acme", persons=PERSONS[:2], today=BEGUN, by=BY)
    user = people.admin("acme", Role.VIEWER, today=BEGUN)
    daily.run(until=date(2026, 3, 4))
    products.register_accounts(
        company_id="acme", persons=PERSONS[2:], today=date(2026, 3, 5), by=BY
    )
    daily.run(until=TODAY)
    return people.signed_in(user)


def page(client: Client, path: str) -> str:
    answer = client.get(f"/c/acme/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def names(text: str) -> str:
    return "".join(re.findall(r'<th scope="row">(A|B|C)', text))


def invoices(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a[^>]*>(acme-[0-9-]+)', text)


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("", "CBA"),
        ("number", "CBA"),
        ("-number", "ABC"),
        ("name", "ABC"),
        ("-name", "CBA"),
        ("email", "BCA"),
        ("registered_on", "CAB"),
        ("-registered_on", "BAC"),
        ("employee__user__password", "CBA"),
        ("%00", "CBA"),
        ("--name", "CBA"),
    ],
)
def test_accounts_are_sorted_as_the_address_says(client: Client, sort: str, found: str) -> None:
    assert names(page(client, f"accounts/?sort={sort}")) == found


def test_a_head_says_how_it_is_sorted_and_leads_to_the_other_way(client: Client) -> None:
    text = page(client, "accounts/?q=acme&sort=name&page=1")

    heads = re.findall(r'<th scope="col"( aria-sort="\w+")?><a class="sort" href="([^"]*)"', text)
    assert heads == [
        (' aria-sort="ascending"', "?q=acme&amp;sort=-name"),
        ("", "?q=acme&amp;sort=number"),
        ("", "?q=acme&amp;sort=email"),
        ("", "?q=acme&amp;sort=registered_on"),
    ]
    # A new search keeps it.
    assert '<input type="hidden" name="sort" value="name">' in text
    assert names(page(client, "accounts/?q=a@&sort=-name")) == "B"


def test_bills_stand_newest_first_until_asked_otherwise(client: Client) -> None:
    newest = ["acme-202604-1", "acme-202603-1", "acme-202602-1"]

    assert invoices(page(client, "bills/")) == newest
    assert invoices(page(client, "bills/?sort=issued_on")) == newest[::-1]
    # January was no whole month; in March a third account came.
    assert invoices(page(client, "bills/?sort=total")) == newest[::-1]
    assert invoices(page(client, "bills/?sort=-total")) == newest
    assert invoices(page(client, "bills/?sort=nothing")) == newest


def test_an_order_is_turned_round_as_a_whole() -> None:
    sorts = {"name": ("name", "number")}

    assert ordered(sorts, "-name") == ["-name", "-number"]
    assert known(sorts, "-name", default="x") == "-name"
    assert known(sorts, "number", default="x") == "x"
