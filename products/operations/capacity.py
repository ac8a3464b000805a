"""Shared capacity: added and returned in TB, used in bytes, and told when it runs short."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final

from django.conf import settings
from django.db import transaction

from groupco import queries as groups
from groupco.choices import Topic
from products import queries, rules
from products.choices import Alert, StorageCategory
from products.models import AddedCapacity, CapacityAlert, StorageUse
from products.operations.locking import lock_active, lock_open
from products.queries import Capacity
from workplace_console.common import audit, days, messages, sql
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.spans import Span, shifted
from workplace_console.common.transactions import joined


@transaction.atomic
def add_capacity(*, company_id: str, tb: int, today: date, by: Actor) -> int:
    """Add so many TB at once, charged from today on; what is held then. R: D4.

    Raises Refused: day_is_over, not_active, day_is_billed, tb_out_of_range, not_paid.
    """
    standing = lock_open(company_id, today)
    rules.check_tb(tb)
    rules.check_paid(standing)
    held = _hold(company_id, tb, today)
    _record("capacity_added", company_id, tb=tb, held=held, today=today, by=by)
    check_capacity([company_id], today=today)
    return held


@transaction.atomic
def return_capacity(*, company_id: str, tb: int, today: date, by: Actor) -> int:
    """Return so many TB at once; today is still charged. Returns what is held then. R: D5.

    Raises Refused: day_is_over, not_active, tb_out_of_range, not_paid, nothing_to_return,
    capacity_in_use.
    """
    standing = lock_active(company_id, today)
    rules.check_tb(tb)
    rules.check_paid(standing)
    now = queries.capacity(company_id, today)
    rules.check_return(tb=tb, held=now.added_tb, used=now.used, capacity=now.total)
    held = _hold(company_id, -tb, today)
    _record("capacity_returned", company_id, tb=tb, held=held, today=today, by=by)
    check_capacity([company_id], today=today)
    return held


# The last report of a day is what the day is remembered by.
REMEMBER_DAY: Final = """
    INSERT INTO products_storageday (company_id, day, bytes)
    SELECT %(company)s, %(day)s, sum(bytes) FROM products_storageuse WHERE company_id = %(company)s
    ON CONFLICT (company_id, day) DO UPDATE SET bytes = excluded.bytes"""


@transaction.atomic
def report_storage(
    *, company_id: str, category: StorageCategory, bytes: int, today: date, by: Actor
) -> None:
    """As `report_all_storage`, of one category."""
    report_all_storage(company_id=company_id, totals={category: bytes}, today=today, by=by)


@transaction.atomic
def report_all_storage(
    *, company_id: str, totals: Mapping[StorageCategory, int], today: date, by: Actor
) -> None:
    """New totals of categories, in bytes (0 or more), as WORKPLACE reports them; a category that is
    not among them stays. R: D2, D3, H4.

    Use may pass the capacity: that alerts, it deletes nothing. Raises Refused: day_is_over,
    not_active.
    """
    lock_active(company_id, today)
    known = queries.capacity(company_id, today).used_by
    StorageUse.objects.bulk_create(
        (
            StorageUse(company_id=company_id, category=category, bytes=size, reported_on=today)
            for category, size in totals.items()
        ),
        update_conflicts=True,
        unique_fields=["company", "category"],
        update_fields=["bytes", "reported_on"],
    )
    sql.changed(REMEMBER_DAY, company=company_id, day=today)
    audit.record_all(_changes(company_id, known, totals), on=today, by=by)
    check_capacity([company_id], today=today)


def _changes(
    company_id: str, known: Mapping[StorageCategory, int], totals: Mapping[StorageCategory, int]
) -> Iterable[Change]:
    """What has changed: services report often, and mostly what they reported before."""
    for category, size in totals.items():
        if size != known[category]:
            before, after = (
                {"category": category.value, "bytes": n} for n in (known[category], size)
            )
            yield Change(company_id, "storage_reported", before, after)


@joined
def check_all_capacity(*, day: date, only: Collection[str] | None) -> None:
    """Look after every company that may be short, whatever has changed it. R: D3."""
    short = queries.nearly_full(day, low_percent=settings.LOW_CAPACITY_PERCENT)
    check_capacity([id for id in short if only is None or id in only], today=day)


def check_capacity(company_ids: Collection[str], *, today: date) -> None:
    """Tell those whose shared capacity has become short, once per crossing. R: D3.

    Whoever changes use or capacity calls this in the same transaction, the company locked.
    """
    if not company_ids:
        return
    _tell(queries.capacities(sorted(company_ids), today), today=today)


def _tell(capacities: dict[str, Capacity], *, today: date) -> None:
    alerts: dict[str, Alert] = {}
    told: dict[str, Alert] = {}
    for company_id, now in capacities.items():
        figures = {
            "used": now.used,
            "capacity": now.total,
            "low_percent": settings.LOW_CAPACITY_PERCENT,
        }
        stands = rules.alert_that_stands(now.told, **figures)
        level = rules.alert_level(**figures)
        if level > stands:
            alerts[company_id] = level
        if level > stands or stands != now.told:
            told[company_id] = max(level, stands)
    _remember(told, today)
    if alerts:
        messages.announce_all(_events(alerts, capacities), on=today)


def _events(alerts: dict[str, Alert], capacities: dict[str, Capacity]) -> Iterable[Event]:
    addresses = groups.workplace_admin_addresses(alerts)
    for company_id, level in alerts.items():
        now = capacities[company_id]
        kind = "capacity_full" if level is Alert.FULL else "capacity_low"
        yield Event(
            company_id,
            kind,
            addresses[company_id],
            {"used_bytes": now.used, "total_bytes": now.total},
        )


def _remember(told: Mapping[str, Alert], today: date) -> None:
    """What each company has been told as of now; two statements, however many they are."""
    over = [company_id for company_id, level in told.items() if level is Alert.NONE]
    if over:
        CapacityAlert.objects.filter(company_id__in=over).delete()
    CapacityAlert.objects.bulk_create(
        (
            CapacityAlert(company_id=company_id, level=level, told_on=today)
            for company_id, level in told.items()
            if level is not Alert.NONE
        ),
        batch_size=sql.BATCH,
        update_conflicts=True,
        unique_fields=["company"],
        update_fields=["level", "told_on"],
    )


def _hold(company_id: str, change: int, today: date) -> int:
    """Carry a change of what is held into the days; what is held then. The company is locked.

    A day counts with the most of it: what goes, goes from tomorrow on.
    """
    tomorrow = today + days.ONE_DAY
    tail = AddedCapacity.objects.filter(company_id=company_id, ends_on__gte=today)
    spans = [Span(s.starts_on, s.ends_on, s.count) for s in tail.order_by("starts_on")]
    peak, held = _on(spans, today), _on(spans, tomorrow)
    new_peak, new_held = max(peak, held + change), held + change
    steps = {today: new_peak - peak, tomorrow: (new_held - held) - (new_peak - peak)}
    tail.delete()
    AddedCapacity.objects.bulk_create(
        AddedCapacity(
            company_id=company_id, starts_on=span.starts_on, ends_on=span.ends_on, count=span.count
        )
        for span in shifted(spans, steps)
    )
    return new_held


def _on(spans: Iterable[Span], day: date) -> int:
    return next((s.count for s in spans if s.starts_on <= day <= s.ends_on), 0)


def _record(action: str, company_id: str, *, tb: int, held: int, today: date, by: Actor) -> None:
    before = held - tb if action == "capacity_added" else held + tb
    audit.record(
        Change(company_id, action, {"added_tb": before}, {"added_tb": held}), on=today, by=by
    )
    recipients = groups.told_addresses([company_id], about=Topic.CONTRACT)[company_id]
    messages.announce(Event(company_id, action, recipients, {"tb": tb, "added_tb": held}), on=today)
