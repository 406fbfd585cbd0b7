"""What is asked of a cache tier, an ``aiocache.BaseCache``: what the gateway and its operators rely on.

``values`` (what goes in comes out), ``lifetimes``, ``namespaces`` (keys, bounds, who wipes what), ``histories``,
``safety``.
"""

from leadgen_core.testing.conformance.caches import histories, lifetimes, namespaces, safety, values

__all__ = ["histories", "lifetimes", "namespaces", "safety", "values"]
