"""memory: a cache tier in the memory of one process. Bounded, with a lifetime for each item."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen
from attrs.validators import ge, optional

from leadgen_core import CacheSpec, Plugin, hookimpl

__all__ = ["PLUGIN", "Config", "leadgen_caches"]


@frozen(kw_only=True, repr=False)
class Config:
    """The section ``[memory]``.

    ``max_items`` bounds the number of items, ``max_bytes`` (none: unbounded) their estimated size. What has
    ended leaves first, then whatever is used least recently. The default holds what 1,000 companies of the register
    need, some 7 MB: enough for every company in flight, little enough that a long run stays flat.
    """

    max_items: int = field(default=3_072, validator=ge(1))
    max_bytes: int | None = field(default=None, validator=optional(ge(1)))


PLUGIN = Plugin(api_version=1, config=Config)


@hookimpl
def leadgen_caches() -> Iterable[CacheSpec]:
    """The cache tier of this plugin."""
    return (CacheSpec(name="memory", factory="leadgen_memory.cache:MemoryCache", persistent=False),)
