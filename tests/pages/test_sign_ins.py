"""로그인한 곳: how long a sign-in lasts, where one is signed in, and what ends it. R: A5, I3."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from groupco import operations as groups
from groupco import sessions
from groupco.choices import Role
from groupco.models import Device, Session, User
from tests.companies import BY, paid
from tests.pages import people
from workplace_console import deletion
from workplace_console.common import messages
from workplace_console.common.models import AuditEntry, Mail

pytestmark = pytest.mark.django_db

DAY: Final = date(2026, 3, 2)
PASSWORD: Final = "correct-horse-2026"
PAGE: Final = "/account/sessions/"
FIREFOX: Final = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def owner(settings: Any) -> User:
    settings.CONSOLE_TODAY = DAY
    paid("acme", on=DAY)
    people.admin("acme", Role.OWNER, today=DAY, email="second@acme.example")
    return groups.set_sign_in(email="admin@acme.example", password=PASSWORD)


def signed_in(*, agent: str = FIREFOX, address: str = "192.0.2.1") -> Client:
    """A browser that has just signed in, as people do."""
    client = Client(REMOTE_ADDR=address, headers={"user-agent": agent})
    answer = client.post("/login/", {"login": "admin@acme.example", "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/c/acme/help/").status_code == 200


class TestHowLong:
    """Real time, moved by hand: sessions don't follow CONSOLE_TODAY. R: I3."""

    @pytest.fixture(autouse=True)
    def limits(self, settings: Any, time_machine: Any) -> None:
        settings.SESSION_HOURS, settings.SESSION_IDLE_MINUTES = 8, 30
        time_machine.move_to("2026-03-02T09:00:00+09:00", tick=False)

    @pytest.mark.parametrize(("at", "lasts"), [("09:29:59", True), ("09:30:01", False)])
    def test_unused_for_half_an_hour_it_is_over(
        self, owner: User, time_machine: Any, at: str, lasts: bool
    ) -> None:
        client = signed_in()

        time_machine.move_to(f"2026-03-02T{at}+09:00", tick=False)

        assert is_in(client) is lasts
        assert is_in(client) is lasts

    @pytest.mark.parametrize(("at", "lasts"), [("16:59:59", True), ("17:00:01", False)])
    def test_used_all_the_time_it_is_over_after_eight_hours(
        self, owner: User, time_machine: Any, at: str, lasts: bool
    ) -> None:
        client = signed_in()
        for minutes in range(20, 8 * 60, 20):
            time_machine.move_to(f"2026-03-02T{9 + minutes // 60:02}:{minutes % 60:02}:00+09:00")
            assert is_in(client)

        time_machine.move_to(f"2026-03-02T{at}+09:00", tick=False)

        assert is_in(client) is lasts

    def test_what_is_written_into_it_does_not_make_it_last_longer(
        self, owner: User, time_machine: Any
    ) -> None:
        client = signed_in()
        for hour in range(9, 17):
            for minute in ("00", "25", "50"):
                time_machine.move_to(f"2026-03-02T{hour:02}:{minute}:00+09:00", tick=False)
                session = client.session
                session["note"] = f"{hour}{minute}"
                session.save()

        time_machine.move_to("2026-03-02T17:00:01+09:00", tick=False)

        assert not is_in(client)

    def test_who_comes_back_too_late_is_told_and_led_on(
        self, owner: User, time_machine: Any
    ) -> None:
        client = signed_in()
        time_machine.move_to("2026-03-02T12:00:00+09:00", tick=False)

        page = client.get("/c/acme/bills/", follow=True)

        assert "로그인이 끝났습니다" in page.content.decode()
        assert 'name="next" value="/c/acme/bills/"' in page.content.decode()

    def test_what_is_over_is_not_listed(self, owner: User, time_machine: Any) -> None:
        signed_in(agent=SAFARI)
        time_machine.move_to("2026-03-02T10:00:00+09:00", tick=False)

        assert "iPhone" not in signed_in().get(PAGE).content.decode()

    def test_it_is_noted_once_a_minute_that_it_is_used(
        self, owner: User, time_machine: Any
    ) -> None:
        client = signed_in()
        began = Session.objects.get(user=owner.pk).seen_at
        for at, is_noted in (("09:00:59", False), ("09:01:00", True)):
            time_machine.move_to(f"2026-03-02T{at}+09:00", tick=False)
            is_in(client)
            assert (Session.objects.get(user=owner.pk).seen_at > began) is is_noted


class TestWhere:
    def test_each_is_listed_with_browser_address_and_host(self, owner: User) -> None:
        signed_in(agent=SAFARI, address="198.51.100.7")

        page = signed_in().get(PAGE).content.decode()

        assert "Firefox · Windows" in page
        assert "Safari · iPhone" in page
        assert "198.51.100.7" in page
        assert page.count("지금 이 기기") == 1

    def test_no_key_of_a_session_stands_on_the_page(self, owner: User) -> None:
        page = signed_in().get(PAGE).content.decode()

        assert not any(session.pk in page for session in Session.objects.all())

    def test_one_is_signed_out_and_the_others_stay(self, owner: User) -> None:
        phone, here, tablet = signed_in(agent=SAFARI), signed_in(), signed_in(agent="Android")
        page = here.get(PAGE).content.decode()
        (row,) = (row for row in page.split("<tr>") if "iPhone" in row)

        found = re.search(r'name="sign_in" value="(\w+)"', row)
        assert found
        here.post(PAGE, {"act": "end", "sign_in": found[1]})

        assert [is_in(client) for client in (phone, here, tablet)] == [False, True, True]

    def test_all_others_are_signed_out_on_every_host(self, owner: User) -> None:
        user = people.employee("acme", today=DAY)
        people.admin("acme", Role.VIEWER, today=DAY, email=user.email)
        elsewhere = people.signed_in(user, host="acme.localhost")
        here, there = people.signed_in(user), people.signed_in(user)
        stranger = signed_in()

        here.post(PAGE, {"act": "end_others"})

        assert is_in(here)
        assert not is_in(there)
        assert elsewhere.get("/people/").status_code == 302
        assert is_in(stranger)
        entry = AuditEntry.objects.get(action="sign_ins_ended")
        assert (entry.company, entry.after) == ("acme", {"user": user.pk, "count": 2})

    def test_nobody_else_s_is_signed_out(self, owner: User) -> None:
        other = people.signed_in(User.objects.get(email="second@acme.example"))
        page = other.get(PAGE).content.decode()
        client = signed_in()
        theirs = Session.objects.exclude(user=owner.pk).get()

        client.post(PAGE, {"act": "end", "sign_in": sessions.handle(theirs.pk)})

        assert is_in(other)
        assert sessions.handle(theirs.pk) not in page  # one's own has no button


