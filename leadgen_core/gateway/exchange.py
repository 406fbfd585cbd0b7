"""What passes between the stages: a call on its way down, a result on its way up, the ticket of one request.

These are made for every request, so they are small and not frozen; nobody but their maker changes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from attrs import field

from leadgen_core.contracts.api import ApiSpec, Meaning, Nothing, Ok, Operation, Request, Window
from leadgen_core.contracts.protocols import Permit, PermitExpired, Wish
from leadgen_core.model.answers import Unanswered
from leadgen_core.model.records import define

__all__ = ["BULK", "NOTHING", "OK", "Call", "ResentError", "Result", "Ticket", "again", "moment"]

OK = Ok()
NOTHING = Nothing()
BULK = Wish()
"""Of nobody in particular."""


@define
class Call:
    """One call of an API, however many attempts it takes.

    ``conditional``: a 304 is an answer. ``fallback``: an old answer stands by, so nobody waits for a used-up quota.
    """

    name: str
    operation: Operation
    request: Request
    wish: Wish = BULK
    conditional: bool = False
    fallback: bool = False

    @classmethod
    def of(cls, spec: ApiSpec, name: str, request: Request, wish: Wish = BULK) -> Call:
        return cls(name, spec.operations[name], request, wish)


@define
class Result:
    """How one request ended. ``status`` is None when no answer came; ``url`` is what was asked, with its query.

    ``received_at`` is the server's time of the answer (epoch seconds). ``location`` is set for a redirect that
    is still to be followed, ``timed_out`` for a ``Failed`` that was a time-out. ``windows`` is what the answer
    says of the quota.
    """

    meaning: Meaning
    body: Any = None
    url: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(factory=dict)
    received_at: float = 0.0
    timed_out: bool = False
    location: str | None = None
    windows: Sequence[Window] = ()

    def part(self, body: Any) -> Result:
        """The result for one key of several; None says that there is nothing."""
        return Result(NOTHING if body is None else OK, body, self.url, self.status)


class ResentError(Exception):
    """The HTTP library tried to send one request a second time by itself, which no permit covers."""


class Ticket:
    """One request's place in the quota. Exactly one ending of its permit is used, whatever happens.

    ``was_sent`` tells whether the first byte left. ``broken`` is the type of an exception that the limiter
    raised; a limiter that fails must not change what an answer means. ``expired``: the permit was void when the
    request was to be sent, so it was not.
    """

    __slots__ = ("_permit", "broken", "expired", "was_sent")

    def __init__(self, permit: Permit | None = None) -> None:
        self._permit = permit
        self.was_sent = False
        self.expired = False
        self.broken: str | None = None

    def sent(self) -> None:
        """The wire calls this at the moment the request goes out.

        Raises ``ResentError`` the second time, so that nothing is ever sent twice on one permit, and
        ``PermitExpired`` when the permit is void: nothing is sent then.
        """
        if self.was_sent:
            raise ResentError
        if self._permit is not None:
            try:
                self._permit.sent()
            except PermitExpired:
                self.expired = True
                raise
            except Exception as error:
                self.broken = type(error).__name__
        self.was_sent = True

    def give_back(self) -> None:
        """No answer will come: nothing was sent, or the connection broke, or nobody waits any more."""
        permit, self._permit = self._permit, None
        if permit is not None:
            try:
                permit.give_back()
            except Exception as error:
                self.broken = type(error).__name__

    def answered(self, windows: Sequence[Window], server_time: float) -> None:
        """An answer came that is no refusal by quota."""
        permit, self._permit = self._permit, None
        if permit is not None:
            try:
                permit.answered(windows, server_time)
            except Exception as error:
                self.broken = type(error).__name__

    def refused(self, retry_at: float | None, windows: Sequence[Window], server_time: float) -> None:
        """The quota refused it."""
        permit, self._permit = self._permit, None
        if permit is not None:
            try:
                permit.refused(retry_at, windows, server_time)
            except Exception as error:
                self.broken = type(error).__name__


def again(error: BaseException) -> BaseException:
    """The same failure for one more waiter.

    One instance raised by a hundred waiters would collect a hundred tracebacks.
    """
    if isinstance(error, Unanswered):
        return Unanswered(error.cause, error.because, error.until)
    return error


@lru_cache(maxsize=64)
def moment(epoch: float | None) -> datetime | None:
    """Epoch seconds as UTC; None for what no calendar holds. A run stamps many records of the same few seconds."""
    if epoch is None:
        return None
    try:
        return datetime.fromtimestamp(epoch, UTC)
    except (OverflowError, ValueError, OSError):
        return None
