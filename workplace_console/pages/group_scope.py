"""그룹사 표시범위: what each company's employees see of the chart, and how it looks. R: F4, F8."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from groupco import operations, queries, rules
from groupco.choices import OrgChartScope
from groupco.rules import ChartCompany, Viewer
from workplace_console.common.forms import ConsoleForm, Segment
from workplace_console.common.refusal import Refused
from workplace_console.common.words import sentence
from workplace_console.pages import group_tabs, tree
from workplace_console.pages.request import ConsoleRequest

# Names of fields: one for each company. No company id has a low line.
SCOPE: Final = "scope_"
# The button that only looks; of use without script.
PREVIEW: Final = "preview"


class ScopeForm(ConsoleForm):
    """그룹사 or 내 회사 for each company; which 저장 it was opened on; whose employee looks."""

    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )
    as_of = forms.ChoiceField(label=lazy("어느 회사의 사원으로 볼까요"), required=False)

    def __init__(self, companies: Sequence[ChartCompany], version: int, data: Any = None) -> None:
        super().__init__(data, initial={"version": version, "as_of": companies[0].id})
        self.companies = companies
        self.fields["as_of"].choices = [(c.id, c.name) for c in companies]  # type: ignore[attr-defined]
        for company in companies:
            field = forms.TypedChoiceField(
                label=company.name,
                choices=OrgChartScope.choices,
                coerce=OrgChartScope,
                widget=Segment,
                required=False,
                empty_value=company.scope,
                initial=company.scope,
            )
            self.add_field(SCOPE + company.id, field)

    @property
    def scopes(self) -> dict[str, OrgChartScope]:
        """What is chosen, or as it was."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return {c.id: given.get(SCOPE + c.id) or c.scope for c in self.companies}

    @property
    def viewer(self) -> str:
        """Whose employee looks at the preview."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return str(given.get("as_of") or self.companies[0].id)


@dataclass(frozen=True)
class Row:
    """A company and its choice."""

    company: ChartCompany
    field: forms.BoundField


def scope(request: ConsoleRequest) -> HttpResponse:
    """A choice for each company, and the chart as an employee of one would see it. R: F4."""
    group = queries.chart_group(request.company.pk, request.today)
    if group is None:
        return redirect("group", request.company.pk)
    companies = queries.charted(request.company.pk, request.today)
    data = request.POST if request.method == "POST" else request.GET or None
    form = ScopeForm(companies, group.scope_version, data)
    refused, others = "", []
    is_sent = request.method == "POST" and request.POST.get("act") != PREVIEW
    if is_sent and form.is_valid():
        refused = _save(request, form)
        if not refused:
            messages.success(request, _("그룹사 표시범위를 저장했습니다."))
            return redirect("group_scope", request.company.pk)
        others = _changed(request.POST, companies)
        form.data = request.POST.copy()
        form.data["version"] = str(group.scope_version)
    context = {
        "tabs": group_tabs.tabs(request, "group_scope"),
        "form": form,
        "version": group.scope_version,
        "rows": [Row(company, form[SCOPE + company.id]) for company in companies],
        "refused": refused,
        "others": others,
        "may_write": group.represents and request.may("group_scope"),
    }
    return render(request, "console/group_scope.html", context | _preview(request, form))


def _save(request: ConsoleRequest, form: ScopeForm) -> str:
    """Save; why not, as a sentence."""
    try:
        operations.set_scopes(
            company_id=request.company.pk,
            scopes=form.scopes,
            version=form.cleaned_data["version"] or 0,
            today=request.today,
            by=request.by,
        )
    except Refused as no:
        return sentence(no)
    return ""


def _changed(given: Mapping[str, str], companies: Sequence[ChartCompany]) -> list[str]:
    """Where what is saved differs from what was sent: what somebody else has set meanwhile."""
    return [
        _("%(company)s: 지금 저장된 값은 %(scope)s")
        % {"company": company.name, "scope": company.scope.label}
        for company in companies
        if given.get(SCOPE + company.id) != company.scope
    ]


def _preview(request: ConsoleRequest, form: ScopeForm) -> dict[str, Any]:
    """The chart with what is chosen, by the function that draws it for employees. R: F4.

    Somebody without 겸직 looks: who holds a posting elsewhere is nobody else's affair (F8).
    """
    scopes, viewer = form.scopes, form.viewer
    companies = [replace(company, scope=scopes[company.id]) for company in form.companies]
    departments = queries.chart_departments([company.id for company in companies])
    lines = rules.chart(companies, departments, viewer=Viewer(viewer))
    here = tree.find(lines, request.GET.get("at", ""), default=viewer)
    kept = {SCOPE + id: scope.value for id, scope in scopes.items()} | {"as_of": viewer}

    def link(key: str) -> str:
        return f"{request.path}?{urlencode(kept | {'at': key})}#preview"

    shown = next(company for company in companies if company.id == viewer)
    return {
        "tree": tree.drawn(tree.branches(lines, here, link)),
        "viewer": shown,
        "is_unsaved": scopes != {company.id: company.scope for company in form.companies},
    }
