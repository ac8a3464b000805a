"""메일 on the support site: read without working links, and sent once more. R: A6, H1."""

from __future__ import annotations

import pytest
from django.test import Client

from groupco import operations as groups
from groupco.choices import Role
from groupco.models import Invitation
from tests.companies import BY, trial
from tests.support.conftest import DAY
from tests.support.written import entries, writes
from workplace_console import password_reset
from workplace_console.common import messages
from workplace_console.common.models import Mail

pytestmark = pytest.mark.usefixtures("a_day")

LIST = "/support/common/mail/"


def page_of(mail: Mail) -> str:
    return f"{LIST}{mail.pk}/change/"


@pytest.fixture
def failed() -> Mail:
    """A mail that was given up."""
    trial("acme", on=DAY)
    mail = Mail.objects.get(kind="trial_started")
    mail.state = Mail.State.FAILED
    mail.attempts = 9
    mail.last_error = "admin@acme.example: 550 no such user"
    mail.save()
    return mail


class TestReading:
    def test_addresses_are_masked_in_the_list_and_whole_on_the_page(
        self, failed: Mail, support: Client
    ) -> None:
        listed = support.get(LIST).content.decode()

        assert "admin@acme.example" not in listed
        assert "ad***@acme.example: 550 no such user" in listed
        assert "admin@acme.example" in support.get(page_of(failed)).content.decode()

    def test_the_text_is_the_one_that_is_sent(self, failed: Mail, support: Client) -> None:
        page = support.get(page_of(failed)).content.decode()

        assert messages.text_of(failed).title in page
        assert "2026. 3. 31.까지 무료로 이용합니다" in page

    def test_the_list_is_narrowed_by_company_and_state(self, failed: Mail, support: Client) -> None:
        trial("other", on=DAY)

        assert "other" not in support.get(LIST, {"q": "acme"}).content.decode()
        assert "acme" not in support.get(LIST, {"state": "queued"}).content.decode()

    def test_an_invitation_is_shown_without_the_link_that_works(self, support: Client) -> None:
        trial("acme", on=DAY)
        groups.invite_admin(
            company_id="acme", email="new@acme.example", role=Role.VIEWER, today=DAY, by=BY
        )
        mail = Mail.objects.get(kind="admin_invited")

        shown = support.get(page_of(mail)).content.decode() + support.get(LIST).content.decode()

        assert "/invite/…/" in shown
        self.holds_no_secret(shown, mail)
        assert Invitation.objects.get().nonce not in shown

    def test_a_password_reset_is_shown_without_the_link_that_works(self, support: Client) -> None:
        trial("acme", on=DAY)
        groups.set_sign_in(email="admin@acme.example", password="correct-horse-2026")
        password_reset.send(email="admin@acme.example", company_id=None, today=DAY)
        mail = Mail.objects.get(kind="password_reset")

        shown = support.get(page_of(mail)).content.decode()

        assert "/login/reset/…/" in shown
        self.holds_no_secret(shown, mail)

    def holds_no_secret(self, shown: str, mail: Mail) -> None:
        link = next(
            word for word in messages.text_of(mail, with_links=True).body.split() if "://" in word
        )
        assert link.rstrip("/").rpartition("/")[2] not in shown
        for name, value in mail.figures.items():
            if name.endswith("_token"):
                assert value not in shown


class TestSendingAgain:
    def test_a_mail_that_was_given_up_is_queued_again_and_written_down(
        self, failed: Mail, support: Client
    ) -> None:
        answer = support.post(page_of(failed), {"act": "resend"})

        assert answer.url == page_of(failed)
        failed.refresh_from_db()
        assert (failed.state, failed.attempts) == (Mail.State.QUEUED, 0)
        (entry,) = entries("mail_resent")
        assert entry.actor == f"user:{support.session['_auth_user_id']}"
        assert entry.company == "acme"
        assert entry.after == {"mail": failed.pk, "kind": "trial_started"}

    @pytest.mark.parametrize("state", [Mail.State.QUEUED, Mail.State.SENT])
    def test_others_are_not_sent_again(self, failed: Mail, support: Client, state: str) -> None:
        failed.state = state
        failed.sent_at = failed.created_at if state == Mail.State.SENT else None
        failed.save()
        assert "다시 보내기" not in support.get(page_of(failed)).content.decode()

        with writes() as written:
            answer = support.post(page_of(failed), {"act": "resend"})

        assert "실패한 메일만 다시 보낼 수 있습니다" in answer.content.decode()
        assert written == []

    def test_the_staff_of_billing_does_not_send(self, failed: Mail, billing: Client) -> None:
        assert "다시 보내기" not in billing.get(page_of(failed)).content.decode()
        assert billing.post(page_of(failed), {"act": "resend"}).status_code == 403
