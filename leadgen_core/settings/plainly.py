"""The short way to fill a class: nothing is configured for it, or texts and secrets only.

Most sections of most runs are such. typed-settings and cattrs, which take the long way (``fill``), are a tenth of a
run's start, and typed-settings reads the source file of each class. Whatever is not plainly right goes the long way,
which says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, get_type_hints

from attrs import fields

from leadgen_core.secrets import Secret
from leadgen_core.settings.layer import CORE, TIER, Layer, Placed

__all__ = ["plainly"]

C = TypeVar("C")
_SECRETS = (Secret, Secret | None)


def plainly(
    section: str, config: type[C], layers: Sequence[Layer], read_secret: Callable[[str, Placed], Secret]
) -> C | None:
    """An instance of the class; None when it takes the long way. Raises UsageError for a secret that cannot be had."""
    members = {each.alias: each for each in fields(config)}  # type: ignore[arg-type]
    if section not in CORE and TIER in members:
        return None
    try:
        kinds = get_type_hints(config)
    except Exception:
        return None  # a class that can never be filled is to be found whatever is configured
    chosen: dict[str, Placed] = {}
    for layer in layers:
        for key, raw in layer.values.items():
            member = members.get(key)
            if member is None or not isinstance(raw, str) or kinds[member.name] not in (str, *_SECRETS):
                return None
            chosen[key] = layer.place(key, raw)
    values: dict[str, Any] = {
        key: placed.raw if kinds[members[key].name] is str else read_secret(key, placed)
        for key, placed in chosen.items()
    }
    try:
        return config(**values)
    except Exception:
        return None
