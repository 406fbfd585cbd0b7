"""What a test sees and steers while the server runs: the log, counts, waits, the gate, the script of faults.

Every method may be called from any thread.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from attrs import define, field

from tests.replay.checker import Violation
from tests.replay.faults import Fault, Faults
from tests.replay.quota import Quota

__all__ = ["Control", "Entry", "Stage"]

_KEPT = 500_000
_VIOLATIONS = 1000


class Stage(StrEnum):
    """What can be waited for."""

    ARRIVED = "arrived"
    """The request is read."""
    HELD = "held"
    """Its answer is ready and stands at the gate."""
    ANSWERED = "answered"
    """Its answer goes to the socket."""


@define
class Entry:
    """One request. ``target``: ``path?query`` as it came; ``credential``: ``key:0``, ``token:0``, never the key itself.

    ``headers`` without the key, names in lower case; ``status``: None while it is not answered (0: the connection
    was reset, or the answer stalled); ``time``: epoch seconds of arrival by the server's clock.
    """

    method: str
    path: str
    query: list[tuple[str, str]]
    target: str
    headers: tuple[tuple[str, str], ...]
    time: float
    credential: str | None = None
    status: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "target": self.target,
            "headers": self.headers,
            "time": self.time,
            "credential": self.credential,
            "status": self.status,
        }


@define(eq=False)
class _Watch:
    pattern: re.Pattern[str]
    stage: Stage
    left: int
    done: Callable[[], object]


@define(eq=False)
class _Gate:
    pattern: re.Pattern[str]
    after: int
    opened: asyncio.Event
    held: list[Entry] = field(factory=list)


class Control:
    """The state that a test looks at. The server reports to it from its own loop."""

    def __init__(self, quota: Quota) -> None:
        self.faults = Faults()
        self.quota = quota
        self.max_concurrency = 0
        """Most requests that were open at once. Without a gate or a delay an answer takes no time: then it is 1."""
        self._lock = threading.Lock()
        self._log: deque[Entry] = deque(maxlen=_KEPT)
        self._violations: list[Violation] = []
        self._watches: list[_Watch] = []
        self._gate: _Gate | None = None
        self._open = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    # --- for tests ------------------------------------------------------------------------------------------

    @property
    def violations(self) -> list[Violation]:
        """What the specifications say against the requests so far (the first thousand)."""
        with self._lock:
            return list(self._violations)

    def log(self, path: str = "") -> list[Entry]:
        """The requests so far whose ``path?query`` has a match of this regular expression, in order of arrival."""
        pattern = re.compile(path)
        with self._lock:
            entries = list(self._log)
        return [entry for entry in entries if pattern.search(entry.target)]

    def count(self, path: str = "", *, status: int | None = None) -> int:
        """How many of :meth:`log`; ``status``: of these only the ones that were answered so."""
        return sum(1 for entry in self.log(path) if status is None or entry.status == status)

    @property
    def held(self) -> int:
        """How many answers stand at the gate now."""
        gate = self._gate
        return len(gate.held) if gate is not None else 0

    @property
    def refused(self) -> int:
        """Calls that were over the quota since the start or the last reset."""
        return self.quota.refused

    def hold(self, path: str = "", *, after: int = 0) -> None:
        """Shut the gate: after so many more matching requests, answers are held until :meth:`release`."""
        self.release()
        self._gate = _Gate(re.compile(path), after, asyncio.Event())

    def release(self) -> None:
        """Open the gate and let go of everything that stands there."""
        gate, self._gate = self._gate, None
        if gate is None:
            return
        if self._loop is None or self._loop.is_closed():
            gate.opened.set()
        else:
            self._loop.call_soon_threadsafe(gate.opened.set)

    def script(self, *faults: Fault) -> None:
        """Replace the script of faults."""
        self.faults.set(faults)

    def set_quota(self, limit: int | None = None, window: float | None = None) -> None:
        """Change limit or length (seconds); windows that are open keep their end."""
        if limit is not None:
            self.quota.limit = limit
        if window is not None:
            self.quota.length = window

    def reset(self) -> None:
        """Forget log, violations, script, open windows; open the gate."""
        self.release()
        self.faults.set(())
        self.quota.forget()
        with self._lock:
            self._log.clear()
            self._violations.clear()
            self.max_concurrency = self._open

    def wait(self, count: int, path: str = "", *, stage: Stage | str = Stage.ANSWERED, timeout: float = 10.0) -> None:
        """Block until so many matching requests, counted from the start of the log, have reached a stage.

        Raises :class:`TimeoutError`. It blocks its thread: from a coroutine, ``await asyncio.to_thread(...)``.
        """
        done = threading.Event()
        watch = self.watch(count, path, Stage(stage), done.set)
        try:
            if not done.wait(timeout):
                raise TimeoutError(f"{watch.left} of {count} requests have not {stage} after {timeout:g} s")
        finally:
            self.unwatch(watch)

    # --- for the server -------------------------------------------------------------------------------------

    def watch(self, count: int, path: str, stage: Stage, done: Callable[[], object]) -> _Watch:
        """Call ``done`` once, from the thread that makes it true, perhaps this one."""
        pattern = re.compile(path)
        with self._lock:
            watch = _Watch(pattern, stage, count - self._reached(pattern, stage), done)
            self._watches.append(watch)
        if watch.left <= 0:
            done()
        return watch

    def unwatch(self, watch: _Watch) -> None:
        with self._lock:
            self._watches.remove(watch)

    def _reached(self, pattern: re.Pattern[str], stage: Stage) -> int:
        if stage is Stage.HELD:
            entries: Iterable[Entry] = self._gate.held if self._gate is not None else ()
        else:
            entries = self._log
        answered = stage is Stage.ANSWERED
        return sum(1 for entry in entries if pattern.search(entry.target) and not (answered and entry.status is None))

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def begin(self, entry: Entry) -> None:
        with self._lock:
            self._open += 1
            self.max_concurrency = max(self.max_concurrency, self._open)
            self._log.append(entry)
            done = self._reach(entry, Stage.ARRIVED)
        _call(done)

    def answered(self, entry: Entry, status: int) -> None:
        with self._lock:
            entry.status = status
            done = self._reach(entry, Stage.ANSWERED)
        _call(done)

    def end(self) -> None:
        with self._lock:
            self._open -= 1

    def violate(self, violation: Violation) -> None:
        with self._lock:
            if len(self._violations) < _VIOLATIONS:
                self._violations.append(violation)

    async def pass_gate(self, entry: Entry) -> None:
        """Return at once unless the gate is shut for this request."""
        gate = self._gate
        if gate is None or not gate.pattern.search(entry.target):
            return
        if gate.after > 0:
            gate.after -= 1
            return
        with self._lock:
            gate.held.append(entry)
            done = self._reach(entry, Stage.HELD)
        _call(done)
        try:
            await gate.opened.wait()
        finally:
            with self._lock:
                gate.held.remove(entry)

    def _reach(self, entry: Entry, stage: Stage) -> list[Callable[[], object]]:
        """Count for the watches, under the lock, in one step with the change itself; what is to be called after it."""
        hit = [watch for watch in self._watches if watch.stage is stage and watch.pattern.search(entry.target)]
        for watch in hit:
            watch.left -= 1
        return [watch.done for watch in hit if watch.left == 0]


def _call(done: list[Callable[[], object]]) -> None:
    for call in done:
        call()
