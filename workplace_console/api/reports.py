"""What WORKPLACE's services report: stored bytes, and linked corporate cards. R: D2, D3, F2, H4."""

from __future__ import annotations

from typing import Any, Final

from groupco import queries as groups
from groupco.choices import Scope
from products import operations
from products import queries as products
from products.choices import StorageCategory
from workplace_console.api.calls import ApiRequest, Given, call, common
from workplace_console.api.company import CARDS, SHARED_CAPACITY, capacity_of, cards_of
from workplace_console.api.fields import Moment, Record, Whole

STORED: Final = Record(
    name="StorageReport",
    at_least=1,
    fields={
        category.value: Whole(optional=True, says="The category's new total, in bytes.")
        for category in StorageCategory
    },
)
COUNTED: Final = Record(
    name="CardsReport",
    fields={
        "count": Whole(most=1_000_000, says="Linked corporate cards."),
        "as_of": Moment(says="When they were counted; an older count than the last is refused."),
    },
)


@call(
    scope=Scope.STORAGE,
    takes=STORED,
    answer=SHARED_CAPACITY,
    refuses={"not_active": ""},
)
def storage(request: ApiRequest, given: Given) -> dict[str, Any]:
    """Report what a company stores now, by category; a category that is left out stays."""
    totals = {StorageCategory(name): size for name, size in given.items()}
    operations.report_all_storage(totals=totals, **common(request))
    return capacity_of(products.capacity(request.company.pk, request.today))


@call(
    scope=Scope.CARDS,
    takes=COUNTED,
    answer=CARDS,
    refuses={"not_active": "", "as_of_in_future": "as_of", "newer_known": "as_of"},
)
def cards(request: ApiRequest, given: Given) -> dict[str, Any]:
    """Report how many corporate cards a company has linked, and when they were counted."""
    operations.report_cards(count=given["count"], as_of=given["as_of"], **common(request))
    return cards_of(groups.corporate_cards([request.company.pk])[request.company.pk])
