"""``aiocache`` without the back-ends that nobody here uses.

``import aiocache`` imports every back-end whose library is installed: redis-py alone is a quarter of a run's start
(performance-anchors.md §5), even where only this tier is loaded. An entry of ``sys.modules`` that is None tells
aiocache that a library is not there (documented in the import system's reference). It stands only while aiocache is
imported for the first time; ``aiocache.backends.redis`` can be imported afterwards as ever.
"""

from __future__ import annotations

import sys
from importlib import import_module

__all__ = ["SENTINEL", "BaseCache", "NullSerializer"]

_BACKENDS = ("redis", "aiomcache")


def _import() -> None:
    hidden = [] if "aiocache" in sys.modules else [name for name in _BACKENDS if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        import_module("aiocache.base")
    finally:
        for name in hidden:
            del sys.modules[name]


_import()

from aiocache.base import SENTINEL, BaseCache  # type: ignore[import-untyped]  # noqa: E402 - after the preparation
from aiocache.serializers import NullSerializer  # type: ignore[import-untyped]  # noqa: E402
