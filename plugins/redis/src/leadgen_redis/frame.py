"""How a value lies in Redis: a mark with the version, then JSON. What lies there otherwise is not ours: a miss."""

from __future__ import annotations

import re
from typing import Any

import orjson
from aiocache.serializers import BaseSerializer  # type: ignore[import-untyped]

__all__ = ["Frame"]

_MARK = b"lg1\n"
_NUMBER = re.compile(rb"-?[0-9]{1,19}")
"""Whole numbers lie bare, so that Redis can count."""


class Frame(BaseSerializer):  # type: ignore[misc]
    """An ``aiocache`` serializer without pickle."""

    DEFAULT_ENCODING = None

    def dumps(self, value: Any) -> bytes:
        """Raises TypeError for what is no JSON."""
        if type(value) is int:
            return orjson.dumps(value)
        return _MARK + orjson.dumps(value)

    def loads(self, value: bytes | None) -> Any:
        """The value, None (a miss) for what this class has not written. Never raises."""
        if value is None:
            return None
        try:
            if value.startswith(_MARK):
                return orjson.loads(memoryview(value)[len(_MARK) :])
            if _NUMBER.fullmatch(value):
                return int(value)
        except (ValueError, RecursionError):
            pass
        return None
