"""The two ways of a GET, for the modules that ask to be tested on both: ``usefixtures("way")``."""

from __future__ import annotations

import pytest

from leadgen_core.gateway import lean


@pytest.fixture(params=["lean", "session"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of a GET: with the aiohttp that ``lean`` knows, and with any other."""
    monkeypatch.setattr(lean, "USABLE", request.param == "lean")
