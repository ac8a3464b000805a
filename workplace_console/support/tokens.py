"""API 토큰: of WORKPLACE's services and of companies; issued and withdrawn here. R: A6, H4."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groupco import operations as groups
from groupco.choices import Scope, StaffRole
from groupco.models import ApiToken
from groupco.operations import Issued
from products import operations as products
from workplace_console.common import words
from workplace_console.pages import password_again
from workplace_console.pages.refusals import refusals
from workplace_console.support.base import Act, Fact, Records, Task, column
from workplace_console.support.forms import NothingToFill, TokenForm
from workplace_console.support.request import StaffRequest

ISSUE: Final = Act("issue", gettext_lazy("토큰 발급"))
WITHDRAW: Final = Act("withdraw", gettext_lazy("철회"), is_grave=True)

BESIDE: Final = {"bad_token_name": "name", "no_scope": "scopes", "not_active": "company_id"}


def owner_in_words(token: ApiToken) -> str:
    return token.company_id or _("WORKPLACE 서비스(모든 회사)")


def scopes_in_words(token: ApiToken) -> str:
    return ", ".join(str(Scope(scope).label) for scope in token.scopes)


def use_in_words(token: ApiToken) -> str:
    return words.day(token.last_used_on) if token.last_used_on else _("사용한 적 없음")


def state_in_words(token: ApiToken) -> str:
    if token.withdrawn_on is None:
        return _("사용 중")
    return _("%(day)s 철회") % {"day": words.day(token.withdrawn_on)}


class Tokens(Records):
    of = ApiToken
    title = gettext_lazy("API 토큰")
    creates = gettext_lazy("토큰 발급")
    writers = frozenset({StaffRole.SUPPORT})
    search_fields = ("company",)
    search_help_text = gettext_lazy("회사 id")
    list_display = (
        column(gettext_lazy("토큰"), lambda token: token.hint),
        column(gettext_lazy("이름"), lambda token: token.name),
        column(gettext_lazy("누구의"), owner_in_words),
        column(gettext_lazy("범위"), scopes_in_words),
        column(gettext_lazy("발급일"), lambda token: words.day(token.issued_on)),
        column(gettext_lazy("마지막 사용일"), use_in_words),
        column(gettext_lazy("상태"), state_in_words),
    )

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        return queryset.filter(company_id=term.lower())

    def facts(self, request: StaffRequest, row: ApiToken) -> list[Fact]:
        return [
            Fact(_("토큰"), row.hint),
            Fact(_("이름"), row.name),
            Fact(_("누구의"), owner_in_words(row)),
            Fact(_("범위"), scopes_in_words(row)),
            Fact(_("발급일"), words.day(row.issued_on)),
            Fact(_("마지막 사용일"), use_in_words(row)),
            Fact(_("상태"), state_in_words(row)),
        ]

    def create(self, request: StaffRequest) -> HttpResponse:
        if request.method == "POST" and (asked := password_again.ask_if_stale(request)):
            return asked
        form = TokenForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            with refusals(form, **BESIDE):
                issued = self._issue(request, form)
                if issued:
                    return self._once(request, issued)
                form.add_error(
                    None, _("이미 발급했습니다. 토큰을 잃었다면 철회하고 새로 발급하세요.")
                )
        says = _("토큰을 가진 프로그램은 비밀번호 없이 그 범위의 일을 할 수 있습니다.")
        task = Task(ISSUE.label, form, [ISSUE], says)
        return self.drawn(request, "support/record.html", title=ISSUE.label, task=task)

    @transaction.atomic
    def _issue(self, request: StaffRequest, form: TokenForm) -> Issued | None:
        """The token; None when this form has had its own."""
        if not form.claim("support"):
            return None
        return products.issue_token(
            company_id=form.cleaned_data["company_id"] or None,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            today=request.today,
            by=request.by,
        )

    def _once(self, request: StaffRequest, issued: Issued) -> HttpResponse:
        """The only page that ever shows a token: an answer to a POST, in no history or cache."""
        title = _("토큰은 지금만 보입니다. 안전한 곳에 옮겨 두세요.")
        text = {"title": title, "body": issued.secret}
        return self.shown(request, issued.token, name=issued.token.name, text=text)

    def page(self, request: StaffRequest, row: ApiToken) -> HttpResponse:
        form = NothingToFill(request.POST if request.method == "POST" else None)
        if form.is_valid() and request.POST.get("act") == WITHDRAW.value:
            groups.withdraw_token(
                company_id=row.company_id, token_id=row.pk, today=request.today, by=request.by
            )
            messages.success(request, _("토큰을 철회했습니다. 이제 쓸 수 없습니다."))
            return redirect(request.path)
        task = None
        if self.may_write(request) and row.withdrawn_on is None:
            says = _("철회하면 이 토큰을 쓰는 프로그램은 바로 거절됩니다.")
            task = Task(WITHDRAW.label, form, [WITHDRAW], says)
        return self.shown(request, row, task, name=row.name)
