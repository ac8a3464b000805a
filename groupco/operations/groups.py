"""그룹사: companies form a group, join it and leave it; who pays follows. R: F1, F3, F7, F9."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db import transaction

from groupco import queries, rules
from groupco.models import Group, Membership, Payer
from workplace_console.common import audit, days, messages
from workplace_console.common.audit import SYSTEM, Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.refusal import Refused, gettext_noop


def check_ungrouped(company_ids: Sequence[str], *, today: date) -> None:
    """R: F7. A company is in one group a day; the day of leaving is still the old one's (F9).

    Raises Refused: already_grouped.
    """
    grouped = queries.grouped(company_ids, today)
    for company_id in company_ids:
        if company_id in grouped:
            raise Refused(
                "already_grouped",
                gettext_noop("{company_id}은(는) 이미 그룹사에 속해 있습니다. 회사를 확인하세요."),
                company_id=company_id,
            )


def check_may_end(company_id: str, *, today: date) -> None:
    """R: F7. A representative stays while others do. Raises Refused: representative_of_group."""
    paid = queries.paid_companies(company_id, today)
    rules.check_may_end([company.id for company in paid if company.stays])


@transaction.atomic
def form_group(*, representative: str, members: Sequence[str], today: date, by: Actor) -> Group:
    """A group from today on; the representative pays for all of it. R: F1, F3.

    The companies are locked, in no group, and may form one.
    """
    group = Group.objects.create(formed_on=today)
    everyone = [representative, *members]
    Membership.objects.bulk_create(
        Membership(
            group=group,
            company_id=company_id,
            is_representative=company_id == representative,
            starts_on=today,
        )
        for company_id in everyone
    )
    _change_payer(members, representative, today)
    figures = {"representative": representative, "companies": everyone}
    audit.record(
        *(Change(company_id, "group_formed", after=figures) for company_id in everyone),
        on=today,
        by=by,
    )
    addresses = queries.admin_addresses(everyone)
    messages.announce_all(
        (Event(id, "group_formed", addresses[id], figures) for id in everyone), on=today
    )
    return group


@transaction.atomic
def join_group(*, company_id: str, representative: str, today: date, by: Actor) -> None:
    """The company is in the representative's group from today on. R: F3.

    The companies are locked, and the company is in no group. Raises Refused: not_a_representative.
    """
    found = queries.memberships([representative], today).get(representative)
    if found is None or not found.is_representative or found.starts_on > today:
        raise Refused(
            "not_a_representative",
            gettext_noop("{company_id}은(는) 그룹사의 대표회사가 아닙니다. 회사를 확인하세요."),
            company_id=representative,
        )
    Membership.objects.create(group_id=found.group_id, company_id=company_id, starts_on=today)
    _change_payer([company_id], representative, today)
    figures = {"representative": representative}
    audit.record(Change(company_id, "group_joined", after=figures), on=today, by=by)


def leave_groups(
    company_ids: Collection[str], *, last_day: date, today: date, by: Actor = SYSTEM
) -> None:
    """Those of the companies that are in a group leave it; `last_day` is still the group's. R: F9.

    From the next day on they pay for themselves. The companies are locked or can't change.
    """
    left = list(
        Membership.objects.filter(company_id__in=company_ids, ends_on__gt=last_day).order_by(
            "company_id"
        )
    )
    if not left:
        return
    _cut(left, last_day)
    own = [membership.company_id for membership in left if not membership.is_representative]
    _change_payers({company_id: company_id for company_id in own}, last_day + days.ONE_DAY)
    audit.record(
        *(Change(m.company_id, "group_left", after={"last_on": last_day}) for m in left),
        on=today,
        by=by,
    )


@transaction.atomic
def replace_representative(
    *, representative: str, members: Collection[str], today: date, by: Actor
) -> None:
    """From the next 00:00 on another company of the group represents it, and pays for it. R: F9.

    `members` are the other companies. All are locked, and are what the group has tomorrow.
    """
    tomorrow = today + days.ONE_DAY
    everyone = [representative, *sorted(members)]
    staying = queries.memberships(everyone, today)
    group_id = staying[representative].group_id
    changing = [m for id, m in staying.items() if m.is_representative or id == representative]
    before = next(m.company_id for m in changing if m.is_representative)
    _cut(changing, today)
    Membership.objects.bulk_create(
        Membership(
            group_id=group_id,
            company_id=membership.company_id,
            is_representative=membership.company_id == representative,
            starts_on=tomorrow,
        )
        for membership in changing
    )
    _change_payer(everyone, representative, tomorrow)
    after = {"representative": representative, "starts_on": tomorrow}
    audit.record(
        *(
            Change(id, "representative_replaced", {"representative": before}, after)
            for id in everyone
        ),
        on=today,
        by=by,
    )


def _cut(memberships: Collection[Membership], last_day: date) -> None:
    """They hold to the end of a day; those that would only have begun after it never do."""
    future = [m.pk for m in memberships if m.starts_on > last_day]
    Membership.objects.filter(pk__in=future).delete()
    Membership.objects.filter(pk__in=[m.pk for m in memberships]).update(ends_on=last_day)


def _change_payer(company_ids: Collection[str], payer: str, first_day: date) -> None:
    """From a day on, nothing after it being known yet, somebody else pays for the companies."""
    _change_payers(dict.fromkeys(company_ids, payer), first_day)


def _change_payers(payers: Mapping[str, str], first_day: date) -> None:
    """As `_change_payer`, by company; three statements, however many they are."""
    company_ids = list(payers)
    Payer.objects.filter(company_id__in=company_ids, starts_on__gte=first_day).delete()
    Payer.objects.filter(company_id__in=company_ids, ends_on__gte=first_day).update(
        ends_on=first_day - days.ONE_DAY
    )
    Payer.objects.bulk_create(
        Payer(company_id=company_id, payer_id=payer, starts_on=first_day)
        for company_id, payer in payers.items()
    )
