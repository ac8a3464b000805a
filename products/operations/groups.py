"""Companies come together, and part, only while they are in use; how they do is groupco's.

R: F1, F3, F7, F9.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from groupco import operations as groups
from groupco import queries as known
from groupco.choices import ApplicationKind
from groupco.queries import Application
from groupco.rules import Wanted
from groupco.rules import check_reason as check_reason_given
from products import queries, rules
from products.matching import matching
from products.operations.locking import lock_active, lock_companies
from workplace_console.common import days, messages
from workplace_console.common.audit import Actor
from workplace_console.common.messages import Event
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def form_group(*, company_id: str, members: Sequence[str], today: date, by: Actor) -> None:
    """From today on the company represents a group with these members, and pays for them. R: F1.

    Raises Refused: day_is_over, not_active, day_is_billed, not_paid, already_grouped.
    """
    everyone = [company_id, *members]
    lock_companies(everyone, today)
    standings = queries.standings(everyone, today)
    rules.check_paid(_open(standings.get(company_id)))
    groups.check_ungrouped(everyone, today=today)
    for member in members:
        _open(standings.get(member))
    groups.form_group(representative=company_id, members=members, today=today, by=by)


@transaction.atomic
def join_group(*, company_id: str, representative: str, today: date, by: Actor) -> None:
    """The company is in the group of this representative, who pays, from today on. R: F3.

    Raises Refused: day_is_over, not_active, day_is_billed, already_grouped,
    not_a_representative.
    """
    lock_companies([company_id, representative], today)
    standings = queries.standings([company_id], today)
    _open(standings.get(company_id))
    groups.check_ungrouped([company_id], today=today)
    groups.join_group(company_id=company_id, representative=representative, today=today, by=by)


def _open(standing: rules.Standing | None) -> rules.Standing:
    """Who pays can't change on a day that has its final bill. R: G3."""
    return rules.check_open(rules.check_active(standing))


@transaction.atomic
def apply_for_group(
    *, company_id: str, companies: Sequence[Wanted], today: date, by: Actor
) -> Application:
    """그룹사 신청: to form a group, or, as its representative, to have more in it. R: F1.

    Raises Refused: day_is_over, not_active, not_paid, not_a_representative, application_open, and
    what groupco.rules.check_wanted does.
    """
    rules.check_paid(lock_active(company_id, today))
    kind = kind_of_application(company_id, today)
    return groups.apply_for_group(
        company_id=company_id, kind=kind, companies=companies, today=today, by=by
    )


def kind_of_application(company_id: str, today: date) -> ApplicationKind:
    """What a company could apply for. Raises Refused: not_a_representative. R: F1, F7."""
    membership = known.memberships([company_id], today).get(company_id)
    if membership is None:
        return ApplicationKind.FORM
    if membership.is_representative:
        return ApplicationKind.JOIN
    raise Refused(
        "not_a_representative",
        gettext_noop("그룹사에 회사를 더하는 신청은 대표회사의 관리자에게 부탁하세요."),
    )


@transaction.atomic
def match_application(*, application_id: int, today: date, by: Actor) -> None:
    """정보 매칭: each company is who it was said to be, and is asked to agree. R: F1.

    Raises Refused: day_is_over, application_closed, wrong_step, entry_off.
    """
    seen = known.application(application_id)
    lock_companies([company.wanted_id for company in seen.companies] if seen else [], today)
    found = groups.locked_application(application_id)
    is_same = seen is not None and found.wanted == seen.wanted
    if not is_same or any(beside.off for beside in matching(found, today)):
        raise Refused(
            "entry_off",
            gettext_noop("맞지 않는 회사가 있습니다. 표시된 곳을 고치거나 반려하세요."),
        )
    groups.ask_for_agreement(found=found, today=today, by=by)


@transaction.atomic
def agree_to_group(*, company_id: str, today: date, by: Actor) -> bool:
    """A company agrees to what it was asked; whether with that everybody has, and it is done.

    A group exists, and new companies are in it, from today on; another representative from the
    next 00:00. R: F1, F9. Raises Refused: no_application, and what form_group and join_group do.
    """
    seen = known.application_of(company_id)
    lock_companies([c.company_id for c in seen.companies if c.company_id] if seen else [], today)
    found = groups.locked_asked(company_id)
    found = groups.note_agreement(found=found, company_id=company_id, today=today, by=by)
    if not found.all_agreed:
        return False
    _do(found, today=today, by=by)
    groups.approve(found=found, today=today, by=by)
    return True


