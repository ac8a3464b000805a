"""Staff keeps the list of public holidays; bills that are issued keep their due day. R: E12."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from billing.models import Holiday
from workplace_console.common import audit
from workplace_console.common.audit import Actor, Change
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def set_holiday(*, day: date, name: str, today: date, by: Actor) -> Holiday:
    """A day on which banks are closed. Raises Refused: bad_holiday_name, bad_holiday."""
    name = " ".join(name.split())
    if not name or len(name) > 60 or not name.isprintable():
        raise Refused("bad_holiday_name", gettext_noop("공휴일 이름은 60자까지 적으세요."))
    if not 2000 <= day.year <= 2999:
        raise Refused("bad_holiday", gettext_noop("공휴일 날짜를 다시 확인하세요."))
    holiday, _is_new = Holiday.objects.update_or_create(day=day, defaults={"name": name})
    audit.record(Change("", "holiday_set", after={"day": day}), on=today, by=by)
    return holiday


@transaction.atomic
def remove_holiday(*, day: date, today: date, by: Actor) -> None:
    """A day on which banks work after all; nothing when it is none of the holidays."""
    gone, _tables = Holiday.objects.filter(day=day).delete()
    if gone:
        audit.record(Change("", "holiday_removed", before={"day": day}), on=today, by=by)
