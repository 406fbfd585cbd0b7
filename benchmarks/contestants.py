"""Who takes part, and how each is started: leadgen, and the scripts in ``peers/`` in environments of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from measuring import HERE

__all__ = ["PEERS", "command", "environ", "interpreter", "leadgen", "version"]

PEERS = {
    "raw-aiohttp": "raw_aiohttp.py",
    "careful-aiohttp": "careful_aiohttp.py",
    "httpx-aiohttp": "httpx_aiohttp_peer.py",
    "companies-house": "companies_house_peer.py",
    "requests-threads": "requests_threads.py",
    "scrapy": "scrapy_peer.py",
    "dlt": "dlt_peer.py",
    "singer-sdk": "singer_peer.py",
    "airbyte-cdk": "airbyte_peer.py",
}
"""Name to script. The first is what the others are compared with."""
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE")


@cache
def interpreter(peer: str) -> str:
    """The Python of this peer's environment, which uv makes of the script's own header, once."""
    script = str(HERE / "peers" / PEERS[peer])
    subprocess.run(["uv", "sync", "--quiet", "--script", script], check=True)  # noqa: S603, S607
    found = subprocess.run(  # noqa: S603
        ["uv", "python", "find", "--script", script],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    return found.stdout.strip()


@cache
def leadgen() -> str:
    """The console script ``leadgen``: that of ``BENCHMARK_LEADGEN``, else of this interpreter's environment."""
    return os.environ.get("BENCHMARK_LEADGEN") or str(Path(sys.executable).with_name("leadgen"))


def version(peer: str) -> str:
    """The first dependency that the peer's header names, with its version."""
    lines = (HERE / "peers" / PEERS[peer]).read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith("# dependencies"))
    return line.partition("[")[2].rstrip("]").replace('"', "").replace("==", " ")


def environ(name: str, url: str, home: Path) -> Mapping[str, str]:
    """What a contestant sees of this process's environment, and its own configuration."""
    kept = {key: value for key, value in os.environ.items() if key in _KEPT}
    if name.startswith("leadgen"):
        return {
            **kept,
            "XDG_DATA_HOME": str(home),
            "LEADGEN_COMPANIES_HOUSE__BASE_URL": url,
            "LEADGEN_COMPANIES_HOUSE__API_KEY": "benchmark-key",
        }
    return {**kept, "PYTHONDONTWRITEBYTECODE": "", "HOME": str(home)}


def command(name: str, url: str, source: Path, output: Path, concurrency: int = 20) -> list[str]:
    """The command line of one run."""
    if name.startswith("leadgen"):
        return [leadgen(), "run", str(source), "-o", str(output), "--concurrency", str(concurrency)]
    script = str(HERE / "peers" / PEERS[name])
    arguments = ["--base-url", url, "--input", str(source), "--output", str(output)]
    return [interpreter(name), script, *arguments, "--concurrency", str(concurrency)]
