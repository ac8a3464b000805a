"""Bad inputs over the forms of /support/: never a 500, and nothing written by a refusal. R: A6.

As tests/pages/test_bad_input.py does it for the console, with a tenth of its BAD_INPUTS.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from billing import operations as billing
from billing.models import Evidence, Holiday, Payment
from groupco import operations as groups
from groupco.choices import Scope, StaffRole
from groupco.models import ApiToken, Company, Group, GroupApplication
from groupco.rules import Wanted
from products import operations as products
from products.choices import Item
from products.models import Price
from tests.billing.stories import undone
from tests.companies import BY, paid, trial
from tests.pages.test_bad_input import REQUESTS, Form, fingerprint, send, spoiled
from tests.support.conftest import DAY, client_of, staff
from tests.support.test_site import REGISTERED, WRITERS
from tests.support.written import writes
from workplace_console import daily
from workplace_console.common.models import JobRun, Mail, Parked

CHUNKS = 4
SEED = 7_000

PRICE = {"starts_on": "2026-03-20", "unit_price": "9000", "act": "set"}
COMPANY = {
    "company_id": "new-one",
    "name": "새 회사",
    "business_number": "999-81-00015",
    "admin": "kim@new-one.example",
    "act": "create",
}

TRANSFER = {
    "payer": "acme",
    "amount": "5000",
    "received_on": "2026-03-01",
    "depositor": "에이스",
    "act": "record",
}
# For a bill that isn't there.
TAX_INVOICE = {
    "number": "acme-202603-9",
    "approval": "20260301" + "1" * 16,
    "written_on": "2026-03-01",
    "act": "record",
}
TOKEN = {"name": "messenger", "company_id": "acme", "scopes": "cards", "act": "issue"}


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def done() -> list[Form]:
    """Forms that, filled in as they are here, are done and answered by a redirect."""
    failed = Mail.objects.get(company="fresh", state=Mail.State.FAILED)
    to_come = Price.objects.get(starts_on=date(2026, 3, 9))
    seat = PRICE | {"item": "seat", "plan": "collabo", "cycle": "annual"}
    capacity = PRICE | {"item": "capacity", "plan": "", "cycle": ""}
    price = address(Price, "change", to_come.pk)
    return [
        Form(address(Company, "add"), COMPANY, who="support", weight=30),
        Form(address(Company, "change", "fresh"), {"ends_on": "2026-04-10", "act": "extend"},
             who="support", weight=20),
        Form(address(Price, "add"), seat, who="billing", weight=30),
        Form(address(Price, "add"), capacity, who="billing"),
        Form(price, {"unit_price": "9500", "act": "change"}, who="billing", weight=20),
        Form(price, {"unit_price": "", "act": "withdraw"}, who="billing"),
        Form(address(Payment, "add"), TRANSFER, who="billing", weight=20),
        Form(address(Payment, "change", Payment.objects.get().pk),
             {"amount": "3", "reason": "x", "act": "refund"}, who="billing", weight=10),
        Form(address(Holiday, "add"), {"day": "2026-03-10", "name": "임시", "act": "set"},
             who="billing"),
        Form(address(Holiday, "change", "2026-12-25"), {"act": "remove"}, who="billing", weight=3),
        Form(address(Mail, "change", failed.pk), {"act": "resend"}, who="support"),
        Form(address(ApiToken, "change", ApiToken.objects.get().pk), {"act": "withdraw"},
             who="support"),
        Form(address(JobRun, "run"), {"act": "run"}, who="support", weight=2),
        *of_groups(),
    ]  # fmt: skip


def of_groups() -> list[Form]:
    """An application that is received, and a group."""
    application = GroupApplication.objects.get()
    page = address(GroupApplication, "change", application.pk)
    entry = application.companies.get(is_applicant=False).pk
    correction = {
        "act": "correct",
        "entry": entry,
        "company_id": "fresh",
        "business_number": "999-81-00029",
    }
    group = address(Group, "change", Group.objects.get().pk)
    return [
        Form(page, correction, who="support", weight=15),
        Form(page, {"act": "reject", "reason": "번호가 다릅니다"}, who="support"),
        Form(group, {"act": "leave", "company": "other", "reason": "분사"}, who="support"),
    ]


def refused() -> list[Form]:
    """Forms that nobody may fill in just now, or who asks may not, or may not without a password;
    and the lists, which only read."""
    queued = Mail.objects.get(company="acme", kind="trial_started")
    in_force = Price.objects.get(item=Item.CAPACITY, starts_on__lte=DAY)
    extension = {"ends_on": "2026-04-10", "act": "extend"}
    new_price = PRICE | {"item": "seat", "plan": "collabo", "cycle": "annual"}
    days = reverse("admin:day_charges")
    return [
        Form(address(Company, "change", "acme"), extension, who="support"),
        Form(address(Company, "change", "fresh"), extension, who="billing", weight=2),
        Form(address(Company, "add"), COMPANY, who="billing", weight=2),
        Form(address(Price, "change", in_force.pk), {"unit_price": "1", "act": "change"},
             who="billing"),
        Form(address(Price, "add"), new_price, who="long_ago"),
        Form(address(Price, "add"), new_price | {"password_again": "wrong"}, who="long_ago"),
        Form(address(Price, "add"), new_price, who="support", weight=2),
        Form(address(Mail, "change", queued.pk), {"act": "resend"}, who="support"),
        Form(address(ApiToken, "add"), TOKEN, who="billing"),
        Form(address(ApiToken, "add"), TOKEN, who="long_ago"),
        Form(address(JobRun, "run"), {"act": "run"}, who="billing", weight=2),
        Form(address(Evidence, "add"), TAX_INVOICE, who="billing"),
        Form(address(Evidence, "add"), TAX_INVOICE, who="support", weight=2),
        Form(reverse("admin:sales_ledger"), {"month": "2026-03", "format": "xlsx"}, "get",
             "billing"),
        Form(days, {"company": "acme", "month": "2026-03"}, who="billing", weight=2),
        Form(days, {"company": "acme", "month": "2026-03"}, "get", "billing", weight=20),
        *(Form(address(model, "changelist"), asked_of(model), "get", "support", weight=4)
          for model in WRITERS),
        *(Form(address(model, "changelist"), {"action": "delete_selected", "_selected_action": "1"},
               who="support", weight=1)
          for model in WRITERS),
    ]  # fmt: skip


def asked_of(model: type[Model]) -> dict[str, str]:
    """A search and the filters that this list offers."""
    filters = {
        "item": "1",
        "state": "failed",
        "job": "charge",
        "by": "user:",
        "outcome": "rejected",
        "kind": "cash_receipt",
        "waits": "1",
        "way": "taken",
    }
    own = {spec.parameter_name for spec in REGISTERED[model].filters}
    return {"q": "acme", "p": "1"} | {name: filters[name] for name in own}


@pytest.fixture
def everybody(a_day: None, settings: Any) -> dict[str, Client]:
    """Staff in every role; a company that pays and one in trial; a mail that was given up, a price
    to come, and a company that stands parked."""
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    paid("acme", on=DAY, accounts=5)
    trial("fresh", on=DAY, accounts=3)
    daily.run(until=DAY)
    Mail.objects.filter(company="fresh").update(state=Mail.State.FAILED)
    paid("other", on=DAY)
    products.form_group(company_id="acme", members=["other"], today=DAY, by=BY)
    found = products.apply_for_group(
        company_id="acme", companies=[Wanted("wrong", "9998100015")], today=DAY, by=BY
    )
    groups.receive_application(application_id=found.row.pk, today=DAY, by=BY)
    Parked.objects.create(job="charge", day=DAY, company="acme", reason="no_price")
    products.set_price(
        item=Item.CAPACITY,
        plan=None,
        cycle=None,
        starts_on=date(2026, 3, 9),
        unit_price=95_000,
        today=DAY,
        by=BY,
    )
    products.issue_token(company_id="acme", name="ERP", scopes=[Scope.CARDS], today=DAY, by=BY)
    billing.record_transfer(payer="acme", amount=7, received_on=DAY, today=DAY, by=BY)
    everybody = {
        "support": client_of(staff(StaffRole.SUPPORT)),
        "billing": client_of(staff(StaffRole.BILLING)),
        "long_ago": client_of(staff(*StaffRole), hours_ago=1),
    }
    for client in everybody.values():
        client.raise_request_exception = False
    return everybody


def test_the_good_forms_are_good_ones(everybody: dict[str, Client]) -> None:
    """Else what is spoiled below would have been refused anyhow."""
    before = fingerprint()
    for form in done():
        with undone():
            answer = send(everybody, form, encoded(form))

            assert answer.status_code == 302, (form, answer.content.decode())
            assert fingerprint() != before, form


def test_what_may_not_be_done_is_not_done_however_well_it_is_filled_in(
    everybody: dict[str, Client],
) -> None:
    for form in refused():
        with writes() as written:
            answer = send(everybody, form, encoded(form))

        assert answer.status_code in (200, 302, 403, 405), form
        assert [sql for sql in written if "common_throttle" not in sql] == [], form


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_bad_input_is_answered_and_changes_nothing(
    everybody: dict[str, Client], chunk: int
) -> None:
    random = Random(SEED + chunk)
    ready, barred = done(), refused()
    known = ready + barred
    weights = [form.weight for form in known]
    before = fingerprint()
    for number in range(REQUESTS // 10 // CHUNKS):
        form = random.choices(known, weights)[0]
        filled = spoiled(form, random)
        note = f"chunk {chunk}, request {number}: {form.method} {form.url} {filled!r:.600}"
        # What is done all the same is undone, so that every form stays as good as it was.
        with undone():
            answer = send(everybody, form, filled)

            assert answer.status_code < 500, note
            if form in barred or answer.status_code != 302:
                assert fingerprint() == before, note


def encoded(form: Form) -> list[tuple[str, bytes]]:
    return [(name, str(value).encode()) for name, value in form.good.items()]
