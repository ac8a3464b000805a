"""유료 전환: reserving, changing and withdrawing a paid term."""

from __future__ import annotations

from datetime import date

from products.choices import State
from products.rules.standing import Standing, Term, check_active
from workplace_console.common.refusal import Refused, gettext_noop


def reservable(standing: Standing) -> tuple[date, date]:
    """The first and last day a paid term may begin on. R: B3; of an expired trial, today (G3)."""
    last = standing.day if standing.can_convert_late else standing.trial_ends_on
    return standing.day, last


def check_reserve(standing: Standing | None, *, start: date) -> Standing:
    """R: B2, B3. Only in trial, only once, from today until the last trial day.

    R: G3. After the trial, as long as the data is there, from today.
    """
    if standing is None or not standing.can_convert_late:
        standing = check_active(standing)
    if standing.state is State.PAID:
        raise Refused(
            "already_paid",
            gettext_noop("이미 유료로 이용 중입니다. 상품 관리에서 업그레이드하세요."),
        )
    if standing.reserved:
        raise Refused(
            "already_reserved",
            gettext_noop("{start}에 시작하는 예약이 있습니다. 예약 변경에서 고치세요."),
            start=standing.reserved.starts_on,
        )
    _check_range(standing, start)
    return standing


def check_change(standing: Standing, *, start: date | None) -> Term:
    """R: B5. Until the reserved day begins; the new day as in B3. Returns what is reserved."""
    reserved = check_withdraw(standing)
    if start is not None:
        _check_range(standing, start)
    return reserved


def check_withdraw(standing: Standing) -> Term:
    """R: B5. Until the reserved day begins. Returns what is reserved."""
    if standing.term:
        raise Refused(
            "reservation_started",
            gettext_noop(
                "{start}에 유료 이용이 시작되어 예약을 바꿀 수 없습니다. 상품 관리를 확인하세요."
            ),
            start=standing.term.starts_on,
        )
    if standing.reserved is None:
        raise Refused(
            "no_reservation", gettext_noop("예약이 없습니다. 유료 전환에서 먼저 신청하세요.")
        )
    return standing.reserved


def _check_range(standing: Standing, start: date) -> None:
    first, last = reservable(standing)
    if standing.can_convert_late and start != standing.day:
        raise Refused(
            "reservation_out_of_range",
            gettext_noop("체험이 끝난 뒤에는 오늘({day})부터 시작할 수 있습니다. 오늘을 고르세요."),
            day=standing.day,
        )
    if not first <= start <= last:
        raise Refused(
            "reservation_out_of_range",
            gettext_noop("예약일은 {first}부터 {last} 사이로 선택하세요."),
            first=first,
            last=last,
        )
