"""The codes of a second factor: an authenticator app's (RFC 6238), and those for its loss."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from groupco.rules.accounts import has_control
from workplace_console.common.refusal import Refused, gettext_noop

# What every app takes for granted: six digits, anew every thirty seconds.
DIGITS: Final = 6
STEP_SECONDS: Final = 30
# Clocks of phones differ: one step to either side is taken, too.
STEPS_OFF: Final = 1
SECRET_BYTES: Final = 20

RECOVERY_CODES: Final = 10
RECOVERY_BYTES: Final = 10  # 80 bits: nobody tries them out, not even with the hashes at hand

MOST_PASSKEYS: Final = 10
LONGEST_FACTOR_NAME: Final = 60


def app_secret(random: bytes) -> str:
    """SECRET_BYTES random bytes as an app and people write them."""
    return base64.b32encode(random).decode()


def app_address(secret: str, *, email: str) -> str:
    """What stands in the square that an app photographs."""
    issuer = "WORKPLACE Console"
    label = quote(f"{issuer}:{email}", safe=":@")
    return (
        f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"
    )


def app_code(secret: str, step: int) -> str:
    """The code of a step of thirty seconds since 1970."""
    # SHA-1 is what the apps know; HMAC stands whatever becomes of SHA-1 itself.
    hotp = HOTP(base64.b32decode(secret), DIGITS, SHA1())  # noqa: S303
    return hotp.generate(step).decode()


def app_step(secret: str, code: str, *, seconds: int) -> int | None:
    """The step whose code this is, now or one before or after; None when it is none of theirs."""
    now = seconds // STEP_SECONDS
    for step in range(now - STEPS_OFF, now + STEPS_OFF + 1):
        if hmac.compare_digest(app_code(secret, step).encode(), code.encode()):
            return step
    return None


def normal_code(typed: str) -> str:
    """A code as people type it, without spaces and hyphens."""
    return "".join(typed.split()).replace("-", "").upper()


def is_app_code(code: str) -> bool:
    return len(code) == DIGITS and code.isascii() and code.isdecimal()


def recovery_code(random: bytes) -> str:
    """RECOVERY_BYTES random bytes in four groups of letters and digits."""
    text = base64.b32encode(random).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code; of its normal form."""
    return hashlib.sha256(normal_code(code).encode()).hexdigest()


def check_factor_name(name: str) -> None:
    """Raises Refused: bad_factor_name."""
    if not name or len(name) > LONGEST_FACTOR_NAME or has_control(name):
        raise Refused("bad_factor_name", gettext_noop("이름을 60자 안에서 한 줄로 적으세요."))


def check_passkeys(count: int) -> None:
    """Raises Refused: too_many_passkeys."""
    if count >= MOST_PASSKEYS:
        raise Refused(
            "too_many_passkeys",
            gettext_noop("패스키는 {most}개까지 등록할 수 있습니다. 안 쓰는 것을 먼저 삭제하세요."),
            most=MOST_PASSKEYS,
        )


def wrong_code() -> Refused:
    """The same for a code that is wrong, too old, or was used."""
    return Refused(
        "wrong_code",
        gettext_noop("코드가 맞지 않거나 이미 쓴 것입니다. 앱에 새로 나온 코드를 적으세요."),
    )


def already_set_up() -> Refused:
    return Refused(
        "already_set_up",
        gettext_noop("인증 앱을 이미 설정했습니다. 바꾸려면 먼저 해제하세요."),
    )


def passkey_refused() -> Refused:
    return Refused(
        "passkey_refused",
        gettext_noop("패스키를 확인하지 못했습니다. 다시 하거나 다른 방법을 고르세요."),
    )
