"""What cannot be in the quotas that an API declares."""

from __future__ import annotations

from leadgen_core.contracts.api import ApiSpec

__all__ = ["quota_flaw"]


def quota_flaw(api: ApiSpec) -> str | None:
    """Why its quotas cannot be kept, to be read after the API's name; None when they can."""
    if "" in api.quotas:
        return "declares a quota without a name: the rules of its common one stand in windows"
    for name, operation in api.operations.items():
        if operation.quota and operation.quota not in api.quotas:
            return f"declares no quota {operation.quota}, which its operation {name} counts against"
    for name, windows in api.quotas.items():
        # An answer that states a window of this length could not be told to be about the one or the other.
        if len({window.length for window in windows}) < len(windows):
            return f"declares two windows of one length in its quota {name}"
    return None
