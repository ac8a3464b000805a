"""Credit notes: never more than was billed, and the VAT that goes with it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from billing import operations, queries
from billing.models import CreditNote, Invoice
from groupco import operations as groups
from groupco.choices import Role, StaffRole
from tests.billing.stories import undone
from tests.companies import BY, paid
from tests.pages import people
from workplace_console import daily
from workplace_console.common import days
from workplace_console.common.models import AuditEntry, Mail
from workplace_console.common.refusal import Refused

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 3)
NUMBER = "acme-202602-1"


@pytest.fixture(autouse=True, scope="module")
def billed(kept_for_module: None) -> Invoice:
    """Seven accounts in January: 35,000 won and 3,500 of VAT."""
    paid("acme", accounts=7)
    daily.run(until=TODAY)
    return Invoice.objects.get(number=NUMBER)


def credit(supply: int, *, number: str = NUMBER, today: date = TODAY) -> CreditNote:
    return operations.credit(
        number=number, supply=supply, reason="잘못 등록된 계정", today=today, by=BY
    )


def test_one_is_numbered_told_and_written_down() -> None:
    note = credit(5_004)

    # 29,996 are left, whose VAT is 2,999.
    assert (note.number, note.supply, note.vat, note.total) == ("acme-202602-C1", 5004, 501, 5505)
    assert Mail.objects.filter(kind="credit_note_issued", company="acme").count() == 1
    entry = AuditEntry.objects.get(action="credit_note_issued")
    assert entry.after == {"number": "acme-202602-C1", "invoice": NUMBER, "total": 5505}
    assert Invoice.objects.get(number=NUMBER).total == 38_500


@pytest.mark.parametrize("supply", [0, -1, 35_001, 10**12])
def test_less_than_a_won_and_more_than_was_billed_are_refused(supply: int) -> None:
    with pytest.raises(Refused) as no:
        credit(supply)

    assert no.value.code == "credit_out_of_range"
    assert not CreditNote.objects.exists()


def test_what_does_not_exist_and_a_day_that_is_over_are_refused() -> None:
    with pytest.raises(Refused) as nothing:
        credit(1, number="acme-209901-1")
    with pytest.raises(Refused) as late:
        credit(1, today=TODAY - days.ONE_DAY)

    assert (nothing.value.code, late.value.code) == ("unknown_invoice", "day_is_over")


def test_random_credits_never_take_more_than_there_is(examples) -> None:
    """What is left always bears VAT of a tenth, rounded down; all of it credited leaves nothing."""

    @settings(max_examples=examples(few=40, deep=400))
    @given(st.lists(st.integers(1, 20_000), max_size=6))
    def run(supplies: list[int]) -> None:
        with undone():
            left = 35_000
            for number, supply in enumerate(supplies, start=1):
                if supply > left:
                    supply = left
                if supply == 0:
                    with pytest.raises(Refused):
                        credit(1)
                    return
                note = credit(supply)
                left -= supply
                assert note.number == f"acme-202602-C{number}"
            statement = queries.invoice("acme", NUMBER)
            assert statement
            assert statement.invoice.total - statement.credited == left + left // 10
            assert statement.credit_notes == list(CreditNote.objects.order_by("created_at"))

    run()


class TestPages:
    PAGE = f"/support/billing/invoice/{NUMBER}/change/"

    def staff(self, *roles: StaffRole) -> Client:
        user = groups.set_sign_in(email="s@c.example", password="", staff_roles=list(roles))
        return people.signed_in(user)

    @pytest.fixture(autouse=True)
    def _today(self, settings) -> None:
        settings.CONSOLE_TODAY = TODAY

    def test_billing_support_credits_and_the_company_sees_it(self) -> None:
        client = self.staff(StaffRole.BILLING)

        client.post(self.PAGE, {"act": "credit", "supply": "5004", "reason": "잘못 등록"})

        owner = people.signed_in(people.admin("acme", Role.OWNER, today=TODAY))
        page = owner.get(f"/c/acme/bills/{NUMBER}/").content.decode()
        for words in ("acme-202602-C1", "잘못 등록", "−5,505원", "32,995원"):
            assert words in page
        assert "acme-202602-C1" in client.get(self.PAGE).content.decode()

    def test_a_refusal_stands_beside_the_field_and_keeps_what_was_typed(self) -> None:
        page = (
            self.staff(StaffRole.BILLING)
            .post(self.PAGE, {"act": "credit", "supply": "35001", "reason": "너무 많이"})
            .content.decode()
        )

        assert "1원부터 남은 35,000원 사이로" in page
        assert "너무 많이" in page
        assert not CreditNote.objects.exists()

    def test_others_can_not(self) -> None:
        client = self.staff(StaffRole.SUPPORT)

        client.post(self.PAGE, {"act": "credit", "supply": "1", "reason": "x"})

        assert not CreditNote.objects.exists()
        assert "크레딧 노트 발행" not in client.get(self.PAGE).content.decode()
