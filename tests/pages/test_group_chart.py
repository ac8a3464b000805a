"""그룹사 표시범위 and 그룹사 순서 as pages: looked at, moved, saved, refused. R: F4, F6, F8."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from groupco import queries
from groupco.choices import OrgChartScope, Role
from groupco.models import Company, Department
from products import operations
from tests.companies import BY, paid
from tests.pages import people

DAY = date(2026, 3, 2)
ORDER = "/c/{}/group/order/"
SCOPE = "/c/{}/group/scope/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _group(db: None, settings: Any) -> None:
    settings.CONSOLE_TODAY = DAY
    for company_id in ("lead", "one", "two", "outside"):
        paid(company_id, on=DAY)
        Company.objects.filter(pk=company_id).update(name=f"이름-{company_id}")
        top = Department.objects.create(company_id=company_id, name=f"{company_id}-본부")
        Department.objects.create(company_id=company_id, name=f"{company_id}-팀", parent=top)
    operations.form_group(company_id="lead", members=["one", "two"], today=DAY, by=BY)


def owner(company_id: str) -> Client:
    return people.signed_in(people.admin(company_id, Role.OWNER, today=DAY))


def read(client: Client, url: str, **asked: str) -> str:
    answer = client.get(url, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def hidden(page: str) -> dict[str, str]:
    """What travels with the form."""
    found = re.findall(r'name="(order|seen|version)" value="([^"]*)"', page)
    return dict(found)


def press(client: Client, page: str, act: str, company: str = "", **more: str) -> str:
    """A button of the order page; what it answers."""
    data = hidden(page) | {"act": act, "company": company} | more
    answer = client.post(ORDER.format("lead"), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def saved() -> list[tuple[str, str | None]]:
    return [(c.id, c.parent) for c in queries.charted("lead", DAY)]


class TestOrder:
    def test_moved_step_by_step_and_saved_as_a_whole(self) -> None:
        client = owner("lead")
        page = read(client, ORDER.format("lead"))
        assert hidden(page) == {"order": "lead,one,two", "seen": "lead,one,two", "version": "0"}
        assert "lead-본부" in page
        assert "lead-팀" not in page

        page = press(client, page, "up", "two")
        page = press(client, page, "in", "two")
        assert hidden(page)["order"] == "lead,lead/two,one"
        assert "이름-two: 맨 위 단계 → 이름-lead 아래" in page
        assert saved() == [("lead", None), ("one", None), ("two", None)]

        page = press(client, page, "save")
        assert "그룹사 순서를 저장했습니다." in page
        assert "저장하지 않은 변경" not in page
        assert saved() == [("lead", None), ("two", "lead"), ("one", None)]

    @pytest.mark.parametrize(
        ("act", "company", "more", "says"),
        [
            ("up", "lead", {}, "이미 맨 위입니다"),
            ("down", "two", {}, "이미 맨 아래입니다"),
            ("in", "lead", {}, "바로 위에 같은 단계의 회사가 없습니다"),
            ("out", "one", {}, "이미 맨 위 단계입니다"),
            ("up", "", {}, "옮길 회사를 먼저 고르세요"),
            ("drop", "one", {"onto": "one", "where": "into"}, "자기 아래로 옮길 수 없습니다"),
            ("drop", "one", {"onto": "department:1", "where": "into"}, "부서 아래로 옮길 수 없"),
            ("drop", "one", {"onto": "outside", "where": "into"}, "그룹사에 없는 회사"),
        ],
    )
    def test_each_move_that_may_not_be_is_refused_with_a_sentence(
        self, act: str, company: str, more: dict[str, str], says: str
    ) -> None:
        client = owner("lead")
        page = read(client, ORDER.format("lead"))

        page = press(client, page, act, company, **more)

        assert says in page
        assert hidden(page)["order"] == "lead,one,two"

    def test_the_second_to_save_sees_what_the_first_has_changed(self) -> None:
        client = owner("lead")
        first = second = read(client, ORDER.format("lead"))
        first = press(client, first, "in", "one")
        press(client, first, "save")

        second = press(client, second, "up", "two")
        second = press(client, second, "save")

        assert "다른 관리자가 저장했습니다" in second
        assert "이름-one: 맨 위 단계 → 이름-lead 아래" in second
        assert saved()[1] == ("one", "lead")
        assert hidden(second) == {
            "order": "lead,two,one",
            "seen": "lead,lead/one,two",
            "version": "1",
        }
        press(client, second, "save")
        assert saved() == [("lead", None), ("two", None), ("one", None)]

    def test_a_circle_is_refused_however_it_is_sent(self) -> None:
        client = owner("lead")
        page = read(client, ORDER.format("lead"))

        page = press(client, page, "save", order="lead,two/one,one/two")

        assert "하위 회사 아래로 옮길 수 없습니다" in page
        assert saved() == [("lead", None), ("one", None), ("two", None)]

    def test_members_read(self) -> None:
        client = owner("one")
        page = read(client, ORDER.format("one"))

        assert 'name="act"' not in page
        assert "순서는 대표회사의 소유자만 정합니다." in page
        data = {"order": "one,lead,two", "seen": "", "version": "0", "act": "save"}
        answer = client.post(ORDER.format("one"), data)
        assert "대표회사만 정할 수 있습니다" in answer.content.decode()
        assert saved()[0] == ("lead", None)

    def test_a_viewer_of_the_representative_reads(self) -> None:
        client = people.signed_in(people.admin("lead", Role.VIEWER, today=DAY))

        assert 'name="act"' not in read(client, ORDER.format("lead"))
        assert client.post(ORDER.format("lead"), {}).status_code == 403


class TestScope:
    def choices(self, **scopes: str) -> dict[str, str]:
        chosen = {"lead": "group", "one": "group", "two": "group"} | scopes
        return {"version": "0", "act": "save"} | {
            f"scope_{id}": scope for id, scope in chosen.items()
        }

    def test_saved_for_each_company(self) -> None:
        answer = owner("lead").post(SCOPE.format("lead"), self.choices(one="own"), follow=True)

        assert "그룹사 표시범위를 저장했습니다." in answer.content.decode()
        assert {c.id: c.scope for c in queries.charted("lead", DAY)} == {
            "lead": OrgChartScope.GROUP,
            "one": OrgChartScope.OWN,
            "two": OrgChartScope.GROUP,
        }

    def test_the_preview_is_the_chart_with_what_is_chosen_before_it_is_saved(self) -> None:
        client = owner("lead")

        whole = preview(read(client, SCOPE.format("lead"), as_of="one"))
        own = preview(read(client, SCOPE.format("lead"), as_of="one", scope_one="own"))

        assert "이름-lead" in whole
        assert "one-본부" in own
        assert "이름-lead" not in own
        assert "아직 저장하지 않은 선택" in own
        assert queries.charted("lead", DAY)[1].scope == OrgChartScope.GROUP

    def test_what_is_previewed_is_what_an_employee_then_sees(self) -> None:
        client = owner("lead")
        client.post(SCOPE.format("lead"), self.choices(one="own"))

        for company_id in ("lead", "one", "two"):
            shown = preview(read(client, SCOPE.format("lead"), as_of=company_id))
            companies = {line.name for line in queries.chart_of_anyone(company_id, DAY)}
            for name in ("이름-lead", "이름-one", "이름-two"):
                assert (name in shown.split("</header>")[1]) == (name in companies)

    def test_without_script_a_button_looks_and_saves_nothing(self) -> None:
        answer = owner("lead").post(
            SCOPE.format("lead"), self.choices(two="own") | {"act": "preview", "as_of": "two"}
        )

        assert "이름-two 사원에게 이렇게 보입니다" in answer.content.decode()
        assert "이름-lead" not in preview(answer.content.decode()).split("</header>")[1]
        assert queries.charted("lead", DAY)[2].scope == OrgChartScope.GROUP

    def test_the_second_to_save_sees_what_the_first_has_changed(self) -> None:
        client = owner("lead")
        client.post(SCOPE.format("lead"), self.choices(one="own"))

        answer = client.post(SCOPE.format("lead"), self.choices(two="own"))

        page = answer.content.decode()
        assert "다른 관리자가 저장했습니다" in page
        assert "이름-one: 지금 저장된 값은 내 회사" in page
        assert 'name="version" value="1"' in page
        assert queries.charted("lead", DAY)[2].scope == OrgChartScope.GROUP

    def test_members_read_and_look(self) -> None:
        client = owner("one")
        page = read(client, SCOPE.format("one"), as_of="two")

        assert "표시범위는 대표회사의 소유자만 정합니다." in page
        assert "이름-two 사원에게 이렇게 보입니다" in page
        answer = client.post(SCOPE.format("one"), self.choices(one="own"))
        assert "대표회사만 정할 수 있습니다" in answer.content.decode()

    def test_an_unknown_choice_is_said(self) -> None:
        answer = owner("lead").post(SCOPE.format("lead"), self.choices(one="everything"))

        assert "목록에 있는 것 가운데 고르세요." in answer.content.decode()
        assert queries.charted("lead", DAY)[1].scope == OrgChartScope.GROUP


def preview(page: str) -> str:
    start = page.index('id="preview"')
    return page[start : page.index("</section>", start)]


@pytest.mark.parametrize("url", [ORDER, SCOPE])
def test_nothing_of_a_company_outside_is_on_it(url: str) -> None:
    page = read(owner("lead"), url.format("lead"), as_of="outside", at="outside")

    assert "이름-outside" not in page
    assert "outside-본부" not in page


@pytest.mark.parametrize("url", [ORDER, SCOPE])
def test_without_a_group_one_is_led_to_the_application(url: str) -> None:
    answer = owner("outside").get(url.format("outside"))

    assert answer.url == "/c/outside/group/"


def test_a_new_representative_arranges_from_the_day_it_was_agreed_to() -> None:
    operations.ask_to_replace(company_id="two", reason="합병", today=DAY, by=BY)
    for company_id in ("lead", "one", "two"):
        operations.agree_to_group(company_id=company_id, today=DAY, by=BY)

    assert 'name="act"' in read(owner("two"), ORDER.format("two"))
    assert 'name="act"' not in read(owner("lead"), ORDER.format("lead"))
