"""About how many bytes a value takes. An estimate is enough to bound a cache."""

from __future__ import annotations

import sys
from collections.abc import Mapping

__all__ = ["about_bytes"]


def about_bytes(value: object) -> int:
    """The size of ``value`` and of all that it holds, each object once, in bytes.

    Objects are opened by their ``__dict__`` and ``__slots__``; what hides its members otherwise is
    underestimated.
    """
    total = 0
    seen: set[int] = set()
    pending = [value]
    while pending:
        item = pending.pop()
        if id(item) in seen or isinstance(item, type):
            continue
        seen.add(id(item))
        total += sys.getsizeof(item)
        if isinstance(item, str | bytes | bytearray | int | float | bool) or item is None:
            continue
        if isinstance(item, Mapping):
            pending.extend(item.keys())
            pending.extend(item.values())
        elif isinstance(item, list | tuple | set | frozenset):
            pending.extend(item)
        else:
            pending.extend(getattr(item, "__dict__", {}).values())
            for kind in type(item).__mro__:
                slots = kind.__dict__.get("__slots__", ())
                names = (slots,) if isinstance(slots, str) else tuple(slots)
                pending.extend(getattr(item, name) for name in names if name != "__weakref__" and hasattr(item, name))
    return total
