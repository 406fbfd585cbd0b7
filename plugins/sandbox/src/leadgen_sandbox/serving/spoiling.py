"""JSON that an API would not send: values of other types, and a schema that has moved on."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["drifted", "retyped"]

_ADDED = "x_added_later"


def retyped(body: Any) -> Any:
    """Every member of the outermost object with a value of another type; anything else as a whole."""
    if isinstance(body, dict):
        return {name: _other(value) for name, value in body.items()}
    return _other(body)


def _other(value: Any) -> Any:
    match value:
        case bool():
            return str(value)
        case int() | float():
            return f"about {value}"
        case str():
            return len(value)
        case list():
            return {str(place): item for place, item in enumerate(value)}
        case dict():
            return list(value.values())
    return {}


def drifted(body: Any, how: str) -> Any:
    """The schema of tomorrow.

    ``rename``: the members of the outermost object have other names (``total_results``: ``totalResults``,
    ``items``: ``itemsV2``). ``add``: every object has a member that nobody knows, and its members stand in
    another order; no client may mind. ``wrap``: the whole stands in ``{"data": ...}``.
    """
    if how == "wrap":
        return {"data": body}
    if how == "add":
        return _added(body)
    return {_renamed(name): value for name, value in body.items()} if isinstance(body, dict) else {"values": body}


def _renamed(name: str) -> str:
    camel = re.sub(r"_+(\w)", lambda found: found[1].upper(), name)
    return camel if camel != name else f"{name}V2"


def _added(value: Any) -> Any:
    if isinstance(value, dict):
        return {_ADDED: {"since": 2027}, **{name: _added(value[name]) for name in reversed(value)}}
    if isinstance(value, list):
        return [_added(item) for item in value]
    return value
