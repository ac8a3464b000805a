"""그룹사 정보: the companies of one's group, or the application for one. R: F1, F2, F3, F8."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from billing import queries as billing
from billing import reckoning
from groupco import operations as groups
from groupco import queries
from groupco.choices import ApplicationKind, ApplicationOutcome, ApplicationStep
from groupco.queries import Application, GroupMember
from products import operations
from products.choices import State
from workplace_console import hosts
from workplace_console.pages import group_tabs
from workplace_console.pages.group_forms import ApplyForm
from workplace_console.pages.refusals import refusals
from workplace_console.pages.request import ConsoleRequest


def group(request: ConsoleRequest) -> HttpResponse:
    """The group's companies; what was applied for, and what one may do about it."""
    form = ApplyForm()
    if request.method == "POST":
        form, done = ACTS.get(request.POST.get("act", "apply"), _apply)(request)
        if done:
            messages.success(request, done)
            return redirect("group", request.company.pk)
    members = queries.group_of(request.company.pk, request.today)
    application = queries.application_of(request.company.pk)
    shown = _application(request, application, members)
    leads = leads_group(request, members)
    context = {
        "tabs": group_tabs.tabs(request, "group") if members else (),
        "rows": _rows(request, members, leads=leads),
        "split": _split(request, members) if leads else None,
        "leads": leads,
        "application": shown,
        "form": form,
        "may_write": request.may("group"),
        "may_apply": _may_apply(request, members, application),
        "is_paid": request.standing.state is State.PAID,
    }
    return render(request, "console/group.html", context)


def leads_group(request: ConsoleRequest, members: Sequence[GroupMember]) -> bool:
    """Whether one's company represents the group today. R: F8."""
    own = request.company.pk
    return any(member.is_representative and member.id == own for member in members)


@dataclass(frozen=True)
class Row:
    """A company of the group; what isn't for the reader's eyes is None. R: F2, F8."""

    member: GroupMember
    url: str
    accounts: int | None
    cards: int | None

    @property
    def shows_cards(self) -> bool:
        return self.cards is not None


def _rows(request: ConsoleRequest, members: Sequence[GroupMember], *, leads: bool) -> list[Row]:
    """The representative sees what each uses, a member what it uses itself. R: F8."""
    rows = []
    for member in members:
        is_seen = leads or member.id == request.company.pk
        rows.append(
            Row(
                member,
                hosts.address_of(member.id),
                member.accounts if is_seen else None,
                member.cards if is_seen else None,
            )
        )
    return rows


@dataclass(frozen=True)
class Part:
    """A company's part of what the month has come to, in won, VAT included where it says total."""

    name: str
    sums: reckoning.Sums


def _split(request: ConsoleRequest, members: Sequence[GroupMember]) -> dict[str, Any]:
    """The month so far, by company, to the won: the parts add up to the sum. R: E6, F3."""
    ids = [member.id for member in members]
    lines = billing.estimate_of(request.company.pk, ids, today=request.today)
    parts = reckoning.split(lines)
    return {
        "parts": [Part(member.name, parts[member.id]) for member in members if member.id in parts],
        "sums": reckoning.sums(lines),
    }


# --- The application ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A step with its day, once it is done."""

    label: str
    is_done: bool
    is_current: bool
    on: date | None


@dataclass(frozen=True)
class Shown:
    """An application as one company may see it: names of others only once they are told."""

    application: Application
    steps: Sequence[Step]
    state: str
    is_mine: bool
    asks_me: bool
    may_withdraw: bool


def _application(
    request: ConsoleRequest, found: Application | None, members: Sequence[GroupMember]
) -> Shown | None:
    """What is open; one's own that came to nothing is shown until there is a group."""
    if found is None or (not found.row.is_open and (members or _is_approved(found))):
        return None
    own = found.of(request.company.pk)
    is_mine = found.row.applicant_id == request.company.pk
    is_replacing = found.row.kind == ApplicationKind.REPLACE
    asks_me = found.row.is_open and found.waits_for is ApplicationStep.AGREED
    return Shown(
        application=found,
        steps=steps(found),
        state=_state(found),
        is_mine=is_mine and not is_replacing,
        asks_me=bool(asks_me and own and own.agreed_on is None),
        may_withdraw=found.row.is_open and is_mine and not is_replacing,
    )


def _is_approved(found: Application) -> bool:
    return found.row.outcome == ApplicationOutcome.APPROVED


def _state(found: Application) -> str:
    if not found.row.is_open:
        return str(ApplicationOutcome(found.row.outcome).label)
    waits_for = found.waits_for or ApplicationStep.APPROVED
    return _("%(step)s 대기") % {"step": waits_for.label}


def steps(found: Application) -> list[Step]:
    """신청 → 접수 → 정보 매칭 → 동의 → 승인, with their days. R: F1."""
    row = found.row
    agreed = max((c.agreed_on for c in found.companies if c.agreed_on), default=None)
    days = {
        ApplicationStep.APPLIED: row.applied_on,
        ApplicationStep.RECEIVED: row.received_on,
        ApplicationStep.MATCHED: row.matched_on,
        ApplicationStep.AGREED: agreed if found.all_agreed else None,
        ApplicationStep.APPROVED: row.closed_on if _is_approved(found) else None,
    }
    waits_for = found.waits_for if row.is_open else None
    return [
        Step(str(step.label), on is not None and step is not waits_for, step is waits_for, on)
        for step, on in days.items()
    ]


def _may_apply(
    request: ConsoleRequest, members: Sequence[GroupMember], found: Application | None
) -> bool:
    """A paid company that is in no group, or represents one, while it has nothing open. R: F1."""
    if request.standing.state is not State.PAID or (found and found.row.is_open):
        return False
    return not members or leads_group(request, members)


# --- What the buttons do -----------------------------------------------------------------------

Done = tuple[ApplyForm, str]


def _common(request: ConsoleRequest) -> dict[str, Any]:
    return {"company_id": request.company.pk, "today": request.today, "by": request.by}


def _apply(request: ConsoleRequest) -> Done:
    form = ApplyForm(request.POST)
    if form.is_valid():
        with refusals(form), transaction.atomic():
            if form.claim(request.company.pk):
                operations.apply_for_group(
                    companies=form.cleaned_data["wanted"], **_common(request)
                )
            return form, _("그룹사를 신청했습니다. 고객지원이 접수하면 다음 단계로 넘어갑니다.")
    return form, ""


def _more(request: ConsoleRequest) -> Done:
    return ApplyForm(request.POST, more=True), ""


def _withdraw(request: ConsoleRequest) -> Done:
    groups.withdraw_application(**_common(request))
    return ApplyForm(), _("그룹사 신청을 취소했습니다.")


def _agree(request: ConsoleRequest) -> Done:
    if operations.agree_to_group(**_common(request)):
        return ApplyForm(), _("동의했습니다. 모든 회사가 동의해 승인되었습니다.")
    return ApplyForm(), _("동의했습니다. 다른 회사의 동의를 기다립니다.")


def _decline(request: ConsoleRequest) -> Done:
    groups.decline_application(**_common(request))
    return ApplyForm(), _("거절했습니다. 신청한 회사에 알렸습니다.")


ACTS: Final[dict[str, Callable[[ConsoleRequest], Done]]] = {
    "apply": _apply,
    "more": _more,
    "withdraw": _withdraw,
    "agree": _agree,
    "decline": _decline,
}
