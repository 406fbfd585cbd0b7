"""The gateway: the only code that opens a connection to an API.

One stage a file, in the order in which a question passes them: flight, cache (``caching``), batch
(``batching``), retry, breaker, quota, auth, wire; ``gateway`` puts them together.
"""

from leadgen_core.gateway.caching import Tier
from leadgen_core.gateway.gateway import Binding, Gateway, ProbeResult

__all__ = ["Binding", "Gateway", "ProbeResult", "Tier"]
