"""Making records quickly: for classes of which a run makes several for every answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

import attrs

__all__ = ["maker"]

P = ParamSpec("P")
T = TypeVar("T")

_FACTORY: Any = attrs.Factory  # which is a function to a type checker
_OWN_WAYS = ("__attrs_pre_init__", "__attrs_post_init__", "_attrs_cached_hash")


def maker(kind: Callable[P, T]) -> Callable[P, T]:
    """A function that is called as this frozen attrs class is and makes the same record, in less than half the time.

    Worth it for claims, of which a run makes thousands; look what it saves before you use it. ``kind`` itself comes
    back where its constructor does more than to fill the members: validators, converters, ``__attrs_post_init__``,
    a base that is no such class.
    """
    made: Callable[P, T] = _maker(kind)
    return made


def _maker(kind: Any) -> Any:
    # The constructor of a frozen class must go round its own __setattr__, with one call for each member. So a record
    # of a subclass that is not frozen is filled; then, as their layouts are the same, it is told that it is of `kind`.
    if not _only_fills(kind):
        return kind
    # The two share a slot of the type: with only one of them given, both would be slow.
    body = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    try:
        twin = type(kind.__name__, (kind,), body)
        object.__new__(twin).__class__ = kind
    except TypeError:  # this Python holds the layouts for different
        return kind
    # Two underscores: no member's argument is called so.
    known: dict[str, Any] = {"__new": object.__new__, "__twin": twin, "__kind": kind, "__nothing": attrs.NOTHING}
    arguments, lines = [], [" __record = __new(__twin)"]
    for place, each in enumerate(sorted(attrs.fields(kind), key=lambda each: bool(each.kw_only))):
        argument, value = each.alias, each.alias
        if isinstance(each.default, _FACTORY):
            known[f"__default{place}"] = each.default.factory
            argument, value = f"{argument}=__nothing", f"__default{place}() if {value} is __nothing else {value}"
        elif each.default is not attrs.NOTHING:
            known[f"__default{place}"] = each.default
            argument = f"{argument}=__default{place}"
        if each.kw_only and "*" not in arguments:
            arguments.append("*")
        arguments.append(argument)
        lines.append(f" __record.{each.name} = {value}")
    head = f"def make({', '.join(arguments)}):"
    # Written from the names of members alone, which are identifiers.
    exec("\n".join([head, *lines, " __record.__class__ = __kind", " return __record"]), known)  # noqa: S102
    return known["make"]


def _only_fills(kind: Any) -> bool:
    """Whether all that the constructor does is to fill the members, and nothing happens when the class is extended."""
    if type(kind) is not type or not {"__slots__", "__init__", "__attrs_attrs__"} <= vars(kind).keys():
        return False
    if not vars(kind)["__init__"].__code__.co_filename.startswith("<attrs generated"):
        return False
    bases = [vars(base).keys() for base in kind.__mro__ if base not in (object, Generic)]
    if BaseException in kind.__mro__ or any({"__new__", "__init_subclass__"} & base for base in bases):
        return False
    return not any(hasattr(kind, name) for name in _OWN_WAYS) and all(map(_is_only_filled, attrs.fields(kind)))


def _is_only_filled(member: attrs.Attribute[Any]) -> bool:
    if not member.init or member.validator is not None or member.converter is not None:
        return False
    return not (isinstance(member.default, _FACTORY) and member.default.takes_self)
