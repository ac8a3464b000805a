"""Who holds an account: listed, registered and excluded as of today. R: E4, H4."""

from __future__ import annotations

from typing import Any, Final

from groupco import queries as groups
from groupco.choices import Scope
from groupco.operations import Person
from products import operations
from products import queries as products
from products.rules import check_active
from workplace_console.api.calls import ApiRequest, Given, call, common
from workplace_console.api.fields import Day, Mail, Record, Rows, Text, Whole

NUMBER: Final = "The company's own number of the person."
REASON: Final = "What for. Kept for two years beside who asked and when; write no names."
PAGE: Final = 100

PERSON: Final = Record(
    name="Account",
    fields={
        "number": Text(least=1, most=60, says=NUMBER),
        "name": Text(most=100),
        "email": Text(most=254),
        "registered_on": Day(says="The first day that counts."),
    },
)
LISTED: Final = Record(
    name="Accounts",
    fields={
        "accounts": Rows(of=PERSON, says="In the order of their numbers."),
        "next": Text(
            most=60, nullable=True, says="What to send as `after` for the rest; null at the end."
        ),
    },
)
JOIN: Final = Record(
    name="Join",
    fields={
        "number": Text(most=60, optional=True, says=NUMBER + " Left out, one is given."),
        "name": Text(most=100, optional=True, says="A name or a number is needed."),
        "email": Mail(optional=True),
    },
)
JOINED: Final = Record(
    name="Joined",
    fields={
        "number": Text(least=1, most=60),
        "registered_on": Day(says="Today: the first day that counts."),
        "accounts": Whole(says="How many are registered now."),
    },
)
LEAVE: Final = Record(name="Leave", fields={"number": Text(least=1, most=60, says=NUMBER)})
LEFT: Final = Record(
    name="Left",
    fields={
        "number": Text(least=1, most=60),
        "excluded_on": Day(says="Today: the last day that counts."),
        "accounts": Whole(says="How many are registered now."),
    },
)


@call(
    scope=Scope.ACCOUNTS,
    answer=LISTED,
    takes=Record(
        fields={
            "after": Text(most=60, optional=True, says="Begin after the person with this number."),
            "limit": Whole(least=1, most=1000, optional=True, says="100 when left out."),
            "reason": Text(most=100, optional=True, says=REASON),
        }
    ),
    hands_out=True,
    refuses={"not_active": ""},
)
def listed(request: ApiRequest, given: Given) -> dict[str, Any]:
    """Who is registered now, page by page."""
    check_active(products.standing(request.company.pk, request.today))
    limit = given.get("limit", PAGE)
    found = groups.accounts_now(
        request.company.pk, request.today, after=given.get("after", ""), most=limit + 1
    )
    shown = [
        {
            "number": account.employee.number,
            "name": account.employee.name,
            "email": account.employee.email,
            "registered_on": account.registered_on.isoformat(),
        }
        for account in found[:limit]
    ]
    return {"accounts": shown, "next": shown[-1]["number"] if len(found) > limit else None}


@call(
    scope=Scope.ACCOUNTS,
    takes=JOIN,
    answer=JOINED,
    status=201,
    refuses={
        "not_active": "",
        "nobody": "name",
        "bad_person": "",
        "already_registered": "number",
        "email_taken": "email",
    },
)
def join(request: ApiRequest, given: Given) -> dict[str, Any]:
    """Register a person from today on; a known number means that person, who comes back."""
    person = Person(given.get("number", ""), given.get("name", ""), given.get("email", ""))
    number = operations.register_person(person=person, **common(request))
    return {
        "number": number,
        "registered_on": request.today.isoformat(),
        "accounts": groups.registered(request.company.pk, request.today),
    }


@call(
    scope=Scope.ACCOUNTS,
    takes=LEAVE,
    answer=LEFT,
    refuses={"not_active": "", "not_registered": "number"},
)
def leave(request: ApiRequest, given: Given) -> dict[str, Any]:
    """Exclude a person; today still counts."""
    operations.exclude_person(number=given["number"], **common(request))
    return {
        "number": given["number"],
        "excluded_on": request.today.isoformat(),
        "accounts": groups.registered(request.company.pk, request.today),
    }
