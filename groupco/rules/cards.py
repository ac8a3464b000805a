"""When a number of corporate cards can be taken."""

from __future__ import annotations

from datetime import date, datetime

from workplace_console.common.refusal import Refused, gettext_noop


def check_as_of(as_of: datetime, *, day: date, known: datetime | None, today: date) -> None:
    """R: F2. Nobody counts ahead of time, and an old number never replaces a newer one.

    `day` is the calendar day of `as_of` in Asia/Seoul.
    """
    if day > today:
        raise Refused(
            "as_of_in_future",
            gettext_noop("기준 시각은 오늘({today})까지 적을 수 있습니다. 시각을 확인하세요."),
            today=today,
        )
    if known and as_of < known:
        raise Refused(
            "newer_known",
            gettext_noop("더 나중에 센 수를 이미 받았습니다. 기준 시각을 확인하세요."),
        )
