"""Choices that are a small number in the database and a word everywhere else."""

from __future__ import annotations

from types import DynamicClassAttribute
from typing import Self

from django.db.models import IntegerChoices


class Code(IntegerChoices):
    """A choice whose number is stored (and never used again for another) and whose name, in lower
    case, is what forms, files and addresses say. Numbers are in the order of the choices."""

    @DynamicClassAttribute
    def label(self) -> str:
        """What people read, in the language of the page."""
        return str(self._label_)

    @property
    def code(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, code: object) -> Self:
        """The choice of a word; ValueError when there is none."""
        for choice in cls:
            if choice.code == code:
                return choice
        raise ValueError(code)

    @classmethod
    def codes(cls) -> list[str]:
        return [choice.code for choice in cls]
