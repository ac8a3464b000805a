"""How the demo's group came about: applied for, matched, and agreed to. R: F1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from groupco import operations as groups
from groupco import queries
from groupco.rules import Wanted
from products import operations as products
from workplace_console.common.audit import Actor

LEAD: Final = "hanbit"
MEMBERS: Final = ("saebyeok", "nuri")


def _user(email: str) -> Actor:
    user = queries.user(email)
    assert user  # noqa: S101 - the demo has let them in on an earlier day
    return Actor.user(user.pk, address=None)


def _owner(company_id: str) -> Actor:
    return _user(f"admin@{company_id}.example")


def _staff() -> Actor:
    return _user("support@console.example")


def _number() -> int:
    found = queries.application_of(LEAD)
    assert found  # noqa: S101 - applied for on an earlier day
    return found.row.pk


def _apply(day: date) -> None:
    wanted = [
        Wanted(company.pk, company.business_number)
        for company_id in MEMBERS
        if (company := queries.company(company_id))
    ]
    products.apply_for_group(company_id=LEAD, companies=wanted, today=day, by=_owner(LEAD))


def _receive(day: date) -> None:
    groups.receive_application(application_id=_number(), today=day, by=_staff())


def _match(day: date) -> None:
    products.match_application(application_id=_number(), today=day, by=_staff())


def _agree(company_id: str) -> Callable[[date], None]:
    def act(day: date) -> None:
        products.agree_to_group(company_id=company_id, today=day, by=_owner(company_id))

    return act


# So many days ago; the group is as old as the last agreement.
FORMING: Final[Sequence[tuple[int, Callable[[date], None]]]] = (
    (156, _apply),
    (155, _receive),
    (154, _match),
    (152, _agree("nuri")),
    (150, _agree("saebyeok")),
)