class TestWhatEndsIt:
    """Within one request, whatever the browser still holds. R: A6."""

    def test_another_password(self, owner: User) -> None:
        here, there = signed_in(), signed_in()

        here.post(
            "/account/", {"act": "password", "current": PASSWORD, "password": "new-horse-2026"}
        )

        assert is_in(here)
        assert not is_in(there)
        assert Session.objects.filter(user=owner.pk).count() == 1

    def test_a_password_that_was_reset(self, owner: User) -> None:
        there = signed_in()

        groups.set_password(user=User.objects.get(pk=owner.pk), password="new-horse-2026")

        assert not is_in(there)
        assert not Session.objects.filter(user=owner.pk).exists()

    def test_a_user_who_is_shut_out(self, owner: User) -> None:
        client = signed_in()

        User.objects.filter(pk=owner.pk).update(is_active=False)

        assert not is_in(client)

    def test_an_admin_who_is_removed(self, owner: User) -> None:
        client = signed_in()
        admin = owner.admin_of.get()

        groups.remove_admin(company_id="acme", admin_id=admin.pk, today=DAY, by=BY)

        assert client.get("/c/acme/help/").status_code == 404

    def test_a_role_that_reaches_less_far(self, owner: User) -> None:
        client = signed_in()
        admin = owner.admin_of.get()

        groups.change_role(company_id="acme", admin_id=admin.pk, role=Role.VIEWER, today=DAY, by=BY)

        assert client.post("/c/acme/admins/", {"act": "invite"}).status_code == 403

    def test_a_page_that_was_under_way_does_not_bring_it_back(self, owner: User) -> None:
        client = signed_in()
        session = client.session
        assert session["_auth_user_id"]
        Session.objects.all().delete()

        session["note"] = "late"
        with pytest.raises(UpdateError):
            session.save()

        assert not is_in(client)

    def test_signing_in_gives_a_new_key(self, owner: User) -> None:
        client = Client()
        client.cookies["console_session"] = "chosen-by-somebody-else-0123456789"
        client.post("/login/", {"login": owner.email, "password": PASSWORD})

        assert client.cookies["console_session"].value != "chosen-by-somebody-else-0123456789"
        assert is_in(client)


class TestNewDevice:
    def told(self) -> list[str]:
        mails = Mail.objects.filter(kind="new_device").order_by("pk")
        return [messages.text_of(mail).body for mail in mails]

    def test_nobody_is_told_of_their_first(self, owner: User) -> None:
        signed_in()

        assert self.told() == []

    def test_the_user_is_told_of_another(self, owner: User) -> None:
        signed_in()
        signed_in(agent=SAFARI, address="198.51.100.7")

        (told,) = self.told()
        assert "198.51.100.7" in told
        assert "Safari · iPhone" in told
        assert Mail.objects.get(kind="new_device").recipients == [owner.email]

    def test_a_browser_is_known_again_by_its_cookie_wherever_it_is(self, owner: User) -> None:
        client = signed_in()
        client.post("/logout/")
        client.defaults["REMOTE_ADDR"] = "203.0.113.9"
        client.post("/login/", {"login": owner.email, "password": PASSWORD})

        assert self.told() == []
        assert Device.objects.filter(user=owner).count() == 1

    def test_without_its_cookie_it_is_known_by_its_place(self, owner: User) -> None:
        for _ in range(3):
            signed_in()

        assert self.told() == []
        assert Device.objects.filter(user=owner).count() == 1

    def test_a_wrong_password_tells_nobody(self, owner: User) -> None:
        signed_in()
        client = Client(REMOTE_ADDR="203.0.113.9")
        client.post("/login/", {"login": owner.email, "password": "wrong"})

        assert self.told() == []

    def test_after_half_a_year_it_is_a_new_one(self, owner: User, time_machine: Any) -> None:
        time_machine.move_to("2026-03-02T09:00:00+09:00")
        signed_in()
        time_machine.move_to("2026-08-29T08:59:00+09:00")
        signed_in(agent=SAFARI)
        time_machine.move_to("2026-08-29T09:01:00+09:00")
        deletion.sweep(day=DAY)
        assert Device.objects.filter(user=owner).count() == 1

        signed_in()

        assert len(self.told()) == 2

    def test_what_is_kept_of_it_says_nothing(self, owner: User) -> None:
        client = signed_in()

        kept = str(Device.objects.values())

        assert "192.0.2.1" not in kept
        assert client.cookies["console_device"].value not in kept
