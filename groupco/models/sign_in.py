"""What a user signs in with and from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

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
