"""Who signs in, and their sessions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from groupco.choices import Language, StaffRole
from groupco.sessions import LONGEST_AGENT, SessionStore


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """One mail address that can sign in, at any number of companies. R: A5."""

    email = models.EmailField("이메일", unique=True)
    name = models.CharField("이름", max_length=100, blank=True)
    language = models.CharField(
        "언어", max_length=2, choices=Language, default=Language.KOREAN, blank=True
    )
    staff_roles = ArrayField(
        models.CharField(max_length=10, choices=StaffRole),
        verbose_name="고객지원 역할",
        default=list,
        blank=True,
    )
    is_active = models.BooleanField("사용", default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = "사용자"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="user_email_lower_case", condition=models.Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="user_staff_roles_known",
                condition=models.Q(staff_roles__contained_by=StaffRole.values),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_staff(self) -> bool:
        """Whether the support pages are for this user; asked by Django admin."""
        return bool(self.staff_roles)


class Session(AbstractBaseSession):
    """A sign-in, and whose it is; the store is groupco.sessions. R: A5."""

    user = models.BigIntegerField("사용자", null=True, db_index=True)
    host = models.CharField("호스트", max_length=253, blank=True)
    began_at = models.DateTimeField("로그인한 때", null=True)
    # To the minute.
    seen_at = models.DateTimeField("마지막으로 쓴 때", default=timezone.now)
    address = models.GenericIPAddressField("어디서", null=True)
    agent = models.CharField("브라우저", max_length=LONGEST_AGENT, blank=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "로그인"

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore
