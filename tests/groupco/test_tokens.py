"""Tokens of the HTTP API: kept as a hash, told apart by a hint, and withdrawn for good. R: H4."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from groupco import operations as groups
from groupco import queries, rules
from groupco.choices import Scope
from groupco.models import ApiToken
from groupco.operations import Issued
from products import operations
from tests.companies import BY, NEW_YEAR, trial
from tests.products.refused import refused
from workplace_console.common import sql
from workplace_console.common.models import AuditEntry

pytestmark = pytest.mark.django_db


def issue(company_id: str | None = None, name: str = "messenger", *scopes: Scope) -> Issued:
    return operations.issue_token(
        company_id=company_id, name=name, scopes=scopes or list(Scope), today=NEW_YEAR, by=BY
    )


def withdraw(token: ApiToken, company_id: str | None, today: date = NEW_YEAR) -> bool:
    return groups.withdraw_token(company_id=company_id, token_id=token.pk, today=today, by=BY)


def test_the_secret_is_nowhere_in_the_database_and_still_finds_its_token() -> None:
    trial("acme")
    service, own = issue(), issue("acme")

    assert service.secret.startswith("wps_")
    assert own.secret.startswith("wpc_")
    assert queries.token(own.secret) == own.token
    assert queries.token(own.secret.swapcase()) is None
    (row,) = sql.column(
        "SELECT t::text FROM groupco_apitoken AS t WHERE id = %(id)s", id=own.token.pk
    )
    assert own.secret[8:-4] not in row
    assert own.token.hint == f"{own.secret[:8]}…{own.secret[-4:]}"
    entry = AuditEntry.objects.get(action="token_issued", company="acme")
    assert own.secret[:8] not in str(entry.after)


def test_two_tokens_are_never_the_same() -> None:
    assert len({issue(name=str(n)).secret for n in range(5)}) == 5


def test_a_withdrawn_token_is_none_and_stays_in_the_list() -> None:
    trial("acme")
    first, second = issue("acme"), issue("acme", "erp", Scope.CARDS)

    assert withdraw(second.token, "acme")

    assert queries.token(second.secret) is None
    assert [token.name for token in queries.tokens("acme")] == ["messenger", "erp"]
    assert queries.token(first.secret)
    assert not withdraw(second.token, "acme")
    assert AuditEntry.objects.filter(action="token_withdrawn").count() == 1


def test_nobody_withdraws_the_token_of_another_company_or_of_a_service() -> None:
    trial("acme")
    trial("other")
    own, service = issue("acme"), issue()

    assert not withdraw(own.token, "other")
    assert not withdraw(own.token, None)
    assert not withdraw(service.token, "acme")
    assert queries.token(own.secret)
    assert queries.token(service.secret)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\nb", "a\x00"])
def test_a_token_has_a_name_to_be_known_by(name: str) -> None:
    with refused("bad_token_name"):
        issue(name=name)


def test_a_token_is_for_something() -> None:
    with refused("no_scope"):
        operations.issue_token(company_id=None, name="x", scopes=[], today=NEW_YEAR, by=BY)


def test_a_company_has_twenty_valid_ones_at_most() -> None:
    trial("acme")
    tokens = [issue("acme", str(number)) for number in range(rules.MOST_TOKENS)]

    with refused("too_many_tokens"):
        issue("acme")
    withdraw(tokens[0].token, "acme")
    assert issue("acme")
    assert issue()


def test_a_company_that_is_over_gets_none() -> None:
    trial("acme", trial_days=1)

    with refused("not_active"):
        operations.issue_token(
            company_id="acme",
            name="x",
            scopes=[Scope.CARDS],
            today=NEW_YEAR + timedelta(days=1),
            by=BY,
        )


def test_use_is_remembered_by_the_day() -> None:
    token = issue().token

    groups.note_token_use(token=token, today=NEW_YEAR)

    token.refresh_from_db()
    assert token.last_used_on == NEW_YEAR


def test_the_command_issues_lists_and_withdraws(
    settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.CONSOLE_TODAY = NEW_YEAR  # type: ignore[attr-defined]
    trial("acme")

    call_command("api_token", "issue", "--company", "acme", "--name", "ERP", "--scope", "cards")
    said = capsys.readouterr()
    token = queries.token(said.out.strip())
    assert token
    assert (token.company_id, token.name, token.scopes) == ("acme", "ERP", ["cards"])

    call_command("api_token", "list", "--company", "acme")
    line = capsys.readouterr().out
    assert token.hint in line
    assert said.out.strip() not in line

    call_command("api_token", "withdraw", "--company", "acme", "--number", str(token.pk))
    assert queries.token(said.out.strip()) is None
    assert AuditEntry.objects.get(action="token_withdrawn").actor == "command:api_token"
