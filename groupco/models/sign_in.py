"""What a user signs in with and from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from groupco.choices import FactorKind
from groupco.models.users import User


class Device(models.Model):
    """A browser that a user has signed in with; a new one is told to them. R: A5.

    Hashed: `key` is the browser's own cookie, `place` its address and kind, by which it is known
    again when it has lost the cookie.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, db_collation="C")
    place = models.CharField(max_length=64, db_collation="C")
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "기기"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="device_once_a_user")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key[:8]}"


class SecondFactor(models.Model):
    """What a user shows beside the password: an authenticator app or a passkey. R: A6.

    An app's secret is sealed; of a passkey only what it signs with is known, in public. `counter`
    is the last step of time, or of the passkey's own count, that was used: it never goes back, so
    that nothing is taken twice.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField("종류", max_length=10, choices=FactorKind)
    name = models.CharField("이름", max_length=60, blank=True)
    sealed_secret = models.TextField(blank=True)
    credential = models.TextField(blank=True, db_collation="C")
    counter = models.BigIntegerField(default=0)
    added_at = models.DateTimeField("설정한 때", default=timezone.now)
    used_at = models.DateTimeField("마지막으로 쓴 때", null=True)

    class Meta:
        verbose_name = "2단계 인증 수단"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(kind="app"), name="one_app_a_user"
            ),
            models.UniqueConstraint(
                fields=["user", "credential"],
                condition=models.Q(kind="passkey"),
                name="passkey_once_a_user",
            ),
            models.CheckConstraint(
                name="second_factor_has_what_it_shows",
                condition=models.Q(models.Q(kind="app", credential=""), ~models.Q(sealed_secret=""))
                | models.Q(models.Q(kind="passkey", sealed_secret=""), ~models.Q(credential="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.name}"


class RecoveryCode(models.Model):
    """A code that serves once in place of a second factor that is lost; hashed. R: A6."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    hash = models.CharField(max_length=64, db_collation="C")
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "복구 코드"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "hash"], name="recovery_code_once_a_user")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.hash[:8]}"
