"""The HTTP library is imported on the side, and nothing that goes wrong there is seen there."""

from __future__ import annotations

import subprocess
import sys

import pytest

_USED = "from leadgen_core.cli import ahead; ahead.begin(); import aiohttp; print(aiohttp.ClientSession.__name__)"
_BROKEN = "import sys; sys.modules['aiohttp'] = None; from leadgen_core.cli import ahead; ahead.begin(); print('on')"
_ENDS = "from leadgen_core.cli import ahead; ahead.begin(); raise SystemExit(2)"


@pytest.mark.parametrize(
    ("program", "code", "says"),
    [(_USED, 0, "ClientSession"), (_BROKEN, 0, "on"), (_ENDS, 2, "")],
    ids=["used at once", "cannot be imported", "the process ends at once"],
)
def test_an_import_ahead_changes_nothing_but_time(program: str, code: int, says: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip(), done.stderr) == (code, says, "")
