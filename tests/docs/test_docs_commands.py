"""Every command that a document shows is run as it stands there, page by page, against the sandbox."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.documents import DOCUMENTS, READMES, Block, blocks, place
from tests.packaging.layout import ROOT

pytestmark = pytest.mark.soak

_LEADGEN = Path(sys.executable).parent / "leadgen"
_COMMAND = re.compile(r"(?:^|&& |uv run )(leadgen .*)")
_FOREVER = ("leadgen sandbox", "leadgen monitor")
_SECONDS = 120


@pytest.fixture(scope="module")
def apis() -> Iterator[dict[str, str]]:
    """The environment in which each API is a simulated one."""
    server = subprocess.Popen(
        [_LEADGEN, "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert server.stdout is not None
    offered = json.loads(server.stdout.readline())
    yield {
        f"LEADGEN_{api}__{key}".upper().replace("-", "_"): value
        for api, keys in offered.items()
        for key, value in keys.items()
    }
    server.send_signal(signal.SIGTERM)
    assert server.wait(20) == 0
    server.stdout.close()


def shown(block: Block) -> list[str]:
    """The lines of a block that are commands of ours, or set a variable of ours."""
    text = block.text.replace("\\\n", " ")
    lines = (line.partition("  #")[0].rstrip() for line in text.splitlines())
    found = (line if line.startswith("export LEADGEN_") else _COMMAND.search(line) for line in lines)
    return [each if isinstance(each, str) else each[1] for each in found if each]


PAGES = [page for page in [*DOCUMENTS, *READMES] if any(shown(block) for block in blocks(page) if block.runs)]


@pytest.mark.parametrize("document", PAGES, ids=place)
def test_what_a_page_shows_runs(document: Path, apis: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copy(ROOT / "examples" / "companies.csv", tmp_path / "companies.csv")
    environ = {
        **os.environ,
        **apis,
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "PATH": f"{_LEADGEN.parent}{os.pathsep}{os.environ['PATH']}",
    }
    for block in blocks(document):
        if block.relation == "writes" and block.path is not None:
            (tmp_path / block.path).write_text(block.text)
        if not block.runs:
            continue
        lines = shown(block)
        for line in lines:
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").partition("=")
                if value != "...":  # the sandbox's stays
                    environ[name] = value
                continue
            expected = block.exit_code if line == lines[-1] else 0
            assert run(line, tmp_path, environ) == expected, line


def run(line: str, folder: Path, environ: dict[str, str]) -> int:
    """Its exit code; one that serves until it is told to end is told so as soon as it serves."""
    process = subprocess.Popen(
        ["bash", "-c", f"exec {line}" if "|" not in line else line],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if not line.startswith(_FOREVER) else subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        if line.startswith(_FOREVER):
            assert process.stdout is not None
            assert process.stdout.readline(), line
            process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=_SECONDS)
        print(f"$ {line}\n{output}")  # noqa: T201 - shown when the test fails
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return process.returncode


def test_there_are_pages_and_commands_to_run() -> None:
    count = sum(len(shown(block)) for page in PAGES for block in blocks(page) if block.runs)
    assert count >= 25
    assert {"README.md", "docs/first-ten-minutes.md", "docs/runbook.md"} <= {place(page) for page in PAGES}
