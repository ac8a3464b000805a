"""Sign-ins end, and browsers become known. R: A5, H2."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from groupco import queries, sessions
from groupco.models import Device, Session, User
from workplace_console.common import audit, messages
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event

# A browser that was not used for so long is a new one.
DEVICE_KNOWN_FOR: Final = timedelta(days=180)


@transaction.atomic
def end_sign_in(*, user: User, handle: str, today: date, by: Actor) -> bool:
    """Sign one of the user's sessions out; whether there was one of that name."""
    companies = held(user)
    keys = [key for key in _keys(user) if sessions.handle(key) == handle]
    return bool(_end(user, keys, companies, today=today, by=by))


@transaction.atomic
def end_other_sign_ins(*, user: User, but: str, today: date, by: Actor) -> int:
    """Sign all sessions of the user out, on every host, but the one with this key; how many."""
    companies = held(user)
    return _end(user, [key for key in _keys(user) if key != but], companies, today=today, by=by)


def _keys(user: User) -> list[str]:
    return list(Session.objects.filter(user=user.pk).values_list("pk", flat=True))


def _end(
    user: User, keys: Collection[str], companies: Sequence[str], *, today: date, by: Actor
) -> int:
    count, _what = Session.objects.filter(user=user.pk, pk__in=keys).delete()
    if count:
        record(user, companies, "sign_ins_ended", {"count": count}, today=today, by=by)
    return count


@transaction.atomic
def note_device(
    *, user: User, key: str, agent: str, address: str, told: Event, at: datetime, today: date
) -> None:
    """A user has signed in with this browser: it is known from now on, and one that was not is
    told to them. Nobody is told of their first. R: A5.
    """
    if told.company and queries.locked(told.company) is None:
        return
    if not User.objects.select_for_update(no_key=True).filter(pk=user.pk).exists():
        return
    known = Device.objects.filter(user=user)
    hashed, place = _hashed(key), _hashed(f"{address}\0{agent}")
    device = known.filter(Q(key=hashed) | Q(place=place)).order_by("-seen_at").first()
    if device is None and known.exists():
        messages.mail_only(told, on=today)
    device = device or Device(user=user)
    device.key, device.place, device.seen_at = hashed, place, at
    known.filter(key=hashed).exclude(pk=device.pk).delete()
    device.save()


def forget_devices(at: datetime) -> None:
    """Delete the browsers that were not used for long."""
    Device.objects.filter(seen_at__lt=at - DEVICE_KNOWN_FOR).delete()


def held(user: User) -> list[str]:
    """The companies of a console admin, held until the transaction ends; "" alone when there are
    none, as with staff. Before anything else is."""
    queries.lock([admin.company_id for admin in queries.admin_of(user.pk)])
    return [admin.company_id for admin in queries.admin_of(user.pk)] or [""]


def record(
    user: User,
    companies: Sequence[str],
    action: str,
    figures: Mapping[str, Any],
    *,
    today: date,
    by: Actor,
) -> None:
    """Write down what changed about a user's sign-in, in the log of each of these companies."""
    after = {"user": user.pk, **figures}
    audit.record(*(Change(company, action, after=after) for company in companies), on=today, by=by)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
