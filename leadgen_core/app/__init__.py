"""The composition root: settings and plugins become a Workspace that can run. Also the API for notebooks.

workspace = open_workspace(Options(plugins="companies-house,identity,quota,memory,files"))
summary = await workspace.run(RunRequest(input_path="companies.csv"))
await workspace.aclose()
"""

from importlib import import_module
from typing import TYPE_CHECKING

from leadgen_core.app.summary import ApiTally, Summary
from leadgen_core.app.workspace import Options, RunRequest, Workspace, open_workspace

if TYPE_CHECKING:
    from leadgen_core.app.discovery import Discovered, DiscoverRequest

__all__ = [
    "ApiTally",
    "DiscoverRequest",
    "Discovered",
    "Options",
    "RunRequest",
    "Summary",
    "Workspace",
    "open_workspace",
]


def __getattr__(name: str) -> object:
    # A run lists nothing, so it does not wait for what lists.
    if name not in ("DiscoverRequest", "Discovered"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("leadgen_core.app.discovery"), name)
