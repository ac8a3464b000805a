"""What is only read: the audit log, notices for staff, deletion records. R: G3, H1, H2."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.models import Deletion
from workplace_console import inventory
from workplace_console.common import messages as said
from workplace_console.common import words
from workplace_console.common.models import Access, AuditEntry, Notice
from workplace_console.pages import audit_words
from workplace_console.pages.access import page_in_words, reason_in_words
from workplace_console.support.base import Fact, Records, Table, WordFilter, column
from workplace_console.support.request import StaffRequest


class KindOfActor(WordFilter):
    """Acts of people, or of the night."""

    title = gettext_lazy("누가")
    parameter_name = "by"
    column = "actor__startswith"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("user:", gettext_lazy("사람")),
            ("token:", gettext_lazy("프로그램(API)")),
            ("command:", gettext_lazy("명령")),
            ("system", gettext_lazy("작업")),
        ]


class AuditEntries(Records):
    of = AuditEntry
    title = gettext_lazy("변경 이력")
    filters = (KindOfActor,)
    search_fields = ("company",)
    search_help_text = gettext_lazy("회사 id, 누가(user:12), 또는 무엇을(price_set)")
    list_display = (
        column(gettext_lazy("시각"), lambda entry: words.moment(entry.at)),
        column(gettext_lazy("회사 id"), lambda entry: entry.company),
        column(gettext_lazy("무엇을"), lambda entry: audit_words.action(entry.action)),
        column(gettext_lazy("누가"), lambda entry: entry.actor),
        column(gettext_lazy("어디서"), lambda entry: entry.address),
    )

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        """One column each, so that an index serves: ids have neither a colon nor a low line."""
        if ":" in term or term == "system":
            return queryset.filter(actor=term)
        if "_" in term:
            return queryset.filter(action=term)
        return queryset.filter(company=term.lower())

    def facts(self, request: StaffRequest, row: AuditEntry) -> list[Fact]:
        return [
            Fact(_("시각"), words.moment(row.at)),
            Fact(_("업무일"), words.day(row.on)),
            Fact(_("회사 id"), row.company),
            Fact(_("무엇을"), f"{audit_words.action(row.action)} ({row.action})"),
            Fact(_("누가"), row.actor),
            Fact(_("어디서"), row.address),
        ]

    def tables(self, request: StaffRequest, row: AuditEntry) -> list[Table]:
        before, after = row.before or {}, row.after or {}
        rows = [
            (
                audit_words.FIGURES.get(name, name),
                _figure(before.get(name)),
                _figure(after.get(name)),
            )
            for name in dict.fromkeys([*before, *after])
        ]
        return [Table(_("바뀐 값"), [_("이름"), _("이전"), _("이후")], rows)]


class WayFilter(WordFilter):
    title = gettext_lazy("방식")
    parameter_name = "way"
    column = "way"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Access.Way.choices)


class Accesses(Records):
    of = Access
    title = gettext_lazy("개인정보 열람 기록")
    says = gettext_lazy("사원의 개인정보를 누가 보고 내려받았는지입니다. 2년 뒤에 지웁니다.")
    filters = (KindOfActor, WayFilter)
    search_fields = ("company",)
    search_help_text = gettext_lazy("회사 id, 또는 누가(user:12)")
    list_display = (
        column(gettext_lazy("시각"), lambda entry: words.moment(entry.at)),
        column(gettext_lazy("회사 id"), lambda entry: entry.company),
        column(gettext_lazy("화면"), lambda entry: page_in_words(entry.page)),
        column(gettext_lazy("방식"), lambda entry: entry.get_way_display()),
        column(gettext_lazy("사유"), reason_in_words),
        column(gettext_lazy("누가"), lambda entry: entry.actor),
        column(gettext_lazy("어디서"), lambda entry: entry.address),
    )

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        return queryset.filter(actor=term) if ":" in term else queryset.filter(company=term.lower())

    def facts(self, request: StaffRequest, row: Access) -> list[Fact]:
        return [
            Fact(_("시각"), words.moment(row.at)),
            Fact(_("회사 id"), row.company),
            Fact(_("화면"), page_in_words(row.page)),
            Fact(_("방식"), row.get_way_display()),
            Fact(_("사유"), reason_in_words(row)),
            Fact(_("누가"), row.actor),
            Fact(_("어디서"), row.address),
        ]


class Notices(Records):
    of = Notice
    title = gettext_lazy("고객지원 알림")
    search_fields = ("company",)
    search_help_text = gettext_lazy("회사 id")
    list_display = (
        column(gettext_lazy("업무일"), lambda notice: words.day(notice.on)),
        column(gettext_lazy("회사 id"), lambda notice: notice.company),
        column(gettext_lazy("알림"), lambda notice: said.text_of(notice).title),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(audience=Notice.Audience.STAFF)

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        return queryset.filter(company=term.lower())

    def facts(self, request: StaffRequest, row: Notice) -> list[Fact]:
        return [
            Fact(_("업무일"), words.day(row.on)),
            Fact(_("회사 id"), row.company),
        ]

    def shown(self, request: StaffRequest, row: Any, task: Any = None, **more: Any) -> HttpResponse:
        return super().shown(request, row, task, text=said.text_of(row), **more)


class Deletions(Records):
    of = Deletion
    title = gettext_lazy("데이터 삭제")
    ordering = ("-due_on", "pk")
    search_fields = ("company",)
    search_help_text = gettext_lazy("회사 id")
    list_display = (
        column(gettext_lazy("회사 id"), lambda deletion: deletion.company),
        column(gettext_lazy("이유"), lambda deletion: deletion.get_reason_display()),
        column(gettext_lazy("삭제일"), lambda deletion: words.day(deletion.due_on)),
        column(
            gettext_lazy("삭제한 날"),
            lambda deletion: words.day(deletion.done_on) if deletion.done_on else "",
        ),
    )

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        return queryset.filter(pk=term.lower())

    def facts(self, request: StaffRequest, row: Deletion) -> list[Fact]:
        return [
            Fact(_("이유"), row.get_reason_display()),
            Fact(_("표시일"), words.day(row.marked_on)),
            Fact(_("삭제일"), words.day(row.due_on)),
            Fact(_("삭제한 시각"), _moment(row.done_at)),
            Fact(_("파일을 다시 쓴 시각"), _moment(row.rewritten_at)),
            Fact(_("백업에서도 없어지는 날"), _day(row.backups_until)),
            Fact(_("콘솔을 닫은 날"), _day(row.closed_on)),
        ]

    def tables(self, request: StaffRequest, row: Deletion) -> list[Table]:
        rows = [(str(what), words.number(count)) for what, count in inventory.in_words(row.counts)]
        heads = [_("이름"), _("지운 수")]
        return [Table(_("지운 데이터"), heads, rows, figures=frozenset({1}))]


def _moment(at: datetime | None) -> str:
    return words.moment(at) if at else words.NOTHING


def _day(day: date | None) -> str:
    return words.day(day) if day else words.NOTHING


def _figure(value: object) -> str:
    """A value of the log as it stands there."""
    if value is None:
        return words.NOTHING
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
