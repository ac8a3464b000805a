"""What stands on invoices, whom they go to, and an order that two have changed. R: E10, E12, F6."""

from __future__ import annotations

import pytest

from groupco import rules
from tests.rules.refused import code

DETAILS = {
    "name": "가",
    "representative": "",
    "address": "",
    "business_type": "",
    "business_item": "",
}


@pytest.mark.parametrize(
    ("field", "most"),
    [("representative", 60), ("address", 200), ("business_type", 60), ("business_item", 60)],
)
def test_details_have_room_on_an_invoice(field: str, most: int) -> None:
    def check(text: str) -> str:
        return code(rules.check_details, DETAILS | {field: text})

    assert check("") == check("가" * most) == ""
    assert check("가" * (most + 1)) == check("가\n나") == f"bad_{field}"


def test_a_name_has_1_to_100_characters() -> None:
    def check(name: str) -> str:
        return code(rules.check_details, DETAILS | {"name": name})

    assert check("가") == check("가" * 100) == ""
    assert check("") == check("가" * 101) == check("가\0") == "bad_company_name"


def test_bills_are_sent_to_twenty_addresses_at_most_and_each_is_mailed_about_something() -> None:
    addresses = [f"a{number}@example.com" for number in range(21)]

    assert code(rules.check_billing_addresses, addresses[:20]) == ""
    assert code(rules.check_billing_addresses, addresses) == "too_many_billing_addresses"
    assert code(rules.check_topics, {"a@example.com": ["invoice"]}) == ""
    assert code(rules.check_topics, {"a@example.com": []}) == "no_topic"


def test_an_order_that_somebody_else_saved_meanwhile_is_not_written_over() -> None:
    assert code(rules.check_version, 3, now=3) == ""
    assert code(rules.check_version, 3, now=4) == "changed_meanwhile"


def test_the_nearest_above_is_found_over_others_and_a_circle_has_an_end() -> None:
    parents = {"a": "b", "b": "c", "c": None}

    assert rules.nearest("a", parents, among=["b", "c"]) == "b"
    assert rules.nearest("a", parents, among=["c"]) == "c"
    assert rules.nearest("c", parents, among=["a"]) is None
    assert rules.nearest("a", {"a": "b", "b": "c", "c": "b"}, among=["d"]) is None
