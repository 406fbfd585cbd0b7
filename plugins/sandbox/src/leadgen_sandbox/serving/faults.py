"""Faults: what can go wrong in front of a simulator, how often or when, and which request it hits.

Nothing here does anything to a request (``acting`` does) or reads a file (``faults_file`` does).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from hashlib import blake2b

from attrs import define, field, frozen

__all__ = ["PARAMETERS", "ApiFaults", "Fault", "Kind", "Parameter", "Script", "Scripted"]

_TARGETS = 500_000
"""Targets whose requests are counted; past that, counting begins anew, so that memory stays bounded."""


class Kind(StrEnum):
    """What goes wrong. ``plugins/sandbox/FAULTS.md`` says what a client sees."""

    THROTTLED = "429"
    FAILED = "500"
    BAD_GATEWAY = "502-html"
    SLOW = "slow"
    STALL = "stall"
    RESET = "reset"
    TRUNCATED = "truncated"
    WRONG_TYPE = "wrong-type"
    SCHEMA_DRIFT = "schema-drift"
    WRONG_KEY = "wrong-key"


@frozen
class Parameter:
    """One parameter of a kind: a number from ``low`` to ``high``, or one of ``choices``."""

    default: float | str | None
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()


PARAMETERS: Mapping[Kind, Mapping[str, Parameter]] = {
    Kind.THROTTLED: {"retry_after": Parameter(1.0, 0.0, 86_400.0)},
    Kind.FAILED: {},
    Kind.BAD_GATEWAY: {},
    Kind.SLOW: {"seconds": Parameter(1.0, 0.0, 3600.0)},
    Kind.STALL: {"seconds": Parameter(None, 0.0, 86_400.0)},
    Kind.RESET: {},
    Kind.TRUNCATED: {"share": Parameter(0.5, 0.0, 1.0)},
    Kind.WRONG_TYPE: {"of": Parameter("values", choices=("values", "content-type"))},
    Kind.SCHEMA_DRIFT: {"how": Parameter("rename", choices=("rename", "add", "wrap"))},
    Kind.WRONG_KEY: {},
}
"""By kind, what can be said of it besides its rate."""


@frozen
class Fault:
    """A fault with its parameters, those of :data:`PARAMETERS` that were not given at their defaults."""

    kind: Kind
    given: Mapping[str, float | str] = field(factory=dict)

    def number(self, name: str) -> float | None:
        """A parameter that is a number; None where it has none."""
        value = self.given.get(name, PARAMETERS[self.kind][name].default)
        return None if value is None else float(value)

    def word(self, name: str) -> str:
        """A parameter that is a word."""
        return str(self.given.get(name, PARAMETERS[self.kind][name].default))


@frozen(kw_only=True)
class Script:
    """A fault for the requests from the ``nth`` on, ``count`` of them, whose ``path?query`` ``path`` is found in."""

    fault: Fault
    path: str = ""
    nth: int = 1
    count: int = 1


@frozen(kw_only=True)
class ApiFaults:
    """All that goes wrong in front of one API. ``rates``: shares of all requests, at most 1 together."""

    rates: Sequence[tuple[Fault, float]] = ()
    scripts: Sequence[Script] = ()
    window_phase: float = 0.0
    """Seconds of the first quota window that are over already when its first call comes."""


@define
class Scripted:
    """Chooses the fault of each request: by script, else by a draw.

    A draw depends on the seed, the API, the request and how often it has come, and on nothing else: the same
    request meets the same fault whatever else is asked, in which order and how fast, and its repetition is drawn
    anew.
    """

    _seed: int
    _api: str
    _faults: ApiFaults
    _patterns: list[re.Pattern[str]] = field(init=False)
    _matched: list[int] = field(init=False)
    _came: Counter[str] = field(init=False, factory=Counter)
    _key: bytes = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._patterns = [re.compile(script.path) for script in self._faults.scripts]
        self._matched = [0] * len(self._patterns)
        self._key = blake2b(f"{self._seed}/{self._api}".encode(), digest_size=32).digest()

    def take(self, method: str, target: str) -> Fault | None:
        """The fault of this request (``target``: ``path?query``), which is counted; None: none."""
        chosen: Fault | None = None
        for place, script in enumerate(self._faults.scripts):
            if self._patterns[place].search(target):
                self._matched[place] += 1
                if chosen is None and script.nth <= self._matched[place] < script.nth + script.count:
                    chosen = script.fault
        if chosen is not None or not self._faults.rates:
            return chosen
        return self._drawn(f"{method} {target}")

    def _drawn(self, request: str) -> Fault | None:
        if len(self._came) >= _TARGETS:
            self._came.clear()
        self._came[request] += 1
        text = f"{self._came[request]} {request}".encode("utf-8", "surrogateescape")
        draw = int.from_bytes(blake2b(text, key=self._key, digest_size=7).digest()) / (1 << 56)
        for fault, rate in self._faults.rates:
            if draw < rate:
                return fault
            draw -= rate
        return None
