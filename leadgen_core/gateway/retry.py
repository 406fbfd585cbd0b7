"""Retry: what a failed attempt is worth, and the end of every call that gets no answer.

The loop is our own and not stamina's: waits and chance are injected with the clock, the decision is taken on an
answer that was classified and not on an exception, and nothing is built for a call that succeeds at once.
"""

from __future__ import annotations

from typing import NoReturn, Protocol

from leadgen_core.clock import Clock
from leadgen_core.contracts.api import Exhausted, Failed, Malformed, Nothing, Ok, Refused, RetryAt
from leadgen_core.contracts.status import retry_after
from leadgen_core.events import Events, Throttled
from leadgen_core.gateway.exchange import Call, Result, moment
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.model.records import define

__all__ = ["Budget", "Retry"]

_BASE = 0.5
"""Seconds: the first back-off is drawn from 0 to this."""
_CAP = 8.0
"""Seconds: no back-off is longer."""
_FAILURES = 3
"""Repeats of one call after a failure; a time-out counts as two, for it has cost as much as many failures."""
_REFUSALS = 5
"""Repeats of one call after a refusal by quota."""
_PATIENCE = 60.0
"""Seconds that a failing server may ask to be left alone for while a call waits; beyond that the call ends."""


@define
class Budget:
    """Repeats after failures in one run: ten, or a fifth of its calls, so that a bad hour cannot multiply traffic.

    Refusals by quota are not counted: they wait for the limiter, which admits no more than the quota anyway.
    """

    least: int = 10
    share: float = 0.2
    calls: int = 0
    repeats: int = 0

    def take(self) -> bool:
        """Whether one more repeat is allowed; it is then counted."""
        if self.repeats >= max(self.least, self.share * self.calls):
            return False
        self.repeats += 1
        return True


class _Next(Protocol):
    async def attempt(self, call: Call) -> Result: ...


class Retry:
    """Repeats idempotent calls: a failure after full-jitter back-off, a refusal by quota when its time has come.

    ``limited``: a limiter stands below, is told of each refusal and blocks until then; without one the waiting
    is done here. Advice of the server comes first in both cases.
    """

    def __init__(
        self, api: str, clock: Clock, events: Events, budget: Budget, following: _Next, *, limited: bool
    ) -> None:
        self.calls = 0
        """Calls, however many attempts each took."""
        self._api = api
        self._clock = clock
        self._events = events
        self._budget = budget
        self._next = following
        self._limited = limited

    async def call(self, call: Call) -> Result:
        """The result if it is ``Ok`` or ``Nothing``; everything else ends as ``Unanswered``."""
        self.calls += 1
        self._budget.calls += 1
        failures = refusals = 0
        while True:
            result = await self._next.attempt(call)
            meaning = result.meaning
            if isinstance(meaning, (Ok, Nothing)):
                return result
            if isinstance(meaning, Failed):
                failures += 2 if result.timed_out else 1
                wait = self._back_off(failures)
                advice = retry_after(result.headers, result.received_at)
                if advice is not None:
                    wait = max(wait, advice)
                if not call.operation.idempotent or failures > _FAILURES or wait > _PATIENCE or not self._budget.take():
                    _end(result)
            elif isinstance(meaning, RetryAt):
                refusals += 1
                if not call.operation.idempotent or refusals > _REFUSALS or call.fallback:
                    _end(result)
                wait = self._outwait(meaning.at, result.received_at, refusals)
            else:
                _end(result)
            if wait > 0:
                await self._clock.sleep(wait)
                if isinstance(meaning, RetryAt):
                    self._events.emit(Throttled(self._api, wait, call.operation.quota))

    def _outwait(self, at: float | None, server_time: float, refusals: int) -> float:
        """Seconds to wait here after a refusal by quota; one without a usable time must not be repeated at once."""
        if at is None or at <= server_time:
            return self._back_off(refusals)
        return 0.0 if self._limited else at - server_time

    def _back_off(self, failures: int) -> float:
        """Full jitter: anything from nothing to the doubled step, so that callers do not come back together."""
        return self._clock.rng.uniform(0, min(_CAP, _BASE * 2 ** (failures - 1)))


def _end(result: Result) -> NoReturn:
    meaning = result.meaning
    if isinstance(meaning, RetryAt):
        raise Unanswered(Cause.THROTTLED, "the quota is used up", moment(meaning.at))
    if isinstance(meaning, Exhausted):
        raise Unanswered(Cause.THROTTLED, "the quota is used up for this run", moment(meaning.until))
    if isinstance(meaning, Refused):
        raise Unanswered(Cause.FORBIDDEN, meaning.mend)
    if isinstance(meaning, Malformed):
        raise Unanswered(Cause.MALFORMED, meaning.because)
    because = meaning.because if isinstance(meaning, Failed) else ""
    if not because and result.status is not None:
        because = f"the server answered {result.status}"
    advice = retry_after(result.headers, result.received_at)
    until = None if advice is None else moment(result.received_at + advice)
    raise Unanswered(Cause.TIMEOUT if result.timed_out else Cause.FAILED, because, until)
