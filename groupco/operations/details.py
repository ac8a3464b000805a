"""회사 정보, and what employees ask for. R: A1, E10, E12."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from django.db import transaction

from groupco import queries, rules
from groupco.choices import Topic
from groupco.models import User
from groupco.operations.addresses import replace_billing_addresses
from workplace_console.common import audit, messages
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event

DETAILS: Final = (
    "name",
    "business_number",
    "representative",
    "address",
    "business_type",
    "business_item",
)


@transaction.atomic
def update_company(
    *,
    company_id: str,
    details: Mapping[str, str],
    billing_addresses: Sequence[str],
    topics: Mapping[str, Collection[Topic]] | None = None,
    today: date,
    by: Actor,
) -> None:
    """Set the buyer's details, all of DETAILS, and the billing addresses. R: E10, E12.

    `topics` as in set_billing_addresses. Invoices that are issued keep what stood then. Raises
    Refused: bad_company_name, bad_business_number, bad_<field>, too_many_billing_addresses,
    no_topic.
    """
    company = queries.locked(company_id)
    if company is None:
        raise rules.unknown_company(company_id)
    details = {field: details[field].strip() for field in DETAILS}
    rules.check_details(details)
    if details["business_number"]:
        details["business_number"] = rules.business_number(details["business_number"])
    changed = [field for field in DETAILS if getattr(company, field) != details[field]]
    for field in changed:
        setattr(company, field, details[field])
    company.save(update_fields=changed)
    if changed:
        # What they are now may name people, so it isn't repeated here.
        audit.record(
            Change(company_id, "company_updated", after={"fields": changed}), on=today, by=by
        )
    replace_billing_addresses(company, billing_addresses, topics or {}, today=today, by=by)


@transaction.atomic
def request_change(*, company_id: str, user: User, text: str, today: date, by: Actor) -> None:
    """변경 요청: tell the console admins what an employee asks for. R: A1.

    Raises Refused: bad_change_request, unknown_company.
    """
    if queries.locked(company_id) is None:
        raise rules.unknown_company(company_id)
    # However the lines were ended, a line's end is one character.
    text = "\n".join(text.strip().splitlines())
    rules.check_change_request(text)
    recipients = queries.admin_addresses([company_id])[company_id]
    figures = {"email": user.email, "text": text}
    messages.announce(Event(company_id, "change_requested", recipients, figures), on=today)
    audit.record(Change(company_id, "change_requested", after={"user": user.pk}), on=today, by=by)
