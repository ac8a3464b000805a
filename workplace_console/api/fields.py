"""What may stand in a JSON body, a query or an answer of the API: declared once.

The same declaration reads what was sent (`read`) and describes it for others (`schema`, JSON Schema
as OpenAPI 3.1 has it). What a value may be is checked here; what is allowed is the rules' to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from unicodedata import category

from django.http import QueryDict

from groupco.forms import mail_address
from workplace_console.common.refusal import Refused, gettext_noop

Schema = dict[str, Any]

# Greater numbers are not the same in every language that reads JSON; four of these still fit.
MOST_SAFE: Final = 2**53 - 1


class Malformed(Exception):
    """Values that are not what was declared: where each stands, and why not."""

    def __init__(self, faults: list[tuple[str, Refused]]) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class Field:
    """A value. `says` describes it in English; `optional`: it may be left out of its record;
    `nullable`: it may be null in an answer."""

    says: str = ""
    optional: bool = False
    nullable: bool = False

    def read(self, value: Any) -> Any:
        """The value as Python has it. Raises Refused, or Malformed from within."""
        raise NotImplementedError(f"{type(self).__name__} stands in answers only")

    def read_text(self, text: str) -> Any:
        """The value out of a query, where all is text. Raises Refused."""
        return self.read(text)

    def own_schema(self) -> Schema:
        raise NotImplementedError

    def schema(self) -> Schema:
        schema = self.own_schema()
        if self.nullable:
            schema["type"] = [schema["type"], "null"]
        return schema | ({"description": self.says} if self.says else {})


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """A text on one line of `least` (0 or 1) to `most` letters, blanks around it taken off."""

    most: int
    least: int = 0

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise Refused("not_text", gettext_noop("글자로 적으세요."))
        # Cs: half of a letter, as JSON can write it and no database takes it.
        if any(category(letter) in ("Cc", "Cs") for letter in value):
            raise Refused(
                "bad_characters",
                gettext_noop("줄바꿈 같은 제어 문자는 쓸 수 없습니다. 다시 적으세요."),
            )
        text = value.strip()
        if len(text) < self.least:
            raise missing()
        if len(text) > self.most:
            raise Refused("too_long", gettext_noop("{most}자 이하로 적으세요."), most=self.most)
        return text

    def own_schema(self) -> Schema:
        least = {"minLength": self.least} if self.least else {}
        return {"type": "string", **least, "maxLength": self.most}


@dataclass(frozen=True, kw_only=True)
class Mail(Text):
    """A mail address, or nothing."""

    most: int = 254

    def read(self, value: Any) -> str:
        text = super().read(value)
        try:
            return mail_address(text) if text else ""
        except ValueError:
            raise Refused(
                "bad_email",
                gettext_noop("이메일 주소를 name@company.example처럼 적으세요."),
            ) from None


@dataclass(frozen=True, kw_only=True)
class Whole(Field):
    """A whole number, written without a decimal point."""

    least: int = 0
    most: int = MOST_SAFE

    def read(self, value: Any) -> int:
        # To Python true is a number, too.
        if not isinstance(value, int) or isinstance(value, bool):
            raise Refused("not_a_number", gettext_noop("정수로 적으세요."))
        if not self.least <= value <= self.most:
            raise Refused(
                "out_of_range",
                gettext_noop("{least}에서 {most} 사이의 정수로 적으세요."),
                least=self.least,
                most=self.most,
            )
        return value

    def read_text(self, text: str) -> int:
        return self.read(int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None)

    def own_schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


MOMENT: Final = re.compile(
    r"2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


@dataclass(frozen=True, kw_only=True)
class Moment(Field):
    """A point in time with its offset, as RFC 3339 writes it."""

    def read(self, value: Any) -> datetime:
        try:
            if isinstance(value, str) and MOMENT.fullmatch(value):
                return datetime.fromisoformat(value)
        except ValueError:
            pass
        raise Refused(
            "not_a_moment",
            gettext_noop("시각을 2026-03-05T09:00:00+09:00처럼 시간대와 함께 적으세요."),
        )

    def own_schema(self) -> Schema:
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A calendar day in Asia/Seoul."""

    def own_schema(self) -> Schema:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    def own_schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Word(Field):
    """One of a few words."""

    words: tuple[str, ...]

    def own_schema(self) -> Schema:
        return {"type": "string", "enum": list(self.words)}

    def schema(self) -> Schema:
        schema = super().schema()
        return schema | ({"enum": [*self.words, None]} if self.nullable else {})


@dataclass(frozen=True, kw_only=True)
class Rows(Field):
    """Any number of records of one kind."""

    of: Record

    def own_schema(self) -> Schema:
        return {"type": "array", "items": self.of.schema()}


@dataclass(frozen=True, kw_only=True)
class Record(Field):
    """A JSON object with these values and no others. Those with a name are described once."""

    name: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict)
    # So many of the optional values have to be there.
    at_least: int = 0

    def read(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Malformed([("", Refused("not_an_object", gettext_noop("JSON 객체로 적으세요.")))])
        return self._read(value, lambda declared, found: declared.read(found))

    def read_query(self, query: QueryDict) -> dict[str, Any]:
        """The values out of an address; of a name that stands there twice, the last."""
        return self._read(query.dict(), lambda declared, found: declared.read_text(found))

    def _read(self, value: Mapping[str, Any], read: Callable[[Field, Any], Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        faults = [(name, unknown()) for name in value if name not in self.fields]
        for name, declared in self.fields.items():
            if name not in value:
                faults += [] if declared.optional else [(name, missing())]
                continue
            try:
                values[name] = read(declared, value[name])
            except Refused as no:
                faults.append((name, no))
        if not faults and len(values) < self.at_least:
            faults.append(("", missing()))
        if faults:
            raise Malformed(faults)
        return values

    def own_schema(self) -> Schema:
        required = [name for name, declared in self.fields.items() if not declared.optional]
        return {
            "type": "object",
            "properties": {name: declared.schema() for name, declared in self.fields.items()},
            **({"required": required} if required else {}),
            **({"minProperties": self.at_least} if self.at_least else {}),
            "additionalProperties": False,
        }

    def schema(self) -> Schema:
        if not self.name:
            return super().schema()
        here = {"$ref": f"#/components/schemas/{self.name}"}
        return {"oneOf": [here, {"type": "null"}]} if self.nullable else here


def unknown() -> Refused:
    return Refused("unknown_field", gettext_noop("모르는 이름입니다. 빼고 보내세요."))


def missing() -> Refused:
    return Refused("missing", gettext_noop("빠졌습니다. 값을 넣어 보내세요."))
