"""Who: companies, users and admins, employees and their accounts, and who pays for whom."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from groupco.choices import Language, Role, StaffRole
from groupco.sessions import SessionStore
from workplace_console.common.models import COMPANY_ID_LENGTH, Dated, DateRange, no_overlap


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

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "로그인"

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore


class TakenId(models.Model):
    """An id that was a company's once: never handed out again, whatever becomes of it. R: A3."""

    id = models.CharField(primary_key=True, max_length=COMPANY_ID_LENGTH, db_collation="C")

    class Meta:
        verbose_name = "사용된 회사 id"

    def __str__(self) -> str:
        return self.id


class Company(models.Model):
    """One tenant. Its id is fixed at creation and is the name of its sign-in host. R: A3."""

    id = models.CharField(
        "회사 id", primary_key=True, max_length=COMPANY_ID_LENGTH, db_collation="C"
    )
    name = models.CharField("상호", max_length=100)
    business_number = models.CharField("사업자등록번호", max_length=10, blank=True)
    representative = models.CharField("대표자", max_length=60, blank=True)
    address = models.CharField("주소", max_length=200, blank=True)
    business_type = models.CharField("업태", max_length=60, blank=True)
    business_item = models.CharField("종목", max_length=60, blank=True)
    signed_up_on = models.DateField("가입일")
    # For employees whose company gives them no number of its own.
    numbered = models.PositiveIntegerField("발급한 사번 수", default=0)

    class Meta:
        verbose_name = "회사"

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


class Payer(Dated):
    """Who pays for a company on which days: itself, or the representative of its group. R: F3."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    payer = models.ForeignKey(Company, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "청구 대상"
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            no_overlap("payer_one_a_day", "company"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["company", "ends_on"],
                include=["starts_on", "payer"],
                name="payer_by_company",
            )
        ]

    def __str__(self) -> str:
        return f"{self.company_id} → {self.payer_id} {self.starts_on}–{self.ends_on}"


class Group(models.Model):
    """Companies tied together: one bill, one organisation chart. R: F1."""

    formed_on = models.DateField("시작일")

    class Meta:
        verbose_name = "그룹사"

    def __str__(self) -> str:
        return f"{self.pk} {self.formed_on}"


class Membership(Dated):
    """A company in a group over a range of days, as its representative or not. R: F1, F7."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    is_representative = models.BooleanField("대표회사", default=False)

    class Meta:
        verbose_name = "그룹사 소속"
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            no_overlap("membership_one_group_a_day", "company"),
            no_overlap(
                "membership_one_representative_a_day",
                "group",
                condition=models.Q(is_representative=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "-ends_on"], name="membership_by_company"),
            models.Index(fields=["group", "-ends_on"], name="membership_by_group"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} in {self.group_id} {self.starts_on}–{self.ends_on}"


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


class BillingAddress(models.Model):
    """이용 요금 안내 주소: where bills are mailed to, besides the console admins. R: E10."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="billing_addresses")
    email = models.EmailField("이메일")

    class Meta:
        verbose_name = "이용 요금 안내 주소"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "email"], name="billing_address_once"),
            models.CheckConstraint(
                name="billing_address_lower_case", condition=models.Q(email=Lower("email"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.email}"


class Employee(models.Model):
    """A person in a company's organisation; billed only while holding an account."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="employees", db_index=False)
    number = models.CharField("사번", max_length=60)
    name = models.CharField("이름", max_length=100, blank=True)
    email = models.EmailField("이메일", blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="employee_of")
    is_workplace_admin = models.BooleanField("WORKPLACE 관리자", default=False)

    class Meta:
        verbose_name = "사원"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="employee_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.number}"


class Account(models.Model):
    """What is billed: an employee's registration over a range of days. R: E4.

    `excluded_on` is the last day that counts; empty means still registered.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="accounts", db_index=False)
    employee = models.ForeignKey(Employee, models.CASCADE, related_name="accounts", db_index=False)
    registered_on = models.DateField("등록일")
    excluded_on = models.DateField("제외일", null=True, blank=True)

    class Meta:
        verbose_name = "계정"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="account_days_in_order",
                condition=models.Q(excluded_on=None)
                | models.Q(excluded_on__gte=models.F("registered_on")),
            ),
            ExclusionConstraint(
                name="account_once_a_person_and_day",
                expressions=[
                    ("employee", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "registered_on", "excluded_on", RangeBoundary(inclusive_upper=True)
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "-registered_on", "-id"], name="account_newest_first")
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.registered_on}–{self.excluded_on or ''}"


class Headcount(Dated):
    """How many accounts of a company count on each day of a range: what the accounts say, kept
    ready for the nightly charge. Written by the operations that register and exclude. R: E4."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    count = models.PositiveIntegerField("계정 수")

    class Meta:
        verbose_name = "일별 계정 수"
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            no_overlap("headcount_one_a_day", "company"),
        ]
        indexes: ClassVar = [
            # The nightly charge reads one day of all companies, an operation the tail of one.
            models.Index(
                fields=["ends_on", "company"],
                include=["starts_on", "count"],
                name="headcount_by_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.starts_on}–{self.ends_on}: {self.count}"
