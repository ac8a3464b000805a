"""업그레이드: only upwards, one at a time."""

from __future__ import annotations

from products.choices import Plan
from products.rules.standing import Standing, Term, check_paid
from workplace_console.common.refusal import Refused, gettext_noop


def check_upgrade(standing: Standing, *, plan: Plan, by_support: bool = False) -> Term:
    """R: C1, C2, C3. Only to a higher plan, one request at a time; from Collabo only by support.

    Returns the term that holds until today.
    """
    term = check_paid(standing)
    if standing.upgrade:
        raise Refused(
            "upgrade_pending",
            gettext_noop("{start}에 적용되는 업그레이드가 있습니다. 먼저 신청을 취소하세요."),
            start=standing.upgrade.starts_on,
        )
    if term.plan is not Plan.WORKPLACE and not by_support:
        raise Refused(
            "not_an_upgrade",
            gettext_noop(
                "Collabo 상품은 콘솔에서 업그레이드할 수 없습니다. 고객지원에 문의하세요."
            ),
        )
    if plan <= term.plan:
        raise Refused(
            "not_an_upgrade",
            gettext_noop(
                "지금보다 높은 상품으로만 업그레이드할 수 있습니다. 상품을 다시 고르세요."
            ),
        )
    return term


def check_upgrade_withdrawal(standing: Standing) -> Term:
    """R: C4. Until the next 00:00. Returns what is pending."""
    check_paid(standing)
    if standing.upgrade is None:
        raise Refused(
            "no_upgrade_pending",
            gettext_noop("신청 중인 업그레이드가 없습니다. 상품 관리를 확인하세요."),
        )
    return standing.upgrade
