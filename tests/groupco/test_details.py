"""회사 정보, 이용 요금 안내 주소 and 변경 요청. R: A1, E10, E12."""

from __future__ import annotations

from datetime import date

import pytest

from groupco import operations, queries, rules
from groupco.choices import Role, Topic
from groupco.models import BillingAddress, Company, User
from tests import companies
from tests.companies import BY, NEW_YEAR
from tests.groupco.rivals import code_of
from workplace_console.common import messages
from workplace_console.common.models import AuditEntry, Mail, Notice

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 5)
DETAILS = {
    "name": "한빛상사",
    "business_number": "999-81-00015",
    "representative": "김서연",
    "address": "서울특별시 중구 세종대로 110",
    "business_type": "도매",
    "business_item": "문구",
}


def update(*, to: tuple[str, ...] = (), **details: str) -> None:
    operations.update_company(
        company_id="acme",
        details=DETAILS | details,
        billing_addresses=to,
        today=DAY,
        by=BY,
    )


def written() -> list[tuple[str, object, object]]:
    entries = AuditEntry.objects.filter(on=DAY).order_by("pk")
    return list(entries.values_list("action", "before", "after"))


class TestDetails:
    def test_all_of_them_are_kept_without_blanks_around(self) -> None:
        companies.trial()

        update(representative="  김서연 ")

        company = Company.objects.get()
        kept = {field: getattr(company, field) for field in operations.DETAILS}
        assert kept == DETAILS | {"business_number": "9998100015"}

    def test_the_log_says_which_changed_and_not_what_they_are(self) -> None:
        companies.trial()
        update()

        update(representative="이민준", business_number="9998100015")

        assert written() == [
            ("company_updated", None, {"fields": list(operations.DETAILS)}),
            ("company_updated", None, {"fields": ["representative"]}),
        ]

    def test_what_does_not_change_is_not_written_down(self) -> None:
        companies.trial()
        update(to=("a@acme.example",))
        before = written()

        update(to=("A@acme.example ",))

        assert written() == before

    @pytest.mark.parametrize(
        "empty",
        ["business_number", "representative", "address", "business_type", "business_item"],
    )
    def test_all_but_the_name_may_be_empty(self, empty: str) -> None:
        companies.trial()
        update()

        update(**{empty: ""})

        assert getattr(Company.objects.get(), empty) == ""

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("name", " ", "bad_company_name"),
            ("name", "가" * 101, "bad_company_name"),
            ("name", "한\n빛", "bad_company_name"),
            ("business_number", "999-81-00016", "bad_business_number"),
            ("representative", "가" * 61, "bad_representative"),
            ("representative", "김\x00", "bad_representative"),
            ("address", "가" * 201, "bad_address"),
            ("address", "서울\r\nBcc: a@b.example", "bad_address"),
            ("business_type", "가" * 61, "bad_business_type"),
            ("business_item", "\u202e문구", "bad_business_item"),
        ],
    )
    def test_what_can_not_stand_on_an_invoice_is_refused(
        self, field: str, value: str, code: str
    ) -> None:
        companies.trial()
        before = Company.objects.values().get()

        assert code_of(lambda: update(**{field: value}, to=("a@acme.example",))) == code

        assert Company.objects.values().get() == before
        assert queries.billing_addresses("acme") == []
        assert written() == []

    def test_the_longest_ones_fit(self) -> None:
        companies.trial()

        update(
            name="가" * 100,
            representative="가" * 60,
            address="가" * 200,
            business_type="가" * 60,
            business_item="가" * 60,
        )

        assert Company.objects.get().address == "가" * 200


class TestBillingAddresses:
    def test_they_are_kept_in_order_and_each_once(self) -> None:
        companies.trial()

        update(to=("b@acme.example", " A@acme.example", "B@ACME.example"))

        assert queries.billing_addresses("acme") == ["b@acme.example", "a@acme.example"]

    def test_the_set_is_replaced_and_counted_in_the_log(self) -> None:
        companies.trial()
        update(to=("a@acme.example", "b@acme.example"))

        update(to=("c@acme.example",))

        assert queries.billing_addresses("acme") == ["c@acme.example"]
        assert written()[-1] == ("billing_addresses_set", {"count": 2}, {"count": 1})
        assert "acme.example" not in str(written())

    def test_other_companies_keep_theirs(self) -> None:
        companies.trial()
        companies.trial("other")
        BillingAddress.objects.create(company_id="other", email="a@other.example")

        update()

        assert queries.billing_addresses("other") == ["a@other.example"]

    def test_there_are_twenty_at_most(self) -> None:
        companies.trial()
        many = tuple(f"a{n}@acme.example" for n in range(rules.MOST_BILLING_ADDRESSES))
        update(to=(*many, many[0].upper()))

        more = (*many, "more@acme.example")
        assert code_of(lambda: update(to=more)) == "too_many_billing_addresses"

        assert queries.billing_addresses("acme") == list(many)


