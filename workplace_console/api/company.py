"""How a company stands, so that a service can act on it. R: D1, D2, F2, H4."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone

from groupco import queries as groups
from groupco.models import CorporateCards
from products import queries as products
from products.choices import Cycle, Plan, State, StorageCategory
from products.queries import Capacity
from workplace_console.api.calls import ApiRequest, Given, call
from workplace_console.api.fields import MOST_SAFE, Day, Flag, Moment, Record, Text, Whole, Word
from workplace_console.api.problems import Problem
from workplace_console.common.refusal import gettext_noop

BY_CATEGORY: Final = Record(
    name="StorageByCategory",
    fields={category.value: Whole() for category in StorageCategory},
)
SHARED_CAPACITY: Final = Record(
    name="SharedCapacity",
    fields={
        "total_bytes": Whole(says="What the plan, each account and added capacity give."),
        "used_bytes": Whole(most=4 * MOST_SAFE, says="May be more than the total."),
        "used_bytes_by_category": BY_CATEGORY,
        "added_tb": Whole(says="Units of 1 TB (1024 GB) added to the plan."),
    },
)
CARDS: Final = Record(
    name="CorporateCards",
    nullable=True,
    fields={
        "count": Whole(says="Linked corporate cards."),
        "as_of": Moment(says="When they were counted."),
    },
)
COMPANY: Final = Record(
    name="Company",
    fields={
        "id": Text(most=30),
        "name": Text(most=100),
        "day": Day(says="The business day (Asia/Seoul) as of which all of this is said."),
        "is_active": Flag(
            says="In trial or paid: its people may sign in, and reports about it are taken."
        ),
        "state": Word(words=tuple(State.values)),
        "plan": Word(
            words=tuple(Plan.codes()),
            nullable=True,
            says="Null while nothing is paid; a trial has what comes with `workplace`.",
        ),
        "cycle": Word(words=tuple(Cycle.codes()), nullable=True),
        "trial_ends_on": Day(says="The last day of its free trial."),
        "accounts": Whole(says="Registered accounts."),
        "shared_capacity": SHARED_CAPACITY,
        "corporate_cards": CARDS,
    },
)


@call(answer=COMPANY)
def standing(request: ApiRequest, _given: Given) -> dict[str, Any]:
    """How a company stands today: state, plan, accounts, shared capacity and what uses it."""
    company = request.company
    now = products.standing(company.pk, request.today)
    if now is None:
        raise Problem(
            404, "no_company", gettext_noop("그런 회사가 없습니다. 회사 id를 확인하세요.")
        )
    capacity = products.capacity(company.pk, request.today)
    cards = groups.corporate_cards([company.pk]).get(company.pk)
    return {
        "id": company.pk,
        "name": company.name,
        "day": request.today.isoformat(),
        "is_active": now.is_active,
        "state": now.state.value,
        "plan": now.term.plan.code if now.term else None,
        "cycle": now.term.cycle.code if now.term else None,
        "trial_ends_on": now.trial_ends_on.isoformat(),
        "accounts": capacity.accounts,
        "shared_capacity": capacity_of(capacity),
        "corporate_cards": cards_of(cards) if cards else None,
    }


def capacity_of(capacity: Capacity) -> dict[str, Any]:
    return {
        "total_bytes": capacity.total,
        "used_bytes": capacity.used,
        "used_bytes_by_category": {
            category.value: size for category, size in capacity.used_by.items()
        },
        "added_tb": capacity.added_tb,
    }


def cards_of(cards: CorporateCards) -> dict[str, Any]:
    as_of = timezone.localtime(cards.as_of)
    return {"count": cards.count, "as_of": as_of.isoformat()}
