"""Applications of groups: whose they are, and what stands beside them at matching. R: F1."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q

from groupco import rules
from groupco.choices import ApplicationOutcome, ApplicationStep
from groupco.models import ApplicationCompany, GroupApplication


@dataclass(frozen=True)
class Application:
    """An application with its companies, the applicant first, then as they were named."""

    row: GroupApplication
    companies: Sequence[ApplicationCompany]

    @property
    def members(self) -> list[ApplicationCompany]:
        """Those who were named: everybody but the applicant."""
        return [company for company in self.companies if not company.is_applicant]

    @property
    def wanted(self) -> list[tuple[int, str, str]]:
        """What is asked for as it stands, corrections included."""
        return [(c.pk, c.wanted_id, c.wanted_number) for c in self.companies]

    @property
    def waits_for(self) -> ApplicationStep | None:
        return rules.next_step(
            is_received=self.row.received_on is not None,
            is_matched=self.row.matched_on is not None,
            is_approved=self.row.outcome == ApplicationOutcome.APPROVED,
        )

    @property
    def all_agreed(self) -> bool:
        return all(company.agreed_on for company in self.companies)

    def of(self, company_id: str) -> ApplicationCompany | None:
        """The part of a company in it."""
        return next((c for c in self.companies if c.company_id == company_id), None)


def application(application_id: int) -> Application | None:
    """One statement."""
    rows = ApplicationCompany.objects.filter(application=application_id)
    return _application(rows)


def application_of(company_id: str) -> Application | None:
    """The open application that a company takes part in, else the latest that it asked for itself.

    One that names the company and is not matched yet is none of its business. One statement.
    """
    mine = ApplicationCompany.objects.filter(company_id=company_id)
    latest = mine.filter(Q(is_open=True) | Q(is_applicant=True)).order_by("-is_open", "-pk")[:1]
    return _application(
        ApplicationCompany.objects.filter(application__in=latest.values("application"))
    )


def open_applications(company_ids: Collection[str]) -> dict[str, int]:
    """The open application of each of these companies that is in one."""
    found = ApplicationCompany.objects.filter(company_id__in=company_ids, is_open=True)
    return dict(found.values_list("company_id", "application_id"))


def _application(rows: object) -> Application | None:
    found = list(
        rows.select_related("application__applicant", "company").order_by("-is_applicant", "pk")  # type: ignore[attr-defined]
    )
    return Application(found[0].application, found) if found else None
