"""The composition root: settings and plugins become a Workspace that can run. Also the API for notebooks.

workspace = open_workspace(Options(plugins="companies-house,identity,quota,memory,files"))
summary = await workspace.run(RunRequest(input_path="companies.csv"))
await workspace.aclose()
"""

from leadgen_core.app.discovery import Discovered, DiscoverRequest
from leadgen_core.app.summary import ApiTally, Summary
from leadgen_core.app.workspace import Options, RunRequest, Workspace, open_workspace

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
