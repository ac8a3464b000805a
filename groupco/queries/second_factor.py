"""What users show beside their passwords."""

from __future__ import annotations

from collections.abc import Collection

from groupco.choices import FactorKind
from groupco.models import RecoveryCode, SecondFactor


def second_factors(user_id: int) -> list[SecondFactor]:
    """The user's app and passkeys, in the order in which they came. R: A6."""
    return list(SecondFactor.objects.filter(user=user_id).order_by("pk"))


def has_second_factor(user_id: int) -> bool:
    return SecondFactor.objects.filter(user=user_id).exists()


def having_second_factor(user_ids: Collection[int]) -> set[int]:
    """Those of the users who have one."""
    found = SecondFactor.objects.filter(user__in=user_ids)
    return set(found.values_list("user", flat=True))


def passkeys(user_id: int) -> list[str]:
    """What the user's passkeys sign with, as the browser reported it."""
    found = SecondFactor.objects.filter(user=user_id, kind=FactorKind.PASSKEY)
    return list(found.order_by("pk").values_list("credential", flat=True))


def recovery_codes_left(user_id: int) -> int:
    return RecoveryCode.objects.filter(user=user_id, used_at=None).count()
