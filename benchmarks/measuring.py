"""Processes, their CPU and memory: what ``wait4`` says of a child and of all the children that it waited for."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any

__all__ = ["HERE", "Process", "Server", "Spread", "run", "run_to", "write_input"]

HERE = Path(__file__).parent
_LONGEST = 1800.0
"""Seconds after which a contestant is ended."""


class Process:
    """How a process ended: CPU (user and system, its children's too) and wall seconds, peak memory in MB."""

    def __init__(self, code: int, began: float, wall: float, usage: resource.struct_rusage, errors: str) -> None:
        self.code = code
        self.began = began
        self.wall = wall
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak_mb = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
        self.errors = errors


def run(command: Sequence[str], *, cwd: Path, environ: Mapping[str, str], accept: Sequence[int] = (0,)) -> Process:
    """Run to the end. Raises ``SystemExit`` with what it printed when it ends otherwise than expected."""
    log = cwd / "stderr.txt"
    with log.open("wb") as errors:
        began = time.monotonic()
        child = subprocess.Popen(
            command, cwd=cwd, env=dict(environ), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors
        )
        alarm = threading.Timer(_LONGEST, lambda: os.kill(child.pid, signal.SIGKILL))
        alarm.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        alarm.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(encoding="utf-8", errors="replace")
    if child.returncode not in accept:
        raise SystemExit(f"{' '.join(command)}\nended with {child.returncode}:\n{text[-4000:]}")
    return Process(child.returncode, began, wall, usage, text)


def run_to(
    command: Sequence[str], *, cwd: Path, environ: Mapping[str, str], moment: Callable[[], float | None]
) -> tuple[float, float]:
    """Run until ``moment()`` gives a time of ``time.monotonic``, then kill. Wall and CPU seconds up to there."""
    with (cwd / "stderr.txt").open("wb") as errors:
        moment()  # of the run before
        began = time.monotonic()
        child = subprocess.Popen(command, cwd=cwd, env=dict(environ), stdout=subprocess.DEVNULL, stderr=errors)
        while (at := moment()) is None and time.monotonic() - began < 60:
            time.sleep(0.002)
        child.kill()
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if at is None:
        raise SystemExit(f"{' '.join(command)} asked nothing")
    return at - began, usage.ru_utime + usage.ru_stime


class Server:
    """``with Server(...) as server``: the register-like server in a process of its own."""

    def __init__(self, companies: int, latency_ms: float = 0.0, *, faults: bool = False) -> None:
        """``latency_ms`` infinite: it never answers."""
        command = [sys.executable, str(HERE / "server.py"), "--companies", str(companies)]
        if faults:
            command.append("--faults")
        self._process = subprocess.Popen(
            [*command, "--latency-ms", str(latency_ms)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)

    def count(self) -> int:
        """Requests since this was last asked."""
        return int(self._ask("count"))

    def first(self) -> float | None:
        """When the first request since this was last asked came, by ``time.monotonic``; None before."""
        first = self._ask("first")
        return None if first is None else float(first)

    def faults(self) -> dict[str, int]:
        """Faults since this was last asked, by kind; the draws begin anew."""
        return dict(self._ask("faults"))

    def down(self, seconds: float) -> None:
        """Nobody is at home for so long."""
        self._ask(f"down?{seconds:g}")

    def _ask(self, what: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/-/{what}", timeout=10) as answer:
            return json.load(answer)


class Spread:
    """The median of some numbers, with their least and greatest."""

    def __init__(self, values: Sequence[float]) -> None:
        self.values = list(values)
        self.median = median(values)
        self.least, self.most = min(values), max(values)

    def json(self) -> dict[str, float | int]:
        """Plain data."""
        return {"median": self.median, "min": self.least, "max": self.most, "runs": len(self.values)}


def write_input(path: Path, numbers: Sequence[str]) -> Path:
    """The companies as the CSV that every contestant reads."""
    path.write_text("company_number\n" + "".join(f"{number}\n" for number in numbers), encoding="utf-8")
    return path
