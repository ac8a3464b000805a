"""Passkeys (WebAuthn): what a browser is asked to make or sign, and whether it did. R: A6.

They are made for the host of CONSOLE_URL, and what is signed on any other page is worth nothing.
Nothing is read or written here; `state` is the caller's to keep, and to use once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from groupco.models import User
from groupco.rules import passkey_refused

# The key is a second factor: the password was shown before, so a touch will do where there is
# neither finger nor PIN.
VERIFICATION: Final = UserVerificationRequirement.PREFERRED
LONGEST_ANSWER: Final = 20_000


@dataclass(frozen=True)
class Asked:
    """What the browser is asked, as JSON; and what its answer is held against."""

    options: str
    state: dict[str, Any]


@dataclass(frozen=True)
class Signed:
    """Which passkey it is, as it is kept; and how often it has signed, if it counts."""

    credential: str
    counter: int


def ask_to_make(user: User, known: Sequence[str]) -> Asked:
    """A new passkey for a user, on a device that holds none of those known."""
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(
            # The same at each time, and nobody's number.
            id=salted_hmac("passkey", str(user.pk), algorithm="sha256").digest(),
            name=user.email,
            display_name=user.name or user.email,
        ),
        credentials=[_credential(text) for text in known],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=VERIFICATION,
    )
    return Asked(json.dumps(dict(options)["publicKey"]), dict(state))


def made(state: dict[str, Any], answer: str) -> Signed:
    """The passkey that a browser made. Raises Refused: passkey_refused."""
    try:
        response = RegistrationResponse.from_dict(_parsed(answer))
        data = _server().register_complete(state, response)
        found = data.credential_data
    except Exception as no:  # whatever was sent: the library raises what its parsers do
        raise passkey_refused() from no
    if found is None:
        raise passkey_refused()
    return Signed(websafe_encode(found), data.counter)


def ask_to_sign(known: Sequence[str]) -> Asked:
    """A signature by one of these passkeys."""
    options, state = _server().authenticate_begin(
        [_credential(text) for text in known], user_verification=VERIFICATION
    )
    return Asked(json.dumps(dict(options)["publicKey"]), dict(state))


def signed(state: dict[str, Any], known: Sequence[str], answer: str) -> Signed:
    """The passkey, of these, that signed. Raises Refused: passkey_refused."""
    try:
        response = AuthenticationResponse.from_dict(_parsed(answer))
        found = _server().authenticate_complete(
            state, [_credential(text) for text in known], response
        )
    except Exception as no:  # as above
        raise passkey_refused() from no
    return Signed(websafe_encode(found), response.response.authenticator_data.counter)


def _server() -> Fido2Server:
    """Ours: the console at its own address, and no other page."""
    host = urlsplit(settings.CONSOLE_URL).hostname
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name="WORKPLACE Console"),
        verify_origin=lambda origin: origin == settings.CONSOLE_URL,
    )


def _credential(text: str) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(text))


def _parsed(answer: str) -> Any:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("too long")
    return json.loads(answer)
