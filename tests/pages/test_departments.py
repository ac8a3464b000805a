"""조직 관리 in the console: the tree, one department, one employee, and a file. R: F4."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from groupco import queries
from groupco.choices import Role
from groupco.models import Department, Employee, Posting
from groupco.operations import Person
from products import operations as products
from tests.companies import BY, paid
from tests.pages import people

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
URL = "/c/acme/departments/"


@pytest.fixture
def owner(settings: Any) -> Client:
    settings.CONSOLE_TODAY = DAY
    paid("acme", on=DAY)
    register("acme", ("1", "김서연"), ("2", "박서준"))
    return people.signed_in(people.admin("acme", Role.OWNER, today=DAY))


def register(company_id: str, *named: tuple[str, str]) -> None:
    persons = [Person(number, name) for number, name in named]
    products.register_accounts(company_id=company_id, persons=persons, today=DAY, by=BY)


def post(client: Client, url: str = URL, **values: Any) -> str:
    return client.post(url, values, follow=True).content.decode()


def add(client: Client, name: str, parent: Department | None = None) -> Department:
    post(client, act="add", name=name, parent=parent.pk if parent else "", code="")
    return Department.objects.get(name=name, parent=parent)


def tree() -> list[str]:
    return list(queries.paths(queries.chart_departments(["acme"])).values())


class TestDepartments:
    def test_are_added_below_the_one_that_is_open(self, owner: Client) -> None:
        head = add(owner, "개발본부")

        shown = owner.get(f"{URL}?at={head.pk}").content.decode()
        add(owner, "플랫폼팀", head)

        assert f'<option value="{head.pk}" selected>개발본부</option>' in shown
        assert tree() == ["개발본부", "개발본부/플랫폼팀"]

    def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(
        self, owner: Client
    ) -> None:
        add(owner, "개발본부")

        answer = post(owner, act="add", name="개발본부", parent="", code="D-1")

        assert "같은 자리에 이름이 같은 부서가 있습니다." in answer
        assert 'value="D-1"' in answer

    def test_are_renamed_moved_and_shifted(self, owner: Client) -> None:
        head, sales = add(owner, "개발본부"), add(owner, "영업본부")
        team = add(owner, "플랫폼팀")
        changed = {"change-name": "앱팀", "change-parent": head.pk, "change-code": "A"}

        assert "부서를 바꿨습니다." in post(owner, f"{URL}?at={team.pk}", act="change", **changed)
        assert "순서를 바꿨습니다." in post(owner, f"{URL}?at={sales.pk}", act="up")

        assert tree() == ["영업본부", "개발본부", "개발본부/앱팀"]

    def test_are_not_moved_below_themselves(self, owner: Client) -> None:
        head = add(owner, "개발본부")
        team = add(owner, "플랫폼팀", head)
        changed = {"change-name": "개발본부", "change-parent": team.pk, "change-code": ""}

        answer = post(owner, f"{URL}?at={head.pk}", act="change", **changed)

        assert "자기나 그 하위 부서 아래로 옮길 수 없습니다." in answer

    def test_are_deleted_once_they_are_empty(self, owner: Client) -> None:
        head = add(owner, "개발본부")
        there = f"{URL}?at={head.pk}"
        post(owner, there, **{"act": "post", "post-employee": "1", "post-title": "팀장"})

        assert "소속 사원이 1명 있어" in post(owner, there, act="delete")
        post(owner, there, act="end", posting=Posting.objects.get().pk)
        assert "개발본부를 삭제했습니다." in post(owner, there, act="delete")

    def test_people_are_posted_by_number(self, owner: Client) -> None:
        head = add(owner, "개발본부")
        there = f"{URL}?at={head.pk}"

        refused = post(owner, there, **{"act": "post", "post-employee": "nobody"})
        answer = post(owner, there, **{"act": "post", "post-employee": "1", "post-title": "팀장"})

        assert "그런 사원이 없습니다." in refused
        assert "김서연" in answer
        assert "박서준" in owner.get(URL).content.decode()
        assert "김서연" not in owner.get(URL).content.decode()

    def test_of_another_company_are_not_reached(self, owner: Client) -> None:
        paid("other", on=DAY)
        theirs = products.add_department(company_id="other", name="비밀본부", today=DAY, by=BY)

        for act in ("change", "up", "delete", "end"):
            answer = post(owner, f"{URL}?at={theirs.pk}", act=act, posting=1)
            assert "비밀본부" not in answer
        assert Department.objects.get().name == "비밀본부"

    def test_who_may_only_read_gets_no_buttons(self, owner: Client) -> None:
        add(owner, "개발본부")
        viewer = people.signed_in(people.admin("acme", Role.VIEWER, today=DAY))

        shown = viewer.get(URL).content.decode()

        assert "개발본부" in shown
        assert "CSV 등록" not in shown
        assert viewer.post(URL, {"act": "add", "name": "x"}).status_code == 403


class TestPostings:
    def test_are_set_for_one_employee_also_in_another_company(self, owner: Client) -> None:
        paid("member", on=DAY)
        products.form_group(company_id="acme", members=["member"], today=DAY, by=BY)
        theirs = products.add_department(company_id="member", name="물류팀", today=DAY, by=BY)
        url = f"{URL}people/?employee=1"

        answer = post(owner, url, act="post", department=theirs.pk, title="담당", is_main="on")

        assert "소속을 정했습니다." in answer
        assert "겸직, member" in answer
        posting = Posting.objects.get()
        assert (posting.department, posting.title, posting.is_main) == (theirs, "담당", True)
        assert "소속을 해제했습니다." in post(owner, url, act="end", posting=posting.pk)

    def test_of_nobody_are_said_to_be_nobody_s(self, owner: Client) -> None:
        answer = owner.get(f"{URL}people/?employee=nobody").content.decode()

        assert "그런 사번의 사원이 없습니다" in answer

    def test_employees_of_another_company_are_not_shown(self, owner: Client) -> None:
        paid("other", on=DAY)
        register("other", ("77", "비밀 사원"))

        for called in ("77", "other/77"):
            answer = owner.get(f"{URL}people/?employee={called}").content.decode()
            assert "비밀 사원" not in answer


class TestImport:
    def test_shows_what_would_change_and_then_does_it(self, owner: Client) -> None:
        content = "부서,사번,직위\n개발본부/플랫폼팀,1,팀장\n".encode()
        file = SimpleUploadedFile("departments.csv", content)

        shown = owner.post(f"{URL}import/", {"file": file}).content.decode()

        assert "이 파일로 바뀌는 것" in shown
        assert not Department.objects.exists()
        done = post(owner, f"{URL}import/", act="apply", roster=content.decode())
        assert "새 부서 2개, 새 소속 1건" in done
        assert Posting.objects.get().employee == Employee.objects.get(number="1")

    def test_names_the_line_that_is_wrong(self, owner: Client) -> None:
        answer = post(owner, f"{URL}import/", act="apply", roster="department,employee\nx,9\n")

        assert "2행: 사번 9인 사원이 없습니다." in answer
