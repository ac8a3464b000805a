from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from workplace_console.common.codes import Code


class Plan(Code):
    """The products, from low to high."""

    WORKPLACE = 1, "WORKPLACE"
    COLLABO = 2, "WORKPLACE Collabo"
    COLLABO_PLUS = 3, "WORKPLACE Collabo+"


class Cycle(Code):
    """How often seats are billed."""

    MONTHLY = 1, _("월")
    ANNUAL = 2, _("연")


class Item(Code):
    """What a price is for, in the order of a bill."""

    SEAT = 1, _("사용자")
    CAPACITY = 2, _("추가 용량")


class StorageCategory(TextChoices):
    """What uses shared capacity, in the order in which it is shown. R: D2."""

    ATTACHMENT = "attachment", _("워크플로우 첨부 파일")
    PHOTO = "photo", _("사원 사진")
    MESSENGER = "messenger", _("메신저 데이터")
    BOARD = "board", _("게시판 데이터")


class Alert(IntegerChoices):
    """How short of shared capacity a company was when it was last told. R: D3."""

    NONE = 0, "없음"
    LOW = 1, "부족"
    FULL = 2, "가득 참"


class State(TextChoices):
    """Where a company stands on a day; read off its facts, stored nowhere."""

    TRIAL = "trial", _("무료 체험")
    RESERVED = "reserved", _("유료 전환 예약")
    PAID = "paid", _("이용 중")
    EXPIRED = "expired", _("체험 종료")
    TERMINATED = "terminated", _("해지됨")
