"""2단계 인증: set up, asked for, used once, lost; and asked again before what matters."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.test import Client
from django.utils import timezone

from groupco import operations as groups
from groupco import queries
from groupco.choices import Role
from groupco.models import RecoveryCode, SecondFactor, Session, User
from groupco.rules import app_code
from tests.companies import BY, paid
from tests.pages import people
from workplace_console.common import sql
from workplace_console.common.models import AuditEntry, Mail
from workplace_console.common.refusal import Refused
from workplace_console.pages import throttles

pytestmark = pytest.mark.django_db

DAY: Final = date(2026, 3, 2)
PASSWORD: Final = "correct-horse-2026"
LOGIN: Final = {"login": "admin@acme.example", "password": PASSWORD}
NINE: Final = "2026-03-02T09:00:00+09:00"


@pytest.fixture
def owner(settings: Any) -> User:
    settings.CONSOLE_TODAY = DAY
    paid("acme", on=DAY)
    return groups.set_sign_in(email="admin@acme.example", password=PASSWORD)


@pytest.fixture
def nine(time_machine: Any) -> None:
    """Nine o'clock, and no time passes by itself: a code is made and used in the same step."""
    time_machine.move_to(NINE, tick=False)


def halfway(query: str = "") -> Client:
    """A browser whose password was right."""
    client = Client()
    answer = client.post(f"/login/{query}", LOGIN)
    assert answer.url == "/login/second/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/c/acme/help/").status_code == 200


def page(answer: Any) -> str:
    return html.unescape(answer.content.decode())


class TestSettingUp:
    def set_up(self, client: Client) -> tuple[str, list[str]]:
        """By the pages alone: the secret, and the recovery codes."""
        found = re.search(r"<code>([A-Z2-7 ]+)</code>", page(client.get("/account/second/app/")))
        assert found
        secret = found[1].replace(" ", "")
        shown = page(client.post("/account/second/app/", {"code": people.code(secret)}))
        return secret, re.findall(r"<code>([A-Z2-7-]{19})</code>", shown)

    def test_an_app_is_set_up_and_recovery_codes_are_shown_once(
        self, owner: User, nine: None
    ) -> None:
        client = people.signed_in(owner)

        _secret, codes = self.set_up(client)

        assert len(set(codes)) == 10
        after = page(client.get("/account/second/"))
        assert "켜짐" in after
        assert codes[0] not in after
        assert AuditEntry.objects.filter(company="acme", action="second_factor_added").exists()
        assert Mail.objects.get(kind="second_factor_added").recipients == [owner.email]

    def test_the_square_holds_what_is_typed(self, owner: User) -> None:
        client = people.signed_in(owner)

        first, second = (client.get("/account/second/app/") for _ in range(2))

        assert "<svg" in page(first)
        drawn = [re.findall(r"<path[^>]+>", page(answer)) for answer in (first, second)]
        assert drawn[0] == drawn[1]
        assert first["Cache-Control"] == "no-store"

    def test_a_wrong_code_sets_nothing_up(self, owner: User) -> None:
        client = people.signed_in(owner)

        for typed in ("", "12345", "abcdef", "１２３４５６", "\x00" * 6):
            answer = client.post("/account/second/app/", {"code": typed})
            assert answer.status_code == 200
            assert 'aria-invalid="true"' in page(answer)

        assert not SecondFactor.objects.exists()

    def test_nothing_that_opens_lies_in_the_database(self, owner: User, nine: None) -> None:
        client = people.signed_in(owner)
        secret, codes = self.set_up(client)
        client.get("/account/second/app/")

        tables = ("groupco_secondfactor", "groupco_recoverycode", "common_mail", "groupco_session")
        everything = "".join(
            row
            for table in tables
            for row in sql.column(f"SELECT t::text FROM {table} t")  # noqa: S608
        )

        for hidden in (secret, *codes, *(code.replace("-", "") for code in codes)):
            assert hidden not in everything

    def test_with_the_first_all_other_sign_ins_end_and_this_one_has_a_new_key(
        self, owner: User, nine: None
    ) -> None:
        here, there = people.signed_in(owner), people.signed_in(owner)
        before = here.cookies["console_session"].value

        self.set_up(here)

        assert is_in(here)
        assert not is_in(there)
        assert here.cookies["console_session"].value != before
        assert not Session.objects.filter(pk=before).exists()

    def test_there_is_one_app_at_a_time(self, owner: User) -> None:
        people.app(owner)
        client = people.signed_in(owner)
        found = re.search(r"<code>([A-Z2-7 ]+)</code>", page(client.get("/account/second/app/")))
        assert found

        answer = client.post(
            "/account/second/app/", {"code": people.code(found[1].replace(" ", ""))}
        )

        assert "이미 설정했습니다" in page(answer)
        assert SecondFactor.objects.count() == 1

    def test_it_asks_who_it_is_when_that_was_shown_long_ago(
        self, owner: User, settings: Any
    ) -> None:
        settings.FRESH_SIGN_IN_MINUTES = 10
        client = people.signed_in(owner, hours_ago=0.2)

        assert "비밀번호 확인" in page(client.post("/account/second/app/", {"code": "123456"}))
        assert "비밀번호 확인" in page(client.post("/account/second/", {"act": "codes"}))

    def test_the_last_one_takes_the_codes_along(self, owner: User) -> None:
        people.app(owner)
        client = people.signed_in(owner)
        factor = SecondFactor.objects.get()

        client.post("/account/second/", {"act": "remove", "factor": factor.pk})

        assert not SecondFactor.objects.exists()
        assert not RecoveryCode.objects.exists()
        assert Mail.objects.filter(kind="second_factor_removed").exists()
        assert Client().post("/login/", LOGIN).url == "/"

    def test_nobody_else_s_is_removed(self, owner: User) -> None:
        other = people.admin("acme", Role.OWNER, today=DAY, email="second@acme.example")
        people.app(other)
        client = people.signed_in(owner)

        client.post("/account/second/", {"act": "remove", "factor": SecondFactor.objects.get().pk})

        assert queries.has_second_factor(other.pk)


