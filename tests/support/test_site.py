"""Who gets into the support site, that all of it opens, and that nothing there writes by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing import operations as billing
from billing.models import Evidence, Holiday, Invoice, Payment
from groupco.choices import Scope, StaffRole
from groupco.models import ApiToken, Company, Group, GroupApplication, User
from groupco.rules import Wanted
from products import operations as products
from products.models import Deletion, Price
from tests.companies import BY, paid, trial
from tests.pages import people
from tests.support.conftest import DAY, client_of, staff
from tests.support.written import writes
from workplace_console import daily
from workplace_console.common import accesses, audit, messages
from workplace_console.common.accesses import Way
from workplace_console.common.audit import Change
from workplace_console.common.messages import Event
from workplace_console.common.models import Access, AuditEntry, JobRun, Mail, Notice, Parked
from workplace_console.support.base import Records
from workplace_console.support.site import SupportSite

pytestmark = pytest.mark.usefixtures("a_day")

# What is registered, and who may write there. R: A6.
WRITERS = {
    Company: {StaffRole.SUPPORT},
    Deletion: set(),
    Price: {StaffRole.BILLING},
    Invoice: {StaffRole.BILLING},
    Payment: {StaffRole.BILLING},
    Holiday: {StaffRole.BILLING},
    Evidence: {StaffRole.BILLING},
    Mail: {StaffRole.SUPPORT},
    Notice: set(),
    JobRun: {StaffRole.SUPPORT},
    Parked: {StaffRole.SUPPORT},
    AuditEntry: set(),
    Access: set(),
    ApiToken: {StaffRole.SUPPORT},
    Group: {StaffRole.SUPPORT},
    GroupApplication: {StaffRole.SUPPORT},
    User: {StaffRole.SUPPORT},
}
REGISTERED = admin.site._registry  # noqa: SLF001 - Django has no other way to ask
NOUNS = [pytest.param(model, id=model.__name__) for model in WRITERS]


@pytest.fixture
def a_bit_of_everything(a_day: None, settings: Any) -> None:
    """At least one row of each noun."""
    paid("acme", on=DAY, accounts=3)
    trial("gone", on=DAY, accounts=1, trial_days=3)
    paid("unpriced", on=DAY)
    products.form_group(company_id="acme", members=["unpriced"], today=DAY, by=BY)
    products.apply_for_group(
        company_id="acme", companies=[Wanted("gone", "9998100015")], today=DAY, by=BY
    )
    messages.tell_staff([Event("acme", "parked", figures=PARKED)], on=DAY)
    Parked.objects.create(job="charge", day=DAY, company="acme", reason="no_price")
    settings.CONSOLE_TODAY = date(2026, 4, 1)
    daily.run(until=date(2026, 4, 1))
    products.issue_token(
        company_id=None, name="messenger", scopes=[Scope.STORAGE], today=DAY, by=BY
    )
    billing.record_transfer(payer="acme", amount=1, received_on=DAY, today=date(2026, 4, 1), by=BY)
    billing.record_tax_invoice(
        number="acme-202604-1",
        approval="20260401" + "41000012" + "0000000a",
        written_on=date(2026, 3, 31),
        today=date(2026, 4, 1),
        by=BY,
    )
    Parked.objects.create(job="nightly", day=DAY, company="acme", reason="no_price")
    accesses.note("acme", "accounts", Way.LOOKED, today=DAY, by=BY)


PARKED = {"job": "charge", "day_on": "2026-03-02", "reason": "no_price"}


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def a_key(model: Any) -> str:
    """What an address knows a row by that is on the site."""
    rows = model.objects.order_by("pk")
    row = rows.filter(audience="staff").first() if model is Notice else rows.first()
    assert row
    return quote(row.number if model is Invoice else row.pk)


def all_addresses() -> list[str]:
    """Every page of the site, one row of each noun."""
    found = [
        reverse("admin:index"),
        reverse("admin:last_close"),
        reverse("admin:receivables"),
        reverse("admin:sales_ledger"),
        reverse("admin:self_check"),
        reverse("admin:day_charges") + "?company=acme&month=2026-03",
    ]
    for model in WRITERS:
        found += [address(model, "changelist"), address(model, "change", a_key(model))]
    return found


class TestWhoGetsIn:
    @pytest.mark.parametrize("role", list(StaffRole))
    def test_both_roles_read_everything(self, a_bit_of_everything: None, role: StaffRole) -> None:
        client = client_of(staff(role))

        failed = [url for url in all_addresses() if client.get(url).status_code != 200]

        assert failed == []

    def test_strangers_are_asked_to_sign_in_at_the_console(self, a_bit_of_everything: None) -> None:
        for url in all_addresses():
            answer = Client().get(url)

            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/login/?next=/support/")

    def test_console_admins_and_employees_are_told_no(self, a_bit_of_everything: None) -> None:
        for user in (
            people.admin("acme", today=DAY),
            people.employee("acme", today=date(2026, 4, 1)),
        ):
            client = client_of(user)
            assert {client.get(url).status_code for url in all_addresses()} == {403}
            assert client.post(address(JobRun, "run")).status_code == 403

    def test_a_company_s_own_host_has_none_of_it(self, a_bit_of_everything: None) -> None:
        user = staff(*StaffRole)
        client = client_of(user, host="acme.localhost")

        assert {client.get(url).status_code for url in all_addresses()} == {404}

    def test_admin_s_own_sign_in_leads_to_the_console_s(self) -> None:
        client = Client()

        for url in ("/support/login/", "/support/"):
            assert client.get(url).url.startswith("/login/?next=/support/")
        assert client.post("/support/login/", {"username": "x", "password": "y"}).status_code == 302

    def test_signing_out_is_the_console_s_and_only_by_a_button(self, support: Client) -> None:
        assert support.get("/support/logout/").status_code == 405
        assert support.get("/support/").status_code == 200

        assert support.post("/support/logout/").url == "/login/"

        assert support.get("/support/").status_code == 302

    def test_a_posted_form_needs_its_token(self) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(staff(StaffRole.SUPPORT))
        session = client.session
        session["host"] = "testserver"
        session.save()

        assert client.post(address(JobRun, "run")).status_code == 403

    def test_staff_without_the_role_can_post_nowhere(self, a_bit_of_everything: None) -> None:
        for model, writers in WRITERS.items():
            for role in set(StaffRole) - writers:
                client = client_of(staff(role))
                with writes() as written:
                    answer = client.post(address(model, "change", a_key(model)), {"act": "x"})

                assert answer.status_code == 403, (model, role)
                assert written == []
                assert client.post(address(model, "changelist")).status_code == 405

    def test_pages_on_which_something_is_made_are_for_their_role(self) -> None:
        support, billing = client_of(staff(StaffRole.SUPPORT)), client_of(staff(StaffRole.BILLING))

        assert support.get(address(Company, "add")).status_code == 200
        assert support.get(address(Price, "add")).status_code == 403
        assert billing.get(address(Company, "add")).status_code == 403
        assert billing.get(address(Price, "add")).status_code == 200
        assert billing.post(address(JobRun, "run")).status_code == 403


class TestNothingWritesByItself:
    def test_the_site_has_these_nouns_and_no_others(self) -> None:
        registered = {model: records.writers for model, records in REGISTERED.items()}

        assert registered == WRITERS

    def test_the_site_takes_no_ordinary_model_admin(self) -> None:
        with pytest.raises(ImproperlyConfigured):
            SupportSite("other").register(User, admin.ModelAdmin)
        with pytest.raises(ImproperlyConfigured):
            SupportSite("other").register(User)

    @pytest.mark.parametrize("model", NOUNS)
    def test_a_noun_has_none_of_admin_s_ways_to_write(self, model: Any) -> None:
        records = REGISTERED[model]
        request = RequestFactory().get("/")
        request.user = staff(*StaffRole)

        assert isinstance(records, Records)
        assert records.get_actions(request) == {}
        assert not records.list_editable
        assert not records.get_inlines(request, None)
        assert not records.has_change_permission(request)
        assert not records.has_delete_permission(request)
        for way in (
            *("save_form", "save_model", "save_formset", "save_related"),
            *("delete_model", "delete_queryset", "delete_view", "changeform_view"),
            *("log_addition", "log_change", "log_deletions"),
        ):
            with pytest.raises(PermissionDenied):
                getattr(records, way)(request, None)

    @pytest.mark.parametrize("model", NOUNS)
    def test_what_admin_would_take_by_post_changes_nothing(
        self, a_bit_of_everything: None, model: Any
    ) -> None:
        client = client_of(staff(*StaffRole))
        rows = model.objects.order_by("pk")
        key = a_key(model)
        before = list(rows.values())
        posted = {
            "action": "delete_selected",
            "_selected_action": key,
            "post": "yes",
            "_save": "1",
            **{field.name: "7" for field in model._meta.concrete_fields if not field.primary_key},
        }
        for way in ("", "add/", f"{key}/", f"{key}/change/", f"{key}/delete/", f"{key}/history/"):
            with writes() as written:
                answer = client.post(address(model, "changelist") + way, posted)

            assert answer.status_code < 500, way
            assert written == [], way
        assert list(rows.values()) == before

    def test_reading_writes_nothing(self, a_bit_of_everything: None) -> None:
        client = client_of(staff(*StaffRole))

        with writes() as written:
            for url in all_addresses():
                client.get(url)

        assert written == []


class TestBadInput:
    QUERIES = (
        *("?o=", "?o=x", "?o=-1.99.a", "?q=%00", "?q=%ED%A0%80", "?q=" + "a%20" * 500),
        *("?p=999999999", "?p=-1", "?p=x", "?all=", "?_facets=1", "?e=1", "?_popup=1"),
        *("?_to_field=password", "?state=nosuch", "?item=99999999999", "?job=%27", "?by=%25"),
        *("?on__year=99999999999", "?company=%00", "?%00=1", "?user__password__startswith=a"),
        *("?pk__in=1", "?id=%F0%9F%98%80", "?company__exact=acme&company__exact=x"),
    )
    KEYS = ("_00", "%00", "nosuch", "99999999999999999999999", "-1", "_2F_2E_2E", "%F0%9F%98%80")

    @pytest.mark.parametrize("query", QUERIES)
    def test_no_query_breaks_a_list(self, support: Client, query: str) -> None:
        for model in WRITERS:
            answer = support.get(address(model, "changelist") + query)

            assert answer.status_code in (200, 302, 400, 404), model

    @pytest.mark.parametrize("key", KEYS)
    def test_no_key_breaks_a_page(self, support: Client, key: str) -> None:
        for model in WRITERS:
            url = address(model, "changelist") + f"{key}/change/"

            assert support.get(url).status_code == 404, model
            assert support.post(url).status_code == 404, model

    @pytest.mark.parametrize(
        "query",
        [
            *("?company=", "?company=acme", "?company=acme&month=", "?company=acme&month=9999-99"),
            *("?company=acme&month=0001-01", "?company=%00&month=2026-03", "?company=a b"),
            *("?month=%00", "?company=" + "a" * 999, "?company=acme&month=2999-12"),
        ],
    )
    def test_no_query_breaks_the_day_charges(self, support: Client, query: str) -> None:
        answer = support.get(reverse("admin:day_charges") + query)

        assert answer.status_code in (200, 404)

    def test_other_methods_are_not_taken(self, support: Client) -> None:
        assert support.put("/support/").status_code == 405
        assert support.delete(address(Company, "changelist")).status_code == 405

    def test_addresses_that_are_none_are_not_found(self, support: Client) -> None:
        for url in ("auth/group/", "groupco/session/", "jsi18n/", "autocomplete/", "r/1/1/", "x/"):
            assert support.get(f"/support/{url}").status_code == 404


class TestQueries:
    MOST = 8

    def count(self, client: Client, url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return people.asked(queries)

    def test_lists_and_pages_cost_the_same_for_one_row_and_for_many(
        self, a_bit_of_everything: None, support: Client
    ) -> None:
        few = {url: self.count(support, url) for url in all_addresses()}
        for number in range(60):
            trial(f"more-{number}", on=date(2026, 4, 1), accounts=1)
            key = f"k{number}"
            company = f"more-{number}"
            audit.record(Change(company, "price_set"), on=DAY, by=BY)
            messages.tell_staff([Event(company, "parked", figures=PARKED, key=key)], on=DAY)
            Deletion.objects.create(company=company, reason="terminated", marked_on=DAY, due_on=DAY)
            Parked.objects.create(job="charge", day=DAY, company=company, reason="no_price")
            JobRun.objects.create(job="charge", day=date(2025, 1, 1) + timedelta(days=number))
            Price.objects.create(
                item=2, starts_on=date(2027, 1, 1) + timedelta(days=number), unit_price=1
            )
            ApiToken.objects.create(
                company_id=company, name=key, hash=key, hint=key, scopes=["cards"], issued_on=DAY
            )
            row = Invoice.objects.first()
            assert row
            row.pk, row.number, row.payer = None, f"{company}-1", company
            row.save(force_insert=True)

        many = {url: self.count(support, url) for url in few}

        assert many == few
        assert max(many.values()) <= self.MOST, many

    def test_a_long_list_is_counted_no_further_than_it_is_leafed_through(
        self, support: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from workplace_console.support.base import Bounded

        monkeypatch.setattr(Bounded, "most", 60)
        trial("acme", on=DAY)
        for _ in range(70):
            audit.record(Change("acme", "price_set"), on=DAY, by=BY)

        page = support.get(address(AuditEntry, "changelist")).content.decode()

        assert "60건 이상" in page
        assert support.get(address(AuditEntry, "changelist") + "?p=2").status_code == 200
        assert support.get(address(AuditEntry, "changelist") + "?p=3").status_code == 302


def test_there_is_nothing_inline_on_any_page(a_bit_of_everything: None, support: Client) -> None:
    for url in (*all_addresses(), address(Company, "add")):
        page = support.get(url).content.decode()

        assert "<style" not in page
        assert " style=" not in page
        assert "onclick" not in page
        for script in page.split("<script")[1:]:
            assert script.lstrip().startswith("src=")
