"""작업: what the nights have done, what stands parked, and one more try. R: A6, I4."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from groupco.choices import StaffRole
from workplace_console.common import words
from workplace_console.common.models import JobRun, Parked
from workplace_console.common.refusal import Refused
from workplace_console.support import operations
from workplace_console.support.base import Act, Fact, Records, Task, WordFilter, column
from workplace_console.support.forms import NothingToFill
from workplace_console.support.request import StaffRequest

JOBS: Final[dict[str, Promise]] = {
    "charge": pgettext_lazy("job", "이용 기록"),
    "close": gettext_lazy("청구"),
    "check_budgets": gettext_lazy("예산 확인"),
    "expire_trials": pgettext_lazy("job", "체험 종료"),
    "delete_data": gettext_lazy("데이터 삭제"),
    "begin_terms": pgettext_lazy("job", "유료 시작"),
    "remind_trials": pgettext_lazy("job", "체험 종료 안내"),
    "check_capacity": gettext_lazy("공용 용량 확인"),
    "collect": gettext_lazy("카드 결제와 미납 안내"),
}


def job_in_words(row: JobRun | Parked) -> str:
    return str(JOBS.get(row.job, row.job))


RETRY: Final = Act("retry", gettext_lazy("이 회사만 다시 실행"))


class JobFilter(WordFilter):
    title = gettext_lazy("작업")
    parameter_name = "job"
    column = "job"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return list(JOBS.items())


class JobRuns(Records):
    of = JobRun
    title = gettext_lazy("작업 기록")
    writers = frozenset({StaffRole.SUPPORT})
    ordering = ("-day", "-pk")
    filters = (JobFilter,)
    change_list_template = "support/jobs.html"
    list_display = (
        column(gettext_lazy("업무일"), lambda run: words.day(run.day)),
        column(gettext_lazy("작업"), job_in_words),
        column(gettext_lazy("마친 시각"), lambda run: words.moment(run.at)),
    )

    def own_views(self) -> list[tuple[str, str, Any]]:
        return [("run/", "run", self.run_view)]

    def run_view(self, request: StaffRequest) -> HttpResponse:
        """지금 다시 실행: missed days, and one more try for what stands parked."""
        if not self.may_write(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            outcome = operations.run_jobs(today=request.today, by=request.by)
        except Refused as no:
            messages.error(request, words.sentence(no))
            return redirect("admin:common_parked_changelist")
        told = _("작업 %(finished)d건을 마쳤습니다. 보류된 회사는 %(parked)d곳입니다.") % {
            "finished": outcome.finished,
            "parked": outcome.parked,
        }
        messages.success(request, told)
        return redirect("admin:common_parked_changelist")

    def facts(self, request: StaffRequest, row: JobRun) -> list[Fact]:
        return [
            Fact(_("작업"), job_in_words(row)),
            Fact(_("업무일"), words.day(row.day)),
            Fact(_("마친 시각"), words.moment(row.at)),
        ]


class ParkedCompanies(Records):
    of = Parked
    title = gettext_lazy("보류된 회사")
    says = gettext_lazy("작업이 건너뛴 회사입니다. 원인을 고치면 다음 실행에서 다시 처리합니다.")
    writers = frozenset({StaffRole.SUPPORT})
    ordering = ("day", "job", "company")
    filters = (JobFilter,)
    search_fields = ("company",)
    search_help_text = gettext_lazy("회사 id")
    change_list_template = "support/jobs.html"
    list_display = (
        column(gettext_lazy("업무일"), lambda parked: words.day(parked.day)),
        column(gettext_lazy("작업"), job_in_words),
        column(gettext_lazy("회사 id"), lambda parked: parked.company),
        column(gettext_lazy("이유"), lambda parked: parked.reason),
        column(gettext_lazy("마지막 시도"), lambda parked: words.moment(parked.tried_at)),
    )

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        return queryset.filter(company=term.lower())

    def facts(self, request: StaffRequest, row: Parked) -> list[Fact]:
        return [
            Fact(_("작업"), job_in_words(row)),
            Fact(_("업무일"), words.day(row.day)),
            Fact(_("회사 id"), row.company),
            Fact(_("이유"), row.reason),
            Fact(_("설명"), row.detail),
            Fact(_("언제부터"), words.moment(row.since)),
            Fact(_("마지막 시도"), words.moment(row.tried_at)),
        ]

    def page(self, request: StaffRequest, row: Parked) -> HttpResponse:
        """Why the company was left out, and one more try for it alone."""
        if request.POST.get("act") == RETRY.value:
            if not self.may_write(request):
                raise PermissionDenied
            left = operations.retry_company(company=row.company, today=request.today, by=request.by)
            if left:
                messages.error(
                    request, _("아직 보류되어 있습니다. 이유를 고친 뒤 다시 실행하세요.")
                )
                return redirect("admin:common_parked_changelist")
            messages.success(request, _("밀린 작업을 모두 마쳤습니다."))
            return redirect("admin:common_parked_changelist")
        says = _("이 회사에 밀린 작업을 날짜 순서대로 다시 처리합니다.")
        task = Task(RETRY.label, NothingToFill(), [RETRY], says)
        return self.shown(request, row, task if self.may_write(request) else None, name=row.company)