def _do(found: Application, *, today: date, by: Actor) -> None:
    """What everybody has agreed to. The companies are locked."""
    lead = found.row.applicant_id
    members = [entry.wanted_id for entry in found.members]
    common: dict[str, Any] = {"today": today, "by": by}
    if found.row.kind == ApplicationKind.FORM:
        form_group(company_id=lead, members=members, **common)
    elif found.row.kind == ApplicationKind.JOIN:
        for member in members:
            join_group(company_id=member, representative=lead, **common)
        _tell("group_joined", lead, today=today, representative=lead, companies=members)
    else:
        _replace(lead, members, **common)


def _replace(lead: str, members: Collection[str], *, today: date, by: Actor) -> None:
    rules.check_paid(rules.check_active(queries.standing(lead, today)))
    membership = known.memberships([lead], today).get(lead)
    others = known.members(membership.group_id, today, other_than=lead) if membership else []
    if sorted(members) != others:
        raise Refused(
            "group_changed",
            gettext_noop("그 사이에 그룹사의 회사가 바뀌었습니다. 고객지원에 문의하세요."),
        )
    groups.replace_representative(representative=lead, members=members, today=today, by=by)
    starts_on = (today + days.ONE_DAY).isoformat()
    _tell("representative_replaced", lead, today=today, representative=lead, starts_on=starts_on)


@transaction.atomic
def ask_to_replace(*, company_id: str, reason: str, today: date, by: Actor) -> Application:
    """대표회사 변경: staff asks all companies of a group to agree to this one. R: F9.

    Raises Refused: day_is_over, not_active, not_paid, not_grouped, is_representative,
    application_open, bad_reason.
    """
    group = known.memberships([company_id], today).get(company_id)
    others = known.members(group.group_id, today, other_than=company_id) if group else []
    lock_companies([company_id, *others], today)
    membership = _membership(company_id, today)
    rules.check_paid(rules.check_active(queries.standing(company_id, today)))
    if membership.is_representative:
        raise Refused(
            "is_representative",
            gettext_noop("이미 대표회사입니다. 다른 회사를 고르세요."),
        )
    members = known.members(membership.group_id, today, other_than=company_id)
    return groups.ask_to_replace(
        representative=company_id, members=members, reason=reason, today=today, by=by
    )


@transaction.atomic
def leave_group(*, company_id: str, reason: str, today: date, by: Actor) -> None:
    """A company leaves its group, through support: today is still the group's. R: F9.

    Raises Refused: day_is_over, not_active, not_grouped, representative_stays, bad_reason.
    """
    reason = check_reason_given(reason)
    lock_active(company_id, today)
    membership = _membership(company_id, today)
    others = known.members(membership.group_id, today, other_than=company_id)
    if membership.is_representative and others:
        raise Refused(
            "representative_stays",
            gettext_noop(
                "대표회사는 다른 회사({others})가 남아 있는 동안 탈퇴할 수 없습니다. "
                "먼저 대표회사를 변경하세요."
            ),
            others=", ".join(others),
        )
    groups.end_applications([company_id], today=today, by=by)
    groups.leave_groups([company_id], last_day=today, today=today, by=by)
    figures = {"left": company_id, "last_on": today.isoformat(), "reason": reason}
    _announce("group_left", [company_id, *others], today=today, **figures)


def _membership(company_id: str, today: date) -> Any:
    membership = known.memberships([company_id], today).get(company_id)
    if membership is None:
        raise Refused(
            "not_grouped",
            gettext_noop("{company_id}은(는) 그룹사에 속해 있지 않습니다. 회사를 확인하세요."),
            company_id=company_id,
        )
    return membership


def _tell(kind: str, lead: str, *, today: date, **figures: Any) -> None:
    """All companies of the representative's group are told."""
    membership = _membership(lead, today)
    others = known.members(membership.group_id, today, other_than=lead)
    _announce(kind, [lead, *others], today=today, **figures)


def _announce(kind: str, company_ids: Collection[str], *, today: date, **figures: Any) -> None:
    addresses = known.admin_addresses(company_ids)
    messages.announce_all(
        (Event(company_id, kind, addresses[company_id], figures) for company_id in company_ids),
        on=today,
    )
