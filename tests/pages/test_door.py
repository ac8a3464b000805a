"""로그인 and what belongs to it. R: A1–A6, B6."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from groupco import operations as groups
from groupco.models import User
from tests.companies import paid, trial
from tests.pages import people
from workplace_console.common import messages
from workplace_console.common.models import Mail, Notice

DAY = date(2026, 3, 2)
PASSWORD = "correct-horse-2026"
HOST = "acme.localhost"


@pytest.fixture(autouse=True)
def _today(db: None, settings: Any) -> None:
    settings.CONSOLE_TODAY = DAY


@pytest.fixture
def owner() -> User:
    paid("acme", on=DAY)
    return groups.set_sign_in(email="admin@acme.example", password=PASSWORD)


def sign_in(
    client: Client, email: str = "admin@acme.example", password: str = PASSWORD, **extra: str
) -> Any:
    return client.post("/login/" + extra.pop("query", ""), {"login": email, "password": password})


class TestAtTheConsole:
    def test_an_admin_comes_to_the_dashboard_of_their_company(self, owner: User) -> None:
        client = Client()

        answer = sign_in(client)

        assert answer.url == "/"
        assert client.get("/").url == "/c/acme/"
        assert client.get("/c/acme/").status_code == 200

    def test_email_serves_as_the_name_of_the_field_too(self, owner: User) -> None:
        answer = Client().post("/login/", {"email": "ADMIN@acme.example ", "password": PASSWORD})

        assert answer.status_code == 302

    def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(self, owner: User) -> None:
        wrong = sign_in(Client(), password="wrong")
        unknown = sign_in(Client(), email="nobody@acme.example")

        for answer in (wrong, unknown):
            assert "이메일이나 비밀번호가 맞지 않습니다." in answer.content.decode()
        assert "nobody@acme.example" in unknown.content.decode()

    def test_it_leads_on_to_where_one_wanted_to_go_but_not_to_other_hosts(
        self, owner: User
    ) -> None:
        assert sign_in(Client(), query="?next=/c/acme/bills/").url == "/c/acme/bills/"
        for away in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
            assert sign_in(Client(), query=f"?next={away}").url == "/"

    def test_a_stranger_is_asked_to_sign_in_and_comes_back(self, owner: User) -> None:
        answer = Client().get("/c/acme/usage/?month=2026-02")

        assert answer.url == "/login/?next=/c/acme/usage/%3Fmonth%3D2026-02"

    def test_the_console_is_not_for_a_company_whose_trial_is_over(
        self, settings: Any, owner: User
    ) -> None:
        trial("fresh", on=DAY)
        groups.set_sign_in(email="admin@fresh.example", password=PASSWORD)
        settings.CONSOLE_TODAY = DAY + timedelta(days=30)

        answer = sign_in(Client(), email="admin@fresh.example")

        assert answer.status_code == 200
        assert "무료 체험이 2026. 3. 31.에 끝나" in answer.content.decode()

    def test_the_admin_of_two_companies_is_told_why_one_is_closed(
        self, settings: Any, owner: User
    ) -> None:
        trial("fresh", on=DAY)
        people.admin("fresh", today=DAY, email=owner.email)
        settings.CONSOLE_TODAY = DAY + timedelta(days=30)
        client = people.signed_in(owner)

        assert client.get("/c/acme/").status_code == 200
        closed = client.get("/c/fresh/")
        assert closed.status_code == 403
        assert "로그인이 막혔습니다" in closed.content.decode()

    def test_after_many_wrong_passwords_not_even_the_right_one_is_taken_for_a_while(
        self, owner: User
    ) -> None:
        client = Client()
        for _ in range(8):
            sign_in(client, password="wrong")

        answer = sign_in(client)

        assert answer.status_code == 200
        assert "분 뒤에 다시 하세요" in answer.content.decode()
        elsewhere = Client(REMOTE_ADDR="192.0.2.7")
        assert sign_in(elsewhere).status_code == 302


class TestSessions:
    def test_a_session_is_void_on_every_other_host_and_dead_afterwards(self, owner: User) -> None:
        people.employee("acme", today=DAY)
        client = people.signed_in(owner)
        cookie = client.cookies["console_session"].value

        other = Client(headers={"host": HOST})
        other.cookies["console_session"] = cookie
        answer = other.get("/accounts/")

        assert answer.status_code == 302
        assert client.get("/c/acme/").status_code == 302

    def test_cookies_are_for_one_host_and_hidden_from_script(self, owner: User) -> None:
        client = Client()
        sign_in(client)

        cookie = client.cookies["console_session"]
        assert cookie["domain"] == ""
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"

    def test_what_the_signed_in_see_is_kept_nowhere(self, owner: User) -> None:
        """Not by a proxy, nor for whoever presses Back after they have signed out."""
        client = people.signed_in(owner)

        for url in ("/c/acme/", "/c/acme/accounts/csv/", "/account/"):
            assert client.get(url).headers["Cache-Control"] == "private, no-store", url

    def test_signing_out_ends_the_session(self, owner: User) -> None:
        client = people.signed_in(owner)

        client.post("/logout/")

        assert client.get("/c/acme/").status_code == 302

    def test_what_matters_most_asks_for_the_password_again_after_half_an_hour(
        self, owner: User
    ) -> None:
        client = people.signed_in(owner, hours_ago=1)
        asked = {"act": "invite", "email": "new@acme.example", "role": "viewer"}

        answer = client.post("/c/acme/admins/", asked)

        page = answer.content.decode()
        assert "비밀번호 확인" in page
        assert 'value="new@acme.example"' in page
        wrong = client.post("/c/acme/admins/", asked | {"password_again": "wrong"})
        assert "비밀번호 확인" in wrong.content.decode()
        assert not Mail.objects.filter(kind="admin_invited").exists()
        done = client.post("/c/acme/admins/", asked | {"password_again": PASSWORD})
        assert done.status_code == 302
        assert Mail.objects.filter(kind="admin_invited").exists()


class TestEmployees:
    def test_an_employee_at_the_console_is_told_whom_to_ask_and_can(self, owner: User) -> None:
        client = people.signed_in(people.employee("acme", today=DAY))

        page = client.get("/", follow=True)
        client.post("/c/acme/request/", {"text": "용량을 늘려 주세요."})

        assert page.status_code == 403
        assert "admin@acme.example" not in page.content.decode()
        assert "@acme.example" in page.content.decode()
        assert 'name="text"' in page.content.decode()
        mail = Mail.objects.get(kind="change_requested")
        assert mail.recipients == ["admin@acme.example"]
        assert "용량을 늘려 주세요." in messages.text_of(mail).body

    def test_an_employee_signs_in_at_the_company_s_own_host(self, owner: User) -> None:
        user = people.employee("acme", today=DAY)
        user.set_password(PASSWORD)
        user.save()
        client = Client(headers={"host": HOST})

        answer = client.post("/", {"login": user.email, "password": PASSWORD})

        assert answer.status_code == 302
        assert "할 수 있는 일" in client.get("/").content.decode()

    def test_others_do_not_get_in_there(self, owner: User) -> None:
        answer = Client(headers={"host": HOST}).post(
            "/", {"login": owner.email, "password": PASSWORD}
        )

        assert "사원으로 등록되어 있지 않습니다" in answer.content.decode()

    def test_who_was_excluded_is_out_from_the_next_page_on(
        self, settings: Any, owner: User
    ) -> None:
        from products import operations as products
        from tests.companies import BY

        user = people.employee("acme", today=DAY, is_workplace_admin=True)
        client = people.signed_in(user, host=HOST)
        assert client.get("/accounts/").status_code == 200

        settings.CONSOLE_TODAY = DAY + timedelta(days=1)
        account = user.employee_of.get().accounts.get()
        products.exclude_accounts(company_id="acme", account_ids=[account.pk], today=DAY, by=BY)

        assert client.get("/accounts/").status_code == 302
        assert SESSION_KEY not in client.session

    def test_when_a_trial_is_over_its_people_are_out_from_the_next_page_on(
        self, settings: Any
    ) -> None:
        trial("fresh", on=DAY)
        client = people.signed_in(people.employee("fresh", today=DAY), host="fresh.localhost")
        assert client.get("/people/").status_code == 200

        settings.CONSOLE_TODAY = DAY + timedelta(days=30)

        assert client.get("/people/").status_code == 302
        assert SESSION_KEY not in client.session

    def test_a_blocked_company_s_host_says_why(self, settings: Any, owner: User) -> None:
        trial("fresh", on=DAY)
        settings.CONSOLE_TODAY = DAY + timedelta(days=30)
        client = Client(headers={"host": "fresh.localhost"})

        for answer in (client.get("/"), client.post("/", {"login": "a@b.example"})):
            assert answer.status_code == 403
            assert "무료 체험이 2026. 3. 31.에 끝나" in answer.content.decode()

    def test_a_host_of_no_company_is_not_found(self, owner: User) -> None:
        assert Client(headers={"host": "nosuch.localhost"}).get("/").status_code == 404


class TestReset:
    def link(self) -> str:
        mail = Mail.objects.get(kind="password_reset")
        assert "/login/reset/…/" in messages.text_of(mail).body
        body = messages.text_of(mail, with_links=True).body
        return next(word for word in body.split() if "/login/reset/" in word)

    def test_a_new_password_is_set_by_a_mail_once(self, owner: User) -> None:
        client = Client()
        client.post("/login/reset/", {"email": owner.email})
        path = "/login/reset/" + self.link().split("/login/reset/")[1]

        assert client.get(path).status_code == 200
        weak = client.post(path, {"password": "1234567890"})
        done = client.post(path, {"password": "another-horse-2026"})

        assert weak.status_code == 200
        assert done.url == "/login/"
        assert sign_in(Client(), password="another-horse-2026").status_code == 302
        assert client.get(path).status_code == 410
        assert client.post(path, {"password": "third-horse-2026"}).status_code == 410

    def test_a_token_dies_after_an_hour(self, owner: User, time_machine: Any) -> None:
        time_machine.move_to("2026-03-02 09:00+09:00")
        Client().post("/login/reset/", {"email": owner.email})
        path = "/login/reset/" + self.link().split("/login/reset/")[1]

        time_machine.move_to("2026-03-02 10:01+09:00")

        assert Client().get(path).status_code == 410

    def test_the_answer_is_the_same_for_unknown_addresses(self, owner: User) -> None:
        known, unknown = (
            re.sub(r'value="\w{64}"', "", page.content.decode())
            for page in (
                Client().post("/login/reset/", {"email": owner.email}),
                Client().post("/login/reset/", {"email": "no@acme.example"}),
            )
        )

        assert known.replace(owner.email, "no@acme.example") == unknown
        assert Mail.objects.filter(kind="password_reset").count() == 1

    def test_nobody_else_reads_the_link_in_the_console(self, owner: User) -> None:
        Client().post("/login/reset/", {"email": owner.email})

        assert not Notice.objects.filter(kind="password_reset").exists()

    def test_an_employee_who_never_signed_in_gets_a_password_at_the_company_s_host(
        self, owner: User
    ) -> None:
        from groupco.operations import Person
        from products import operations as products
        from tests.companies import BY

        products.register_accounts(
            company_id="acme",
            persons=[Person("7", "김", "seven@acme.example")],
            today=DAY,
            by=BY,
        )
        client = Client(headers={"host": HOST})
        client.post("/login/reset/", {"email": "seven@acme.example"})
        link = self.link()
        assert link.startswith("http://acme.localhost:8000/login/reset/")

        client.post("/login/reset/" + link.split("/login/reset/")[1], {"password": PASSWORD})
        answer = client.post("/", {"login": "seven@acme.example", "password": PASSWORD})

        assert answer.status_code == 302


class TestLanguage:
    def test_korean_comes_first_whatever_the_browser_prefers(self) -> None:
        page = Client(headers={"accept-language": "en-US"}).get("/login/").content.decode()

        assert 'lang="ko"' in page

    def test_one_switches_to_english_and_stays_there(self, owner: User) -> None:
        client = people.signed_in(owner)

        client.post("/language/", {"language": "en", "next": "/c/acme/"})

        assert 'lang="en"' in client.get("/c/acme/").content.decode()
        fresh = Client()
        sign_in(fresh)
        assert 'lang="en"' in fresh.get("/c/acme/").content.decode()
