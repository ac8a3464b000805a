"""그룹사 순서: where each company stands in the chart. R: F6, F8.

The arrangement that is being made travels with the form, so every button works without script; the
rules and their sentences are the server's alone. Nothing is kept before 저장.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from groupco import operations, queries, rules
from groupco.choices import OrgChartScope
from groupco.rules import ChartCompany, ChartDepartment, ChartLine, Move, Placement, Viewer, Where
from workplace_console.common.forms import ConsoleForm
from workplace_console.common.refusal import Refused
from workplace_console.common.words import sentence
from workplace_console.pages import group_tabs
from workplace_console.pages.request import ConsoleRequest

# Between companies, and between a company and what it stands below: no id has them.
NEXT: Final = ","
BELOW: Final = "/"
LONGEST: Final = 20_000
SAVE: Final = "save"
DROP: Final = "drop"

BUTTONS: Final = (
    (Move.UP, lazy("위로"), "arrow-up"),
    (Move.DOWN, lazy("아래로"), "arrow-down"),
    (Move.IN, lazy("하위로"), "indent"),
    (Move.OUT, lazy("상위로"), "outdent"),
)


class OrderForm(ConsoleForm):
    """An arrangement in the making, and what is to be done with it."""

    order = forms.CharField(max_length=LONGEST, widget=forms.HiddenInput)
    # As it was when the page was opened, and which 저장 that was.
    seen = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    act = forms.CharField(required=False, max_length=10)
    company = forms.CharField(required=False, max_length=40)
    onto = forms.CharField(required=False, max_length=40)
    where = forms.CharField(required=False, max_length=10)


@dataclass(frozen=True)
class Making:
    """The arrangement as the page shows it."""

    order: list[Placement]
    seen: list[Placement]
    version: int
    chosen: str = ""
    refused: str = ""
    done: str = ""
    # What somebody else has changed since the page was opened.
    others: Sequence[str] = ()


def order(request: ConsoleRequest) -> HttpResponse:
    """The tree, moved step by step, and saved as a whole."""
    group = queries.chart_group(request.company.pk, request.today)
    if group is None:
        return redirect("group", request.company.pk)
    companies = queries.charted(request.company.pk, request.today)
    saved = [Placement(company.id, company.parent) for company in companies]
    making = Making(saved, saved, group.order_version)
    may_write = group.represents and request.may("group_order")
    if request.method == "POST":
        form = OrderForm(request.POST)
        if not form.is_valid():
            return redirect("group_order", request.company.pk)
        if form.cleaned_data["act"] == SAVE:
            making = _save(request, form.cleaned_data, saved, group.order_version, companies)
            if making.done:
                messages.success(request, making.done)
                return redirect("group_order", request.company.pk)
        else:
            making = _moved(form.cleaned_data, companies)
    context = _context(request, companies, saved, making)
    return render(request, "console/group_order.html", context | {"may_write": may_write})


def _context(
    request: ConsoleRequest,
    companies: Sequence[ChartCompany],
    saved: Sequence[Placement],
    making: Making,
) -> dict[str, Any]:
    names = {company.id: company.name for company in companies}
    return {
        "tabs": group_tabs.tabs(request, "group_order"),
        "rows": rows(companies, making.order, queries.chart_departments(list(names))),
        "making": making,
        "written": written(making.order),
        "seen": written(making.seen),
        "unsaved": differences(saved, making.order, names),
        "chosen": making.chosen or companies[0].id,
        "buttons": BUTTONS,
        "save": SAVE,
    }


def _save(
    request: ConsoleRequest,
    given: Mapping[str, Any],
    saved: list[Placement],
    version: int,
    companies: Sequence[ChartCompany],
) -> Making:
    """Save it, or say what somebody else has changed and go on from there."""
    mine, seen = read(given["order"]), read(given["seen"])
    try:
        operations.set_order(
            company_id=request.company.pk,
            order=mine,
            version=given["version"],
            today=request.today,
            by=request.by,
        )
    except Refused as no:
        names = {company.id: company.name for company in companies}
        is_whole = sorted(p.company for p in mine) == sorted(p.company for p in saved)
        return Making(
            order=_safe(mine) if is_whole else saved,
            seen=saved,
            version=version,
            chosen=given["company"],
            refused=sentence(no),
            others=differences(seen, saved, names),
        )
    return Making(mine, seen, version, done=_("그룹사 순서를 저장했습니다."))


def _moved(given: Mapping[str, Any], companies: Sequence[ChartCompany]) -> Making:
    """One step, or what was dropped; refused with a sentence where it can't be."""
    ids = [company.id for company in companies]
    now = rules.arranged(ids, read(given["order"]))
    making = Making(now, read(given["seen"]), given["version"], given["company"])
    try:
        if given["act"] == DROP:
            found = rules.dropped(
                now, given["company"], onto=given["onto"], where=_where(given["where"])
            )
        else:
            found = rules.moved(now, given["company"], _move(given["act"]))
    except Refused as no:
        return replace(making, refused=sentence(no))
    return replace(making, order=found)


