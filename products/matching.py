"""정보 매칭: what an application says of its companies, beside what is known of them. R: F1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from groupco import queries as groups
from groupco import rules
from groupco.choices import ApplicationKind
from groupco.models import ApplicationCompany, Company, Membership
from groupco.queries import Application
from groupco.rules import Facts, Off, Wanted
from products import queries
from products.rules import Standing


@dataclass(frozen=True)
class Beside:
    """A company as it was applied for; the one that has this id, if any; and what is off."""

    entry: ApplicationCompany
    company: Company | None
    standing: Standing | None
    admins: tuple[str, ...]
    off: Sequence[Off]


def matching(found: Application, today: date) -> list[Beside]:
    """All companies of an application, in its order; a fixed number of statements."""
    ids = [entry.wanted_id for entry in found.companies]
    companies = Company.objects.in_bulk(ids)
    standings = queries.standings(ids, today)
    memberships = list(Membership.objects.filter(company_id__in=ids, ends_on__gte=today))
    asked = groups.open_applications(ids)
    addresses = groups.admin_addresses(ids)
    rows = []
    for entry in found.companies:
        id = entry.wanted_id
        company = companies.get(id)
        facts = _facts(
            company,
            standings.get(id),
            [membership for membership in memberships if membership.company_id == id],
            today=today,
            is_asked_elsewhere=asked.get(id, found.row.pk) != found.row.pk,
        )
        off = _off(found, entry, facts, is_twice=ids.count(id) > 1)
        rows.append(Beside(entry, company, standings.get(id), addresses.get(id, ()), off))
    return rows


def _facts(
    company: Company | None,
    standing: Standing | None,
    memberships: Sequence[Membership],
    *,
    today: date,
    is_asked_elsewhere: bool,
) -> Facts | None:
    if company is None:
        return None
    return Facts(
        number=company.business_number,
        is_active=bool(standing and standing.is_active),
        is_paid=bool(standing and standing.term),
        is_grouped=bool(memberships),
        is_representative=any(m.is_representative and m.ends_on > today for m in memberships),
        is_asked_elsewhere=is_asked_elsewhere,
    )


def _off(
    found: Application, entry: ApplicationCompany, facts: Facts | None, *, is_twice: bool
) -> list[Off]:
    if entry.is_applicant and facts:
        represents = found.row.kind == ApplicationKind.JOIN
        return rules.off_about_applicant(facts, represents=represents)
    wanted = Wanted(entry.wanted_id, entry.wanted_number)
    return rules.off_about_member(wanted, facts, is_twice=is_twice)
