"""메일: what was written, what became of it, and once more. R: A6, H1."""

from __future__ import annotations

import re
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groupco.choices import StaffRole
from groupco.rules import masked
from workplace_console.common import messages as said
from workplace_console.common import words
from workplace_console.common.models import Mail
from workplace_console.pages.refusals import refusals
from workplace_console.support import operations
from workplace_console.support.base import Act, Fact, Records, Task, WordFilter, column
from workplace_console.support.forms import NothingToFill
from workplace_console.support.request import StaffRequest

RESEND: Final = Act("resend", gettext_lazy("다시 보내기"))
ADDRESS: Final = re.compile(r"[^\s@<>'\"]+@[^\s@<>'\":]+")


def recipients_in_words(mail: Mail) -> str:
    """Masked: in a list nobody needs more."""
    return ", ".join(masked(address) for address in mail.recipients)


def error_in_words(mail: Mail) -> str:
    """What the server said, its addresses masked."""
    return ADDRESS.sub(lambda found: masked(found[0]), mail.last_error)[:120]


class StateFilter(WordFilter):
    title = gettext_lazy("상태")
    parameter_name = "state"
    column = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Mail.State.choices)


class Mails(Records):
    of = Mail
    title = gettext_lazy("메일")
    noted = "support_mail"
    writers = frozenset({StaffRole.SUPPORT})
    filters = (StateFilter,)
    search_fields = ("company",)
    search_help_text = gettext_lazy("회사 id")
    list_display = (
        column(gettext_lazy("시각"), lambda m: words.moment(m.created_at)),
        column(gettext_lazy("회사 id"), lambda m: m.company),
        column(gettext_lazy("제목"), lambda m: said.text_of(m).title),
        column(gettext_lazy("받는 사람"), recipients_in_words),
        column(gettext_lazy("상태"), lambda m: m.get_state_display()),
        column(gettext_lazy("시도"), lambda m: m.attempts),
        column(gettext_lazy("마지막 오류"), error_in_words),
    )

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        return queryset.filter(company=term.lower())

    def facts(self, request: StaffRequest, row: Mail) -> list[Fact]:
        return [
            Fact(_("회사 id"), row.company),
            Fact(_("종류"), row.kind),
            Fact(_("업무일"), words.day(row.on)),
            Fact(_("쓴 시각"), words.moment(row.created_at)),
            Fact(_("받는 사람"), ", ".join(row.recipients)),
            Fact(_("처리된 주소"), ", ".join(row.done)),
            Fact(_("상태"), row.get_state_display()),
            Fact(_("발송 시각"), words.moment(row.sent_at) if row.sent_at else words.NOTHING),
            Fact(_("시도"), words.number(row.attempts)),
            Fact(_("마지막 오류"), row.last_error),
        ]

    def page(self, request: StaffRequest, row: Mail) -> HttpResponse:
        form = NothingToFill(request.POST if request.method == "POST" else None)
        if form.is_valid():
            with refusals(form):
                operations.resend_mail(mail_id=row.pk, today=request.today, by=request.by)
            if not form.errors:
                messages.success(request, _("메일을 다시 보낼 메일에 넣었습니다."))
                return redirect(request.path)
        task = None
        if self.may_write(request) and (row.state == Mail.State.FAILED or form.errors):
            says = _("받지 못한 주소로만 다시 보냅니다.")
            task = Task(RESEND.label, form, [RESEND], says)
        # Without links: one that works stands in the mail itself and nowhere else.
        text = said.text_of(row)
        return self.shown(request, row, task, name=text.title, text=text)
