"""그룹사 신청, matched with the companies side by side; and groups as they are. R: F1, F9."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from groupco import operations as groups
from groupco import queries
from groupco.choices import ApplicationOutcome, ApplicationStep, StaffRole
from groupco.models import Group, GroupApplication
from groupco.queries import Application, GroupMember
from groupco.rules import Off, Wanted
from products import operations
from products.matching import Beside, matching
from workplace_console.common import days, words
from workplace_console.pages.refusals import refusals
from workplace_console.support.base import Act, Fact, Records, Table, Task, WordFilter, column
from workplace_console.support.companies import admins_in_words, state_in_words
from workplace_console.support.forms import (
    CorrectionForm,
    LeaveForm,
    NothingToFill,
    ReasonForm,
    ReplaceForm,
)
from workplace_console.support.request import StaffRequest

RECEIVE: Final = Act("receive", gettext_lazy("접수"))
MATCH: Final = Act("match", gettext_lazy("매칭"))
CORRECT: Final = Act("correct", gettext_lazy("고치기"))
REJECT: Final = Act("reject", gettext_lazy("반려"), is_grave=True)
LEAVE: Final = Act("leave", gettext_lazy("탈퇴 처리"), is_grave=True)
REPLACE: Final = Act("replace", gettext_lazy("동의 요청"))

# As many digits as any key has at most.
LONGEST_KEY: Final = 19

BESIDE: Final = {
    "bad_reason": "reason",
    "bad_company_id": "company_id",
    "bad_business_number": "business_number",
    "representative_stays": "company",
    "is_representative": "company",
    "not_grouped": "company",
    "not_paid": "company",
}

# What is off, as it stands in the cell that it is about: which row, and the words.
OFF: Final = {
    Off.UNKNOWN: ("id", gettext_lazy("이런 회사가 없습니다")),
    Off.TWICE: ("id", gettext_lazy("두 번 적혔습니다")),
    Off.NO_NUMBER: ("number", gettext_lazy("회사 정보에 번호가 없습니다")),
    Off.NUMBER_DIFFERS: ("number", gettext_lazy("신청한 번호와 다릅니다")),
    Off.NOT_ACTIVE: ("state", gettext_lazy("이용 중이 아닙니다")),
    Off.NOT_PAID: ("state", gettext_lazy("유료 이용 중이 아닙니다")),
    Off.GROUPED: ("group", gettext_lazy("이미 그룹사에 속해 있습니다")),
    Off.NO_REPRESENTATIVE: ("group", gettext_lazy("대표회사가 아닙니다")),
    Off.ASKED_ELSEWHERE: ("group", gettext_lazy("다른 신청이 진행 중입니다")),
}


def state_of(row: GroupApplication) -> str:
    """How far it has come, or how it ended."""
    if row.outcome:
        return str(ApplicationOutcome(row.outcome).label)
    step = (
        ApplicationStep.AGREED
        if row.matched_on
        else ApplicationStep.MATCHED
        if row.received_on
        else ApplicationStep.RECEIVED
    )
    return _("%(step)s 대기") % {"step": step.label}


class OutcomeFilter(WordFilter):
    title = gettext_lazy("상태")
    parameter_name = "outcome"
    column = "outcome"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [*ApplicationOutcome.choices]


class Applications(Records):
    of = GroupApplication
    title = pgettext_lazy("many", "그룹사 신청")
    one = pgettext_lazy("one", "그룹사 신청")
    says = gettext_lazy(
        "접수한 뒤 회사 정보를 나란히 놓고 맞춥니다. 모두 맞아야 동의를 요청합니다."
    )
    writers = frozenset({StaffRole.SUPPORT})
    asks_again = True
    filters = (OutcomeFilter,)
    search_fields = ("applicant",)
    search_help_text = gettext_lazy("신청한 회사의 id")
    list_display = (
        column(gettext_lazy("신청일"), lambda row: words.day(row.applied_on)),
        column(gettext_lazy("종류"), lambda row: row.get_kind_display()),
        column(gettext_lazy("대표회사"), lambda row: row.applicant_id),
        column(gettext_lazy("상태"), state_of),
        column(
            gettext_lazy("끝난 날"), lambda row: words.day(row.closed_on) if row.closed_on else ""
        ),
    )

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        return queryset.filter(applicant=term.lower())

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> GroupApplication | None:
        """The application, and with it its companies."""
        is_key = object_id.isascii() and object_id.isdecimal() and len(object_id) < LONGEST_KEY
        found = queries.application(int(object_id)) if is_key else None
        if found is None:
            return None
        row: Any = found.row
        row.found = found
        application: GroupApplication = row
        return application

    def facts(self, request: StaffRequest, row: GroupApplication) -> list[Fact]:
        return [
            Fact(_("종류"), row.get_kind_display()),
            Fact(_("상태"), state_of(row)),
            Fact(_("신청일"), words.day(row.applied_on)),
            Fact(_("접수일"), words.day(row.received_on) if row.received_on else words.NOTHING),
            Fact(_("정보 매칭일"), words.day(row.matched_on) if row.matched_on else words.NOTHING),
            Fact(_("끝난 날"), words.day(row.closed_on) if row.closed_on else words.NOTHING),
            Fact(_("사유"), row.reason),
        ]

    def page(self, request: StaffRequest, row: Any) -> HttpResponse:
        found: Application = row.found
        sent: forms.Form | None = None
        if request.method == "POST":
            sent, done = self._act(request, row)
            if done:
                messages.success(request, done)
                return redirect(request.path)
        beside = matching(found, request.today) if row.is_open else []
        return self.shown(
            request,
            row,
            name=row.applicant_id,
            tables=_tables(found, beside),
            tasks=self._tasks(request, found, beside, sent),
        )

    def _act(self, request: StaffRequest, row: GroupApplication) -> tuple[forms.Form, str]:
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            return NothingToFill(), ""
        make_form, do, done = act
        form = make_form(request.POST)
        if form.is_valid():
            with refusals(form, **BESIDE):
                do(row.pk, form.cleaned_data, {"today": request.today, "by": request.by})
                return form, str(done)
        return form, ""

    def _tasks(
        self,
        request: StaffRequest,
        found: Application,
        beside: Sequence[Beside],
        sent: forms.Form | None,
    ) -> list[Task]:
        """What can be done at the step where it stands; what was typed and refused stays."""
        if not found.row.is_open or not self.may_write(request):
            return []
        act = request.POST.get("act") if sent is not None else None

        def form(kind: type[forms.Form], value: str, **initial: Any) -> forms.Form:
            return sent if act == value and sent is not None else kind(**initial)

        tasks = []
        if found.waits_for is ApplicationStep.RECEIVED:
            tasks.append(Task(_("접수"), form(NothingToFill, RECEIVE.value), [RECEIVE]))
        if found.waits_for is ApplicationStep.MATCHED:
            says = (
                _("맞지 않는 곳이 있습니다. 고치거나 반려하세요.")
                if any(b.off for b in beside)
                else _("모두 맞습니다. 매칭하면 각 회사의 소유자에게 동의를 요청합니다.")
            )
            tasks.append(Task(_("정보 매칭"), form(NothingToFill, MATCH.value), [MATCH], says))
            tasks += [
                Task(
                    _("%(id)s 고치기") % {"id": entry.wanted_id},
                    sent
                    if act == CORRECT.value
                    and isinstance(sent, CorrectionForm)
                    and sent.is_about(entry.pk)
                    else CorrectionForm(initial=_as_it_stands(entry)),
                    [CORRECT],
                )
                for entry in found.members
            ]
        says = _("사유를 신청한 회사에 메일로 보냅니다. 동의를 요청받은 회사에도 알립니다.")
        tasks.append(Task(_("반려"), form(ReasonForm, REJECT.value), [REJECT], says))
        return tasks


def _as_it_stands(entry: Any) -> dict[str, Any]:
    return {
        "entry": entry.pk,
        "company_id": entry.wanted_id,
        "business_number": entry.wanted_number,
    }


def _receive(pk: int, given: dict[str, Any], common: dict[str, Any]) -> None:
    groups.receive_application(application_id=pk, **common)


def _match(pk: int, given: dict[str, Any], common: dict[str, Any]) -> None:
    operations.match_application(application_id=pk, **common)


def _correct(pk: int, given: dict[str, Any], common: dict[str, Any]) -> None:
    wanted = Wanted(given["company_id"].lower(), given["business_number"])
    groups.correct_application(application_id=pk, entry_id=given["entry"], wanted=wanted, **common)


def _reject(pk: int, given: dict[str, Any], common: dict[str, Any]) -> None:
    groups.reject_application(application_id=pk, reason=given["reason"], **common)


ACTS: Final[dict[str, tuple[type[forms.Form], Callable[..., None], Any]]] = {
    RECEIVE.value: (NothingToFill, _receive, gettext_lazy("신청을 접수했습니다.")),
    MATCH.value: (NothingToFill, _match, gettext_lazy("매칭하고 각 회사에 동의를 요청했습니다.")),
    CORRECT.value: (CorrectionForm, _correct, gettext_lazy("신청 내용을 고쳤습니다.")),
    REJECT.value: (ReasonForm, _reject, gettext_lazy("반려하고 신청한 회사에 알렸습니다.")),
}


# --- The companies side by side ------------------------------------------------------------------


def _tables(found: Application, beside: Sequence[Beside]) -> list[Table]:
    return [_side_by_side(beside)] if beside else [_agreements(found)]


def _side_by_side(beside: Sequence[Beside]) -> Table:
    """A company a column: what was applied for, what is known, and what is off, marked."""
    rows: list[tuple[Any, Callable[[Beside], str], str]] = [
        (_("신청한 회사 id"), lambda b: b.entry.given_id, ""),
        (_("고친 회사 id"), lambda b: b.entry.corrected_id, ""),
        (_("회사 id"), lambda b: b.company.pk if b.company else "", "id"),
        (_("상호"), lambda b: b.company.name if b.company else "", ""),
        (_("신청한 번호"), lambda b: words.business_number(b.entry.given_number), ""),
        (_("고친 번호"), lambda b: words.business_number(b.entry.corrected_number), ""),
        (
            _("사업자등록번호"),
            lambda b: words.business_number(b.company.business_number) if b.company else "",
            "number",
        ),
        (_("대표자"), lambda b: b.company.representative if b.company else "", ""),
        (_("주소"), lambda b: b.company.address if b.company else "", ""),
        (_("상태"), lambda b: state_in_words(b.standing), "state"),
        (_("그룹사, 다른 신청"), lambda b: words.NOTHING, "group"),
        (_("관리자"), lambda b: admins_in_words(b.admins), ""),
        (_("동의"), lambda b: words.day(b.entry.agreed_on) if b.entry.agreed_on else "", ""),
    ]
    heads = [
        _("나란히 보기"),
        *(_("대표회사") if b.entry.is_applicant else _("회사") for b in beside),
    ]
    return Table(
        _("회사 정보"),
        heads,
        [(label, *(_cell(b, value(b), about) for b in beside)) for label, value, about in rows],
    )


def _cell(beside: Beside, value: str, about: str) -> Any:
    wrong = [OFF[off][1] for off in beside.off if OFF[off][0] == about]
    if not wrong:
        return value
    shown = value if value not in ("", words.NOTHING) else ""
    told = ", ".join(str(text) for text in wrong)
    return format_html('{} <strong class="off">✗ {}</strong>', shown, told)


def _agreements(found: Application) -> Table:
    rows = [
        (
            entry.wanted_id,
            words.business_number(entry.wanted_number),
            words.day(entry.agreed_on) if entry.agreed_on else words.NOTHING,
        )
        for entry in found.companies
    ]
    return Table(_("회사"), [_("회사 id"), _("신청한 번호"), _("동의일")], rows)


# --- Groups as they are ---------------------------------------------------------------------------


class Groups(Records):
    of = Group
    title = pgettext_lazy("many", "그룹사")
    one = gettext_lazy("그룹사")
    writers = frozenset({StaffRole.SUPPORT})
    asks_again = True
    search_fields = ("company",)
    search_help_text = gettext_lazy("그룹사에 속한 회사의 id")
    list_display = (
        column(gettext_lazy("시작일"), lambda row: words.day(row.formed_on)),
        column(gettext_lazy("대표회사"), lambda row: row.lead),
        column(gettext_lazy("회사"), lambda row: row.others),
    )

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        return queryset.filter(memberships__company=term.lower()).distinct()

    def complete(self, rows: list[Any], request: Any) -> None:
        found = queries.companies_of_groups([row.pk for row in rows], request.today)
        for row in rows:
            members = found.get(row.pk, [])
            row.lead = ", ".join(id for id, leads in members if leads)
            row.others = ", ".join(id for id, leads in members if not leads)

    def facts(self, request: StaffRequest, row: Any) -> list[Fact]:
        return [Fact(_("시작일"), words.day(row.formed_on))]

    def page(self, request: StaffRequest, row: Group) -> HttpResponse:
        members = self._members(request, row)
        leave, replace = LeaveForm(members), ReplaceForm(members)
        if request.method == "POST":
            act = request.POST.get("act")
            form: Any = (LeaveForm if act == LEAVE.value else ReplaceForm)(members, request.POST)
            if form.is_valid() and self._act(request, act, form):
                return redirect(request.path)
            leave, replace = (form, replace) if act == LEAVE.value else (leave, form)
        tasks = self._tasks(request, leave, replace) if members else []
        name = next((m.id for m in members if m.is_representative), "")
        return self.shown(request, row, name=name, tables=[_companies(members)], tasks=tasks)

    def _members(self, request: StaffRequest, row: Group) -> list[GroupMember]:
        found = queries.companies_of_groups([row.pk], request.today).get(row.pk)
        return queries.group_of(found[0][0], request.today) if found else []

    def _act(self, request: StaffRequest, act: str | None, form: Any) -> bool:
        common: dict[str, Any] = {"today": request.today, "by": request.by}
        given = {"company_id": form.cleaned_data["company"], "reason": form.cleaned_data["reason"]}
        with refusals(form, **BESIDE):
            if act == LEAVE.value:
                operations.leave_group(**given, **common)
                messages.success(request, _("오늘을 마지막 날로 탈퇴를 처리했습니다."))
            else:
                operations.ask_to_replace(**given, **common)
                messages.success(request, _("그룹사의 모든 회사에 동의를 요청했습니다."))
            return True
        return False

    def _tasks(self, request: StaffRequest, leave: Any, replace: Any) -> list[Task]:
        if not self.may_write(request):
            return []
        tomorrow = words.day(request.today + days.ONE_DAY)
        return [
            Task(
                _("탈퇴"),
                leave,
                [LEAVE],
                _("오늘까지는 대표회사에, %(day)s부터는 그 회사에 청구합니다.") % {"day": tomorrow},
            ),
            Task(
                _("대표회사 변경"),
                replace,
                [REPLACE],
                _("모든 회사의 소유자가 동의하면 그다음 0시부터 바뀝니다."),
            ),
        ]


def _companies(members: Sequence[GroupMember]) -> Table:
    rows = [
        (
            member.id,
            member.name,
            _("대표회사") if member.is_representative else "",
            words.day(member.since),
            words.day(member.last_day) if member.last_day else "",
            member.payer,
        )
        for member in members
    ]
    heads = [_("회사 id"), _("상호"), _("역할"), _("부터"), _("까지"), _("청구 대상")]
    return Table(_("회사"), heads, rows)
