"""A company has tokens of the HTTP API only while it is in trial or paid, so that none is left when
its data is deleted; what they are is groupco's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from groupco import operations as groups
from groupco.choices import Scope
from groupco.operations import Issued
from products.operations.locking import lock_active
from workplace_console.common.audit import Actor


@transaction.atomic
def issue_token(
    *, company_id: str | None, name: str, scopes: Collection[Scope], today: date, by: Actor
) -> Issued:
    """A new token of a company, or, for None, of a service of WORKPLACE. R: H4.

    Raises Refused: day_is_over, not_active, bad_token_name, no_scope, too_many_tokens.
    """
    if company_id is not None:
        lock_active(company_id, today)
    return groups.issue_token(company_id=company_id, name=name, scopes=scopes, today=today, by=by)