@pytest.mark.usefixtures("nine")
class TestSigningIn:
    @pytest.fixture
    def secret(self, owner: User) -> str:
        return people.app(owner, at=timezone.now() - timedelta(minutes=5))

    def test_without_a_factor_the_password_is_all(self, owner: User) -> None:
        assert Client().post("/login/", LOGIN).url == "/"

    def test_the_password_alone_opens_nothing(self, owner: User, secret: str) -> None:
        client = halfway()

        for path in ("/", "/c/acme/", "/account/", "/account/second/", "/support/", "/return/"):
            assert client.get(path).url.startswith("/login/")
        assert not Session.objects.filter(user=owner.pk).exists()

    def test_a_code_lets_in_and_leads_on_to_where_one_wanted(
        self, owner: User, secret: str
    ) -> None:
        client = halfway("?next=/c/acme/bills/")
        before = client.cookies["console_session"].value

        answer = client.post("/login/second/", {"second_code": people.code(secret)})

        assert answer.url == "/c/acme/bills/"
        assert is_in(client)
        assert client.cookies["console_session"].value != before
        assert not Session.objects.filter(pk=before).exists()

    def test_a_code_serves_once(self, owner: User, secret: str) -> None:
        code = people.code(secret)
        first, second = halfway(), halfway()

        assert first.post("/login/second/", {"second_code": code}).status_code == 302
        answer = second.post("/login/second/", {"second_code": code})

        assert "이미 쓴 것입니다" in page(answer)
        assert not is_in(second)

    def test_none_before_the_last_one_used_serves_either(self, owner: User, secret: str) -> None:
        earlier = people.code(secret, timezone.now() - timedelta(seconds=30))
        halfway().post("/login/second/", {"second_code": people.code(secret)})

        answer = halfway().post("/login/second/", {"second_code": earlier})

        assert answer.status_code == 200

    @pytest.mark.parametrize(
        ("seconds", "is_taken"),
        [(-31, False), (-30, True), (0, True), (59, True), (60, False)],
    )
    def test_a_code_is_taken_for_a_step_to_either_side(
        self, owner: User, secret: str, time_machine: Any, seconds: int, is_taken: bool
    ) -> None:
        """Nine o'clock begins a step; the code is that of this step."""
        code = people.code(secret)
        time_machine.move_to(timezone.now() + timedelta(seconds=seconds), tick=False)

        answer = halfway().post("/login/second/", {"second_code": code})

        assert (answer.status_code == 302) is is_taken

    def test_it_may_be_typed_with_spaces(self, owner: User, secret: str) -> None:
        code = people.code(secret)

        answer = halfway().post("/login/second/", {"second_code": f" {code[:3]} {code[3:]} "})

        assert answer.status_code == 302

    @pytest.mark.parametrize(("seconds", "lasts"), [(599, True), (601, False)])
    def test_the_password_is_good_for_ten_minutes(
        self, owner: User, secret: str, time_machine: Any, seconds: int, lasts: bool
    ) -> None:
        client = halfway()
        time_machine.move_to(timezone.now() + timedelta(seconds=seconds), tick=False)

        answer = client.post("/login/second/", {"second_code": people.code(secret)})

        assert answer.status_code == 302
        assert is_in(client) is lasts

    def test_nobody_comes_there_without_a_password(self, owner: User, secret: str) -> None:
        for client in (Client(), people.signed_in(owner)):
            for answer in (client.get("/login/second/"), client.post("/login/second/")):
                assert answer.url == "/login/"

    @pytest.mark.parametrize("change", ["password", "is_active"])
    def test_what_changed_meanwhile_shuts_the_way(
        self, owner: User, secret: str, change: str
    ) -> None:
        client = halfway()
        if change == "password":
            groups.set_password(user=owner, password="another-horse-2026")
        else:
            User.objects.filter(pk=owner.pk).update(is_active=False)

        client.post("/login/second/", {"second_code": people.code(secret)})

        assert not is_in(client)

    def test_who_guesses_is_stopped_and_even_the_right_code_waits(
        self, owner: User, secret: str
    ) -> None:
        client = halfway()
        wrong = "000000" if people.code(secret) != "000000" else "000001"
        for _ in range(8):
            client.post("/login/second/", {"second_code": wrong})

        answer = client.post("/login/second/", {"second_code": people.code(secret)})

        assert "분 뒤에 다시 하세요" in page(answer)
        assert not is_in(client)

    def test_from_everywhere_together_there_are_forty_guesses_an_hour(
        self, owner: User, secret: str
    ) -> None:
        for _ in range(39):
            throttles.CODES_OF_USER.hit(str(owner.pk))
        halfway().post("/login/second/", {"second_code": "WRONG"})
        client = Client(REMOTE_ADDR="198.51.100.1")
        client.post("/login/", LOGIN)

        answer = client.post("/login/second/", {"second_code": people.code(secret)})

        assert "분 뒤에 다시 하세요" in page(answer)

    def test_a_wrong_password_says_the_same_with_and_without_a_factor(
        self, owner: User, secret: str
    ) -> None:
        people.admin("acme", Role.OWNER, today=DAY, email="plain@acme.example")
        answers = [
            page(Client().post("/login/", {"login": email, "password": "wrong"}))
            for email in (owner.email, "plain@acme.example", "nobody@acme.example")
        ]

        assert all("이메일이나 비밀번호가 맞지 않습니다." in answer for answer in answers)

    def test_a_company_s_own_host_does_not_ask(self, owner: User) -> None:
        user = people.employee("acme", today=DAY)
        user.set_password(PASSWORD)
        user.save()
        people.app(user)

        answer = Client(headers={"host": "acme.localhost"}).post(
            "/", {"login": user.email, "password": PASSWORD}
        )

        assert answer.url == "/"

    def test_a_new_password_does_not_do_without_it(self, owner: User, secret: str) -> None:
        groups.set_password(user=owner, password=PASSWORD)

        assert not is_in(halfway())

    def test_whoever_accepts_an_invitation_is_asked_too(self, owner: User, secret: str) -> None:
        paid("other", on=DAY)
        invitation = groups.invite_admin(
            company_id="other", email=owner.email, role=Role.VIEWER, today=DAY, by=BY
        )
        from workplace_console.common.messages import SIGNER

        token = SIGNER.sign_object(f"{invitation.pk}:{invitation.nonce}")
        answer = Client().post(f"/invite/{token}/", {"password": PASSWORD})

        assert answer.url == "/login/second/"


