"""Somebody is asked to be a console admin, and follows the link. R: A5, A6."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation

from groupco import operations, queries
from groupco.choices import Role
from groupco.models import Admin, Invitation, User
from tests import companies, databases
from tests.companies import BY, NEW_YEAR
from tests.groupco.rivals import code_of, meets
from workplace_console.common import messages
from workplace_console.common.models import AuditEntry, Mail, Notice
from workplace_console.common.refusal import Refused
from workplace_console.signup import sign_up

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 5)
LAST = DAY + timedelta(days=7)
KIM = "kim@acme.example"
PASSWORD = "correct-horse-2026"


def invite(email: str = KIM, role: Role = Role.VIEWER, company_id: str = "acme") -> str:
    """The token in the mail that goes out."""
    operations.invite_admin(company_id=company_id, email=email, role=role, today=DAY, by=BY)
    return token_of(Mail.objects.filter(kind="admin_invited").latest("pk"))


def token_of(mail: Mail) -> str:
    body = messages.text_of(mail, with_links=True).body
    link = next(word for word in body.split() if "/invite/" in word)
    return link.rstrip("/").rpartition("/")[2]


def accept(token: str, *, password: str = PASSWORD, today: date = DAY) -> User:
    return operations.accept_invitation(token=token, name="김", password=password, today=today)


def withdraw(*, company_id: str = "acme") -> None:
    for invitation in Invitation.objects.all():
        operations.withdraw_invitation(
            company_id=company_id, invitation_id=invitation.pk, today=DAY, by=BY
        )


def written() -> list[tuple[str, str, object, object]]:
    entries = AuditEntry.objects.filter(on=DAY).order_by("pk")
    return list(entries.values_list("action", "actor", "before", "after"))


def role_of(email: str = KIM) -> str | None:
    found = Admin.objects.filter(user__email=email, company_id="acme").first()
    return found.role if found else None


class TestInviting:
    def test_a_mail_goes_to_the_invited_address_only(self) -> None:
        companies.trial()

        invite(" Kim@Acme.example ")

        mail = Mail.objects.get(kind="admin_invited")
        text = messages.text_of(mail)
        assert mail.recipients == [KIM]
        assert "acme" in text.title
        assert "열람" in text.body
        assert "2026. 1. 12." in text.body
        assert queries.invitations("acme")[0].expires_on == LAST

    def test_the_other_admins_are_not_shown_the_link(self) -> None:
        companies.trial()
        token = invite()

        mail = Mail.objects.get(kind="admin_invited")
        assert not Notice.objects.filter(kind="admin_invited").exists()
        assert token not in messages.text_of(mail).body
        assert "/invite/…/" in messages.text_of(mail).body
        assert token not in str(mail.figures)

    @pytest.mark.parametrize("role", list(Role))
    def test_the_mail_names_the_role_in_korean_whatever_the_inviting_admin_reads(
        self, role: Role
    ) -> None:
        companies.trial()

        with translation.override("en"):
            invite(role=role)

        with translation.override("ko"):
            text = messages.text_of(Mail.objects.get(kind="admin_invited"))
            assert f"관리자({role.label})로" in text.body

    def test_it_is_written_down_without_the_address(self) -> None:
        companies.trial()

        invite()

        pk = Invitation.objects.get().pk
        assert written() == [
            ("admin_invited", "command:test", None, {"invitation": pk, "role": "viewer"})
        ]

    def test_again_is_a_new_link_and_the_end_of_the_old_one(self) -> None:
        companies.trial()
        old = invite()

        new = invite(role=Role.BILLING)

        assert len(queries.invitations("acme")) == 1
        assert code_of(lambda: accept(old)) == "invitation_void"
        accept(new)
        assert role_of() == "billing"

    def test_who_is_admin_already_is_refused(self) -> None:
        companies.trial()
        accept(invite())

        with pytest.raises(Refused) as refused:
            invite()

        assert refused.value.code == "already_admin"
        assert queries.invitations("acme") == []

    def test_an_admin_without_a_password_gets_a_link_for_the_role_they_have(self) -> None:
        companies.trial()
        email = "admin@acme.example"

        assert code_of(lambda: invite(email, Role.VIEWER)) == "already_admin"
        accept(invite(email, Role.OWNER))

        assert role_of(email) == "owner"
        assert User.objects.get(email=email).check_password(PASSWORD)

    def test_an_admin_of_another_company_is_invited_like_anybody(self) -> None:
        companies.trial()
        companies.trial("other")
        accept(invite(company_id="other"))

        accept(invite(), password="")

        user = User.objects.get(email=KIM)
        assert [a.company_id for a in queries.admin_of(user.pk)] == ["acme", "other"]


class TestAccepting:
    def test_a_stranger_becomes_user_and_admin(self) -> None:
        companies.trial()
        token = invite()

        user = operations.accept_invitation(
            token=token, name="김", password=PASSWORD, today=DAY, address="192.0.2.7"
        )

        assert (user.email, user.name) == (KIM, "김")
        assert user.check_password(PASSWORD)
        assert role_of() == "viewer"
        by = f"user:{user.pk}"
        assert [(action, actor) for action, actor, _before, _after in written()] == [
            ("admin_invited", "command:test"),
            ("invitation_accepted", by),
            ("admin_set", by),
        ]
        places = AuditEntry.objects.filter(actor=by).values_list("address", flat=True)
        assert set(places) == {"192.0.2.7"}

    def test_a_known_user_keeps_password_and_name(self) -> None:
        companies.trial()
        known = operations.set_sign_in(email=KIM, password="another-horse-2026")

        user = operations.accept_invitation(token=invite(), today=DAY)

        assert user == known
        assert user.check_password("another-horse-2026")

    def test_a_link_serves_once(self) -> None:
        companies.trial()
        token = invite()
        accept(token)

        assert code_of(lambda: accept(token, password="third-horse-2026")) == "invitation_void"
        assert User.objects.get(email=KIM).check_password(PASSWORD)

    @pytest.mark.parametrize(
        ("today", "outcome"), [(LAST, "done"), (LAST + timedelta(days=1), "invitation_void")]
    )
    def test_a_link_serves_for_a_week(self, today: date, outcome: str) -> None:
        companies.trial()
        token = invite()

        assert code_of(lambda: accept(token, today=today)) == outcome
        assert (role_of() == "viewer") == (outcome == "done")

    def test_what_was_withdrawn_is_void(self) -> None:
        companies.trial()
        token = invite()

        withdraw()

        assert code_of(lambda: accept(token)) == "invitation_void"
        assert not User.objects.filter(email=KIM).exists()

    def test_a_link_that_is_not_ours_is_void(self) -> None:
        companies.trial()
        token = invite()
        invitation = Invitation.objects.get()
        plain = f"{invitation.pk}:{invitation.nonce}"
        forged = messages.SIGNER.sign_object(f"{invitation.pk}:x")

        for wrong in ("", "x", token[:-1], "x" + token, plain, forged, "\x00", "한글", "a" * 9000):
            assert code_of(lambda t=wrong: accept(t)) == "invitation_void"

    def test_a_link_for_something_else_is_void(self) -> None:
        for value in ("1:1:1", "x", ":", "¹:x", "-1:x"):
            assert queries.find_invitation(messages.SIGNER.sign_object(value), DAY) is None

    def test_who_was_given_another_role_meanwhile_keeps_that(self) -> None:
        """Also the last owner, who would lose the role by an invitation of before."""
        companies.trial()
        email = "admin@acme.example"
        token = invite(email, Role.OWNER)
        kim = operations.add_admin(company_id="acme", email=KIM, role=Role.OWNER, today=DAY, by=BY)
        me = Admin.objects.get(user__email=email)
        operations.change_role(
            company_id="acme", admin_id=me.pk, role=Role.VIEWER, today=DAY, by=BY
        )

        assert queries.invitations("acme")[0].role == "viewer"
        accept(token)

        assert role_of(email) == "viewer"
        assert role_of(KIM) == kim.role == "owner"

    def test_who_was_named_meanwhile_keeps_that_role(self) -> None:
        companies.trial()
        token = invite(role=Role.VIEWER)
        operations.add_admin(company_id="acme", email=KIM, role=Role.BILLING, today=DAY, by=BY)

        accept(token)

        assert role_of() == "billing"

    def test_who_was_removed_does_not_come_back_by_an_old_link(self) -> None:
        companies.trial()
        email = "admin@acme.example"
        token = invite(email, Role.OWNER)
        operations.add_admin(company_id="acme", email=KIM, role=Role.OWNER, today=DAY, by=BY)
        me = Admin.objects.get(user__email=email)
        operations.remove_admin(company_id="acme", admin_id=me.pk, today=DAY, by=BY)

        assert code_of(lambda: accept(token)) == "invitation_void"
        assert role_of(email) is None

    def test_two_who_follow_a_link_at_once_are_one(self, database: str) -> None:
        with databases.connected(database):
            companies.trial()
            token = invite()

        outcome = meets(
            database, lambda: accept(token), lambda: accept(token, password="third-horse-2026")
        )

        assert outcome == "invitation_void"
        with databases.connected(database):
            assert User.objects.get(email=KIM).check_password(PASSWORD)

    def test_a_link_that_is_being_withdrawn_is_void(self, database: str) -> None:
        with databases.connected(database):
            companies.trial()
            token = invite()

        assert meets(database, withdraw, lambda: accept(token)) == "invitation_void"

        with databases.connected(database):
            assert role_of() is None


class TestWithdrawing:
    def test_it_is_written_down_once(self) -> None:
        companies.trial()
        invite()
        pk = Invitation.objects.get().pk

        for _ in range(2):
            operations.withdraw_invitation(company_id="acme", invitation_id=pk, today=DAY, by=BY)

        gone = [entry for entry in written() if entry[0] == "invitation_withdrawn"]
        assert gone == [("invitation_withdrawn", "command:test", {"invitation": pk}, None)]

    def test_another_company_s_stays(self) -> None:
        companies.trial()
        companies.trial("other")
        invite()

        withdraw(company_id="other")

        assert len(queries.invitations("acme")) == 1


class TestSignUp:
    """The first admin is invited by mail, unless they can sign in already."""

    def come(self, *, invite: bool) -> None:
        sign_up(
            company_id="acme",
            name="에이크미",
            admin="admin@acme.example",
            invite=invite,
            today=NEW_YEAR,
            by=BY,
        )

    def test_the_first_admin_sets_a_password_by_the_mail(self) -> None:
        self.come(invite=True)
        mail = Mail.objects.get(kind="admin_invited")
        assert mail.recipients == ["admin@acme.example"]

        accept(token_of(mail), today=NEW_YEAR)

        assert role_of("admin@acme.example") == "owner"
        assert User.objects.get().check_password(PASSWORD)

    def test_who_has_a_password_is_not_invited(self) -> None:
        operations.set_sign_in(email="admin@acme.example", password=PASSWORD)

        self.come(invite=True)

        assert role_of("admin@acme.example") == "owner"
        assert not Mail.objects.filter(kind="admin_invited").exists()

    def test_a_simulation_invites_nobody(self) -> None:
        self.come(invite=False)

        assert list(Mail.objects.values_list("kind", flat=True)) == ["trial_started"]
