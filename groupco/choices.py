from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
    OWN = "own", _("내 회사")


class Language(TextChoices):
    """What the console speaks. R: H3."""

    KOREAN = "ko", "한국어"
    ENGLISH = "en", "English"


class Scope(TextChoices):
    """What a token of the HTTP API may be used for. R: H4."""

    ACCOUNTS = "accounts", _("사용자")
    STORAGE = "storage", _("저장 용량")
    CARDS = "cards", _("법인카드")
