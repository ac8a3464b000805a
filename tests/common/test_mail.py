"""The mail outbox against a real SMTP server that can be told to misbehave."""

from __future__ import annotations

import email
import socket
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from email.message import Message
from email.policy import default
from random import Random
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from workplace_console.common import mail, messages
from workplace_console.common.messages import Event
from workplace_console.common.models import Mail, Notice

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 1)


class Inbox:
    """What the server took, and how it answers."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.refuse: dict[str, str] = {}
        self.answer = "250 taken"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.messages.append(email.message_from_bytes(envelope.content, policy=default))
        return self.answer

    def subjects(self) -> list[str]:
        return [message["Subject"] for message in self.messages]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    inbox = Inbox()
    with serving(inbox, settings):
        yield inbox


@contextmanager
def serving(inbox: Inbox, settings: Any) -> Iterator[None]:
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    try:
        yield
    finally:
        controller.stop()


def announce(*, key: str = "k1", to: tuple[str, ...] = ("a@acme.example",)) -> None:
    messages.announce(
        Event("acme", "trial_started", to, {"ends_on": "2026-01-30"}, key=key), on=DAY
    )


def let_time_pass() -> None:
    """The pause after a failure is over."""
    now = timezone.now()
    Mail.objects.filter(state=Mail.State.QUEUED, not_before__gt=now).update(not_before=now)


class TestSending:
    """R: H1."""

    def test_sends_what_the_notice_says(self, inbox: Inbox) -> None:
        announce()

        assert mail.send_due() == 1

        (message,) = inbox.messages
        assert message["To"] == "a@acme.example"
        assert message["Subject"] == "무료 체험을 시작했습니다"
        text = messages.text_of(Notice.objects.get())
        assert text.title == message["Subject"]
        body = message.get_content()  # type: ignore[attr-defined]
        assert body.split() == text.body.split()
        assert "2026. 1. 30.까지" in body
        assert Mail.objects.get().state == Mail.State.SENT

    def test_once(self, inbox: Inbox) -> None:
        announce()
        announce()

        mail.send_due()
        mail.send_due()

        assert len(inbox.messages) == 1

    def test_each_recipient_gets_their_own_under_one_message_id(self, inbox: Inbox) -> None:
        announce(to=("a@acme.example", "b@acme.example", "a@acme.example"))

        mail.send_due()

        assert sorted(m["To"] for m in inbox.messages) == ["a@acme.example", "b@acme.example"]
        assert len({m["Message-ID"] for m in inbox.messages}) == 1

    def test_each_recipient_reads_their_own_language_under_one_message_id(
        self, inbox: Inbox
    ) -> None:
        """R: H3. Who is not known reads Korean; a notice's language is the page's."""
        announce(to=("korean@acme.example", "english@acme.example"))

        mail.send_due(languages=lambda _addresses: {"english@acme.example": "en"})

        assert {m["To"]: m["Subject"] for m in inbox.messages} == {
            "korean@acme.example": "무료 체험을 시작했습니다",
            "english@acme.example": "The free trial has begun",
        }
        english = next(m for m in inbox.messages if m["To"].startswith("english"))
        assert "Jan 30, 2026" in english.get_content()  # type: ignore[attr-defined]
        assert english["Content-Language"] == "en"
        assert len({m["Message-ID"] for m in inbox.messages}) == 1


class TestTrouble:
    def test_a_server_that_is_down_costs_a_pause_and_nothing_else(
        self, inbox: Inbox, settings: Any
    ) -> None:
        announce()
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

        assert mail.send_due() == 0
        waiting = Mail.objects.get()
        assert (waiting.state, waiting.attempts) == (Mail.State.QUEUED, 1)
        assert waiting.not_before > timezone.now()

        settings.EMAIL_PORT = port
        assert mail.send_due() == 0
        let_time_pass()
        assert mail.send_due() == 1
        assert len(inbox.messages) == 1

    def test_an_answer_that_never_comes_means_the_same_message_id_again(self, inbox: Inbox) -> None:
        announce()
        inbox.answer = "451 later"
        mail.send_due()
        first = mail.message_id(Mail.objects.get())

        inbox.answer = "250 taken"
        let_time_pass()
        mail.send_due()

        (message,) = inbox.messages
        assert message["Message-ID"] == first

    def test_one_address_refused_for_good_does_not_hold_up_the_others(self, inbox: Inbox) -> None:
        announce(to=("gone@acme.example", "b@acme.example"))
        inbox.refuse = {"gone@acme.example": "550 no such user"}

        mail.send_due()
        let_time_pass()
        mail.send_due()

        assert [m["To"] for m in inbox.messages] == ["b@acme.example"]
        sent = Mail.objects.get()
        assert sent.state == Mail.State.SENT
        assert "gone@acme.example: 550" in sent.last_error

    def test_those_who_have_it_do_not_get_it_again(self, inbox: Inbox) -> None:
        announce(to=("a@acme.example", "slow@acme.example"))
        inbox.refuse = {"slow@acme.example": "450 mailbox busy"}
        mail.send_due()

        inbox.refuse = {}
        let_time_pass()
        mail.send_due()

        assert [m["To"] for m in inbox.messages] == ["a@acme.example", "slow@acme.example"]

    def test_a_mail_that_cannot_be_written_does_not_hold_up_the_others(self, inbox: Inbox) -> None:
        messages.announce(Event("acme", "no_such_kind", ("a@acme.example",)), on=DAY)
        announce()

        mail.send_due()

        assert len(inbox.messages) == 1
        assert Mail.objects.get(kind="no_such_kind").attempts == 1

    def test_after_three_days_it_is_for_people_to_look_at(
        self, inbox: Inbox, settings: Any
    ) -> None:
        announce()
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
        Mail.objects.update(created_at=timezone.now() - timedelta(days=3, minutes=1))

        mail.send_due()
        let_time_pass()
        mail.send_due()
        assert Mail.objects.get().state == Mail.State.FAILED

        settings.EMAIL_PORT = port
        mail.resend(Mail.objects.get())
        mail.send_due()
        assert len(inbox.messages) == 1

    def test_a_sender_that_dies_in_the_middle_lets_go_after_a_while(self, inbox: Inbox) -> None:
        announce()
        mail._take()  # noqa: SLF001 - as far as a sender gets before it is killed

        assert mail.send_due() == 0

        Mail.objects.update(not_before=timezone.now())
        assert mail.send_due() == 1
        assert len(inbox.messages) == 1


def test_text_is_text_not_markup(inbox: Inbox) -> None:
    messages.announce(
        Event("acme", "invoice_issued", ("a@acme.example",), {"number": "<A&B>", "total_won": 1}),
        on=DAY,
    )

    mail.send_due()

    assert inbox.subjects() == ["청구서 <A&B>: 1원"]


def test_a_server_that_is_down_is_asked_once(inbox: Inbox, settings: Any) -> None:
    for number in range(5):
        announce(key=f"k{number}")
    settings.EMAIL_PORT = 1

    mail.send_due()

    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]


def test_a_server_that_refuses_one_mail_is_given_the_others(inbox: Inbox) -> None:
    announce(key="k1", to=("slow@acme.example",))
    announce(key="k2")
    inbox.refuse = {"slow@acme.example": "450 mailbox busy"}

    assert mail.send_due() == 1

    assert [m["To"] for m in inbox.messages] == ["a@acme.example"]


def test_a_mail_that_no_server_could_take_does_not_hold_up_the_others(inbox: Inbox) -> None:
    announce(key="k1", to=("a@acme.example\nBcc: b@other.example",))
    announce(key="k2")

    assert mail.send_due() == 1

    assert Mail.objects.get(key="k1").attempts == 1


class Moody(Inbox):
    """Answers each mail in one of six ways, only two of which take it, one without saying so."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self.random = random
        self.kept_to_itself: Counter[str] = Counter()

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self.mood = self.random.choice(
            ["takes"] * 5 + ["busy", "closing", "later", "hangs up", "hangs up after"]
        )
        self.refuse = {address: {"busy": "450 busy", "closing": "421 closing"}.get(self.mood, "")}
        self.refuse = {to: answer for to, answer in self.refuse.items() if answer}
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.answer = "451 later" if self.mood == "later" else "250 taken"
        if self.mood.startswith("hangs up"):
            server.transport.abort()
        if self.mood == "hangs up":
            return self.answer
        self.kept_to_itself[envelope.rcpt_tos[0]] += self.mood == "hangs up after"
        return await super().handle_DATA(server, session, envelope)


def test_of_many_mails_to_a_moody_server_none_is_lost_and_none_doubled_without_its_fault(
    settings: Any, examples: Any
) -> None:
    """A mail comes again only when the server took it and hung up, and then under its first id."""
    number = examples(few=60, deep=10_000)
    inbox = Moody(Random(7))
    with serving(inbox, settings):
        for each in range(number):
            announce(key=f"k{each}", to=(f"p{each}@acme.example",))
        while Mail.objects.filter(state=Mail.State.QUEUED).exists():
            mail.send_due()
            let_time_pass()

    ids = defaultdict(list)
    for message in inbox.messages:
        ids[message["To"]].append(message["Message-ID"])
    assert not Mail.objects.exclude(state=Mail.State.SENT).exists()
    assert len(ids) == len({one for [one, *_same] in ids.values()}) == number
    assert all(len(set(same)) == 1 for same in ids.values())
    assert all(len(same) == 1 + inbox.kept_to_itself[to] for to, same in ids.items())
    assert inbox.kept_to_itself.total() > 0
