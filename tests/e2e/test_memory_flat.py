"""10,000 companies keep memory flat: within 10 MB of the peak at 1,000."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.kit import Home
from tests.replay.fixtures import MakeRegisterProcess


def peak(home: Home, companies: int) -> float:
    """Peak memory in MB of a run over this many."""
    home.write([f"{place:08d}" for place in range(1, companies + 1)])
    done = home.run("-o", f"{companies}.jsonl", "-o", f"{companies}.csv")
    assert done.code == 0, done.err
    with (home.path / f"{companies}.jsonl").open("rb") as leads:
        assert sum(1 for _ in leads) == companies
    match = re.search(r"peak memory (\d+) MB", done.err)
    assert match is not None, done.err
    return float(match.group(1))


@pytest.mark.soak
def test_memory_is_flat(tmp_path: Path, register_process: MakeRegisterProcess) -> None:
    home = Home.at(tmp_path, register_process(limit=10_000_000))
    small = peak(home, 1_000)
    large = peak(home, 10_000)
    assert large <= small + 10, f"{small} MB at 1,000 companies, {large} MB at 10,000"