def _move(text: str) -> Move:
    return Move(text) if text in set(Move) else Move.UP


def _where(text: str) -> Where:
    return Where(text) if text in set(Where) else Where.INTO


def _safe(mine: list[Placement]) -> list[Placement]:
    """What can be drawn: an arrangement in a circle is one at the top."""
    return rules.arranged([placement.company for placement in mine], mine)


# --- As text, which travels with the form --------------------------------------------------------


def written(order: Sequence[Placement]) -> str:
    """hanbit,hanbit/nuri,saebyeok: each company with what it stands below."""
    return NEXT.join(f"{p.parent}{BELOW}{p.company}" if p.parent else p.company for p in order)


def read(text: str) -> list[Placement]:
    """The placements of such a text; whatever else it is, rules.check_order refuses."""
    found = []
    for part in filter(None, text.split(NEXT)):
        parent, _below, company = part.rpartition(BELOW)
        found.append(Placement(company, parent or None))
    return found


# --- As the page shows it ------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A company, or a department that lies directly below one; and the lists around it."""

    line: ChartLine
    is_nested: bool
    opens: bool
    closes: range


def rows(
    companies: Sequence[ChartCompany],
    order: Sequence[Placement],
    departments: Sequence[ChartDepartment],
) -> list[Row]:
    """The whole tree, by the function that draws the chart; departments only where they begin."""
    known = {company.id: company for company in companies}
    placed = [replace(known[p.company], parent=p.parent, scope=OrgChartScope.GROUP) for p in order]
    first = [department for department in departments if department.parent is None]
    lines = rules.chart(placed, first, viewer=Viewer(placed[0].id))
    depths = [line.depth for line in lines] + [0]
    return [
        Row(
            line,
            is_nested=line.depth > 0,
            opens=after > line.depth,
            closes=range(max(line.depth - after, 0)),
        )
        for line, after in zip(lines, depths[1:], strict=True)
    ]


def differences(
    before: Sequence[Placement], after: Sequence[Placement], names: Mapping[str, str]
) -> list[str]:
    """What is another way in the second of two arrangements, as sentences."""
    was = {placement.company: placement.parent for placement in before}
    found = [
        _("%(company)s: %(before)s → %(after)s")
        % {
            "company": names.get(p.company, p.company),
            "before": _level(was[p.company], names),
            "after": _level(p.parent, names),
        }
        for p in after
        if p.company in was and was[p.company] != p.parent
    ]
    if not found and [p.company for p in before] != [p.company for p in after]:
        found.append(
            _("순서: %(names)s")
            % {"names": ", ".join(names.get(p.company, p.company) for p in after)}
        )
    return found


def _level(parent: str | None, names: Mapping[str, str]) -> str:
    if parent is None:
        return _("맨 위 단계")
    return _("%(company)s 아래") % {"company": names.get(parent, parent)}
