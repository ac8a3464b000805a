"""회사: who they are, where they stand, new ones, and longer trials. R: A3, A6, B1."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from groupco import queries as groups
from groupco.choices import Role, StaffRole
from groupco.models import Company
from groupco.rules import masked
from products import operations
from products import queries as products
from products.choices import State
from products.rules import Standing
from workplace_console import hosts
from workplace_console.common import words
from workplace_console.pages.refusals import refusals
from workplace_console.signup import sign_up
from workplace_console.support.base import Act, Fact, Records, Table, Task, column
from workplace_console.support.forms import CompanyForm, ExtensionForm
from workplace_console.support.request import StaffRequest

EXTEND: Final = Act("extend", gettext_lazy("체험 연장"))
CREATE: Final = Act("create", gettext_lazy("회사 만들기"))

# Which field of the form a refusal is about.
BESIDE: Final = {
    "bad_company_id": "company_id",
    "reserved_company_id": "company_id",
    "company_id_taken": "company_id",
    "bad_company_name": "name",
    "bad_business_number": "business_number",
}


def state_in_words(standing: Standing | None) -> str:
    return str(standing.state.label) if standing else words.NOTHING


def plan_in_words(standing: Standing | None) -> str:
    term = standing and (standing.term or standing.reserved)
    return f"{term.plan.label}, {term.cycle.label}" if term else words.NOTHING


def since_in_words(standing: Standing | None) -> str:
    """When what holds began, or when it ends by itself."""
    if standing is None:
        return words.NOTHING
    if standing.term:
        return _("%(day)s부터") % {"day": words.day(standing.term.starts_on)}
    return _("%(day)s까지") % {"day": words.day(standing.trial_ends_on)}


def admins_in_words(addresses: tuple[str, ...]) -> str:
    """In a list nobody needs more than a hint of the first, and how many there are. R: A6."""
    if not addresses:
        return words.NOTHING
    first = masked(addresses[0])
    others = len(addresses) - 1
    return _("%(first)s 외 %(n)d명") % {"first": first, "n": others} if others else first


class Companies(Records):
    of = Company
    title = pgettext_lazy("many", "회사")
    one = gettext_lazy("회사")
    noted = "support_company"
    creates = gettext_lazy("회사 만들기")
    writers = frozenset({StaffRole.SUPPORT})
    ordering = ("pk",)
    search_fields = ("id",)
    search_help_text = gettext_lazy("회사 id, 상호, 또는 관리자의 이메일 전체")
    list_display = (
        column(gettext_lazy("회사 id"), lambda c: c.pk),
        column(gettext_lazy("상호"), lambda c: c.name),
        column(gettext_lazy("상태"), lambda c: state_in_words(c.standing)),
        column(gettext_lazy("상품"), lambda c: plan_in_words(c.standing)),
        column(gettext_lazy("체험 종료·유료 시작"), lambda c: since_in_words(c.standing)),
        column(gettext_lazy("오늘 계정"), lambda c: words.number(c.accounts_today)),
        column(gettext_lazy("관리자"), lambda c: admins_in_words(c.admin_addresses)),
    )

    def complete(self, rows: list[Any], request: Any) -> None:
        ids = [company.pk for company in rows]
        standings = products.standings(ids, request.today)
        counts = groups.counted_in(ids, request.today)
        addresses = groups.admin_addresses(ids)
        for company in rows:
            company.standing = standings.get(company.pk)
            company.accounts_today = counts.get(company.pk, 0)
            company.admin_addresses = addresses[company.pk]

    def company_of(self, row: Any) -> str:
        return str(row.pk)

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        if "@" in term:
            mine = Q(admins__user__email=term.lower())
            return queryset.filter(mine)
        return queryset.filter(Q(pk__startswith=term.lower()) | Q(name__icontains=term))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Company | None:
        """The company, and where it stands today."""
        found: Any = super().get_object(request, object_id, from_field)
        if found:
            found.standing = products.standing(found.pk, request.today)  # type: ignore[attr-defined]
        company: Company | None = found
        return company

    def facts(self, request: StaffRequest, row: Any) -> list[Fact]:
        standing: Standing | None = row.standing
        return [
            Fact(_("상호"), row.name),
            Fact(_("상태"), state_in_words(standing)),
            Fact(_("상품"), plan_in_words(standing)),
            Fact(_("체험 종료·유료 시작"), since_in_words(standing)),
            Fact(_("예약"), _reserved(standing)),
            _accounts_or_deletion(row.pk, standing, request.today),
            Fact(_("가입일"), words.day(row.signed_up_on)),
            Fact(_("로그인 주소"), hosts.address_of(row.pk)),
            Fact(_("사업자등록번호"), words.business_number(row.business_number)),
            Fact(_("대표자"), row.representative),
            Fact(_("주소"), row.address),
            Fact(_("업태, 종목"), ", ".join(filter(None, (row.business_type, row.business_item)))),
            Fact(_("이용 요금 안내 주소"), ", ".join(groups.billing_addresses(row.pk))),
        ]

    def tables(self, request: StaffRequest, row: Company) -> list[Table]:
        invited = [
            (invitation.email, Role(invitation.role).label, words.day(invitation.expires_on))
            for invitation in groups.invitations(row.pk)
        ]
        return [
            Table(
                _("콘솔 관리자"),
                [_("이메일"), _("이름"), _("역할")],
                [
                    (admin.user.email, admin.user.name, Role(admin.role).label)
                    for admin in groups.admins(row.pk)
                ],
            ),
            Table(_("답하지 않은 초대"), [_("이메일"), _("역할"), _("마지막 날")], invited),
        ]

    def page(self, request: StaffRequest, row: Any) -> HttpResponse:
        form = ExtensionForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            with refusals(form, trial_end_out_of_range="ends_on"):
                operations.extend_trial(
                    company_id=row.pk,
                    ends_on=form.cleaned_data["ends_on"],
                    today=request.today,
                    by=request.by,
                )
            if not form.errors:
                messages.success(request, _("무료 체험을 연장했습니다."))
                return redirect(request.path)
        task = self._task(request, row.standing, form)
        return self.shown(request, row, task, name=str(row), links=_links(row))

    def _task(
        self, request: StaffRequest, standing: Standing | None, form: ExtensionForm
    ) -> Task | None:
        is_open = standing and standing.state in (State.TRIAL, State.RESERVED)
        if not self.may_write(request) or not (is_open or form.errors):
            return None
        says = (
            _("지금은 %(day)s까지입니다. 예약은 그대로이며, 관리자에게 메일을 보냅니다.")
            % {"day": words.day(standing.trial_ends_on)}
            if standing
            else ""
        )
        return Task(EXTEND.label, form, [EXTEND], says)

    def create(self, request: StaffRequest) -> HttpResponse:
        form = CompanyForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            with refusals(form, **BESIDE):
                sign_up(**form.cleaned_data, invite=True, today=request.today, by=request.by)
            if not form.errors:
                messages.success(request, _("회사를 만들고 첫 관리자를 초대했습니다."))
                return redirect("admin:groupco_company_change", form.cleaned_data["company_id"])
        says = _("오늘부터 무료 체험이 시작됩니다.")
        task = Task(CREATE.label, form, [CREATE], says)
        return self.drawn(request, "support/record.html", title=CREATE.label, task=task)


def _reserved(standing: Standing | None) -> str:
    if standing is None or standing.reserved is None:
        return words.NOTHING
    return _("%(day)s 시작") % {"day": words.day(standing.reserved.starts_on)}


def _accounts_or_deletion(company_id: str, standing: Standing | None, today: date) -> Fact:
    """An active company has accounts; one that is over has a day on which its data goes."""
    if standing and standing.is_active:
        return Fact(_("오늘 계정"), words.number(groups.counted(company_id, today)))
    deletion = products.deletion(company_id)
    return Fact(_("데이터 삭제일"), words.day(deletion.due_on) if deletion else words.NOTHING)


def _links(company: Company) -> list[Fact]:
    """Where else this company is found."""
    asked = f"?q={company.pk}"
    return [
        Fact(_("변경 이력"), "", reverse("admin:common_auditentry_changelist") + asked),
        Fact(_("메일"), "", reverse("admin:common_mail_changelist") + asked),
        Fact(_("청구서"), "", reverse("admin:billing_invoice_changelist") + asked),
        Fact(_("일별 이용"), "", reverse("admin:day_charges") + f"?company={company.pk}"),
    ]
