"""JSON Schema, as much of it as the API's description uses: what is wrong with a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

TYPES: Final[dict[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
KNOWN: Final = {
    *("$ref", "additionalProperties", "description", "enum", "format", "items", "maxLength"),
    *("maximum", "minLength", "minProperties", "minimum", "oneOf", "pattern", "properties"),
    *("required", "type"),
}


def wrong(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str = "#") -> list[str]:
    """Everything in a value that its schema does not allow."""
    return list(_wrong(value, schema, document, at))


def _wrong(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str) -> Iterator[str]:
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        yield from _wrong(value, _named(schema["$ref"], document), document, at)
        return
    if "oneOf" in schema:
        fitting = [one for one in schema["oneOf"] if not wrong(value, one, document, at)]
        yield from [] if len(fitting) == 1 else [f"{at}: fits {len(fitting)} of oneOf"]
        return
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is(value, name) for name in types):
        yield f"{at}: {value!r} is no {types}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    yield from _wrong_within(value, schema, document, at)


def _wrong_within(
    value: Any, schema: dict[str, Any], document: dict[str, Any], at: str
) -> Iterator[str]:
    if isinstance(value, str):
        yield from _wrong_text(value, schema, at)
    elif isinstance(value, int):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            yield f"{at}: {value} is out of range"
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _wrong(item, schema["items"], document, f"{at}/{place}")
    elif isinstance(value, dict):
        yield from _wrong_object(value, schema, document, at)


def _is(value: Any, name: str) -> bool:
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _wrong_text(value: str, schema: dict[str, Any], at: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{at}: {len(value)} letters"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{at}: {value!r} does not look right"
    reader: Any = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}.get(
        schema.get("format", ""), str
    )
    try:
        reader(value)
    except ValueError:
        yield f"{at}: {value!r} is no {schema['format']}"


def _wrong_object(
    value: dict[str, Any], schema: dict[str, Any], document: dict[str, Any], at: str
) -> Iterator[str]:
    properties = schema.get("properties", {})
    yield from (
        f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value
    )
    if len(value) < schema.get("minProperties", 0):
        yield f"{at}: too few properties"
    for name, inner in value.items():
        if name in properties:
            yield from _wrong(inner, properties[name], document, f"{at}/{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{at}: {name} is unknown"


def _named(reference: str, document: dict[str, Any]) -> dict[str, Any]:
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    schema: dict[str, Any] = found
    return schema