class TestRecovery:
    @pytest.fixture
    def codes(self, owner: User) -> list[str]:
        people.app(owner)
        return groups.make_recovery_codes(user=owner, today=DAY, by=BY)

    def test_each_serves_once_and_its_owner_is_told(self, owner: User, codes: list[str]) -> None:
        client = halfway()
        assert client.post("/login/second/", {"second_code": codes[3]}).status_code == 302
        assert is_in(client)

        again = halfway().post("/login/second/", {"second_code": codes[3].lower()})

        assert again.status_code == 200
        mail = Mail.objects.get(kind="recovery_code_used")
        assert (mail.recipients, mail.figures) == ([owner.email], {"left": 9})
        assert AuditEntry.objects.get(action="recovery_code_used").company == "acme"

    def test_new_ones_end_the_old(self, owner: User, codes: list[str]) -> None:
        client = people.signed_in(owner)
        shown = re.findall(
            r"<code>([A-Z2-7-]{19})</code>", page(client.post("/account/second/", {"act": "codes"}))
        )

        assert len(shown) == 10
        assert halfway().post("/login/second/", {"second_code": codes[0]}).status_code == 200
        assert halfway().post("/login/second/", {"second_code": shown[0]}).status_code == 302

    def test_nobody_else_s_serves(self, owner: User, codes: list[str]) -> None:
        other = people.admin("acme", Role.OWNER, today=DAY, email="second@acme.example")
        people.app(other)

        with pytest.raises(Refused):
            groups.use_code(user=other, code=codes[0], at=timezone.now(), today=DAY, by=BY)

    def test_without_a_factor_there_are_none(self, owner: User) -> None:
        answer = people.signed_in(owner).post("/account/second/", {"act": "codes"})

        assert answer.status_code == 302
        assert not RecoveryCode.objects.exists()


