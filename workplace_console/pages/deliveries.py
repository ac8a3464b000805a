"""발송 기록: which mail went to which address, and what became of it. R: E10."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from groupco import operations
from groupco import queries as groups
from workplace_console.common import deliveries as log
from workplace_console.common import messages as said
from workplace_console.common import words
from workplace_console.common.deliveries import Outcome
from workplace_console.common.forms import ConsoleForm
from workplace_console.common.models import Mail
from workplace_console.common.particles import fitted
from workplace_console.common.refusal import Refused
from workplace_console.pages import throttles
from workplace_console.pages.forms import too_many_sentence
from workplace_console.pages.paging import page_number
from workplace_console.pages.request import ConsoleRequest

# Mails on a page; each goes to a few addresses.
PAGE: Final = 20
# A test is no event: the console says nothing of it, but what became of it stands here.
ALSO: Final = ("billing_address_tested",)

OUTCOMES: Final[dict[Outcome, tuple[Promise, str]]] = {
    Outcome.WAITING: (lazy("대기"), "info"),
    Outcome.SENT: (lazy("발송"), "ok"),
    Outcome.REFUSED: (lazy("거부됨"), "bad"),
    Outcome.GIVEN_UP: (lazy("실패"), "bad"),
}


class AddressForm(ConsoleForm):
    """One of the saved addresses, or all."""

    address = forms.ChoiceField(label=lazy("받는 주소"), required=False)

    def __init__(self, data: Any, addresses: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["address"].choices = [  # type: ignore[attr-defined]
            ("", lazy("모두")),
            *((address, address) for address in addresses),
        ]


@dataclass(frozen=True)
class Delivery:
    """A mail to one address, in words."""

    written_at: datetime
    title: str
    address: str
    outcome: Promise
    tone: str
    at: datetime | None


def deliveries(request: ConsoleRequest) -> HttpResponse:
    """The log; by a POST, a test mail to one of the addresses."""
    if request.method == "POST":
        _test(request, request.POST.get("address", ""))
        return redirect("deliveries", request.company.pk)
    form = AddressForm(request.GET, groups.billing_addresses(request.company.pk))
    page = page_number(request)
    to = form.cleaned_data["address"] if form.is_valid() else ""
    found = log.mails(request.company.pk, also=ALSO, to=to, skip=(page - 1) * PAGE, most=PAGE + 1)
    context = {
        "form": form,
        "deliveries": list(_shown(found[:PAGE], to)) if form.is_valid() else [],
        "page": page,
        "has_next": len(found) > PAGE,
    }
    return render(request, "console/deliveries.html", context)


def _test(request: ConsoleRequest, address: str) -> None:
    """시험 메일 보내기: counted first, so that a refusal costs a try too."""
    if seconds := throttles.wait_for_test(request.company.pk, address):
        messages.error(request, too_many_sentence(seconds))
        return
    try:
        operations.mail_billing_address(
            company_id=request.company.pk, address=address, today=request.today, by=request.by
        )
    except Refused as no:
        messages.error(request, words.sentence(no))
        return
    told = _("%(address)s(으)로 시험 메일을 보냅니다.") % {"address": address}
    messages.success(request, fitted(told))


def _shown(mails: Sequence[Mail], to: str) -> Iterator[Delivery]:
    for mail in mails:
        title = said.text_of(mail).title
        for address in mail.recipients:
            if to and address != to:
                continue
            label, tone = OUTCOMES[log.outcome(mail, address)]
            is_done = address in mail.done
            at = mail.sent_at if is_done else None
            yield Delivery(mail.created_at, title, address, label, tone, at)
