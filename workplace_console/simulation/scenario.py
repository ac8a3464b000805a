"""A scenario, read from JSON: every value checked, every fault named by its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeAlias, TypeVar

from groupco import rules as group_rules
from products import rules as product_rules
from products.choices import Cycle, Item, Plan, StorageCategory
from workplace_console.common import days
from workplace_console.common.refusal import Refused

# Far more than a quote needs, and little enough to be played.
MOST: Final = 100_000
MOST_TRIAL_DAYS: Final = 36_500
MOST_WON: Final = 2_000_000_000
MOST_BYTES: Final = 10**18
MOST_DAYS: Final = 366 * 30
DEFAULT_TRIAL_DAYS: Final = 30

Json: TypeAlias = Any


class Malformed(Exception):
    """The scenario itself is wrong; the text names the place and what belongs there."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)


@dataclass(frozen=True)
class ScenarioPrice:
    item: Item
    plan: Plan | None
    cycle: Cycle | None
    unit_price: int
    starts_on: date


@dataclass(frozen=True)
class ScenarioCompany:
    id: str
    on: date
    accounts: int
    trial_days: int


@dataclass(frozen=True)
class ScenarioEvent:
    """What is done to a company on a day; `values` are the operation's own arguments."""

    index: int
    on: date
    company: str
    do: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Scenario:
    """Days `start` to the day before `until`; `prices` None means the catalogue's own."""

    start: date
    until: date
    prices: tuple[ScenarioPrice, ...] | None
    companies: tuple[ScenarioCompany, ...]
    events: tuple[ScenarioEvent, ...]


def read(data: Json) -> Scenario:
    """A scenario out of decoded JSON; raises Malformed."""
    fields = _object(
        "", data, required=("start", "until"), optional=("prices", "companies", "events")
    )
    start, until = _day("start", fields["start"]), _day("until", fields["until"])
    if not start < until:
        raise Malformed("until", "start보다 뒤의 날이어야 합니다.")
    if days.length(start, until) > MOST_DAYS:
        raise Malformed("until", "start부터 30년 안이어야 합니다.")
    companies = tuple(
        _company(f"companies[{n}]", value, start, until)
        for n, value in enumerate(_list("companies", fields.get("companies", [])))
    )
    _check_unique("companies", [company.id for company in companies])
    known = {company.id for company in companies}
    events = tuple(
        _event(n, value, start, until, known)
        for n, value in enumerate(_list("events", fields.get("events", [])))
    )
    prices = _prices(fields["prices"]) if "prices" in fields else None
    return Scenario(start, until, prices, companies, events)


def _prices(value: Json) -> tuple[ScenarioPrice, ...]:
    prices = tuple(_price(f"prices[{n}]", price) for n, price in enumerate(_list("prices", value)))
    _check_unique("prices", [(p.item, p.plan, p.cycle, p.starts_on) for p in prices])
    return prices


def _price(place: str, value: Json) -> ScenarioPrice:
    fields = _object(
        place, value, required=("item", "unit_price", "from"), optional=("plan", "cycle")
    )
    item = _choice(f"{place}.item", fields["item"], Item)
    plan, cycle = fields.get("plan"), fields.get("cycle")
    if item is Item.CAPACITY:
        for key, given in (("plan", plan), ("cycle", cycle)):
            if given is not None:
                raise Malformed(f"{place}.{key}", "capacity에는 쓰지 않습니다.")
    return ScenarioPrice(
        item,
        None if item is Item.CAPACITY else _choice(f"{place}.plan", plan, Plan),
        None if item is Item.CAPACITY else _choice(f"{place}.cycle", cycle, Cycle),
        _whole(f"{place}.unit_price", fields["unit_price"], 0, MOST_WON),
        _any_day(f"{place}.from", fields["from"]),
    )


def _company(place: str, value: Json, start: date, until: date) -> ScenarioCompany:
    fields = _object(place, value, required=("id",), optional=("on", "accounts", "trial_days"))
    company_id = _text(f"{place}.id", fields["id"])
    try:
        group_rules.check_company_id(company_id)
    except Refused as no:
        raise Malformed(f"{place}.id", str(no)) from None
    on = _day(f"{place}.on", fields["on"]) if "on" in fields else start
    _check_within(f"{place}.on", on, start, until)
    return ScenarioCompany(
        company_id,
        on,
        _whole(f"{place}.accounts", fields.get("accounts", 0), 0, MOST),
        _whole(
            f"{place}.trial_days", fields.get("trial_days", DEFAULT_TRIAL_DAYS), 1, MOST_TRIAL_DAYS
        ),
    )


