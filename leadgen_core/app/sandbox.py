"""``--sandbox``: the simulated APIs in a process of their own, and every plugin of the run pointed at them.

The core imports no plugin, so the sandbox is the installed command ``leadgen sandbox``. The first line that it
prints says where each API is and which credentials it takes.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import IO, Any, Self

import attrs
import orjson

from leadgen_core.contracts.api import ApiSpec
from leadgen_core.errors import UsageError
from leadgen_core.registry import Opened, PluginFailed, Registry
from leadgen_core.settings import NO_SECRET, Layers

__all__ = ["Sandbox"]

_COMMAND = "sandbox"
_PATIENCE = 60.0
"""Seconds for making the world and listening."""
_GRACE = 5.0
"""Seconds for ending when it is asked to."""
_LONGEST = 1 << 20
"""Bytes of a line."""
_BASE_URL = re.compile(r"http://127\.0\.0\.1:[0-9]{1,5}(?:/[^\s?#]*)?")
_INSTALLATION_KEY = "installation-key-of-the-sandbox"
_OURS = "LEADGEN_"


class Sandbox:
    """``leadgen sandbox`` as a child process that cannot outlive this one. A context manager; close it.

    Raises UsageError when the command is not installed.
    """

    def __init__(self, registry: Registry, environ: Mapping[str, str], cwd: Path) -> None:
        if not any(command.name == _COMMAND for command in registry.commands):
            raise UsageError("--sandbox needs the plugin sandbox, which is not installed: pip install leadgen-sandbox")
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        self._said: list[str] = []
        self._started = False
        self._telling = threading.Lock()
        self._child = subprocess.Popen(  # noqa: S603 - this interpreter, with fixed words
            # -P: no module of the working directory may stand in for one that is installed.
            [sys.executable, "-P", "-m", "leadgen_core.cli", _COMMAND, "--port", "0", "--until-stdin-ends"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            # What is configured for real APIs is no business of a simulator.
            env={key: value for key, value in environ.items() if not key.startswith(_OURS) or key == "LEADGEN_PLUGINS"},
            # Ctrl-C is for the run, which drains; its simulators must live until it is done.
            start_new_session=True,
        )
        self._readers = [
            threading.Thread(target=read, args=(pipe,), name=f"leadgen-{_COMMAND}", daemon=True)
            for read, pipe in ((self._read_first, self._child.stdout), (self._read_words, self._child.stderr))
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def apis(self) -> Mapping[str, Mapping[str, str]]:
        """By name of the API its ``base_url`` and its credentials. Waits for the process; raises UsageError."""
        try:
            line = self._lines.get(timeout=_PATIENCE)
        except Empty:
            raise UsageError(f"the sandbox did not start within {_PATIENCE:.0f} s") from None
        if not line:
            self.close()
            why = self._said[-1] if self._said else f"its process ended with exit code {self._child.returncode}"
            raise UsageError(f"the sandbox did not start: {why.removeprefix('leadgen: ')}")
        with self._telling:
            self._started = True
        return _apis(line)

    @property
    def pid(self) -> int:
        """Of the child."""
        return self._child.pid

    @property
    def base_urls(self) -> frozenset[str]:
        """All that a run may reach."""
        return frozenset(api["base_url"].rstrip("/") for api in self.apis.values())

    def close(self) -> None:
        """End the process, however it stands. Twice does nothing."""
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        for reader in self._readers:
            reader.join(_GRACE)
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def stand_in(self, registry: Registry, asked: tuple[str, ...] | None, layers: Layers) -> tuple[str, ...] | None:
        """Point the plugins of a run at the sandbox; gives ``asked`` as it is to be loaded.

        A plugin that asks an API without a simulator is refused (UsageError) when it was chosen by name, and left
        out when it would be taken automatically: its real key is not even looked for.
        """
        apis = self.apis
        layers.notes.extend(self._said)
        layers.stand_in("run", {"installation_key": _INSTALLATION_KEY})
        chosen, by_name = registry.choose(asked, layers.use)
        without = []
        for installed in chosen:
            try:
                opened = registry.open(installed.name)
            except PluginFailed:
                continue  # loading tells that
            missing = next((api.name for api in _asked(opened, by_name) if api.name not in apis), None)
            if missing is None:
                values = self._values(opened)
                if values:
                    layers.stand_in(installed.name, values)
            elif by_name:
                raise UsageError(
                    f"--sandbox: {installed.name} asks the API {missing}, which no installed plugin simulates; "
                    f"--plugins no:{installed.name} leaves it out"
                )
            else:
                without.append(f"no:{installed.name}")
                layers.notes.append(f"{installed} is left out: no installed plugin simulates its API {missing}")
        return asked if not without else (*(asked or ()), *without)

    def _values(self, opened: Opened) -> dict[str, Any]:
        """What stands in this plugin's section: of each API that it asks or simulates the address and credentials."""
        keys = {field.name for field in attrs.fields(opened.plugin.config)}
        values: dict[str, Any] = {}
        for record in opened.records:
            api = getattr(record.spec, "api", None)
            if isinstance(api, ApiSpec):
                entry = dict(self.apis.get(api.name, {}))
                if "base_url" in entry:
                    entry[api.base_url_field] = entry["base_url"]
                    if api.credential is not None:
                        entry.setdefault(api.credential.field, NO_SECRET)  # its simulator wants none
                        if api.credential.kind_field is not None:
                            entry[api.credential.kind_field] = str(api.credential.kind)
            elif isinstance(api, str):
                entry = dict(self.apis.get(api, {}))
            else:
                continue
            values |= {key: value for key, value in entry.items() if key in keys}
        return values

    # --- its output, each pipe in a thread of its own --------------------------------------------------------

    def _read_first(self, pipe: IO[bytes]) -> None:
        """The first line; whatever comes after it is thrown away, so that the pipe never fills. Empty: it ended."""
        self._lines.put(pipe.readline(_LONGEST))
        while pipe.read(_LONGEST):
            pass

    def _read_words(self, pipe: IO[bytes]) -> None:
        """What it says on standard error: kept until it has started, then told in our own log."""
        from loguru import logger

        while line := pipe.readline(_LONGEST):
            words = line.decode(errors="replace").strip()
            with self._telling:
                if not self._started:
                    self._said.append(words)
                    continue
            logger.warning(f"sandbox: {words}")


def _asked(opened: Opened, by_name: bool) -> Iterator[ApiSpec]:
    """The APIs that the plugin would ask in a run."""
    for record in opened.records:
        api = getattr(record.spec, "api", None)
        if isinstance(api, ApiSpec) and (by_name or record.spec.auto):
            yield api


def _apis(line: bytes) -> dict[str, dict[str, str]]:
    """The first line, checked: what it says is put into configurations."""
    try:
        apis = orjson.loads(line)
        for api in apis.values():
            if not _BASE_URL.fullmatch(api["base_url"]) or not all(isinstance(value, str) for value in api.values()):
                raise ValueError(_COMMAND)
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
        raise UsageError(f"the first line of leadgen {_COMMAND} is not the JSON object that it should be") from None
    checked: dict[str, dict[str, str]] = apis
    return checked
