"""Tokens of the HTTP API: how they look, and who may have how many."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Final

from workplace_console.common.refusal import Refused, gettext_noop

# So that anyone, and any scanner of leaked secrets, sees what a token is.
SERVICE: Final = "wps_"
COMPANY: Final = "wpc_"

MOST_TOKENS: Final = 20
LONGEST_TOKEN_NAME: Final = 60


def token_hash(secret: str) -> str:
    """What is kept of a token. It is 256 random bits, so there is nothing to guess and no need for
    a slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_hint(secret: str) -> str:
    """Enough of a token to recognise it by, and far too little to use it: wps_Ab3d…xY9z."""
    return f"{secret[:8]}…{secret[-4:]}"


def check_token(*, name: str, scopes: Collection[str], valid: int) -> None:
    """R: H4. `valid` is how many tokens the same owner has that were not withdrawn."""
    if not name or len(name) > LONGEST_TOKEN_NAME or not name.isprintable():
        raise Refused(
            "bad_token_name",
            gettext_noop("토큰을 쓸 프로그램의 이름을 {most}자 이하로 적으세요."),
            most=LONGEST_TOKEN_NAME,
        )
    if not scopes:
        raise Refused("no_scope", gettext_noop("범위를 하나 이상 고르세요."))
    if valid >= MOST_TOKENS:
        raise Refused(
            "too_many_tokens",
            gettext_noop("토큰은 {most}개까지 쓸 수 있습니다. 쓰지 않는 토큰을 먼저 철회하세요."),
            most=MOST_TOKENS,
        )