def _event(index: int, value: Json, start: date, until: date, known: set[str]) -> ScenarioEvent:
    place = f"events[{index}]"
    if not isinstance(value, dict):
        raise Malformed(place, "객체여야 합니다.")
    do = _text(f"{place}.do", value.get("do"))
    if do not in EVENTS:
        raise Malformed(f"{place}.do", f"{', '.join(EVENTS)} 중 하나여야 합니다.")
    required, optional = EVENTS[do]
    fields = _object(place, value, required=("on", "company", "do", *required), optional=optional)
    on = _day(f"{place}.on", fields["on"])
    _check_within(f"{place}.on", on, start, until)
    company = _text(f"{place}.company", fields["company"])
    if company not in known:
        raise Malformed(f"{place}.company", "companies에 없는 회사입니다.")
    values = {
        key: READERS[key](f"{place}.{key}", fields[key])
        for key in (*required, *optional)
        if key in fields
    }
    if optional and not values:
        raise Malformed(place, f"{', '.join(optional)} 중 하나는 있어야 합니다.")
    _check_companies(place, company, values, known)
    return ScenarioEvent(index, on, company, do, values)


def _check_companies(place: str, company: str, values: Mapping[str, Any], known: set[str]) -> None:
    """The companies that an event names besides its own."""
    for n, member in enumerate(values.get("members", ())):
        if member not in known or member == company:
            raise Malformed(f"{place}.members[{n}]", "companies에 있는 다른 회사여야 합니다.")
    if "representative" in values and values["representative"] not in known:
        raise Malformed(f"{place}.representative", "companies에 없는 회사입니다.")


def _object(
    place: str, value: Json, *, required: tuple[str, ...], optional: tuple[str, ...]
) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise Malformed(place, "객체여야 합니다.")
    for key in required:
        if key not in value:
            raise Malformed(_join(place, key), "없습니다.")
    for key in value:
        if key not in required + optional:
            name = key if key.isidentifier() else repr(key[:40])
            raise Malformed(_join(place, name), "모르는 키입니다.")
    return value


def _list(place: str, value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise Malformed(place, "배열이어야 합니다.")
    return value


def _text(place: str, value: Json) -> str:
    if not isinstance(value, str):
        raise Malformed(place, "문자열이어야 합니다.")
    return value


def _whole(place: str, value: Json, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Malformed(place, f"{least:,} 이상 {most:,} 이하의 정수여야 합니다.")
    return value


def _day(place: str, value: Json) -> date:
    try:
        return days.parse(_text(place, value))
    except ValueError:
        raise Malformed(place, "YYYY-MM-DD 날짜여야 합니다(1900년–2999년).") from None


def _any_day(place: str, value: Json) -> date:
    """A day that is only compared with others, however far away."""
    try:
        return days.parse_any(_text(place, value))
    except ValueError:
        raise Malformed(place, "YYYY-MM-DD 날짜여야 합니다.") from None


C = TypeVar("C", Plan, Cycle, Item)


def _choice(place: str, value: Json, choices: type[C]) -> C:
    try:
        return choices.of(value)
    except ValueError:
        raise Malformed(place, f"{', '.join(choices.codes())} 중 하나여야 합니다.") from None


def _plan(place: str, value: Json) -> Plan:
    return _choice(place, value, Plan)


def _cycle(place: str, value: Json) -> Cycle:
    return _choice(place, value, Cycle)


def _count(place: str, value: Json) -> int:
    return _whole(place, value, 1, MOST)


def _check_within(place: str, day: date, start: date, until: date) -> None:
    if not start <= day < until:
        last = until - timedelta(days=1)
        raise Malformed(place, f"{start}부터 {last}까지의 날이어야 합니다.")


def _check_unique(place: str, values: list[Any]) -> None:
    seen: set[Any] = set()
    for n, value in enumerate(values):
        if value in seen:
            raise Malformed(f"{place}[{n}]", "앞의 것과 겹칩니다.")
        seen.add(value)


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _tb(place: str, value: Json) -> int:
    return _whole(place, value, 1, product_rules.MOST_TB)


def _bytes(place: str, value: Json) -> int:
    return _whole(place, value, 0, MOST_BYTES)


def _category(place: str, value: Json) -> StorageCategory:
    try:
        return StorageCategory(_text(place, value))
    except ValueError:
        names = ", ".join(StorageCategory.values)
        raise Malformed(place, f"{names} 중 하나여야 합니다.") from None


def _company_ids(place: str, value: Json) -> list[str]:
    ids = [_text(f"{place}[{n}]", id) for n, id in enumerate(_list(place, value))]
    if not ids:
        raise Malformed(place, "회사가 하나는 있어야 합니다.")
    _check_unique(place, ids)
    return ids


READERS: Final[dict[str, Callable[[str, Json], Any]]] = {
    "plan": _plan,
    "cycle": _cycle,
    "start": _any_day,
    "count": _count,
    "tb": _tb,
    "category": _category,
    "bytes": _bytes,
    "members": _company_ids,
    "representative": _text,
}

# Each event's own keys: those it needs, and those of which it needs at least one.
EVENTS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "reserve": (("plan", "cycle", "start"), ()),
    "change_reservation": ((), ("plan", "cycle", "start")),
    "cancel_reservation": ((), ()),
    "register_accounts": (("count",), ()),
    "exclude_accounts": (("count",), ()),
    "request_upgrade": (("plan",), ()),
    "cancel_upgrade": ((), ()),
    "add_capacity": (("tb",), ()),
    "return_capacity": (("tb",), ()),
    "report_storage": (("category", "bytes"), ()),
    "form_group": (("members",), ()),
    "join_group": (("representative",), ()),
    "terminate": ((), ()),
}
