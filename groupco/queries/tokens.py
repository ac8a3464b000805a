"""The tokens of the HTTP API."""

from __future__ import annotations

from typing import Final

from groupco import rules
from groupco.models import ApiToken
from workplace_console.common import prepared


def token(secret: str) -> ApiToken | None:
    """The token that a program shows; None when it is not ours or was withdrawn. R: H4."""
    found = ApiToken.objects.filter(hash=rules.token_hash(secret), withdrawn_on=None)
    return found.first()


def tokens(company_id: str | None) -> list[ApiToken]:
    """The tokens of a company, None for those of WORKPLACE's services: valid ones first, each
    the newest first."""
    found = ApiToken.objects.filter(company_id=company_id)
    return sorted(found.order_by("-pk"), key=lambda token: token.withdrawn_on is not None)


NAMES: Final = """
    SELECT id, name FROM groupco_apitoken WHERE company_id = %(company)s OR company_id IS NULL"""


def token_names(company_id: str) -> dict[int, str]:
    """What the tokens that can act for a company are called, withdrawn ones too, by number."""
    return dict(prepared.rows(NAMES, company=company_id))
