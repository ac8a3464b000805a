"""Secrets that lie in the database sealed: whoever has a copy of it alone can't read them.

The keys are made of SEALING_KEYS, of SECRET_KEY when that is empty; the first seals, all open. A
new key is put in front, `manage.py reseal` writes everything anew, and the old one may go.
Every column that holds something sealed is a text named `sealed_…`, empty when it holds nothing:
that is how all of them are found.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Cast


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


@transaction.atomic
def reseal() -> int:
    """Write all that lies sealed anew under the first key; how many secrets. Raises Unreadable.

    Nobody changes meanwhile what is written anew: it is held to the end.
    """
    done = 0
    for model, name in columns():
        rows: models.QuerySet[models.Model] = models.QuerySet(model)
        held = rows.exclude(**{name: ""}).select_for_update()
        for key, sealed in held.values_list("pk", name):
            rows.filter(pk=key).update(**{name: _rotated(sealed)})
            done += 1
    return done


def unreadable() -> Iterator[tuple[str, str]]:
    """What no key opens that is set: the table, and the row's key. One statement looks at all."""
    first, *others = (_all_sealed(model, name) for model, name in columns())
    for table, key, sealed in first.union(*others, all=True):
        try:
            unseal(sealed)
        except Unreadable:
            yield table, key


def _all_sealed(
    model: type[models.Model], name: str
) -> models.QuerySet[models.Model, tuple[str, str, str]]:
    """The table, key and sealed text of every row of it that holds one."""
    rows: models.QuerySet[models.Model] = models.QuerySet(model)
    return rows.exclude(**{name: ""}).values_list(
        models.Value(model._meta.db_table), Cast("pk", models.TextField()), name
    )


def columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every column that holds something sealed."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name.startswith("sealed_"):
                yield model, field.name


def _rotated(sealed: str) -> str:
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
