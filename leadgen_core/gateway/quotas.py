"""Quotas: one stage for each quota of an API, and word of windows that lie on the clock.

Whatever belongs to one quota (its door, its waiters, what is known of it) stands in its own stage, so neither a full
window nor a refusal of one endpoint holds up another. An API with one quota has that stage alone and pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from attrs import evolve

from leadgen_core.contracts.api import ApiSpec, Window
from leadgen_core.contracts.protocols import Meter
from leadgen_core.gateway.exchange import Call, Result
from leadgen_core.gateway.quota import Quota

__all__ = ["Quotas", "meters", "speaking", "tightest"]


class Quotas:
    """The stages by the name of their quota."""

    def __init__(self, stages: Mapping[str, Quota]) -> None:
        self._stages = stages

    def attempt(self, call: Call) -> Coroutine[Any, Any, Result]:
        """An attempt under the quota that the call's operation counts against."""
        return self._stages[call.operation.quota].attempt(call)

    @property
    def dead(self) -> str | None:
        """Why no request may go to this API any more, None while one may under any quota."""
        reasons = [stage.dead for stage in self._stages.values()]
        return None if None in reasons else "; ".join(dict.fromkeys(reason for reason in reasons if reason))


def meters(spec: ApiSpec, credential: str, cap: int | None) -> dict[str, Meter]:
    """A meter for each quota that an operation counts against; the common one, if it is among them, has no name."""
    names = dict.fromkeys(operation.quota for operation in spec.operations.values()) or {"": None}
    return {name: Meter(spec.name, credential, _rules(spec, name), cap, name) for name in names}


def _rules(spec: ApiSpec, quota: str) -> tuple[Window, ...]:
    """As limiters know them: limit and length."""
    return tuple(Window(window.limit, window.length) for window in spec.rules(quota))


def speaking(spec: ApiSpec, quota: str) -> ApiSpec:
    """The spec as the stage of one quota needs it: what answers say includes the end of windows on the clock."""
    clocked = [window for window in spec.rules(quota) if window.resets_at is not None]
    return evolve(spec, read_windows=_clocked(clocked, spec.read_windows)) if clocked else spec


_Read = Callable[[Mapping[str, str], float], Sequence[Window]]


def _clocked(rules: Sequence[Window], read: _Read | None) -> _Read:
    """What ``read`` reads, and of each rule of whose length it says nothing, when its present window ends."""

    def read_windows(headers: Mapping[str, str], received_at: float) -> Sequence[Window]:
        said = () if read is None else read(headers, received_at)
        lengths = {window.length for window in said}
        return [*said, *(_present(rule, received_at) for rule in rules if rule.length not in lengths)]

    return read_windows


def _present(rule: Window, now: float) -> Window:
    ends = rule.resets_at or 0.0
    return Window(rule.limit, rule.length, None, ends + ((now - ends) // rule.length + 1.0) * rule.length)


def tightest(windows: Sequence[Window]) -> Window | None:
    """The window with the fewest calls left."""
    return min(windows, key=lambda window: window.limit if window.remaining is None else window.remaining, default=None)
