"""해지 취소: until the day of its deletion a company may come back. R: G3."""

from __future__ import annotations

from products.choices import State
from products.rules.standing import Standing, Term
from workplace_console.common import days
from workplace_console.common.refusal import Refused, gettext_noop


def check_undo(standing: Standing | None) -> Standing:
    """R: G3. Terminated, before the day on which its data goes, and a trial not over since."""
    if standing is None or standing.state is not State.TERMINATED:
        raise Refused(
            "not_terminated",
            gettext_noop("해지한 회사가 아닙니다. 대시보드에서 상태를 확인하세요."),
        )
    if standing.deletion_on is None or standing.day >= standing.deletion_on:
        raise deletion_begun()
    if standing.latest is None and standing.day > standing.trial_ends_on:
        raise Refused(
            "trial_is_over",
            gettext_noop(
                "무료 체험이 {day}에 끝나 해지를 취소할 수 없습니다. 고객지원에 문의하세요."
            ),
            day=standing.trial_ends_on,
        )
    return standing


def deletion_begun() -> Refused:
    """R: G3. Whoever deletes first, or takes the mark back first, has it."""
    return Refused(
        "deletion_begun",
        gettext_noop("데이터를 삭제하는 날이 되어 되돌릴 수 없습니다. 고객지원에 문의하세요."),
    )


def resumed(standing: Standing) -> Term | None:
    """The term with which a company that may come back goes on; None: its trial goes on.

    R: G3. Plan and cycle as before, a contract of its own from today; from tomorrow, where today is
    the last day of the old one and on its final invoice.
    """
    if standing.latest is None or standing.terminated_on is None:
        return None
    start = max(standing.day, standing.terminated_on + days.ONE_DAY)
    return Term(
        plan=standing.latest.plan,
        cycle=standing.latest.cycle,
        starts_on=start,
        ends_on=days.OPEN_END,
        contract_from=start,
    )
