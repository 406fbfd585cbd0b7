"""What several test files share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

__all__ = ["shared"]


def shared(*parts: str) -> Path:
    """A path in the folder of recorded answers that stands beside the checkout, or a skip with the reason.

    ``LEADGEN_SHARED`` names the folder elsewhere. It is never copied into the repository.
    """
    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ.get("LEADGEN_SHARED") or root.parent / "shared")
    path = folder.joinpath("data", *parts)
    if not path.exists():
        pytest.skip(f"recorded data {'/'.join(parts)} is not beside this checkout")
    return path
