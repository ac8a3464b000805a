from django.db.models import TextChoices

from workplace_console.common.codes import Code


class Plan(Code):
    """The products, from low to high."""

    WORKPLACE = 1, "WORKPLACE"
    COLLABO = 2, "WORKPLACE Collabo"
    COLLABO_PLUS = 3, "WORKPLACE Collabo+"


class Cycle(Code):
    """How often seats are billed."""

    MONTHLY = 1, "월"
    ANNUAL = 2, "연"


class Item(Code):
    """What a price is for, in the order of a bill."""

    SEAT = 1, "사용자"
    CAPACITY = 2, "추가 용량"


class State(TextChoices):
    """Where a company stands on a day; read off its facts, stored nowhere."""

    TRIAL = "trial", "무료 체험"
    RESERVED = "reserved", "유료 전환 예약"
    PAID = "paid", "이용 중"
    EXPIRED = "expired", "체험 종료"
    TERMINATED = "terminated", "해지"
