"""How a group's chart is arranged: 표시범위 and 순서, each saved as a whole. R: F4, F6."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from groupco import queries, rules
from groupco.choices import OrgChartScope
from groupco.models import ChartPlace, Group
from groupco.queries import Arrangement
from groupco.rules import Placement
from workplace_console.common import audit
from workplace_console.common.audit import Actor, Change
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def set_scopes(
    *,
    company_id: str,
    scopes: Mapping[str, OrgChartScope],
    version: int,
    today: date,
    by: Actor,
) -> None:
    """What the employees of each company see of the chart; said by the representative. R: F4.

    `version` is the group's scope_version that was shown. Raises Refused: not_the_representative,
    changed_meanwhile, scopes_incomplete.
    """
    now = _held(company_id, today)
    rules.check_version(version, now=now.group.scope_version)
    if set(scopes) != set(now.scopes):
        raise Refused(
            "scopes_incomplete",
            gettext_noop("그룹사의 회사가 달라졌습니다. 화면을 다시 열고 범위를 정하세요."),
        )
    changed = [id for id in now.scopes if scopes[id] != now.scopes[id]]
    if not changed:
        return
    _write(now.group, now.order, scopes)
    Group.objects.filter(pk=now.group.pk).update(scope_version=version + 1)
    audit.record(
        *(
            Change(id, "chart_scope_set", {"scope": now.scopes[id]}, {"scope": scopes[id]})
            for id in changed
        ),
        on=today,
        by=by,
    )


@transaction.atomic
def set_order(
    *, company_id: str, order: Sequence[Placement], version: int, today: date, by: Actor
) -> None:
    """Where each company stands in the chart; said by the representative. R: F6.

    `version` is the group's order_version that was shown; siblings stand in the order of `order`.
    Raises Refused: not_the_representative, changed_meanwhile, order_incomplete, below_department,
    not_a_member, below_itself, below_its_own.
    """
    now = _held(company_id, today)
    rules.check_version(version, now=now.group.order_version)
    rules.check_order(order, members=now.scopes)
    wanted = rules.in_order(order)
    if wanted == now.order:
        return
    _write(now.group, wanted, now.scopes)
    Group.objects.filter(pk=now.group.pk).update(order_version=version + 1)
    before, after = _told(now.order), _told(wanted)
    audit.record(
        *(Change(id, "chart_order_set", {"order": before}, {"order": after}) for id in now.scopes),
        on=today,
        by=by,
    )


def _held(representative: str, today: date) -> Arrangement:
    """The arrangement of a representative's group, which nobody else changes till the end."""
    membership = queries.memberships([representative], today).get(representative)
    if membership is None or not membership.is_representative:
        raise Refused(
            "not_the_representative",
            gettext_noop("대표회사만 정할 수 있습니다. 대표회사의 콘솔 관리자에게 요청하세요."),
        )
    groups = Group.objects.select_for_update(of=("self",), no_key=True)
    groups.get(pk=membership.group_id)
    return queries.arrangement(membership.group_id, today)


def _write(group: Group, order: Sequence[Placement], scopes: Mapping[str, OrgChartScope]) -> None:
    """All places anew, since each position is taken once; whoever has left has none any more."""
    ChartPlace.objects.filter(group=group).delete()
    ChartPlace.objects.bulk_create(
        ChartPlace(
            group=group,
            company_id=placement.company,
            parent_id=placement.parent,
            position=position,
            scope=scopes[placement.company],
        )
        for position, placement in enumerate(order)
    )


def _told(order: Sequence[Placement]) -> list[str]:
    """An order as the audit log keeps it: ids, each with what it stands below."""
    return [
        f"{placement.parent}/{placement.company}" if placement.parent else placement.company
        for placement in order
    ]
