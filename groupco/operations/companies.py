"""Companies come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from groupco import rules
from groupco.models import Company, Payer, TakenId
from workplace_console.common import audit
from workplace_console.common.audit import Actor, Change
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def create_company(
    *, company_id: str, name: str, business_number: str = "", today: date, by: Actor
) -> Company:
    """A new company, paying for itself. R: A3.

    Raises Refused: bad_company_id, reserved_company_id, company_id_taken, bad_business_number,
    bad_company_name.
    """
    rules.check_company_id(company_id)
    name = name.strip()
    rules.check_company_name(name)
    digits = rules.business_number(business_number) if business_number else ""
    _taken, is_new = TakenId.objects.get_or_create(id=company_id)
    if not is_new:
        raise Refused(
            "company_id_taken",
            gettext_noop("{company_id}은(는) 이미 쓰인 id입니다. 다른 id를 고르세요."),
            company_id=company_id,
        )
    company = Company.objects.create(
        id=company_id, name=name, business_number=digits, signed_up_on=today
    )
    Payer.objects.create(company=company, payer=company, starts_on=today)
    audit.record(
        Change(company_id, "company_created", after={"signed_up_on": today}), on=today, by=by
    )
    return company


def take_ids(company_ids: Collection[str]) -> None:
    """Take ids that companies had of which the database knows nothing any more. R: A3."""
    TakenId.objects.bulk_create(map(TakenId, company_ids), ignore_conflicts=True)