class TestTopics:
    def save(self, *to: str, **topics: tuple[Topic, ...]) -> None:
        operations.set_billing_addresses(
            company_id="acme",
            billing_addresses=to,
            topics={f"{name}@acme.example": about for name, about in topics.items()},
            today=DAY,
            by=BY,
        )

    def test_a_new_address_is_mailed_about_everything_until_somebody_says_otherwise(self) -> None:
        companies.trial()

        self.save("a@acme.example", "b@acme.example", b=(Topic.BILLS,))

        everything = frozenset(Topic)
        assert queries.topics_of_addresses("acme") == {
            "a@acme.example": everything,
            "b@acme.example": {Topic.BILLS},
        }

    def test_what_is_not_said_stays_and_what_is_said_is_counted_in_the_log(self) -> None:
        companies.trial()
        self.save("a@acme.example", "b@acme.example")

        self.save("a@acme.example", "b@acme.example", b=(Topic.PAYMENT,))
        self.save("a@acme.example", "b@acme.example")

        assert queries.topics_of_addresses("acme")["b@acme.example"] == {Topic.PAYMENT}
        assert written()[1:] == [
            (
                "billing_topics_set",
                {"bills": 2, "payment": 2, "contract": 2},
                {"bills": 1, "payment": 2, "contract": 1},
            )
        ]

    def test_an_address_that_is_mailed_about_nothing_is_refused(self) -> None:
        companies.trial()
        self.save("a@acme.example")

        assert code_of(lambda: self.save("a@acme.example", a=())) == "no_topic"

        assert queries.topics_of_addresses("acme") == {"a@acme.example": frozenset(Topic)}

    def test_an_address_stays_when_an_admin_with_it_goes(self) -> None:
        companies.trial()
        operations.add_admin(
            company_id="acme", email="kim@acme.example", role=Role.VIEWER, today=NEW_YEAR, by=BY
        )
        self.save("kim@acme.example")

        admin = next(a for a in queries.admins("acme") if a.user.email == "kim@acme.example")
        operations.remove_admin(company_id="acme", admin_id=admin.pk, today=DAY, by=BY)

        assert queries.billing_addresses("acme") == ["kim@acme.example"]


class TestTestMail:
    def send(self, address: str) -> None:
        operations.mail_billing_address(company_id="acme", address=address, today=DAY, by=BY)

    def test_it_goes_to_that_address_and_the_console_says_nothing_of_it(self) -> None:
        companies.trial()
        update(to=("a@acme.example", "b@acme.example"))
        notices = Notice.objects.count()

        self.send("b@acme.example")

        mail = Mail.objects.latest("pk")
        assert (mail.kind, mail.recipients) == ("billing_address_tested", ["b@acme.example"])
        assert "한빛상사(acme)의 이용 요금 안내 주소" in messages.text_of(mail).body
        assert Notice.objects.count() == notices
        assert written()[-1] == ("billing_address_tested", None, None)

    def test_nothing_is_sent_to_an_address_that_is_not_saved(self) -> None:
        companies.trial()
        before = Mail.objects.count()

        assert code_of(lambda: self.send("stranger@else.example")) == "unknown_billing_address"

        assert Mail.objects.count() == before


class TestChangeRequest:
    def ask(self, text: str) -> None:
        user, _is_new = User.objects.get_or_create(email="clerk@acme.example")
        operations.request_change(company_id="acme", user=user, text=text, today=DAY, by=BY)

    def test_all_console_admins_are_told_by_mail_and_notice(self) -> None:
        companies.trial()
        operations.add_admin(
            company_id="acme", email="kim@acme.example", role=Role.VIEWER, today=NEW_YEAR, by=BY
        )
        BillingAddress.objects.create(company_id="acme", email="bills@acme.example")

        self.ask("용량을 늘려 주세요.\n\n고맙습니다.")

        mail = Mail.objects.get(kind="change_requested")
        notice = Notice.objects.get(kind="change_requested")
        assert mail.recipients == ["admin@acme.example", "kim@acme.example"]
        assert messages.text_of(mail) == messages.text_of(notice)
        assert "용량을 늘려 주세요.\n\n고맙습니다." in messages.text_of(mail).body
        assert "clerk@acme.example" in messages.text_of(mail).body

    def test_the_log_says_who_and_not_what(self) -> None:
        companies.trial()

        self.ask("비밀")

        user = User.objects.get(email="clerk@acme.example")
        assert written() == [("change_requested", None, {"user": user.pk})]

    @pytest.mark.parametrize(
        "text", ["{{ company }}{% now %}", "<b>&amp;</b>", "{0.__class__} %s %(x)s", "=1+1"]
    )
    def test_the_text_is_never_interpreted(self, text: str) -> None:
        companies.trial()

        self.ask(text)

        assert text in messages.text_of(Mail.objects.get(kind="change_requested")).body

    @pytest.mark.parametrize("text", ["", " \r\n ", "가" * 501, "가\x00", "가\x1b[31m", "가\u202e"])
    def test_what_can_not_be_read_is_refused(self, text: str) -> None:
        companies.trial()

        assert code_of(lambda: self.ask(text)) == "bad_change_request"
        assert not Mail.objects.filter(kind="change_requested").exists()

    def test_a_browser_s_line_ends_count_as_one_character(self) -> None:
        companies.trial()

        self.ask("가\r\n" * 250)

        figures = Mail.objects.get(kind="change_requested").figures
        assert figures["text"] == "\n".join(["가"] * 250)
