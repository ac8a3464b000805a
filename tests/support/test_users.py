"""로그인 사용자 at `/support/`, and what staff itself must show to get in. R: A6."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.core.management import call_command
from django.test import Client

from groupco import operations as groups
from groupco import queries
from groupco.choices import Role, StaffRole
from groupco.models import SecondFactor, User
from tests.companies import BY, trial
from tests.pages import people
from tests.support.conftest import DAY, client_of, staff
from tests.support.written import writes
from workplace_console.common import sealed
from workplace_console.common.models import AuditEntry, Mail

pytestmark = pytest.mark.usefixtures("a_day")

LIST: Final = "/support/groupco/user/"
SURE: Final = {"is_sure": "on", "act": "reset"}


@pytest.fixture
def lost() -> User:
    """An admin with an app, which is gone."""
    trial("acme", on=DAY)
    user = people.admin("acme", Role.OWNER, today=DAY, email="lost@acme.example")
    people.app(user)
    return user


def page(user: User) -> str:
    return f"{LIST}{user.pk}/change/"


class TestReset:
    def test_one_who_lost_everything_is_found_and_let_in_by_password(
        self, lost: User, support: Client
    ) -> None:
        session = people.signed_in(lost)
        found = support.get(LIST + "?q=LOST@acme.example").content.decode()
        assert "켜짐" in found
        assert lost.email not in found.split("<tbody>")[1]

        answer = support.post(page(lost), SURE)

        assert answer.status_code == 302
        assert not queries.has_second_factor(lost.pk)
        assert session.get("/account/").status_code == 302
        entry = AuditEntry.objects.get(action="second_factor_reset")
        assert (entry.company, entry.after) == ("acme", {"user": lost.pk})
        assert entry.actor.startswith("user:")
        assert Mail.objects.get(kind="second_factor_reset").recipients == [lost.email]

    def test_of_passwords_and_secrets_nothing_is_shown(self, lost: User, support: Client) -> None:
        lost.set_password("a-long-password")
        lost.save()

        shown = support.get(page(lost)).content.decode()

        assert lost.password not in shown
        assert SecondFactor.objects.get().sealed_secret not in shown

    def test_nobody_does_it_without_making_sure(self, lost: User, support: Client) -> None:
        answer = support.post(page(lost), {"act": "reset"})

        assert 'aria-invalid="true"' in answer.content.decode()
        assert queries.has_second_factor(lost.pk)

    def test_nor_with_a_sign_in_of_long_ago(self, lost: User) -> None:
        client = client_of(staff(StaffRole.SUPPORT), hours_ago=1)

        assert "비밀번호 확인" in client.post(page(lost), SURE).content.decode()
        assert queries.has_second_factor(lost.pk)

    def test_nor_billing_support(self, lost: User, billing: Client) -> None:
        assert billing.post(page(lost), SURE).status_code == 403
        assert queries.has_second_factor(lost.pk)

    def test_that_of_staff_is_an_operator_s_affair(self, support: Client) -> None:
        colleague = staff(StaffRole.BILLING)
        people.app(colleague)

        assert "모두 해제" not in support.get(page(colleague)).content.decode()
        with writes() as written:
            support.post(page(colleague), SURE)

        assert written == []
        assert queries.has_second_factor(colleague.pk)


class TestRequired:
    """SECOND_FACTOR_REQUIRED: the whole site."""

    @pytest.fixture(autouse=True)
    def required(self, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = True

    def test_without_one_no_page_opens_and_the_way_to_it_is_shown(self, support: Client) -> None:
        for path in ("/support/", "/support/groupco/company/", "/support/day-charges/"):
            answer = support.get(path)
            assert answer.status_code == 403, path
            assert "/account/second/" in answer.content.decode()
            assert "고객지원 화면은" in answer.content.decode()

        assert support.post("/support/groupco/company/add/", {}).status_code == 403
        assert support.post("/support/logout/").status_code == 302

    def test_who_sets_one_up_is_in(self, support: Client, time_machine: Any) -> None:
        time_machine.move_to("2026-03-02T09:00:00+09:00", tick=False)
        user = staff(StaffRole.SUPPORT)
        client = client_of(user)
        client.get("/account/second/app/")
        secret = sealed.unseal(client.session["new_app_secret"])
        client.post("/account/second/app/", {"code": people.code(secret)})

        assert client.get("/support/").status_code == 200

    def test_who_signs_in_with_it_is_in(self, time_machine: Any) -> None:
        time_machine.move_to("2026-03-02T09:00:00+09:00", tick=False)
        user = groups.set_sign_in(
            email="s@console.example", password="a-long-password", staff_roles=["support"]
        )
        people.app(user)
        (first, *_rest) = groups.make_recovery_codes(user=user, today=DAY, by=BY)
        client = Client()
        client.post("/login/", {"login": user.email, "password": "a-long-password"})
        client.post("/login/second/", {"second_code": first})

        assert client.get("/support/").status_code == 200

    def test_one_set_up_elsewhere_since_has_to_be_shown(self, support: Client) -> None:
        user = User.objects.get(staff_roles=[StaffRole.SUPPORT])
        SecondFactor.objects.create(user=user, kind="app", sealed_secret="s")

        answer = support.get("/support/").content.decode()

        assert "다시 로그인하세요" in answer


def test_an_operator_s_command_does_the_same_for_anybody(
    lost: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("reset_second_factor", "Lost@acme.example")

    assert "2단계 인증을 해제하고 메일을 보냈습니다." in capsys.readouterr().out
    assert not queries.has_second_factor(lost.pk)
    assert AuditEntry.objects.get(action="second_factor_reset").actor.startswith("command:")
