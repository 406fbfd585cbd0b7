"""A run over a sandbox, each in a process of its own: nothing on a lead's way is in the process that has the truth.

The sandbox is ``leadgen sandbox``, the run is ``leadgen run`` with every plugin pointed at it by the environment, in
an empty folder, without the caller's configuration. Its only hosts are those of the sandbox: the plugins that it
loads are those whose API is simulated, and the ones below that ask nobody.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Timer
from typing import IO

import attrs
import orjson
from attrs import frozen

from leadgen_core import UsageError, installed_simulators
from leadgen_sandbox.evaluation.delivered import Delivered, read_delivered

__all__ = ["Settings", "deliver", "environment"]

_CLI = (sys.executable, "-P", "-m", "leadgen_core.cli")
_HELPERS = ("identity", "quota", "memory", "files")
_WINDOW = "1"
"""Seconds of a quota window: the quota itself is not what is measured."""
_PATIENCE = (60.0, 0.01)
"""Seconds until the sandbox must listen, and more of them for each company."""
_GRACE = 5.0
_OURS = "LEADGEN_"
_STOPPED = 3

Apis = Mapping[str, Mapping[str, str]]


@frozen(kw_only=True)
class Settings:
    """What world the sandbox makes, and what goes wrong in it."""

    seed: int
    companies: int
    profile: str
    today: date
    faults: Path | None = None

    @property
    def clock(self) -> str:
        """Noon of the world's day: what the servers' clocks and the run's say."""
        return f"{self.today}T12:00:00Z"

    def options(self) -> list[str]:
        """Those of ``leadgen sandbox``."""
        faults = [] if self.faults is None else ["--faults", str(self.faults)]
        return [
            "--port", "0", "--companies", str(self.companies), "--seed", str(self.seed), "--world", self.profile,
            "--window", _WINDOW, "--clock", self.clock, "--until-stdin-ends", *faults,
        ]  # fmt: skip


def deliver(settings: Settings, numbers: Iterable[str]) -> tuple[Delivered, str | None]:
    """Run every number through the pipeline. With it, why the run stopped before its end; None: it did not.

    Raises UsageError when the sandbox or the run does not begin, or breaks.
    """
    with tempfile.TemporaryDirectory(prefix="leadgen-evaluate-") as name, _sandbox(settings) as apis:
        folder = Path(name)
        plugins, environ = environment(apis, os.environ)
        (folder / "in.csv").write_text("company_number\n" + "".join(f"{one}\n" for one in numbers), encoding="utf-8")
        arguments = ["run", "in.csv", "--plugins", ",".join(plugins), "-o", "leads.jsonl", "--clock", settings.clock]
        with (folder / "said").open("w+b") as said:
            done = subprocess.run(  # noqa: S603 - this interpreter, with our words
                [*_CLI, *arguments, "--quiet"],
                cwd=folder,
                env={**environ, "XDG_DATA_HOME": str(folder / "data")},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                check=False,
            )
            last = _last(said)
        if done.returncode not in {0, 1, _STOPPED}:
            raise UsageError(f"the run of the evaluation failed: {last or f'its exit code is {done.returncode}'}")
        try:
            delivered = read_delivered(folder / "leads.jsonl")
        except ValueError as error:
            raise UsageError(f"the run of the evaluation left what cannot be read: {error}") from None
        return delivered, (last or "no reason is known") if done.returncode == _STOPPED else None


def environment(apis: Apis, environ: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """The plugins of the run, and the environment that points each at its simulated API.

    Of ``environ`` everything stays but our own variables: no key of a real API reaches the run.
    """
    kept = {name: value for name, value in environ.items() if not name.startswith(_OURS) or name == "LEADGEN_PLUGINS"}
    plugins = []
    offers, _ = installed_simulators(kept)
    for offer in offers:
        entry = apis.get(offer.spec.api)
        if entry is None:
            continue
        if offer.plugin.name not in plugins:
            plugins.append(offer.plugin.name)
        known = {field.name for field in attrs.fields(type(offer.config))}
        kept |= {_variable(offer.plugin.name, key): value for key, value in entry.items() if key in known}
    kept[_variable("run", "installation_key")] = "installation-key-of-the-evaluation"
    return [*plugins, *(name for name in _HELPERS if name not in plugins)], kept


def _variable(section: str, key: str) -> str:
    return f"{_OURS}{section.replace('-', '_')}__{key}".upper()


# --- the sandbox ----------------------------------------------------------------------------------------------


@contextmanager
def _sandbox(settings: Settings) -> Iterator[Apis]:
    """``leadgen sandbox`` while this is open; what it says of its APIs. It cannot outlive this process."""
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603 - this interpreter, with our words
            [*_CLI, "sandbox", *settings.options()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env={k: v for k, v in os.environ.items() if not k.startswith(_OURS) or k == "LEADGEN_PLUGINS"},
            start_new_session=True,  # Ctrl-C is for the run first
        )
        try:
            line = _first_line(child, _PATIENCE[0] + _PATIENCE[1] * settings.companies)
            if not line:
                child.wait()
                why = _last(said) or "it ended, or took too long"
                raise UsageError(f"the sandbox did not start: {why}")
            yield _apis(line)
        finally:
            _end(child)


def _first_line(child: subprocess.Popen[bytes], seconds: float) -> bytes:
    """Empty when the process ends without one, or is ended because it takes too long."""
    timer = Timer(seconds, child.kill)
    timer.start()
    try:
        return child.stdout.readline() if child.stdout is not None else b""
    finally:
        timer.cancel()


def _apis(line: bytes) -> Apis:
    try:
        apis = orjson.loads(line)
        checked = {str(name): {str(key): str(value) for key, value in entry.items()} for name, entry in apis.items()}
    except (orjson.JSONDecodeError, AttributeError):
        raise UsageError("the first line of leadgen sandbox is not the JSON object that it should be") from None
    return checked


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()


def _last(said: IO[bytes]) -> str:
    """The last line that a process wrote to standard error."""
    said.seek(0)
    lines: Sequence[str] = said.read().decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return last.removeprefix("leadgen: ")