class TestLost:
    def test_an_operator_takes_it_all_away_and_that_is_written_down_and_mailed(
        self, owner: User
    ) -> None:
        people.app(owner)
        client = people.signed_in(owner)

        assert groups.reset_second_factor(user=owner, today=DAY, by=BY)

        assert not is_in(client)
        assert not SecondFactor.objects.exists()
        assert not RecoveryCode.objects.exists()
        entry = AuditEntry.objects.get(action="second_factor_reset")
        assert (entry.company, entry.actor) == ("acme", "command:test")
        assert Mail.objects.get(kind="second_factor_reset").recipients == [owner.email]
        assert Client().post("/login/", LOGIN).url == "/"

    def test_there_may_be_nothing_to_take(self, owner: User) -> None:
        assert not groups.reset_second_factor(user=owner, today=DAY, by=BY)
        assert not Mail.objects.filter(kind="second_factor_reset").exists()


class TestPasskeysByHand:
    """What no browser sends; a real one is in tests/browser/test_second_factor.py."""

    def test_a_copy_that_counts_back_is_refused(self, owner: User) -> None:
        now = timezone.now()
        SecondFactor.objects.create(user=owner, kind="passkey", name="x", credential="c", counter=7)

        groups.use_passkey(user=owner, credential="c", counter=8, at=now)
        for counter in (8, 3, 0):
            with pytest.raises(Refused):
                groups.use_passkey(user=owner, credential="c", counter=counter, at=now)

    def test_one_that_does_not_count_may_sign_again(self, owner: User) -> None:
        SecondFactor.objects.create(user=owner, kind="passkey", name="x", credential="c")

        for _ in range(2):
            groups.use_passkey(user=owner, credential="c", counter=0, at=timezone.now())

    def test_an_answer_to_nothing_that_was_asked_is_refused(self, owner: User) -> None:
        client = people.signed_in(owner)

        answer = client.post("/account/second/passkey/", {"name": "x", "made": "{}"})

        assert "패스키를 확인하지 못했습니다" in page(answer)
        assert not SecondFactor.objects.exists()


