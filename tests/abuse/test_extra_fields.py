"""Fields that a form does not have are sent along with it: nothing of them is kept, and nobody
becomes or gets anything by them. F4 of the map; R: A6.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any, Final

import pytest
from django.test import Client

from tests.abuse.conftest import THERE
from tests.abuse.site import Field, Form, Site, as_before, send
from tests.abuse.test_foreign_ids import VALUES, checksum
from tests.billing.stories import undone
from workplace_console.common import sql

NUMBER: Final = "98765432"
NAMES: Final = {
    **dict.fromkeys(
        (
            *(
                "price",
                "unit_price",
                "amount",
                "supply",
                "vat",
                "total",
                "quantity",
                "count",
                "left",
            ),
            *("id", "pk", "user", "user_id", "admin", "admin_id", "employee_id", "account_id"),
            *("method_id", "invoice_id", "payment_id", "sequence", "numbered", "position"),
            *("notices_read_to", "attempts", "last_four", "price_id", "group_id", "order_version"),
        ),
        NUMBER,
    ),
    **dict.fromkeys(
        ("company", "company_id", "payer", "payer_id", "representative", "tenant", "owner"), THERE
    ),
    **dict.fromkeys(
        ("is_staff", "is_superuser", "is_active", "is_workplace_admin", "by_support", "is_default"),
        "true",
    ),
    "staff_roles": "support",
    "state": "paid",
    "status": "paid",
    "today": "2020-01-01",
    "by": "system",
    "hash": NUMBER,
    "sealed_key": NUMBER,
    "issued_on": "2020-01-01",
}
POWERS: Final = """
    SELECT 'staff', email::text, staff_roles::text FROM groupco_user WHERE staff_roles <> '{}'
    UNION ALL SELECT 'boss', company_id || number, '' FROM groupco_employee WHERE is_workplace_admin
    UNION ALL SELECT 'price', id::text, unit_price::text FROM products_price ORDER BY 1, 2, 3"""
EVERYWHERE: Final = """
    SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'
      AND table_name <> ALL('{django_migrations}') ORDER BY 1"""


def kept() -> list[str]:
    """The tables in which the number stands that nobody should have been able to write."""
    counts = " UNION ALL ".join(
        f"SELECT '{table}' FROM {table} AS t WHERE t::text LIKE %(number)s"  # noqa: S608
        for table in sql.column(EVERYWHERE)
    )
    return sql.column(counts, number=f"%{NUMBER}%")


@pytest.mark.parametrize("who", ["owner", "boss"])
def test_nothing_is_kept_of_what_a_form_does_not_have(
    clients: dict[str, Client], sites: dict[str, Site], examples: Any, who: str
) -> None:
    assert VALUES["companies"] == [THERE]
    before = checksum(), sql.rows(POWERS), kept()
    assert before[2] == []
    known = [form for form in sites[who].forms if form.method == "post"]
    Random(who).shuffle(known)
    for form in known[: examples(few=6, deep=10**9)]:
        with undone(), as_before(clients[who]):
            answer = send(clients[who], with_more(form))
            assert answer.status_code < 500, form.action
            assert (checksum(), sql.rows(POWERS), kept()) == before, form.action


def with_more(form: Form) -> Form:
    own = {field.name for field in form.fields}
    more = [Field(name, value, "hidden") for name, value in NAMES.items() if name not in own]
    return replace(form, fields=(*form.fields, *more))
