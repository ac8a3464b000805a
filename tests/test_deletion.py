"""What is left of a company after its end: what the law wants, and no more. R: A5, G3, G5."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from django.test import Client
from django.utils import timezone

from billing import operations as billing
from billing import queries as bills
from billing.models import PaymentMethod
from groupco import operations as groups
from groupco.choices import Role, Scope
from groupco.models import Company, User
from groupco.operations import Person
from products import operations as products
from products import queries
from products.choices import StorageCategory
from products.models import Deletion
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily, deletion, inventory
from workplace_console.common import mail, sql
from workplace_console.common.models import AuditEntry, Mail
from workplace_console.common.refusal import Refused
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

BEGUN: Final = date(2026, 3, 1)
TODAY: Final = date(2026, 5, 11)
# Stands in every text of a company that its people or admins can fill.
MARK: Final = "Qx7Mark"


def fill(company: str) -> None:
    """People, admins, details, notices and mails, marked wherever a text may be written."""
    mark = f"{MARK}-{company}"
    email = f"{MARK}-{company}".lower() + "@{}.example"
    owner = people.admin(company, Role.OWNER, today=TODAY, email=email.format("owner"))
    groups.update_company(
        company_id=company,
        details={"name": mark, "representative": mark, "address": mark}
        | {"business_type": mark, "business_item": mark, "business_number": ""},
        billing_addresses=[email.format("bills")],
        today=TODAY,
        by=BY,
    )
    products.register_accounts(
        company_id=company,
        persons=[Person(f"{mark}{n}"[:20], mark, email.format(f"p{n}")) for n in range(3)],
        today=TODAY,
        by=BY,
    )
    groups.invite_admin(
        company_id=company, email=email.format("guest"), role=Role.VIEWER, today=TODAY, by=BY
    )
    user = groups.let_employee_in(company_id=company, email=email.format("p0"), today=TODAY)
    assert user
    groups.request_change(
        company_id=company, user=user, text=f"{mark} 바꿔 주세요", today=TODAY, by=BY
    )
    products.report_storage(
        company_id=company, category=StorageCategory.BOARD, bytes=10**9, today=TODAY, by=BY
    )
    as_of = datetime(2026, 5, 11, 9, tzinfo=UTC)
    products.report_cards(company_id=company, count=3, as_of=as_of, today=TODAY, by=BY)
    products.issue_token(company_id=company, name=mark, scopes=[Scope.CARDS], today=TODAY, by=BY)
    people.app(owner)
    people.signed_in(owner)
    people.signed_in(user, host=f"{company}.localhost")


def rows_with(text: str) -> dict[str, list[str]]:
    """Every row of every table that holds a text anywhere, by table."""
    found = {}
    for (table,) in sql.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    ):
        rows = sql.column(
            f"SELECT t::text FROM {table} AS t WHERE t::text ILIKE %(text)s ORDER BY 1",  # noqa: S608
            text=f"%{text}%",
        )
        if rows:
            found[table] = rows
    return found


def test_the_inventory_knows_every_table() -> None:
    """A new table is red until somebody has said what becomes of it."""
    tables = set(
        sql.column("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    )
    parts = (*inventory.DATA, *inventory.CONSOLE, *inventory.LEGAL)
    gone = {part.table for part in parts}

    assert gone | set(inventory.STAYS) == tables
    assert not gone & set(inventory.STAYS)


# Where the id may still stand, and nothing that people wrote, once it is over.
LEGAL_TABLES: Final = {
    *("groupco_takenid", "products_deletion", "common_auditentry", "common_jobrun"),
    *("billing_invoice", "billing_invoiceline", "billing_creditnote", "billing_daycharge"),
    *("billing_payment", "billing_paymentoutcome", "billing_refund", "billing_refundoutcome"),
}


class TestAfterAnExpiredTrial:
    def test_the_id_the_contract_and_the_record_are_left(self) -> None:
        trial("gone", on=date(2026, 4, 12))
        trial("stays", on=date(2026, 4, 13))
        daily.run(until=TODAY)
        for company in ("gone", "stays"):
            fill(company)
        mail.send_due()
        others = rows_with("stays")

        daily.run(until=TODAY + timedelta(days=1))
        mail.send_due()
        deletion.sweep(day=TODAY + timedelta(days=1))

        assert set(rows_with("gone")) == {
            *("groupco_takenid", "products_deletion", "common_auditentry"),
        }
        assert not rows_with(f"{MARK}-gone")
        assert all(set(rows) <= set(rows_with("stays")[table]) for table, rows in others.items())
        assert Deletion.objects.get(pk="gone").closed_on == TODAY + timedelta(days=1)

    def test_the_id_is_never_handed_out_again(self) -> None:
        trial("gone", on=date(2026, 4, 12))
        daily.run(until=TODAY + timedelta(days=1))

        assert not Company.objects.filter(pk="gone").exists()
        entry = AuditEntry.objects.get(company="gone", action="data_deleted")
        assert (entry.after["employees"], entry.after["accounts"]) == (0, 0)
        with pytest.raises(Refused) as no:
            groups.create_company(company_id="gone", name="x", today=TODAY, by=BY)
        assert no.value.code == "company_id_taken"

    def test_its_host_says_why_and_its_console_is_unknown(self, settings: Any) -> None:
        trial("gone", on=date(2026, 4, 12))
        daily.run(until=TODAY)
        owner = people.signed_in(people.admin("gone", today=TODAY, email="o@gone.example"))
        daily.run(until=TODAY + timedelta(days=1))
        settings.CONSOLE_TODAY = TODAY + timedelta(days=1)

        answer = Client(headers={"host": "gone.localhost"}).get("/")
        assert answer.status_code == 403
        assert "모든 데이터를 삭제했습니다" in answer.content.decode()
        assert owner.get("/c/gone/").url.startswith("/login/")


class TestAfterATermination:
    @pytest.fixture
    def ended(self) -> None:
        """Two paid companies full of marks; one is terminated and its data deleted."""
        for company in ("gone", "stays"):
            paid(company, on=BEGUN, accounts=5)
        daily.run(until=TODAY)
        for company in ("gone", "stays"):
            fill(company)
        products.add_capacity(company_id="gone", tb=1, today=TODAY, by=BY)
        terminate(company_id="gone", grace_days=0, today=TODAY, by=BY)
        deletion.sweep(day=TODAY)

    def test_people_are_gone_at_once_and_admins_read_on(self, ended: None) -> None:
        left = set(rows_with(f"{MARK}-gone"))

        # The buyer's details on the bill, who reads it, and where mails about it go.
        assert left == {
            *("billing_invoice", "groupco_company", "groupco_user"),
            *("groupco_billingaddress", "common_mail"),
        }
        assert {user.email for user in User.objects.filter(email__contains="gone")} == {
            "admin@gone.example",
            f"{MARK}-gone@owner.example".lower(),
        }
        kinds = set(Mail.objects.filter(company="gone").values_list("kind", flat=True))
        assert kinds <= set(inventory.STILL_TOLD)

    def test_the_record_says_what_how_many_and_until_when(self, ended: None, settings: Any) -> None:
        record = Deletion.objects.get(pk="gone")

        assert record.counts["groupco_employee"] == record.counts["groupco_account"] == 8
        assert record.done_on == TODAY
        assert record.backups_until == TODAY + timedelta(days=settings.BACKUP_RETENTION_DAYS)
        told = Mail.objects.get(company="gone", kind="data_deleted")
        assert told.figures == {
            "employees": 8,
            "accounts": 8,
            "backups_until_on": str(record.backups_until),
        }
        entry = AuditEntry.objects.get(company="gone", action="data_deleted")
        assert entry.after == told.figures

    def test_other_companies_rows_are_as_they_were(self) -> None:
        for company in ("gone", "stays"):
            paid(company, on=BEGUN, accounts=5)
        daily.run(until=TODAY)
        for company in ("gone", "stays"):
            fill(company)
        before = rows_with("stays")

        terminate(company_id="gone", grace_days=0, today=TODAY, by=BY)
        deletion.sweep(day=TODAY)

        assert rows_with("stays") == before

    def test_while_a_bill_is_open_its_admins_stay(self, ended: None) -> None:
        deletion.sweep(day=TODAY + timedelta(days=400))

        assert Deletion.objects.get(pk="gone").closed_on is None
        assert queries.standing("gone", TODAY) is not None

    def test_ninety_days_after_the_last_bill_is_settled_they_go_and_payments_stay(
        self, ended: None
    ) -> None:
        late = TODAY + timedelta(days=300)
        pay("gone", late)
        Mail.objects.update(state="sent", sent_at=timezone.now())

        deletion.sweep(day=late + timedelta(days=89))
        assert Company.objects.filter(pk="gone").exists()
        assert PaymentMethod.objects.filter(company="gone").exists()
        deletion.sweep(day=late + timedelta(days=90))

        assert not Company.objects.filter(pk="gone").exists()
        left = set(rows_with("gone"))
        assert left <= LEGAL_TABLES
        assert {"billing_payment", "billing_paymentoutcome", "billing_refund"} <= left

    def test_without_a_bill_they_go_after_ninety_days(self) -> None:
        trial("gone", on=TODAY)
        terminate(company_id="gone", grace_days=0, today=TODAY, by=BY)

        deletion.sweep(day=TODAY + timedelta(days=89))
        assert Company.objects.filter(pk="gone").exists()
        Mail.objects.update(state="sent", sent_at=timezone.now())
        deletion.sweep(day=TODAY + timedelta(days=90))

        assert set(rows_with("gone")) <= LEGAL_TABLES

    def test_a_user_of_another_company_stays_one(self, ended: None) -> None:
        both = people.admin("stays", Role.VIEWER, today=TODAY, email="both@x.example")
        trial("brief", on=TODAY)
        people.admin("brief", Role.VIEWER, today=TODAY, email="both@x.example")
        User.objects.create(email="staff@x.example", staff_roles=["support"])
        people.admin("brief", Role.VIEWER, today=TODAY, email="staff@x.example")
        terminate(company_id="brief", grace_days=0, today=TODAY, by=BY)

        deletion.sweep(day=TODAY + timedelta(days=90))

        assert not User.objects.filter(email="admin@brief.example").exists()
        assert User.objects.filter(pk=both.pk).exists()
        assert User.objects.filter(email="staff@x.example").exists()

    def test_after_five_years_nothing_is_left_but_the_id(self, ended: None) -> None:
        pay("gone", TODAY)
        Deletion.objects.update(closed_on=TODAY)
        last = date(2031, 5, 11)
        deletion.sweep(day=last)
        assert AuditEntry.objects.filter(company="gone").exists()

        deletion.sweep(day=last + timedelta(days=1))
        assert Deletion.objects.get(pk="gone").rewritten_at is None
        Deletion.objects.update(rewritten_at=timezone.now())  # as the rewriting does
        deletion.sweep(day=last + timedelta(days=1))

        assert not AuditEntry.objects.filter(company="gone").exists()
        left = set(rows_with("gone")) - CONSOLE_TABLES
        assert left == {"groupco_takenid"}


def pay(company: str, today: date) -> None:
    """A card, all that is owed and a little more by transfer, and that given back."""
    common = {"today": today, "by": BY}
    billing.register_card(
        company_id=company, billing_key="key", brand="x", last_four="4242", **common
    )
    over = billing.record_transfer(
        payer=company, amount=bills.balance(company) + 7, received_on=today, **common
    )
    billing.begin_refund(number=over.number, amount=7, reason="x", **common)


# The test above closes the console by hand, so its rows are still there.
CONSOLE_TABLES: Final = {part.table for part in inventory.CONSOLE} | {"groupco_user"}


def test_every_kind_that_the_law_wants_has_a_word() -> None:
    from workplace_console.pages import audit_words

    assert set(inventory.OF_THE_CONTRACT) <= set(audit_words.ACTIONS)
    assert re.fullmatch(r"[a-z_]+", inventory.OF_THE_CONTRACT[0])


def test_what_there_was_nothing_of_is_told_as_none() -> None:
    assert {number for _called, number in inventory.in_words({})} == {0}
    assert 3 in {number for _called, number in inventory.in_words({"groupco_employee": 3})}


def test_what_one_run_deletes_has_one_time() -> None:
    """So its records have an order, which the simulator promises: company by company."""
    companies = [trial(name, on=BEGUN) for name in ("delta", "beta", "acme")]
    daily.run(until=TODAY, grace_days=0)

    done = Deletion.objects.order_by("done_at", "company").values_list("company", "done_at")
    assert [company for company, _ in done] == sorted(companies)
    assert len({at for _, at in done}) == 1
