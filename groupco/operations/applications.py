"""그룹사 신청: applied for, received, matched, agreed to; or ended before. R: F1, F9.

Who may form a group is asked by products, which knows where companies stand; these are the facts
and who is told. Each operation holds the applicant, so that no two change one application at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from groupco import queries, rules
from groupco.choices import ApplicationKind, ApplicationOutcome, ApplicationStep
from groupco.models import ApplicationCompany, GroupApplication
from groupco.queries import Application
from groupco.rules import Wanted
from workplace_console.common import audit, messages
from workplace_console.common.audit import SYSTEM, Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def apply_for_group(
    *,
    company_id: str,
    kind: ApplicationKind,
    companies: Sequence[Wanted],
    today: date,
    by: Actor,
) -> Application:
    """A company applies to be the representative of these. R: F1.

    Nothing is said of the companies named, not even whether there are any (R: A4). The applicant
    is locked. Raises Refused as rules.check_wanted, and application_open.
    """
    wanted = rules.check_wanted(companies, applicant=company_id)
    check_no_application(company_id)
    row = GroupApplication.objects.create(kind=kind, applicant_id=company_id, applied_on=today)
    ApplicationCompany.objects.create(
        application=row,
        company_id=company_id,
        given_id=company_id,
        is_applicant=True,
        agreed_on=today,
    )
    ApplicationCompany.objects.bulk_create(
        ApplicationCompany(application=row, given_id=company.id, given_number=company.number)
        for company in wanted
    )
    found = _read(row.pk)
    figures = {"application": row.pk, "companies": [company.id for company in wanted]}
    audit.record(Change(company_id, "group_applied", after=figures), on=today, by=by)
    _announce("group_applied", [company_id], found, today=today)
    told = Event(company_id, "group_applied", (), _figures(found), f"group_applied:{row.pk}")
    messages.tell_staff([told], on=today)
    return found


@transaction.atomic
def receive_application(*, application_id: int, today: date, by: Actor) -> None:
    """Staff has it in hand. R: F1. Raises Refused: application_closed, wrong_step."""
    found = locked_application(application_id)
    rules.check_waits_for(ApplicationStep.RECEIVED, waits_for=found.waits_for)
    found.row.received_on = today
    found.row.save(update_fields=["received_on"])
    _record(found, "group_application_received", today=today, by=by)


@transaction.atomic
def correct_application(
    *, application_id: int, entry_id: int, wanted: Wanted, today: date, by: Actor
) -> None:
    """Staff corrects the id or the number of a company that was named; both stay to be seen.

    R: F1. Raises Refused: application_closed, wrong_step, bad_company_id, bad_business_number.
    """
    found = locked_application(application_id)
    rules.check_waits_for(ApplicationStep.MATCHED, waits_for=found.waits_for)
    entry = next((entry for entry in found.members if entry.pk == entry_id), None)
    if entry is None:
        raise _changed()
    rules.check_looks_like_id(wanted.id)
    before = {"company": entry.wanted_id, "number": entry.wanted_number}
    number = rules.business_number(wanted.number)
    entry.corrected_id = wanted.id if wanted.id != entry.given_id else ""
    entry.corrected_number = number if number != entry.given_number else ""
    entry.save(update_fields=["corrected_id", "corrected_number"])
    after = {"company": entry.wanted_id, "number": entry.wanted_number}
    if before != after:
        change = Change(found.row.applicant_id, "group_application_corrected", before, after)
        audit.record(change, on=today, by=by)


@transaction.atomic
def reject_application(*, application_id: int, reason: str, today: date, by: Actor) -> None:
    """Staff turns it down, at whatever step it stands, and says why. R: F1.

    Raises Refused: application_closed, bad_reason.
    """
    found = locked_application(application_id)
    found.row.reason = rules.check_reason(reason)
    found.row.save(update_fields=["reason"])
    _end(found, ApplicationOutcome.REJECTED, today=today, by=by)


@transaction.atomic
def withdraw_application(*, company_id: str, today: date, by: Actor) -> None:
    """Who applied thinks better of it. R: F1. Raises Refused: no_application."""
    queries.locked(company_id)
    found = queries.application_of(company_id)
    is_theirs = found and found.row.is_open and found.row.applicant_id == company_id
    if found is None or not is_theirs or found.row.kind == ApplicationKind.REPLACE:
        raise no_application()
    _end(found, ApplicationOutcome.WITHDRAWN, today=today, by=by)


@transaction.atomic
def ask_for_agreement(*, found: Application, today: date, by: Actor) -> None:
    """The companies are who they were said to be; each is asked to agree. R: F1.

    The companies are locked and nothing is off about them. Raises Refused: wrong_step.
    """
    rules.check_waits_for(ApplicationStep.MATCHED, waits_for=found.waits_for)
    for entry in found.members:
        entry.company_id = entry.wanted_id
        entry.save(update_fields=["company_id"])
    found.row.matched_on = today
    found.row.save(update_fields=["matched_on"])
    _record(found, "group_application_matched", today=today, by=by)
    _ask(_read(found.row.pk), today=today, by=by)


@transaction.atomic
def ask_to_replace(
    *, representative: str, members: Collection[str], reason: str, today: date, by: Actor
) -> Application:
    """Staff asks all companies of a group to agree to another representative of it. R: F9.

    `members` are the other companies, the representative of today among them. All are locked.
    Raises Refused: application_open, bad_reason.
    """
    reason = rules.check_reason(reason)
    for company_id in (representative, *members):
        check_no_application(company_id)
    row = GroupApplication.objects.create(
        kind=ApplicationKind.REPLACE,
        applicant_id=representative,
        applied_on=today,
        received_on=today,
        matched_on=today,
        reason=reason,
    )
    ApplicationCompany.objects.bulk_create(
        ApplicationCompany(
            application=row,
            company_id=company_id,
            given_id=company_id,
            is_applicant=company_id == representative,
        )
        for company_id in (representative, *sorted(members))
    )
    found = _read(row.pk)
    _ask(found, today=today, by=by)
    return found


@transaction.atomic
def note_agreement(*, found: Application, company_id: str, today: date, by: Actor) -> Application:
    """A company agrees; what stands then. R: F1. Raises Refused: no_application.

    The companies are locked. Agreeing again changes nothing.
    """
    entry = found.of(company_id)
    if entry is None:
        raise no_application()
    if entry.agreed_on is None:
        entry.agreed_on = today
        entry.save(update_fields=["agreed_on"])
        audit.record(Change(company_id, "group_agreed", after=_agreement(found)), on=today, by=by)
    return found


@transaction.atomic
def decline_application(*, company_id: str, today: date, by: Actor) -> None:
    """A company that was asked says no, which ends it for all. R: F1.

    Raises Refused: no_application.
    """
    found = locked_asked(company_id)
    audit.record(Change(company_id, "group_declined", after=_agreement(found)), on=today, by=by)
    _end(found, ApplicationOutcome.DECLINED, by_company=company_id, today=today, by=by)


def approve(*, found: Application, today: date, by: Actor) -> None:
    """Everybody has agreed, and what was asked for has been done. The companies are locked."""
    _close(found, ApplicationOutcome.APPROVED, today)
    _record(found, "group_application_approved", today=today, by=by)


@transaction.atomic
def end_applications(company_ids: Collection[str], *, today: date, by: Actor = SYSTEM) -> None:
    """Companies end or leave their group: what they were part of comes to nothing. R: F7, F9.

    The companies are locked or can't change.
    """
    ids = set(queries.open_applications(company_ids).values())
    for application_id in sorted(ids):
        found = _read(application_id)
        gone = next(c.wanted_id for c in found.companies if c.company_id in company_ids)
        _end(found, ApplicationOutcome.LAPSED, by_company=gone, today=today, by=by)


def check_no_application(company_id: str) -> None:
    """R: F1. One at a time. Raises Refused: application_open."""
    if company_id in queries.open_applications([company_id]):
        raise Refused(
            "application_open",
            gettext_noop("{company_id}에 진행 중인 그룹사 신청이 있습니다. 먼저 마치세요."),
            company_id=company_id,
        )


def locked_application(application_id: int) -> Application:
    """An open application, held with its applicant. Raises Refused: application_closed."""
    row = GroupApplication.objects.filter(pk=application_id).first()
    if row:
        queries.locked(row.applicant_id)
    found = queries.application(application_id)
    if found is None or not found.row.is_open:
        raise _changed()
    return found


def locked_asked(company_id: str) -> Application:
    """The application that a company is to agree to, held with all its companies.

    Raises Refused: no_application.
    """
    asked = queries.application_of(company_id)
    if asked:
        queries.lock([c.company_id for c in asked.companies if c.company_id])
    found = queries.application_of(company_id)
    if (
        found is None
        or asked is None
        or found.row.pk != asked.row.pk
        or not found.row.is_open
        or found.waits_for is not ApplicationStep.AGREED
    ):
        raise no_application()
    return found


def no_application() -> Refused:
    return Refused(
        "no_application",
        gettext_noop("이미 끝났거나 바뀐 신청입니다. 화면을 다시 열고 확인하세요."),
    )


def _changed() -> Refused:
    return Refused(
        "application_closed",
        gettext_noop("이미 끝난 신청입니다. 목록을 다시 확인하세요."),
    )


def _read(application_id: int) -> Application:
    found = queries.application(application_id)
    if found is None:
        raise _changed()
    return found


def _ask(found: Application, *, today: date, by: Actor) -> None:
    """Tell those who have not agreed yet; owners agree, so owners are mailed."""
    asked = [c.company_id for c in found.companies if c.company_id and c.agreed_on is None]
    figures = _agreement(found)
    audit.record(
        *(Change(id, "group_agreement_asked", after=figures) for id in asked), on=today, by=by
    )
    addresses = queries.owner_addresses(asked)
    messages.announce_all(
        (Event(id, "group_agreement_asked", addresses[id], _figures(found)) for id in asked),
        on=today,
    )


def _agreement(found: Application) -> dict[str, Any]:
    return {"application": found.row.pk, "representative": found.row.applicant_id}


def _end(
    found: Application,
    outcome: ApplicationOutcome,
    *,
    by_company: str = "",
    today: date,
    by: Actor,
) -> None:
    """Close it, and tell all who knew of it: the applicant, and whoever was asked to agree."""
    _close(found, outcome, today)
    _record(found, f"group_application_{outcome}", today=today, by=by)
    knew = [
        c.company_id
        for c in found.companies
        if c.company_id and (outcome != ApplicationOutcome.LAPSED or c.company_id != by_company)
    ]
    figures = {"outcome": str(outcome), "reason": found.row.reason, "by_company": by_company}
    _announce("group_application_ended", knew, found, today=today, **figures)


def _close(found: Application, outcome: ApplicationOutcome, today: date) -> None:
    closed = GroupApplication.objects.filter(pk=found.row.pk, closed_on=None)
    if not closed.update(closed_on=today, outcome=outcome):
        raise _changed()
    ApplicationCompany.objects.filter(application=found.row).update(is_open=False)


def _record(found: Application, action: str, *, today: date, by: Actor) -> None:
    change = Change(found.row.applicant_id, action, after={"application": found.row.pk})
    audit.record(change, on=today, by=by)


def _announce(
    kind: str, company_ids: Collection[str], found: Application, *, today: date, **more: Any
) -> None:
    addresses = queries.admin_addresses(company_ids)
    figures = _figures(found) | more
    messages.announce_all(
        (Event(company_id, kind, addresses[company_id], figures) for company_id in company_ids),
        on=today,
    )


def _figures(found: Application) -> dict[str, Any]:
    """Ids alone: a notice outlives the companies in it."""
    return {
        "kind": found.row.kind,
        "representative": found.row.applicant_id,
        "companies": [entry.wanted_id for entry in found.members],
        "reason": found.row.reason,
    }
