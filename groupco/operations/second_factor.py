"""A second factor is set up, used, taken away. R: A6, H2.

`at` is real time: codes don't follow the business day (R: I3). Whoever is let in by one of these
has shown the password before.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from groupco import queries, rules
from groupco.choices import FactorKind
from groupco.models import RecoveryCode, SecondFactor, Session, User
from groupco.operations.sign_in import held, record
from workplace_console.common import messages, sealed
from workplace_console.common.audit import Actor
from workplace_console.common.messages import Event


def new_app_secret() -> str:
    """A secret for an authenticator app; nothing is written yet."""
    return rules.app_secret(secrets.token_bytes(rules.SECRET_BYTES))


@transaction.atomic
def add_app(
    *, user: User, secret: str, code: str, keep: str, at: datetime, today: date, by: Actor
) -> list[str]:
    """The authenticator app that shows this code is the user's; new recovery codes with the first
    factor, else none. All sessions but `keep` end with the first. R: A6.

    Raises Refused: already_set_up, wrong_code.
    """
    companies, factors = _held(user)
    if any(factor.kind == FactorKind.APP for factor in factors):
        raise rules.already_set_up()
    step = rules.app_step(secret, rules.normal_code(code), seconds=int(at.timestamp()))
    if step is None:
        raise rules.wrong_code()
    SecondFactor.objects.create(
        user=user,
        kind=FactorKind.APP,
        sealed_secret=sealed.seal(secret),
        counter=step,
        added_at=at,
        used_at=at,
    )
    return _added(user, FactorKind.APP, companies, factors, keep=keep, today=today, by=by)


@transaction.atomic
def add_passkey(
    *,
    user: User,
    name: str,
    credential: str,
    counter: int,
    keep: str,
    at: datetime,
    today: date,
    by: Actor,
) -> list[str]:
    """A passkey that was just made is the user's; otherwise as add_app.

    Raises Refused: bad_factor_name, too_many_passkeys, passkey_refused.
    """
    companies, factors = _held(user)
    rules.check_factor_name(name)
    rules.check_passkeys(sum(factor.kind == FactorKind.PASSKEY for factor in factors))
    if any(factor.credential == credential for factor in factors):
        raise rules.passkey_refused()
    SecondFactor.objects.create(
        user=user,
        kind=FactorKind.PASSKEY,
        name=name,
        credential=credential,
        counter=counter,
        added_at=at,
        used_at=at,
    )
    return _added(user, FactorKind.PASSKEY, companies, factors, keep=keep, today=today, by=by)


@transaction.atomic
def remove_factor(*, user: User, factor_id: int, keep: str, today: date, by: Actor) -> bool:
    """One of the user's factors serves no more; whether it did until now.

    With the last one the recovery codes go, and all sessions but `keep` end.
    """
    companies, factors = _held(user)
    gone = next((factor for factor in factors if factor.pk == factor_id), None)
    if gone is None:
        return False
    SecondFactor.objects.filter(pk=gone.pk).delete()
    if len(factors) == 1:
        RecoveryCode.objects.filter(user=user).delete()
        _end_sessions(user, keep=keep)
    _tell(user, "second_factor_removed", {"factor": gone.kind}, companies, today=today, by=by)
    return True


@transaction.atomic
def reset_second_factor(*, user: User, today: date, by: Actor) -> bool:
    """All factors and codes of somebody who lost them are gone, all their sessions end, and they
    are told; whether there were any. For operators and staff. R: A6."""
    companies, factors = _held(user)
    if not factors:
        return False
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    _end_sessions(user, keep="")
    _tell(user, "second_factor_reset", {}, companies, today=today, by=by)
    return True


@transaction.atomic
def make_recovery_codes(*, user: User, today: date, by: Actor) -> list[str]:
    """New recovery codes in place of the old ones, to be shown now and never again; none for a user
    without a second factor."""
    companies, factors = _held(user)
    if not factors:
        return []
    codes = _new_codes(user)
    _tell(user, "recovery_codes_made", {}, companies, today=today, by=by)
    return codes


@transaction.atomic
def use_code(*, user: User, code: str, at: datetime, today: date, by: Actor) -> None:
    """Take a code of the user's app, or a recovery code: each serves once. R: A6.

    Raises Refused: wrong_code. Unreadable when SEALING_KEYS no longer open the app's secret.
    """
    typed = rules.normal_code(code)
    if rules.is_app_code(typed):
        _use_app_code(user, typed, at=at)
    else:
        _use_recovery_code(user, typed, at=at, today=today, by=by)


def use_passkey(*, user: User, credential: str, counter: int, at: datetime) -> None:
    """A passkey of the user's has signed. One that counts must count up: a copy would not.

    Raises Refused: passkey_refused.
    """
    found = SecondFactor.objects.filter(
        user=user, kind=FactorKind.PASSKEY, credential=credential
    ).filter(Q(counter__lt=counter) | Q(counter=0))
    if not found.update(counter=counter, used_at=at):
        raise rules.passkey_refused()


def _use_app_code(user: User, code: str, *, at: datetime) -> None:
    """Of two that come at once with one code, the second finds the step used."""
    app = SecondFactor.objects.filter(user=user, kind=FactorKind.APP).first()
    if app is None:
        raise rules.wrong_code()
    secret = sealed.unseal(app.sealed_secret)
    step = rules.app_step(secret, code, seconds=int(at.timestamp()))
    unused = SecondFactor.objects.filter(pk=app.pk, counter__lt=step or 0)
    if step is None or not unused.update(counter=step, used_at=at):
        raise rules.wrong_code()


def _use_recovery_code(user: User, code: str, *, at: datetime, today: date, by: Actor) -> None:
    companies, _factors = _held(user)
    unused = RecoveryCode.objects.filter(user=user, used_at=None)
    if not unused.filter(hash=rules.recovery_hash(code)).update(used_at=at):
        raise rules.wrong_code()
    figures = {"left": unused.count()}
    _tell(user, "recovery_code_used", figures, companies, today=today, by=by)


def _held(user: User) -> tuple[list[str], list[SecondFactor]]:
    """The user's companies and factors, held until the transaction ends."""
    companies = held(user)
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
    return companies, queries.second_factors(user.pk)


def _added(
    user: User,
    kind: FactorKind,
    companies: list[str],
    before: list[SecondFactor],
    *,
    keep: str,
    today: date,
    by: Actor,
) -> list[str]:
    _tell(user, "second_factor_added", {"factor": kind.value}, companies, today=today, by=by)
    if before:
        return []
    # Whoever is signed in elsewhere has not shown it.
    _end_sessions(user, keep=keep)
    return _new_codes(user)


def _new_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = [
        rules.recovery_code(secrets.token_bytes(rules.RECOVERY_BYTES))
        for _ in range(rules.RECOVERY_CODES)
    ]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, hash=rules.recovery_hash(code)) for code in codes
    )
    return codes


def _end_sessions(user: User, *, keep: str) -> None:
    Session.objects.filter(user=user.pk).exclude(pk=keep).delete()


def _tell(
    user: User,
    what: str,
    figures: Mapping[str, Any],
    companies: list[str],
    *,
    today: date,
    by: Actor,
) -> None:
    """Write it down, and mail the user: if it was not them, they must know."""
    record(user, companies, what, figures, today=today, by=by)
    messages.mail_only(Event("", what, (user.email,), figures), on=today)
