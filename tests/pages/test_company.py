"""회사 정보: who saves it, what is refused, and what is written down. R: A6, E10, E12."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from groupco import queries
from groupco.choices import Role
from groupco.models import Company, User
from groupco.operations import DETAILS
from tests import audit_log
from tests.companies import trial
from tests.pages import people
from workplace_console.common.models import AuditEntry

DAY = date(2026, 3, 2)
PATH = "/c/acme/company/"
BAD_NUMBER = "사업자등록번호가 올바르지 않습니다. 숫자 10자리를 확인하세요."

# 1*1 + 2*3 + 3*7 + 4*1 + 5*3 + 6*7 + 7*1 + 8*3 + 9*5 + 9*5 // 10 = 169, so the last digit is 1.
GOOD = {
    "name": "한빛 주식회사",
    "business_number": "123-45-67891",
    "representative": "김하나",
    "address": "서울시 중구 세종대로 1",
    "business_type": "서비스",
    "business_item": "소프트웨어",
    "billing_addresses": "pay@acme.example\nbooks@acme.example",
}
KEPT = GOOD | {"business_number": "1234567891"}


@pytest.fixture(autouse=True)
def _acme(db: None, settings: Any) -> None:
    settings.CONSOLE_TODAY = DAY
    trial("acme", on=DAY)
    for role in Role:
        people.admin("acme", role, today=DAY)
    audit_log.clear()


class TestSaving:
    @pytest.mark.parametrize("role", [Role.OWNER, Role.BILLING])
    def test_owner_and_billing_save_all_of_it(self, role: Role) -> None:
        client = admin(role)

        answer = client.post(PATH, GOOD | {"seen": seen(get(client))})

        assert (answer.status_code, answer.headers["Location"]) == (302, PATH)
        assert stored() == KEPT
        page = get(client)
        assert "회사 정보를 저장했습니다." in page
        assert fields(page) == GOOD

    def test_each_change_is_written_down_once_and_without_what_it_was(self) -> None:
        client = admin(Role.BILLING)

        client.post(PATH, GOOD)

        assert written() == [
            ("company_updated", None, {"fields": list(DETAILS)}),
            ("billing_addresses_set", {"count": 0}, {"count": 2}),
        ]
        entry = AuditEntry.objects.latest("pk")
        user = User.objects.get(email="billing@acme.example")
        assert (entry.actor, entry.address, entry.on) == (f"user:{user.pk}", "127.0.0.1", DAY)

    def test_only_what_is_changed_is_written_down(self) -> None:
        client = admin()
        client.post(PATH, GOOD)
        audit_log.clear()

        again = client.post(PATH, fields(get(client)))
        assert (again.status_code, written()) == (302, [])

        client.post(PATH, GOOD | {"representative": "이두리"})
        assert written() == [("company_updated", None, {"fields": ["representative"]})]

    def test_addresses_may_be_set_apart_as_one_likes_and_stand_there_once(self) -> None:
        typed = "a@b.example, c@b.example;A@b.example\r\n\r\n d@b.example "

        admin().post(PATH, GOOD | {"billing_addresses": typed})

        assert queries.billing_addresses("acme") == ["a@b.example", "c@b.example", "d@b.example"]

    def test_all_but_the_name_may_be_left_out(self) -> None:
        client = admin()
        client.post(PATH, GOOD)

        client.post(PATH, {"name": "한빛"})

        assert stored() == dict.fromkeys(GOOD, "") | {"name": "한빛"}

    def test_another_company_is_not_found(self) -> None:
        before = stored(trial("other", on=DAY))

        assert admin().get("/c/other/company/").status_code == 404
        assert admin().post("/c/other/company/", GOOD).status_code == 404
        assert stored("other") == before


class TestRefusing:
    @pytest.mark.parametrize(
        ("field", "typed", "says"),
        [
            ("business_number", "123-45-67890", BAD_NUMBER),
            # Right if the tens of 5 times the ninth digit were left out.
            ("business_number", "123-45-67895", BAD_NUMBER),
            ("business_number", "123-45-6789", BAD_NUMBER),
            ("name", "", "빈칸입니다. 여기에 적으세요."),
            ("name", "한\u202e빛", "상호를 1자 이상 100자 이하로 적으세요."),
            ("representative", "김\t하나", "60자 이하로, 줄을 바꾸지 말고 적으세요."),
            ("address", "가" * 201, "200자까지 적을 수 있습니다. 지금은 201자입니다."),
            ("billing_addresses", "pay@acme.example\n<no>", "&lt;no&gt;는 메일 주소가 아닙"),
            ("billing_addresses", "\n".join(f"{n}@b.example" for n in range(21)), "20개까지"),
        ],
    )
    def test_what_is_wrong_is_said_beside_it_and_everything_typed_stays(
        self, field: str, typed: str, says: str
    ) -> None:
        client = admin()
        before = stored()
        sent = GOOD | {field: typed}

        answer = client.post(PATH, sent | {"seen": seen(get(client))})

        page = answer.content.decode()
        assert (answer.status_code, fields(page)) == (200, sent)
        assert says in beside(field, page)
        assert (stored(), written()) == (before, [])

    def test_all_that_is_wrong_is_said_at_once(self) -> None:
        client = admin()
        wrong = GOOD | {"business_number": "123", "billing_addresses": "<no>"}

        page = client.post(PATH, wrong | {"seen": seen(get(client))}).content.decode()

        assert BAD_NUMBER in beside("business_number", page)
        assert "메일 주소가 아닙" in beside("billing_addresses", page)

    def test_what_someone_else_has_changed_meanwhile_is_not_written_over_unseen(self) -> None:
        mine, theirs = admin(), admin(Role.BILLING)
        opened = seen(get(mine))
        theirs.post(PATH, GOOD | {"seen": opened})
        audit_log.clear()

        answer = mine.post(PATH, GOOD | {"name": "다른 이름", "seen": opened})

        page = answer.content.decode()
        assert "그사이 다른 관리자가 이 내용을 바꿨습니다." in page
        assert fields(page)["name"] == "다른 이름"
        assert (stored(), written()) == (KEPT, [])
        assert mine.post(PATH, fields(page) | {"seen": seen(page)}).status_code == 302
        assert stored()["name"] == "다른 이름"


def test_a_viewer_sees_all_of_it_but_can_not_save() -> None:
    admin().post(PATH, GOOD)
    viewer = admin(Role.VIEWER)

    page = get(viewer)
    answer = viewer.post(PATH, GOOD | {"name": "다른 이름"})

    details = [shown for field, shown in GOOD.items() if field != "billing_addresses"]
    assert all(f"<dd>{shown}</dd>" in page for shown in details)
    assert all(f"<dt>{to}</dt>" in page for to in GOOD["billing_addresses"].split())
    assert ["저장</button>" in seen_by for seen_by in (get(admin()), page)] == [True, False]
    assert fields(page) == {}
    assert (answer.status_code, stored()) == (403, KEPT)


def admin(role: Role = Role.OWNER) -> Client:
    return people.signed_in(User.objects.get(email=f"{role}@acme.example"))


def stored(company_id: str = "acme") -> dict[str, str]:
    company = Company.objects.get(pk=company_id)
    details = {field: getattr(company, field) for field in DETAILS}
    return details | {"billing_addresses": "\n".join(queries.billing_addresses(company_id))}


def written() -> list[tuple[str, Any, Any]]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "before", "after"))


def fields(page: str) -> dict[str, str]:
    """What stands in the fields of the form."""
    form = page.partition('<form class="form" method="post"')[2].partition("</form>")[0]
    found = re.findall(r'<input [^>]*?name="(\w+)"(?: value="([^"]*)")?', form)
    found += re.findall(r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL)
    return {name: unescape(value) for name, value in found if name in GOOD}


def seen(page: str) -> str:
    return re.findall(r'name="seen" value="(\w+)"', page)[0]


def get(client: Client) -> str:
    return client.get(PATH).content.decode()


def beside(field: str, page: str) -> str:
    found = re.search(rf'<ul class="errorlist" id="id_{field}_error">(.*?)</ul>', page, re.DOTALL)
    return found[1] if found else ""
