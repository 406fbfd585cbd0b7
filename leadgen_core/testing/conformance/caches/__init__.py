"""What is asked of a cache tier, an ``aiocache.BaseCache``: what the gateway and its operators rely on.

``values`` (what goes in comes out), ``lifetimes``, ``namespaces`` (keys, bounds, who wipes what), ``safety``.
"""

from leadgen_core.testing.conformance.caches import lifetimes, namespaces, safety, values

__all__ = ["lifetimes", "namespaces", "safety", "values"]
