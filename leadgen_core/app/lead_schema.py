"""JSON Schema of a lead and of a reject, read off the records. ``x-volatile`` marks what differs between runs."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from leadgen_core.model.lead import Lead

__all__ = ["lead_schema"]

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Any: {},
}


def lead_schema() -> dict[str, Any]:
    """Draft 2020-12. Every member is required, since every member is always present."""
    definitions: dict[str, Any] = {}
    root = _of(Lead, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A lead of leadgen",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(member, definitions) for member in arguments if member is not type(None)] + _null(kind)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of(arguments[1], definitions)}
    if origin is not None and issubclass(origin, Sequence):
        return {"type": "array", "items": _of(arguments[0], definitions)}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [str(member) for member in kind]}
    if attrs.has(kind):
        return _record(kind, definitions)
    raise TypeError(f"no schema for {kind}")


def _null(kind: Any) -> list[dict[str, Any]]:
    return [{"type": "null"}] if type(None) in get_args(kind) else []


def _record(kind: type[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}
        hints = get_type_hints(kind)
        members = {}
        for member in attrs.fields(kind):
            schema = _of(hints[member.name], definitions)
            if member.metadata.get("volatile"):
                schema["x-volatile"] = True
            members[member.name] = schema
        definitions[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").partition("\n\n")[0],
            "properties": members,
            "required": list(members),
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}
