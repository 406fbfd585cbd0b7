"""A register that runs: in a thread of this process, or as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from tests.replay.checker import Violation
from tests.replay.control import Control
from tests.replay.faults import Fault
from tests.replay.remote import RemoteControl
from tests.replay.server import Options, Server

__all__ = ["RegisterProcess", "RegisterThread", "default_options"]

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 30.0


def default_options(**changes: Any) -> Options:
    """Options with the shared folders filled in; skips the test when they are not beside the checkout."""
    if not {"recorded", "specs"} <= changes.keys():
        from tests.support import shared  # it imports pytest, which the process need not carry

        changes.setdefault("recorded", shared("companies-house", "recorded"))
        changes.setdefault("specs", shared("companies-house", "openapi"))
    return Options(**changes)


class RegisterThread:
    """A register in a thread with its own event loop, so that synchronous tests and child processes can use it.

    A context manager. All that can be seen and steered is on ``control``.
    """

    def __init__(self, **options: Any) -> None:
        self.options = default_options(**options)
        self.key = self.options.keys[0] if self.options.keys else ""
        self.token = self.options.tokens[0] if self.options.tokens else ""
        self.base_url = ""
        self._server = Server(self.options)
        self.control: Control = self._server.control
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None

    @property
    def violations(self) -> list[Violation]:
        """What the specifications say against the requests so far."""
        return self.control.violations

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, args=(self._loop,), name="replay-register", daemon=True)
        self._thread.start()
        self._ready.wait(_PATIENCE)
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop, cutting what is still open. Twice does nothing."""
        if self._loop is not None and self._thread is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_PATIENCE)

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            try:
                self.base_url = loop.run_until_complete(self._server.start())
            except OSError as failure:
                self._failure = failure
                return
            finally:
                self._ready.set()
            loop.run_forever()
        finally:
            loop.run_until_complete(self._server.aclose())
            loop.run_until_complete(loop.shutdown_asyncgens())
            asyncio.set_event_loop(None)
            loop.close()


class RegisterProcess:
    """A register as its own process; the methods of ``control`` go over HTTP. A context manager.

    Options as :class:`~tests.replay.server.Options`, but ``known`` and ``now`` (``unknown`` and ``offset`` are
    the ones that can be handed over).
    """

    def __init__(self, **options: Any) -> None:
        self.options = default_options(**options)
        self.key = self.options.keys[0] if self.options.keys else ""
        self.token = self.options.tokens[0] if self.options.tokens else ""
        self._script: Path | None = None
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.replay", "--port", "0", *self._arguments()], cwd=_ROOT, stdout=subprocess.PIPE
        )
        pipe = self._child.stdout
        line = pipe.readline() if pipe is not None else b""
        if not line:
            self.close()
            raise RuntimeError("the register's process ended before it listened")
        self.base_url: str = orjson.loads(line)["base_url"]
        self.control = RemoteControl(self.base_url)

    @property
    def violations(self) -> list[Violation]:
        """What the specifications say against the requests so far."""
        return self.control.violations

    @property
    def pid(self) -> int:
        return self._child.pid

    def _arguments(self) -> list[str]:
        chosen = self.options
        arguments = ["--recorded", str(chosen.recorded), "--specs", str(chosen.specs)]
        arguments += ["--limit", str(chosen.limit), "--window", str(chosen.window), "--offset", str(chosen.offset)]
        for key in chosen.keys:
            arguments += ["--key", key]
        for token in chosen.tokens:
            arguments += ["--token", token]
        for name in sorted(chosen.tolerate):
            arguments += ["--tolerate", name]
        if chosen.unknown is not None:
            arguments += ["--unknown", chosen.unknown]
        if chosen.marks:
            arguments.append("--marks")
        if chosen.faults:
            handle, name = tempfile.mkstemp(suffix=".json")
            with os.fdopen(handle, "wb") as file:
                file.write(orjson.dumps([fault.to_json() for fault in chosen.faults]))
            self._script = Path(name)
            arguments += ["--faults", name]
        return arguments

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> int:
        """SIGTERM, then the exit code; SIGKILL when it does not listen. Twice does nothing more."""
        if self._child.poll() is None:
            self._child.send_signal(signal.SIGTERM)
            try:
                self._child.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self._child.kill()
        if self._child.stdout is not None:
            self._child.stdout.close()
        if self._script is not None:
            self._script.unlink(missing_ok=True)
        return self._child.wait()


def faults_from(path: Path) -> tuple[Fault, ...]:
    """A script from a JSON file: a list of faults."""
    return tuple(Fault.from_json(raw) for raw in orjson.loads(path.read_bytes()))
