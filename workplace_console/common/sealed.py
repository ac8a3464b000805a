"""Secrets that lie in the database sealed: whoever has a copy of it alone can't read them.

The keys are made of SEALING_KEYS, of SECRET_KEY when that is empty; the first seals, all open. A
new key is put in front, `manage.py reseal` writes everything anew, and the old one may go.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """No key that is set opens this."""


def seal(text: str) -> str:
    """What is written into the database instead of a secret."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again. Raises Unreadable."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable("SEALING_KEYS") from None


def reseal(sealed: str) -> str:
    """The same secret under the first key. Raises Unreadable."""
    try:
        return _keys().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable("SEALING_KEYS") from None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_key(text)) for text in settings.SEALING_KEYS])


def _key(text: str) -> bytes:
    """32 bytes of a text that is long and random itself; its own for this purpose."""
    digest = hashlib.sha256(b"workplace-console sealed\0" + text.encode()).digest()
    return base64.urlsafe_b64encode(digest)
