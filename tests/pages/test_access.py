"""Who is shown people's data: each page that shows it says so, each time is written down. R: H2."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from groupco.choices import Role, Scope
from groupco.models import Account, Department, Employee, User
from groupco.operations import Person, set_sign_in
from products import operations as products
from tests.api.callers import Caller
from tests.companies import BY, paid
from tests.pages import people
from workplace_console import daily, deletion
from workplace_console.addresses import COMPANY_HOST, CONSOLE, Address
from workplace_console.common import sql
from workplace_console.common.models import Access
from workplace_console.pages.access import PAGES
from workplace_console.support import site
from workplace_console.support.base import Records
from workplace_console.termination import terminate

DAY: Final = date(2026, 4, 29)
TODAY: Final = date(2026, 5, 2)
# Stands in the names and addresses of employees, and nowhere else.
MARK: Final = "Qx7mark"
PARTS: Final[dict[str, dict[str, Any]]] = {
    "usage_month": {"month": date(2026, 4, 1)},
    "bill": {"number": "acme-202605-1"},
    "receipt": {"number": "acme-202605-1"},
    "help_article": {"slug": "trial"},
}
EXCLUDE: Final = "accounts_exclude"
# What has to be asked for before a page shows people.
ASKED: Final = {
    "postings": "?employee=n1",
    "group_scope": "?as_of=acme",
    "departments": "?at={department}",
}


@pytest.fixture
def owner(db: None, settings: Any) -> User:
    """Of a company, paid since March, whose employees bear the mark; one works in a department."""
    settings.CONSOLE_TODAY = TODAY
    paid("acme", on=DAY, accounts=0)
    persons = [Person(f"n{n}", f"{MARK} {n}", f"{MARK}{n}@acme.example") for n in range(3)]
    products.register_accounts(company_id="acme", persons=persons, today=DAY, by=BY)
    products.add_department(
        company_id="acme", name="개발", parent_id=None, code="dev", today=DAY, by=BY
    )
    products.post_employee(
        company_id="acme",
        employee_id=Employee.objects.get(number="n1").pk,
        department_id=Department.objects.get().pk,
        title="",
        is_main=True,
        today=DAY,
        by=BY,
    )
    paid("other", on=DAY)
    products.form_group(company_id="acme", members=["other"], today=DAY, by=BY)
    daily.run(until=TODAY)
    return people.admin("acme", Role.OWNER, today=TODAY)


def noted() -> list[tuple[str, str, str, str, str]]:
    rows = Access.objects.order_by("pk")
    return list(rows.values_list("company", "actor", "page", "way", "reason"))


def url_of(address: Address, *, urlconf: str, **company: str) -> str:
    parts = PARTS.get(address.name, {}) | (company if "<company:" in address.route else {})
    asked = ASKED.get(address.name, "").format(department=Department.objects.get().pk)
    return reverse(address.name, urlconf=f"workplace_console.{urlconf}", kwargs=parts) + asked


def is_read(address: Address) -> bool:
    """By its address alone; 제외 shows whom the list before it has sent."""
    return bool(address.reads) and "token" not in address.route and address.name != EXCLUDE


def shows_people(client: Client, url: str) -> bool:
    return MARK.lower() in client.get(url).getvalue().decode(errors="replace").lower()


class TestWhatIsNoted:
    def test_a_page_of_the_console_shows_people_just_when_it_says_so(self, owner: User) -> None:
        client = people.signed_in(owner)
        readable = [a for a in CONSOLE if is_read(a)]
        wrong = [
            address.name
            for address in readable
            if shows_people(client, url_of(address, urlconf="urls", company="acme"))
            != (address.noted is not None)
        ]

        assert wrong == []
        assert {page for _c, _a, page, _w, _r in noted()} == {
            address.name for address in readable if address.noted
        }

    def test_so_does_a_page_of_the_company_s_own_host(self, owner: User) -> None:
        boss = people.employee("acme", today=TODAY, is_workplace_admin=True)
        client = people.signed_in(boss, host="acme.localhost")

        wrong = [
            address.name
            for address in COMPANY_HOST
            if is_read(address) and address.name != "people"
            if shows_people(client, url_of(address, urlconf="company_urls"))
            != (address.noted is not None)
        ]

        assert wrong == []
        assert {(company, actor) for company, actor, *_ in noted()} == {("acme", f"user:{boss.pk}")}

    def test_so_does_the_page_of_whom_to_exclude(self, owner: User) -> None:
        account = Account.objects.earliest("pk")

        page = people.signed_in(owner).post("/c/acme/accounts/exclude/", {"account": account.pk})

        assert MARK in page.content.decode()
        assert noted() == [("acme", f"user:{owner.pk}", EXCLUDE, "looked", "")]

    def test_each_time_is_an_entry_and_who_is_turned_away_is_none(self, owner: User) -> None:
        client = people.signed_in(owner)
        viewer = people.signed_in(people.admin("acme", Role.VIEWER, today=TODAY))

        client.get("/c/acme/accounts/")
        client.get("/c/acme/accounts/")
        client.head("/c/acme/accounts/")
        client.get("/c/nosuch/accounts/")
        viewer.get("/c/acme/accounts/exclude/")
        people.signed_in(None).get("/c/acme/accounts/")

        assert noted() == [("acme", f"user:{owner.pk}", "accounts", "looked", "")] * 2

    def test_days_that_run_backwards_are_said(self, owner: User) -> None:
        path = "/c/acme/audit/access/?first=2026-05-02&last=2026-05-01"
        page = people.signed_in(owner).get(path).content.decode()
        assert "마지막 날이 첫날보다 빠릅니다." in page

    def test_every_page_that_is_noted_has_a_word(self) -> None:
        names = {a.name for a in (*CONSOLE, *COMPANY_HOST) if a.noted}
        staff = {
            entry.noted
            for section in site.SECTIONS
            for entry in section.entries
            if isinstance(entry, type) and issubclass(entry, Records) and entry.noted
        }

        assert set(PAGES) == names | staff | {"api_accounts"}


class TestWhy:
    def test_a_link_that_says_nothing_gets_the_file_where_nobody_has_to_say(
        self, owner: User
    ) -> None:
        answer = people.signed_in(owner).get("/c/acme/accounts/csv/")

        assert MARK in answer.getvalue().decode()
        assert noted() == [("acme", f"user:{owner.pk}", "accounts_csv", "taken", "")]

    def test_where_one_has_to_say_it_a_page_asks(self, owner: User, settings: Any) -> None:
        settings.EXPORT_REASON_REQUIRED = True
        client = people.signed_in(owner)

        page = client.get("/c/acme/accounts/csv/")
        assert "내려받는 사유" in page.content.decode()
        assert MARK not in page.content.decode()
        assert noted() == []

        file = client.get("/c/acme/accounts/csv/", {"reason": "check"})
        assert MARK in file.getvalue().decode()
        assert noted() == [("acme", f"user:{owner.pk}", "accounts_csv", "taken", "check")]

    @pytest.mark.parametrize("reason", ["", "because", "\0", "x" * 5000])
    def test_what_is_no_reason_is_asked_again(self, owner: User, reason: str) -> None:
        page = people.signed_in(owner).get("/c/acme/accounts/csv/", {"reason": reason})

        assert page.status_code == 200
        assert MARK not in page.content.decode()
        assert ("목록에 있는 것 가운데 고르세요." in page.content.decode()) == bool(reason)
        assert noted() == []

    def test_all_of_the_data_is_taken_with_the_reason_that_stands_there(self, owner: User) -> None:
        client = people.signed_in(owner)
        assert 'value="move" selected' in client.get("/c/acme/product/terminate/").content.decode()

        asked = client.post("/c/acme/product/terminate/data/", {"reason": "x"})
        assert "Content-Disposition" not in asked.headers
        taken = client.post("/c/acme/product/terminate/data/", {"reason": "move"})

        assert "accounts.csv" in zipfile.ZipFile(io.BytesIO(taken.content)).namelist()
        assert noted() == [("acme", f"user:{owner.pk}", "terminate_data", "taken", "move")]

    def test_a_program_may_say_why(self, owner: User) -> None:
        issued = products.issue_token(
            company_id="acme", name="HR", scopes=[Scope.ACCOUNTS], today=TODAY, by=BY
        )
        program = Caller(issued.secret)

        assert program.get("acme/accounts").status_code == 200
        assert program.get("acme/accounts?reason=payroll").status_code == 200

        assert [(way, reason) for _c, _a, _p, way, reason in noted()] == [
            ("taken", ""),
            ("taken", "payroll"),
        ]


class TestWhoReadsIt:
    def test_the_owner_sees_everybody_staff_among_them(self, owner: User) -> None:
        staff = set_sign_in(email="staff@console.example", password="", staff_roles=["support"])
        people.signed_in(staff).get("/support/groupco/company/acme/change/")
        client = people.signed_in(owner)
        client.get("/c/acme/accounts/csv/?reason=keep")

        page = client.get("/c/acme/audit/access/").content.decode()

        assert "고객지원: 회사" in page
        assert "고객지원이나 탈퇴한 사용자" in page
        assert "owner@acme.example" in page
        assert "보관" in page
        only = client.get("/c/acme/audit/access/?way=looked").content.decode()
        assert "사용자 CSV" not in only
        assert "/c/acme/audit/access/" in client.get("/c/acme/audit/").content.decode()

    def test_staff_see_all_of_it(self, owner: User) -> None:
        people.signed_in(owner).get("/c/acme/accounts/")
        staff = set_sign_in(email="staff@console.example", password="", staff_roles=["support"])

        client = people.signed_in(staff)
        page = client.get("/support/common/access/?q=acme").content.decode()

        assert f"user:{owner.pk}" in page
        row = Access.objects.get()
        assert (
            "사용자 관리" in client.get(f"/support/common/access/{row.pk}/change/").content.decode()
        )


class TestHowLong:
    def test_nobody_changes_an_entry(self, owner: User) -> None:
        people.signed_in(owner).get("/c/acme/accounts/")

        for statement in (
            "UPDATE common_access SET actor = 'nobody'",
            "DELETE FROM common_access",
            "TRUNCATE common_access",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                sql.changed(statement)

    def test_it_goes_after_two_years(self, owner: User) -> None:
        people.signed_in(owner).get("/c/acme/accounts/")

        deletion.sweep(day=TODAY.replace(year=2028))
        assert len(noted()) == 1
        deletion.sweep(day=TODAY.replace(year=2028) + timedelta(days=1))
        assert noted() == []

    def test_it_goes_with_the_company_s_data(self, owner: User) -> None:
        people.signed_in(people.admin("other", today=TODAY)).get("/c/other/accounts/")
        people.signed_in(owner).get("/c/acme/accounts/")
        assert [company for company, *_ in noted()] == ["other", "acme"]

        terminate(company_id="other", grace_days=0, today=TODAY, by=BY)
        deletion.sweep(day=TODAY)

        assert [company for company, *_ in noted()] == ["acme"]
