"""로그인 사용자: who signs in, and the way back in for who has lost a second factor. R: A5, A6."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groupco import operations
from groupco import queries as groups
from groupco.choices import Role, StaffRole
from groupco.models import User
from groupco.rules import masked
from workplace_console.common import words
from workplace_console.support.base import Act, Fact, Records, Table, Task, column
from workplace_console.support.forms import ResetSecondForm
from workplace_console.support.request import StaffRequest

RESET: Final = Act("reset", gettext_lazy("2단계 인증 모두 해제"), is_grave=True)


def staff_in_words(user: User) -> str:
    return ", ".join(str(StaffRole(role).label) for role in user.staff_roles)


def second_in_words(user: User) -> str:
    return _("켜짐") if user.has_second else _("꺼짐")  # type: ignore[attr-defined]


def last_in_words(user: User) -> str:
    return words.moment(user.last_login) if user.last_login else words.NOTHING


class Users(Records):
    """Found by the whole address; a list shows no more than hints. R: A6."""

    of = User
    title = gettext_lazy("로그인 사용자")
    writers = frozenset({StaffRole.SUPPORT})
    asks_again = True
    noted = "support_user"
    search_fields = ("email",)
    search_help_text = gettext_lazy("이메일 전체")
    list_display = (
        column(gettext_lazy("이메일"), lambda user: masked(user.email)),
        column(gettext_lazy("고객지원 역할"), staff_in_words),
        column(gettext_lazy("2단계 인증"), second_in_words),
        column(gettext_lazy("마지막 로그인"), last_in_words),
    )

    def complete(self, rows: list[Any], request: Any) -> None:
        having = groups.having_second_factor([user.pk for user in rows])
        for user in rows:
            user.has_second = user.pk in having

    def company_of(self, row: Any) -> str:
        """The first of those whose console they open; "" of staff and employees."""
        companies = groups.admin_of(row.pk)
        return companies[0].company_id if companies else ""

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        return queryset.filter(email=term.lower())

    def facts(self, request: StaffRequest, row: User) -> list[Fact]:
        return [
            Fact(_("이메일"), row.email),
            Fact(_("이름"), row.name),
            Fact(_("고객지원 역할"), staff_in_words(row) or words.NOTHING),
            Fact(_("로그인"), _("가능") if row.is_active else _("막음")),
            Fact(_("마지막 로그인"), last_in_words(row)),
        ]

    def tables(self, request: StaffRequest, row: User) -> list[Table]:
        return [
            Table(
                _("콘솔 관리자인 회사"),
                [_("회사 id"), _("역할")],
                [(a.company_id, Role(a.role).label) for a in groups.admin_of(row.pk)],
            ),
            Table(
                _("2단계 인증"),
                [_("종류"), _("이름"), _("설정한 때"), _("마지막으로 쓴 때")],
                [
                    (
                        factor.get_kind_display(),
                        factor.name or words.NOTHING,
                        words.moment(factor.added_at),
                        words.moment(factor.used_at) if factor.used_at else words.NOTHING,
                    )
                    for factor in groups.second_factors(row.pk)
                ],
            ),
        ]

    def page(self, request: StaffRequest, row: User) -> HttpResponse:
        form = ResetSecondForm(request.POST if request.method == "POST" else None)
        may_reset = self.may_write(request) and not row.staff_roles
        if form.is_valid() and may_reset:
            if operations.reset_second_factor(user=row, today=request.today, by=request.by):
                messages.success(request, _("2단계 인증을 해제하고 본인에게 메일을 보냈습니다."))
            return redirect(request.path)
        task = None
        if may_reset and groups.has_second_factor(row.pk):
            says = _("인증 앱, 패스키, 복구 코드를 모두 지우고 모든 로그인을 끊습니다.")
            task = Task(RESET.label, form, [RESET], says)
        return self.shown(request, row, task, name=masked(row.email))
