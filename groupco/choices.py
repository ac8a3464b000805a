from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """What a console admin may do. R: A6."""

    OWNER = "owner", _("소유자")
    BILLING = "billing", _("청구 담당")
    VIEWER = "viewer", _("열람")


class Topic(TextChoices):
    """What a billing address is mailed about. R: E10."""

    BILLS = "bills", _("청구서와 예산")
    PAYMENT = "payment", _("결제와 미납")
    CONTRACT = "contract", _("계약과 용량")


class StaffRole(TextChoices):
    """What support staff may do; one person may have both. R: A6."""

    SUPPORT = "support", _("고객지원")
    BILLING = "billing", _("청구 지원")


class OrgChartScope(TextChoices):
    """How much of its group's chart a company's employees see. R: F4."""

    GROUP = "group", _("그룹사")
    OWN = "own", pgettext_lazy("scope", "내 회사")


class Language(TextChoices):
    """What the console speaks. R: H3."""

    KOREAN = "ko", "한국어"
    ENGLISH = "en", "English"


class Scope(TextChoices):
    """What a token of the HTTP API may be used for. R: H4."""

    ACCOUNTS = "accounts", _("사용자")
    STORAGE = "storage", _("저장 용량")
    CARDS = "cards", _("법인카드")


class ApplicationKind(TextChoices):
    """What companies agree to: a group, new companies in it, another representative. R: F1, F9."""

    FORM = "form", _("그룹사 결성")
    JOIN = "join", _("회사 추가")
    REPLACE = "replace", _("대표회사 변경")


class ApplicationOutcome(TextChoices):
    """How an application ended. R: F1."""

    APPROVED = "approved", _("승인")
    REJECTED = "rejected", _("반려")
    WITHDRAWN = "withdrawn", _("신청 취소")
    DECLINED = "declined", _("동의 거절")
    LAPSED = "lapsed", _("자동 종료")


class ApplicationStep(TextChoices):
    """How far an application has come, in order. R: F1."""

    APPLIED = "applied", _("신청")
    RECEIVED = "received", _("접수")
    MATCHED = "matched", _("정보 매칭")
    AGREED = "agreed", _("동의")
    APPROVED = "approved", _("승인")


class FactorKind(TextChoices):
    """What somebody shows beside the password when they sign in. R: A6."""

    APP = "app", _("인증 앱")
    PASSKEY = "passkey", _("패스키")
