"""데이터 내려받기: all that the console keeps of one company, as a ZIP of plain files. R: G2."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder

from billing import queries as billing
from groupco import queries as groups
from groupco.models import Company
from groupco.operations import DETAILS
from products import queries as products
from products.rules import Standing
from workplace_console.common import audit, csv_file
from workplace_console.documents import pdf, spreadsheet
from workplace_console.pages import papers


def archive(company: Company, standing: Standing, *, today: date) -> bytes:
    """The company itself, people, admins, charges and storage by day, changes, bills (PDF, CSV)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        moment = datetime.combine(today, datetime.min.time()).timetuple()[:6]

        def put(name: str, content: bytes) -> None:
            file.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED)

        put("company.json", _json(_company(company, standing)))
        put("accounts.csv", _csv(ACCOUNTS, _accounts(company.pk)))
        put("admins.csv", _csv(("email", "role"), _admins(company.pk)))
        put("charges.csv", _csv(CHARGES, _charges(company.pk)))
        put("payments.csv", _csv(PAYMENTS, _payments(company.pk)))
        put("storage.csv", _csv(("day", "bytes"), products.storage_days(company.pk, *EVER)))
        put("tokens.csv", _csv(TOKENS, _tokens(company.pk)))
        put("changes.csv", _csv(("at", "action", "before", "after"), _changes(company.pk)))
        statements = billing.statements(company.pk)
        names = groups.company_names({line.company for s in statements for line in s.lines})
        for statement in statements:
            number = statement.invoice.number
            paper = papers.bill(statement, names)
            put(f"bills/{number}.pdf", pdf.pdf(paper))
            put(f"bills/{number}.csv", spreadsheet.csv(paper))
    return target.getvalue()


def _json(value: Any) -> bytes:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()


def _csv(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    texts = (["" if cell is None else str(cell) for cell in row] for row in rows)
    return "".join(csv_file.lines(heading, texts)).encode()


def _company(company: Company, standing: Standing) -> dict[str, Any]:
    return {
        "id": company.pk,
        **{field: getattr(company, field) for field in DETAILS},
        "signed_up_on": company.signed_up_on,
        "billing_addresses": groups.billing_addresses(company.pk),
        "corporate_cards": _cards(company.pk),
        "trial": {"starts_on": standing.trial_starts_on, "ends_on": standing.trial_ends_on},
        "terms": [
            {
                "plan": term.plan.code,
                "cycle": term.cycle.code,
                "starts_on": term.starts_on,
                "contract_from": term.contract_from,
            }
            for term in (standing.term, standing.coming)
            if term
        ],
    }


def _cards(company_id: str) -> dict[str, Any] | None:
    cards = groups.corporate_cards([company_id]).get(company_id)
    return {"count": cards.count, "as_of": cards.as_of} if cards else None


PAYMENTS: Final = ("number", "invoice", "way", "card", "amount", "on", "state", "refunded")


def _payments(company_id: str) -> Iterable[Sequence[Any]]:
    """What was paid, or asked of a card, in won."""
    for paid in billing.paid(payer=company_id):
        row = paid.payment
        card = f"{row.brand} {row.last_four}".strip()
        yield (
            *(row.number, paid.bill, row.way, card, row.amount, row.on),
            *(paid.state, paid.refunded),
        )


TOKENS: Final = ("token", "name", "scopes", "issued_on", "withdrawn_on", "last_used_on")


def _tokens(company_id: str) -> Iterable[Sequence[Any]]:
    """Which programs had a token; what is left of each to tell it by."""
    for token in groups.tokens(company_id):
        scopes = " ".join(token.scopes)
        yield (
            *(token.hint, token.name, scopes, token.issued_on),
            *(token.withdrawn_on, token.last_used_on),
        )


ACCOUNTS: Final = ("employee", "name", "email", "registered_on", "excluded_on", "last_used_on")


def _accounts(company_id: str) -> Iterable[Sequence[Any]]:
    for account in groups.all_accounts(company_id):
        person = account.employee
        yield (
            person.number,
            person.name,
            person.email,
            account.registered_on,
            account.excluded_on,
            person.last_used_on,
        )


def _admins(company_id: str) -> Iterable[Sequence[Any]]:
    return ((admin.user.email, admin.role) for admin in groups.admins(company_id))


EVER: Final = (date.min, date.max)
CHARGES: Final = (
    *("day", "company", "item", "plan", "cycle", "quantity", "unit_price", "payer"),
    *("period_from", "period_to"),
)


def _charges(company_id: str) -> Iterable[Sequence[Any]]:
    return billing.all_charges(company_id, CHARGES)


def _changes(company_id: str) -> Iterable[Sequence[Any]]:
    for entry in audit.entries(company_id):
        yield entry.at.isoformat(), entry.action, json.dumps(entry.before), json.dumps(entry.after)