class TestFresh:
    """Who it is, once more, before what matters most."""

    ASKED: Final = {"act": "transfer", "depositor": "에이스"}

    @pytest.fixture(autouse=True)
    def limit(self, settings: Any, nine: None) -> None:
        settings.FRESH_SIGN_IN_MINUTES = 10

    @pytest.mark.parametrize(("seconds", "is_fresh"), [(599, True), (601, False)])
    def test_a_sign_in_is_fresh_for_ten_minutes(
        self, owner: User, time_machine: Any, seconds: int, is_fresh: bool
    ) -> None:
        client = people.signed_in(owner)
        time_machine.move_to(timezone.now() + timedelta(seconds=seconds), tick=False)

        answer = client.post("/c/acme/payment/", self.ASKED)

        assert (answer.status_code == 302) is is_fresh
        assert ("비밀번호 확인" in page(answer)) is not is_fresh

    def test_who_has_a_factor_is_asked_for_it_and_nothing_typed_is_lost(
        self, owner: User, time_machine: Any
    ) -> None:
        secret = people.app(owner)
        client = people.signed_in(owner)
        before = client.cookies["console_session"].value
        time_machine.move_to("2026-03-02T09:30:00+09:00", tick=False)

        asked = page(client.post("/c/acme/payment/", self.ASKED))
        by_password = client.post("/c/acme/payment/", self.ASKED | {"password_again": PASSWORD})
        by_code = client.post("/c/acme/payment/", self.ASKED | {"second_code": people.code(secret)})

        assert "2단계 인증" in asked
        assert 'value="에이스"' in asked
        assert by_password.status_code == 200
        assert by_code.status_code == 302
        assert client.cookies["console_session"].value != before

    def test_wrong_codes_are_counted_there_too(self, owner: User, time_machine: Any) -> None:
        secret = people.app(owner)
        client = people.signed_in(owner)
        time_machine.move_to("2026-03-02T09:30:00+09:00", tick=False)
        for _ in range(8):
            client.post("/c/acme/payment/", self.ASKED | {"second_code": "WRONG"})

        answer = client.post("/c/acme/payment/", self.ASKED | {"second_code": people.code(secret)})

        assert "분 뒤에 다시 하세요" in page(answer)

    def test_every_address_about_payment_groups_tokens_and_admins_asks(self, owner: User) -> None:
        from workplace_console.addresses import CONSOLE

        fresh = {address.name for address in CONSOLE if address.fresh}

        assert fresh == {
            *("payment", "payment_card", "bill_pay", "group", "tokens", "admins", "ended"),
            *("terminate_data", "second_factor", "second_factor_app", "second_factor_passkey"),
        }


class TestRequired:
    """SECOND_FACTOR_REQUIRED: money, deletion, and who may do that."""

    GRAVE: Final = (
        *("convert", "upgrade", "capacity_add", "capacity_return", "terminate", "terminate_data"),
        *("ended", "group", "payment", "payment_card", "bill_pay", "tokens", "admins"),
    )
    PATHS: Final = (
        *("product/convert/", "product/upgrade/", "product/capacity/add/"),
        *("product/capacity/return/", "product/terminate/", "product/terminate/data/", "group/"),
        *("payment/", "payment/card/", "bills/acme-202604-1/pay/", "company/tokens/", "admins/"),
    )

    @pytest.fixture(autouse=True)
    def required(self, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = True

    def test_these_are_the_grave_ones(self) -> None:
        from workplace_console.addresses import CONSOLE

        assert {address.name for address in CONSOLE if address.grave} == set(self.GRAVE)

    def test_without_one_nothing_of_it_is_done_and_the_page_says_what_to_do(
        self, owner: User
    ) -> None:
        client = people.signed_in(owner)

        for path in self.PATHS:
            answer = client.post(f"/c/acme/{path}", {"tb": "1", "password": PASSWORD})
            assert answer.status_code == 403, path
            assert "먼저 설정하세요" in page(answer)
            assert 'name="tb" value="1"' in page(answer)
            assert f'value="{PASSWORD}"' not in page(answer)

    def test_pages_are_read_and_daily_work_is_done_as_before(self, owner: User) -> None:
        client = people.signed_in(owner)

        assert client.get("/c/acme/payment/").status_code == 200
        registered = client.post(
            "/c/acme/accounts/", {"act": "register", "number": "E1", "name": "김", "email": ""}
        )
        assert registered.status_code == 302

    def test_once_set_up_the_same_session_goes_on(self, owner: User, nine: None) -> None:
        client = people.signed_in(owner)
        TestSettingUp().set_up(client)

        answer = client.post("/c/acme/product/capacity/add/", {"tb": "1"})

        assert answer.status_code == 302

    def test_who_signed_in_with_it_may(self, owner: User, nine: None) -> None:
        secret = people.app(owner, at=timezone.now() - timedelta(minutes=5))
        client = halfway()
        client.post("/login/second/", {"second_code": people.code(secret)})

        assert client.post("/c/acme/product/capacity/add/", {"tb": "1"}).status_code == 302

    def test_once_removed_it_is_needed_again(self, owner: User, nine: None) -> None:
        client = people.signed_in(owner)
        TestSettingUp().set_up(client)
        client.post("/account/second/", {"act": "remove", "factor": SecondFactor.objects.get().pk})

        assert client.post("/c/acme/product/capacity/add/", {"tb": "1"}).status_code == 403

    def test_the_demo_does_not_require_it(self, owner: User, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = False

        answer = people.signed_in(owner).post("/c/acme/product/capacity/add/", {"tb": "1"})

        assert answer.status_code == 302


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: the last six of its eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert app_code(secret, seconds // 30) == code
