"""해지: what is lost, the last bill, the data to take along, and the last step.

Afterwards a console admin reads the bills and what was deleted, and nothing else. R: G1, G5.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from billing import previews, reckoning
from billing.reckoning import Line
from groupco import queries as groups
from groupco.rules import check_may_end
from products import queries as products
from products import rules
from products.choices import State
from products.operations import undo_termination
from workplace_console import inventory
from workplace_console.common import audit, days, sizes
from workplace_console.common.accesses import Reason
from workplace_console.common.audit import Change
from workplace_console.common.forms import OnceForm
from workplace_console.pages import everything, lines, reasons, timeline
from workplace_console.pages.forms import TerminateForm
from workplace_console.pages.product import price_rows
from workplace_console.pages.reasons import ReasonForm
from workplace_console.pages.refusals import refusals, why_not
from workplace_console.pages.request import ConsoleRequest, SignedInRequest
from workplace_console.termination import terminate as end


def terminate(request: ConsoleRequest) -> HttpResponse:
    """What ends, and, with the company's id and one's password, its end. R: G2."""
    form = TerminateForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid() and _act(request, form):
        return redirect("ended", request.company.pk)
    now = products.capacity(request.company.pk, request.today)
    final = _final_lines(request)
    paid = groups.paid_companies(request.company.pk, request.today)
    names = {company.id: company.name for company in paid}
    context = {
        "form": form,
        "why": ReasonForm(initial={"reason": Reason.MOVE}),
        # A representative stays while others do (R: F7).
        "why_not": why_not(check_may_end, [company.id for company in paid if company.stays]),
        "accounts": now.accounts,
        "used": sizes.whole_gb(now.used),
        "lines": lines.rows(final, names | {request.company.pk: request.company.name}),
        "sums": reckoning.sums(final),
        "due_on": rules.deletion_day(request.today, grace_days=settings.DELETION_GRACE_DAYS),
        "grace_days": settings.DELETION_GRACE_DAYS,
        "undo_until": rules.deletion_day(
            request.today, grace_days=settings.DELETION_GRACE_DAYS - 1
        ),
        "backups_until": rules.deletion_day(
            request.today,
            grace_days=settings.DELETION_GRACE_DAYS + settings.BACKUP_RETENTION_DAYS,
        ),
        "may_write": request.may("terminate"),
    }
    return render(request, "console/terminate.html", context)


def _act(request: ConsoleRequest, form: TerminateForm) -> bool:
    with refusals(form), transaction.atomic():
        if form.claim(request.company.pk):
            end(company_id=request.company.pk, today=request.today, by=request.by)
            messages.success(request, _("해지했습니다. 모든 사용자의 로그인을 막았습니다."))
        return True
    return False


def _final_lines(request: ConsoleRequest) -> list[Line]:
    """What the final invoice would hold; nothing in trial. R: G4."""
    term = request.standing.term
    if term is None:
        return []
    return previews.final(request.company.pk, contracts=term.contracts, today=request.today)


def terminate_data(request: ConsoleRequest) -> HttpResponse:
    """데이터 내려받기: all that the console keeps of the company, as one ZIP. R: G2.

    That it was taken is in the audit log.
    """
    back = request.link("terminate")
    if asked := reasons.ask(request, title=lazy("데이터 내려받기"), back=back):
        return asked
    content = everything.archive(request.company, request.standing, today=request.today)
    with transaction.atomic():
        if groups.locked(request.company.pk) is None:  # gone while the file was made
            raise Http404
        audit.record(Change(request.company.pk, "data_exported"), on=request.today, by=request.by)
    name = f"{request.company.pk}-{request.today}.zip"
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def ended(request: ConsoleRequest) -> HttpResponse:
    """What is left of a terminated company: its bills, what was deleted, and, until then, the way
    back. R: G3, G5."""
    if request.standing.state is not State.TERMINATED:
        return redirect("dashboard", request.company.pk)
    form = OnceForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _undo(request, form):
        return redirect("dashboard", request.company.pk)
    deletion = products.deletion(request.company.pk)
    context: dict[str, Any] = {
        "form": form,
        "deletion": deletion,
        "deleted": inventory.in_words(deletion.counts) if deletion else [],
        "reading_days": rules.READING_DAYS,
        "events": timeline.after_the_end(request, deletion) if deletion else [],
        "may_undo": request.may("ended"),
        # Why a trial can't be gone back to although the data is still there.
        "why_not": why_not(rules.check_undo, request.standing),
        **_way_back(request),
    }
    return render(request, "console/ended.html", context)


def _way_back(request: ConsoleRequest) -> dict[str, Any]:
    """What an undo would give back, until when, and what it would cost."""
    standing = request.standing
    if standing.deletion_on is None or standing.day >= standing.deletion_on:
        return {}
    way: dict[str, Any] = {"undo_until": standing.deletion_on - days.ONE_DAY}
    if standing.can_undo and (term := rules.resumed(standing)):
        preview = previews.conversion(
            request.company.pk,
            plan=term.plan,
            cycle=term.cycle,
            start=term.starts_on,
            today=request.today,
        )
        way |= {"term": term, "preview": preview, "rows": price_rows(preview)}
    return way


def _undo(request: ConsoleRequest, form: OnceForm) -> bool:
    with refusals(form), transaction.atomic():
        if form.claim(request.company.pk):
            undo_termination(company_id=request.company.pk, today=request.today, by=request.by)
            messages.success(request, _("해지를 취소했습니다. 사용자가 다시 로그인할 수 있습니다."))
        return True
    return False


def product_return(request: SignedInRequest) -> HttpResponse:
    """상품 반납, from the home page: on to 해지; with several companies, a choice. R: G1."""
    found = [admin.company for admin in groups.admin_of(request.user.pk)]
    if len(found) == 1:
        return redirect("terminate", found[0].pk)
    return render(request, "door/return.html", {"companies": found})
