"""결제수단 관리: how a company pays. R: E10."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from billing import queries, rules
from billing.models import PaymentMethod, Way
from groupco import queries as groups
from workplace_console.common import audit, days, sealed
from workplace_console.common.audit import Actor, Change
from workplace_console.common.refusal import Refused, gettext_noop

MOST_METHODS = 10


@transaction.atomic
def register_card(
    *, company_id: str, billing_key: str, brand: str, last_four: str, today: date, by: Actor
) -> PaymentMethod:
    """Pay by a card that the gateway holds under a billing key, from now on as the default. R: E10.

    Raises Refused: too_many_methods, card_registered.
    """
    groups.locked(company_id)
    known = _check_room(company_id)
    if any(m.sealed_key and sealed.unseal(m.sealed_key) == billing_key for m in known):
        raise Refused(
            "card_registered", gettext_noop("이미 등록한 카드입니다. 다른 카드를 등록하세요.")
        )
    card = {"brand": brand, "last_four": last_four, "sealed_key": sealed.seal(billing_key)}
    return _register(company_id, Way.CARD, known, today=today, by=by, **card)


@transaction.atomic
def register_transfer(*, company_id: str, depositor: str, today: date, by: Actor) -> PaymentMethod:
    """Pay by bank transfer, under a name that the bank shows; the default if nothing else is.

    R: E10. Raises Refused: transfer_registered, bad_depositor, too_many_methods.
    """
    depositor = depositor.strip()
    rules.check_depositor(depositor)
    groups.locked(company_id)
    known = _check_room(company_id)
    if any(method.way == Way.TRANSFER for method in known):
        raise Refused(
            "transfer_registered",
            gettext_noop("계좌이체는 이미 등록했습니다. 입금자명을 바꾸려면 먼저 삭제하세요."),
        )
    return _register(company_id, Way.TRANSFER, known, today=today, by=by, depositor=depositor)


def _check_room(company_id: str) -> list[PaymentMethod]:
    known = queries.methods(company_id)
    if len(known) >= MOST_METHODS:
        raise Refused(
            "too_many_methods",
            gettext_noop("결제수단은 {most}개까지 등록할 수 있습니다. 쓰지 않는 것을 삭제하세요."),
            most=MOST_METHODS,
        )
    return known


def _register(
    company_id: str, way: Way, known: list[PaymentMethod], *, today: date, by: Actor, **facts: Any
) -> PaymentMethod:
    """A card is the default from now on; a transfer only where there is no other."""
    is_default = way is Way.CARD or not known
    if is_default:
        _undefault(company_id)
    method = PaymentMethod.objects.create(
        company=company_id, way=way, is_default=is_default, starts_on=today, **facts
    )
    figures = _figures(method) | {"default": is_default}
    audit.record(Change(company_id, "payment_method_added", after=figures), on=today, by=by)
    return method


@transaction.atomic
def set_default_method(*, company_id: str, method_id: int, today: date, by: Actor) -> None:
    """기본으로 설정. R: E10. Raises Refused: unknown_method."""
    groups.locked(company_id)
    method = _method(company_id, method_id)
    if method.is_default:
        return
    before = next((m for m in queries.methods(company_id) if m.is_default), None)
    _undefault(company_id)
    PaymentMethod.objects.filter(pk=method.pk).update(is_default=True)
    audit.record(
        Change(
            company_id,
            "payment_method_chosen",
            before=_figures(before) if before else None,
            after=_figures(method),
        ),
        on=today,
        by=by,
    )


@transaction.atomic
def remove_method(*, company_id: str, method_id: int, today: date, by: Actor) -> str:
    """Remove a way of paying; of a card, what the gateway has to forget, "" of a transfer. R: E10.

    Of several the default can't go, nor a card that pays just now. Raises Refused: unknown_method,
    default_method, method_pays, bill_is_open.
    """
    groups.locked(company_id)
    method = _method(company_id, method_id)
    others = [m for m in queries.methods(company_id) if m.pk != method.pk]
    if method.is_default and others:
        raise Refused(
            "default_method",
            gettext_noop("기본 결제수단입니다. 다른 결제수단을 기본으로 설정한 뒤 삭제하세요."),
        )
    if not others and queries.balance(company_id) > 0:
        raise Refused(
            "bill_is_open",
            gettext_noop(
                "결제하지 않은 청구서가 있어 하나뿐인 결제수단을 삭제할 수 없습니다. "
                "결제한 뒤 삭제하세요."
            ),
        )
    if any(payment.method_id == method.pk for payment in queries.undecided(company_id)):
        raise Refused(
            "method_pays",
            gettext_noop("이 카드로 결제하는 중입니다. 결과가 나온 뒤 삭제하세요."),
        )
    billing_key = sealed.unseal(method.sealed_key) if method.sealed_key else ""
    PaymentMethod.objects.filter(pk=method.pk).update(
        ends_on=today, is_default=False, sealed_key=""
    )
    audit.record(
        Change(company_id, "payment_method_removed", before=_figures(method)), on=today, by=by
    )
    return billing_key


def _method(company_id: str, method_id: int) -> PaymentMethod:
    found = PaymentMethod.objects.filter(
        company=company_id, pk=method_id, ends_on=days.OPEN_END
    ).first()
    if found is None:
        raise Refused(
            "unknown_method", gettext_noop("그런 결제수단이 없습니다. 목록을 다시 확인하세요.")
        )
    return found


def _undefault(company_id: str) -> None:
    PaymentMethod.objects.filter(company=company_id, is_default=True).update(is_default=False)


def _figures(method: PaymentMethod) -> dict[str, Any]:
    """What the audit log says of a method: no key, no name."""
    figures = {"way": method.way}
    return figures | {"last_four": method.last_four} if method.last_four else figures
