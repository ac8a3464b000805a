"""What is allowed about companies tied together."""

from __future__ import annotations

from collections.abc import Sequence

from workplace_console.common.refusal import Refused, gettext_noop


def check_may_end(others: Sequence[str]) -> None:
    """R: F7. A representative stays while others do. Raises Refused: representative_of_group.

    `others` are the companies that stay in the group which the company represents; none when it
    represents none.
    """
    if others:
        raise Refused(
            "representative_of_group",
            gettext_noop(
                "그룹사의 대표회사는 다른 회사({others})가 남아 있는 동안 해지할 수 없습니다. "
                "대표회사 변경은 고객지원에 문의하세요."
            ),
            others=", ".join(others),
        )
