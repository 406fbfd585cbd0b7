"""The folder of recorded answers, where it stands beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def register_data() -> Path:
    """``data/companies-house`` of the shared folder (LEADGEN_SHARED, or ``shared`` in a folder above this one).

    It holds personal data of the public register and is never copied into the repository; without it the tests
    that read it are skipped.
    """
    named = os.environ.get("LEADGEN_SHARED")
    roots = [Path(named)] if named else [folder / "shared" for folder in Path(__file__).resolve().parents]
    for root in roots:
        if (root / "data" / "companies-house").is_dir():
            return root / "data" / "companies-house"
    pytest.skip("the recorded answers (shared/data/companies-house) are not beside this checkout")
