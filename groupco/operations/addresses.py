"""이용 요금 안내 주소: where mail goes besides the console admins, and about what. R: E10."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db import transaction

from groupco import queries, rules
from groupco.choices import Topic
from groupco.models import BillingAddress, Company
from workplace_console.common import audit, messages
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def set_billing_addresses(
    *,
    company_id: str,
    billing_addresses: Sequence[str],
    topics: Mapping[str, Collection[Topic]] | None = None,
    today: date,
    by: Actor,
) -> None:
    """Set the billing addresses, all of them, and what those named in `topics` are mailed about.

    An address that `topics` doesn't name keeps its own; a new one is mailed about everything. They
    are nobody's: an admin who leaves takes none along. Raises Refused: too_many_billing_addresses,
    no_topic.
    """
    company = queries.locked(company_id)
    if company is None:
        raise Company.DoesNotExist(company_id)
    replace_billing_addresses(company, billing_addresses, topics or {}, today=today, by=by)


def replace_billing_addresses(
    company: Company,
    addresses: Sequence[str],
    topics: Mapping[str, Collection[Topic]],
    *,
    today: date,
    by: Actor,
) -> None:
    """As set_billing_addresses; the company is locked by whoever calls."""
    wanted = list(dict.fromkeys(address.strip().lower() for address in addresses))
    rules.check_billing_addresses(wanted)
    known = queries.topics_of_addresses(company.pk)
    new = {address: frozenset(topics.get(address, known.get(address, Topic))) for address in wanted}
    rules.check_topics(new)
    if list(known.items()) == list(new.items()):
        return
    BillingAddress.objects.filter(company=company).delete()
    BillingAddress.objects.bulk_create(
        BillingAddress(company=company, email=address, topics=[t for t in Topic if t in about])
        for address, about in new.items()
    )
    audit.record(*_changes(company.pk, known, new), on=today, by=by)


Told = Mapping[str, frozenset[Topic]]


def _changes(company_id: str, known: Told, new: Told) -> list[Change]:
    """What the log says: how many, never which, since an address may be a person's."""
    changes = []
    if list(known) != list(new):
        before, after = {"count": len(known)}, {"count": len(new)}
        changes.append(Change(company_id, "billing_addresses_set", before, after))
    if any(known[address] != new[address] for address in known.keys() & new.keys()):
        changes.append(Change(company_id, "billing_topics_set", _counts(known), _counts(new)))
    return changes


def _counts(told: Told) -> dict[str, int]:
    """How many addresses are mailed about each topic."""
    found = Counter(topic for about in told.values() for topic in about)
    return {topic.value: found[topic] for topic in Topic}


@transaction.atomic
def mail_billing_address(*, company_id: str, address: str, today: date, by: Actor) -> None:
    """시험 메일: a mail to one of the billing addresses, to see whether it arrives.

    Raises Refused: unknown_billing_address.
    """
    company = queries.locked(company_id)
    if company is None:
        raise Company.DoesNotExist(company_id)
    if address not in queries.billing_addresses(company_id):
        raise Refused(
            "unknown_billing_address",
            gettext_noop("저장된 주소가 아닙니다. 먼저 저장한 뒤 다시 보내세요."),
        )
    event = Event(company_id, "billing_address_tested", (address,), {"name": company.name})
    messages.mail_only(event, on=today)
    audit.record(Change(company_id, "billing_address_tested"), on=today, by=by)
