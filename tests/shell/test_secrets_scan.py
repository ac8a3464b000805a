"""The scan for secrets finds what it should, and leaves words alone."""

from __future__ import annotations

import pytest

from tests.secrets_scan import EXCUSE, secrets_in

KEY = "AKIA" + "IOSFODNN7EXAMPLE"
RANDOM = "q9Zr+T1xVb" + "7LmWc2KpYd8s"


@pytest.mark.parametrize(
    "line",
    [
        f"key = '{KEY}'",
        "-----BEGIN RSA PRIVATE" + " KEY-----",
        f'SECRET_KEY = "{RANDOM}"',
        f"DATABASE_PASSWORD={RANDOM}",
        f"token: {RANDOM}",
        "whsec_" + RANDOM + "abcd",
        "ghp_" + "a1B2" * 9,
    ],
)
def test_a_secret_is_found(line: str) -> None:
    assert list(secrets_in(line))
    assert not list(secrets_in(f"{line}  # {EXCUSE}"))


@pytest.mark.parametrize(
    "line",
    [
        "password = forms.CharField(label='비밀번호')",
        'PASSWORD = "correct-horse-battery"',
        "token = messages.signed(user.pk)",
        "SECRET_KEY: random, 50 characters or more",
    ],
)
def test_words_are_none(line: str) -> None:
    assert not list(secrets_in(line))
