"""관리자: who is invited, given another role and removed, and what is refused. R: A5, A6."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from groupco import operations as groups
from groupco import queries
from groupco.choices import Role
from groupco.models import Admin, Invitation, User
from tests import audit_log
from tests.companies import BY, trial
from tests.pages import people
from workplace_console.common import messages
from workplace_console.common.models import AuditEntry, Mail

DAY = date(2026, 3, 2)
PATH = "/c/acme/admins/"
PASSWORD = "correct-horse-2026"
LAST_OWNER = "마지막 소유자는 제외하거나 역할을 바꿀 수 없습니다. 먼저 다른 소유자를 정하세요."
GONE = "이미 제외된 관리자입니다. 목록을 다시 확인하세요."
AT_FIRST = {"admin": "owner", "viewer": "viewer"}
NEW = {"act": "invite", "email": "new@acme.example", "role": "billing"}


@pytest.fixture(autouse=True)
def _acme(db: None, settings: Any) -> None:
    """Acme with one owner and one viewer."""
    settings.CONSOLE_TODAY = DAY
    trial("acme", on=DAY)
    groups.set_sign_in(email="admin@acme.example", password=PASSWORD)
    people.admin("acme", Role.VIEWER, today=DAY)
    audit_log.clear()


class TestInviting:
    def test_an_owner_invites_by_a_mail_with_a_link(self) -> None:
        client = signed_in()

        answer = client.post(PATH, NEW)

        assert answer.headers["Location"] == PATH
        page = client.get(PATH).content.decode()
        assert "new@acme.example에 초대 메일을 보냈습니다." in page
        assert '<th scope="row">new@acme.example</th>' in page
        mail = Mail.objects.get(kind="admin_invited")
        assert mail.recipients == ["new@acme.example"]
        assert "청구 담당" in messages.text_of(mail).body
        assert Client().get(link_in(mail)).status_code == 200
        assert (roles(), written()) == (AT_FIRST, ["admin_invited"])

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"email": "nobody"}, "이메일 주소를 name@company.example처럼 적으세요."),
            ({"email": "new@한빛.example"}, "영문 메일 주소를 적으세요."),
            ({"email": "admin@acme.example"}, "이미 콘솔 관리자입니다."),
            ({"role": "king"}, "목록에 있는 것 가운데 고르세요."),
        ],
    )
    def test_what_is_wrong_with_it_is_said_and_what_was_typed_stays(
        self, typed: dict[str, str], says: str
    ) -> None:
        sent = NEW | typed
        page = signed_in().post(PATH, sent).content.decode()

        assert f'_error"><li>{says}' in page
        assert f'value="{sent["email"]}"' in page
        assert ('value="billing" selected' in page) == (sent["role"] == "billing")
        assert (Invitation.objects.count(), written()) == (0, [])

    def test_an_invitation_is_withdrawn_and_its_link_void(self) -> None:
        client = signed_in()
        client.post(PATH, NEW)
        link = link_in(Mail.objects.get(kind="admin_invited"))

        answer = client.post(PATH, asked_about("acme")[2], follow=True)
        assert "초대를 취소했습니다." in answer.content.decode()
        assert not Invitation.objects.exists()
        assert Client().get(link).status_code == 410
        assert written() == ["admin_invited", "invitation_withdrawn"]


class TestRoles:
    def test_an_owner_gives_an_admin_another_role_and_removes_them(self) -> None:
        client, theirs = signed_in(), signed_in("viewer")
        changed = client.post(PATH, act("role", "viewer", role="billing"), follow=True)

        assert "역할을 바꿨습니다." in changed.content.decode()
        assert roles() == AT_FIRST | {"viewer": "billing"}
        assert theirs.get(PATH).status_code == 200

        removed = client.post(PATH, act("remove", "viewer"), follow=True)

        assert "콘솔 관리자에서 제외했습니다." in removed.content.decode()
        assert roles() == {"admin": "owner"}
        assert theirs.get(PATH).status_code == 404
        assert written() == ["admin_set", "admin_removed"]

    @pytest.mark.parametrize(("what", "more"), [("remove", {}), ("role", {"role": "viewer"})])
    def test_the_last_owner_stays_owner_until_there_is_another(
        self, what: str, more: dict[str, str]
    ) -> None:
        client = signed_in()

        answer = client.post(PATH, act(what, "admin", **more))

        assert LAST_OWNER in answer.content.decode()
        assert (roles(), written()) == (AT_FIRST, [])
        client.post(PATH, act("role", "viewer", role="owner"))
        assert client.post(PATH, act(what, "admin", **more)).status_code == 302
        assert roles().get("admin") == more.get("role")

    def test_who_removes_themselves_is_led_away_from_there(self) -> None:
        people.admin("acme", today=DAY)
        client = signed_in()
        answer = client.post(PATH, act("remove", "admin"))

        assert answer.headers["Location"] == "/"
        assert client.get("/").status_code == 403


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.BILLING, Role.VIEWER])
    def test_who_is_no_owner_sees_who_is_admin_but_can_do_nothing(self, role: Role) -> None:
        Admin.objects.filter(user__email="viewer@acme.example").update(role=role)
        signed_in().post(PATH, NEW)
        client = signed_in("viewer")

        page = client.get(PATH).content.decode()
        answers = [client.post(PATH, asked).status_code for asked in (NEW, *asked_about("acme"))]

        assert all(f"{name}@acme.example" in page for name in ("admin", "viewer", "new"))
        assert 'name="act"' in signed_in().get(PATH).content.decode()
        assert 'name="act"' not in page
        assert answers == [403] * 4
        assert (roles(), written()) == (AT_FIRST | {"viewer": role}, ["admin_invited"])

    def test_ids_of_another_company_s_people_do_nothing(self) -> None:
        trial("other", on=DAY)
        people.admin("other", Role.VIEWER, today=DAY)
        invited = {"email": "new@other.example", "role": Role.OWNER}
        groups.invite_admin(company_id="other", **invited, today=DAY, by=BY)
        before = roles("other"), written()

        pages = [signed_in().post(PATH, asked).content.decode() for asked in asked_about("other")]

        assert [GONE in page for page in pages[:2]] == [True, True]
        assert (roles("other"), written()) == before
        assert Invitation.objects.get().company_id == "other"

    @pytest.mark.parametrize("what", ["role", "remove"])
    def test_one_who_signed_in_long_ago_is_asked_for_the_password_first(self, what: str) -> None:
        client = signed_in(hours_ago=1)
        asked = act(what, "viewer", role="billing")

        stopped = client.post(PATH, asked)
        wrong = client.post(PATH, asked | {"password_again": "wrong"})

        for page in (stopped.content.decode(), wrong.content.decode()):
            assert "비밀번호 확인" in page
            assert all(f'name="{name}" value="{value}"' in page for name, value in asked.items())
        assert client.get(PATH).status_code == 200
        assert (roles(), written()) == (AT_FIRST, [])
        assert client.post(PATH, asked | {"password_again": PASSWORD}).status_code == 302
        assert roles().get("viewer") == {"role": "billing", "remove": None}[what]


def signed_in(name: str = "admin", *, hours_ago: float = 0) -> Client:
    who = User.objects.get(email=f"{name}@acme.example")
    return people.signed_in(who, hours_ago=hours_ago)


def act(what: str, who: str, company_id: str = "acme", **more: str) -> dict[str, str]:
    admin = Admin.objects.get(user__email=f"{who}@{company_id}.example")
    return {"act": what, "admin": str(admin.pk), **more}


def asked_about(company_id: str) -> list[dict[str, str]]:
    """Everything that can be asked about a company's viewer and its invitation."""
    about = (act(what, "viewer", company_id, role="owner") for what in ("role", "remove"))
    invitation = str(Invitation.objects.get(company=company_id).pk)
    return [*about, {"act": "withdraw", "admin": invitation}]


def roles(company_id: str = "acme") -> dict[str, str]:
    return {a.user.email.partition("@")[0]: a.role for a in queries.admins(company_id)}


def written() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def link_in(mail: Mail) -> str:
    return re.findall(r"/invite/\S+", messages.text_of(mail, with_links=True).body)[0]
