"""No page of a company ever holds a name from outside its group: a crawl with a mark. R: A4, F5.

Every text that the people or admins of a strange company can fill is marked; so are the people of
one that left the group, whose own name stands rightly on the bills of that time. Then every page of
this company is read, in its console and at its own host, and asked for what is theirs by number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pytest
from django.test import Client

from groupco import operations as groups
from groupco.choices import OrgChartScope, Role
from groupco.models import Department, Employee, Posting
from groupco.operations import Person
from products import operations as products
from products.choices import Plan
from tests.companies import BY, paid
from tests.pages import people
from tests.pages.test_addresses import AT_CONSOLE, address
from workplace_console import daily

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
LEFT_ON = date(2026, 3, 20)
TODAY = date(2026, 4, 10)
MARK: Final = "Qx7Mark"
# Finds the mark, and is not the mark when a page repeats it.
ASKED: Final = ("x7mar", "qx7mark", "ㄱ", "김", "mark.example", "example")


def fill(company: str) -> None:
    """People, departments, titles and admins, marked wherever a text may be written."""
    mark = f"{MARK}{company}"
    email = f"{{}}@{mark}.example"
    people.admin(company, Role.OWNER, today=DAY, email=email.format("owner").lower())
    persons = [Person(f"{mark}{n}", f"김{mark}", email.format(f"p{n}")) for n in range(3)]
    products.register_accounts(company_id=company, persons=persons, today=DAY, by=BY)
    made = products.add_department(
        company_id=company, name=f"{mark}본부", code=mark, today=DAY, by=BY
    )
    for employee in Employee.objects.filter(company=company, name__contains=MARK):
        products.post_employee(
            company_id=company,
            employee_id=employee.pk,
            department_id=made.pk,
            title=mark,
            today=DAY,
            by=BY,
        )


def name(company: str) -> None:
    """The company itself is marked, too."""
    mark = f"{MARK}{company}"
    groups.update_company(
        company_id=company,
        details={"name": mark, "representative": mark, "address": mark}
        | {"business_type": mark, "business_item": mark, "business_number": ""},
        billing_addresses=[f"bills@{mark}.example".lower()],
        today=DAY,
        by=BY,
    )


@pytest.fixture
def acme(settings: Any) -> str:
    """acme represents member; gone was in the group once and had a posting here; stranger never."""
    for company in ("acme", "member", "gone", "stranger"):
        paid(company, on=DAY, accounts=2, plan=Plan.COLLABO)
    products.form_group(company_id="acme", members=["member", "gone"], today=DAY, by=BY)
    for company in ("gone", "stranger"):
        fill(company)
    name("stranger")
    here = products.add_department(company_id="acme", name="개발본부", today=DAY, by=BY)
    products.post_employee(
        company_id="acme",
        employee_id=Employee.objects.filter(company="gone", name__contains=MARK)[0].pk,
        department_id=here.pk,
        title=MARK,
        today=DAY,
        by=BY,
    )
    groups.leave_groups(["gone"], last_day=LEFT_ON, today=LEFT_ON, by=BY)
    daily.run(until=TODAY)
    settings.CONSOLE_TODAY = TODAY
    return "acme"


def text_of(client: Client, url: str) -> str:
    answer = client.get(url, follow=True)
    assert answer.status_code < 500, url
    content = b"".join(answer) if answer.streaming else answer.content
    return str(content.decode("utf-8", "replace"))


def console_pages() -> Iterator[str]:
    for name, (reads, _writes) in AT_CONSOLE.items():
        if reads != "-" and name != "audit_csv":
            yield address(name, company="acme")
    yield "/c/acme/audit/csv/"
    for department in Department.objects.all():
        yield f"/c/acme/departments/?at={department.pk}"
    for employee in Employee.objects.exclude(company="acme"):
        for called in (employee.number, f"{employee.company_id}/{employee.number}"):
            yield f"/c/acme/departments/people/?employee={called}"


def people_pages() -> Iterator[str]:
    for asked in ASKED:
        yield f"/people/?q={asked}"
    for at in ("", "gone", "stranger", *Department.objects.values_list("pk", flat=True)):
        yield f"/people/?tab=chart&at={at}"


def holds_mark(text: str, url: str) -> bool:
    """Whether a page holds the mark other than by repeating what it was asked for."""
    return MARK in text.replace(url.rpartition("=")[2], "")


def test_the_console_of_a_company_names_nobody_from_outside_its_group(acme: str) -> None:
    client = people.signed_in(people.admin("acme", Role.OWNER, today=DAY))

    found = [url for url in console_pages() if holds_mark(text_of(client, url), url)]

    assert found == []


@pytest.mark.parametrize("scope", list(OrgChartScope))
@pytest.mark.parametrize("company", ["acme", "member"])
def test_the_own_host_of_a_company_names_nobody_from_outside_its_group(
    acme: str, company: str, scope: OrgChartScope
) -> None:
    scopes = {"acme": scope, "member": scope}
    groups.set_scopes(company_id="acme", scopes=scopes, version=0, today=TODAY, by=BY)
    client = people.signed_in(people.employee(company, today=TODAY), host=f"{company}.localhost")
    everyone = list(Employee.objects.values_list("pk", flat=True))
    client.post("/people/", {"act": "approver", "pick": everyone})
    client.post("/people/", {"act": "recipient", "pick": everyone[::-1]})

    found = [url for url in ("/", *people_pages()) if MARK in text_of(client, url)]

    assert found == []


def test_the_mark_is_there_to_be_found(acme: str) -> None:
    """Whoever is of the strange company finds it everywhere."""
    client = people.signed_in(people.employee("stranger", today=TODAY), host="stranger.localhost")

    assert MARK in text_of(client, "/people/?q=x7mar")
    assert MARK in text_of(client, "/people/?tab=chart")
    assert Posting.objects.filter(title=MARK).exists()
