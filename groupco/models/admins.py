"""Who may open a company's console."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from groupco.choices import Role
from groupco.models.companies import Company
from groupco.models.users import User


class Admin(models.Model):
    """A user who may open the console of a company. R: A1, A4, A6."""

    user = models.ForeignKey(User, models.CASCADE, related_name="admin_of")
    company = models.ForeignKey(Company, models.CASCADE, related_name="admins")
    role = models.CharField("역할", max_length=10, choices=Role)
    # Notices with a greater id are unread.
    notices_read_to = models.BigIntegerField("읽은 알림", default=0)

    class Meta:
        verbose_name = "콘솔 관리자"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "user"], name="admin_once_a_company")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.company_id} {self.role}"


class Invitation(models.Model):
    """Somebody was asked to be a console admin. R: A6.

    The mail carries a link that is signed when it is sent; the database holds the nonce in it.
    Inviting again makes a new nonce, which is the end of the old link.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="invitations")
    email = models.EmailField("이메일")
    role = models.CharField("역할", max_length=10, choices=Role)
    nonce = models.CharField(max_length=64)
    invited_on = models.DateField("초대일")
    expires_on = models.DateField("마지막 날")

    class Meta:
        verbose_name = "초대"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "email"], name="invitation_once_an_address"),
            models.CheckConstraint(
                name="invitation_days_in_order",
                condition=models.Q(invited_on__lte=models.F("expires_on")),
            ),
            models.CheckConstraint(
                name="invitation_email_lower_case", condition=models.Q(email=Lower("email"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.role} {self.expires_on}"
