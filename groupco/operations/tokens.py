"""Tokens of the HTTP API are issued, used and withdrawn. R: H4."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from groupco import queries, rules
from groupco.choices import Scope
from groupco.models import ApiToken
from workplace_console.common import audit
from workplace_console.common.audit import Actor, Change

BYTES: Final = 32


@dataclass(frozen=True)
class Issued:
    """A new token; `secret` is shown now and never again."""

    token: ApiToken
    secret: str


@transaction.atomic
def issue_token(
    *, company_id: str | None, name: str, scopes: Collection[Scope], today: date, by: Actor
) -> Issued:
    """A new token of a company, or, for None, of a service of WORKPLACE. R: H4.

    Raises Refused: bad_token_name, no_scope, too_many_tokens.
    """
    if company_id is not None:
        queries.locked(company_id)
    name = name.strip()
    valid = ApiToken.objects.filter(company_id=company_id, withdrawn_on=None).count()
    rules.check_token(name=name, scopes=scopes, valid=valid)
    secret = (rules.COMPANY if company_id else rules.SERVICE) + secrets.token_urlsafe(BYTES)
    token = ApiToken.objects.create(
        company_id=company_id,
        name=name,
        hash=rules.token_hash(secret),
        hint=rules.token_hint(secret),
        scopes=[scope for scope in Scope if scope in scopes],
        issued_on=today,
    )
    figures = {"token": token.pk, "scopes": token.scopes}
    audit.record(Change(company_id or "", "token_issued", after=figures), on=today, by=by)
    return Issued(token, secret)


@transaction.atomic
def withdraw_token(*, company_id: str | None, token_id: int, today: date, by: Actor) -> bool:
    """A token of this company (None: of a service) works no more; whether it did until now."""
    valid = ApiToken.objects.select_for_update(of=("self",)).filter(
        pk=token_id, company_id=company_id, withdrawn_on=None
    )
    token = valid.first()
    if token is None:
        return False
    token.withdrawn_on = max(today, token.issued_on)
    token.save(update_fields=["withdrawn_on"])
    figures = {"token": token.pk}
    audit.record(Change(company_id or "", "token_withdrawn", after=figures), on=today, by=by)
    return True


def note_token_use(*, token: ApiToken, today: date) -> None:
    """Remember the last day on which a token was used: one write a day."""
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
