"""The three answers a source can give, and the outcome that the lead keeps of them.

There is no fourth: an empty list that means "I was throttled" cannot be written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from attrs import field

from leadgen_core.model.claims import Candidate, Claim
from leadgen_core.model.records import frozen

__all__ = ["Absent", "Answer", "Cause", "Found", "Outcome", "State", "Unanswered", "Unknown"]


class Cause(StrEnum):
    """Why a question has no answer. A closed list; the lead's schema prints it."""

    THROTTLED = "throttled"
    FORBIDDEN = "forbidden"
    BREAKER_OPEN = "breaker open"
    TIMEOUT = "timeout"
    FAILED = "failed"
    """The upstream failed: 5xx or a broken connection, after every retry."""
    MALFORMED = "malformed"
    """The upstream answered with something that its documentation does not allow."""
    OVER_BUDGET = "over budget"
    NOT_CONFIGURED = "not configured"
    AMBIGUOUS = "ambiguous"
    PLUGIN_ERROR = "plugin error"


class State(StrEnum):
    """What became of a question."""

    FOUND = "found"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@frozen
class Found:
    """The source found something: ``claims``, and what it handed to ``ctx.keep``.

    ``complete=False`` says that there may be more of it.
    """

    claims: Sequence[Claim] = ()
    complete: bool = True


@frozen
class Absent:
    """The source proved that there is nothing; ``claims`` are what it saw on the way."""

    claims: Sequence[Claim] = ()
    because: str = ""


@frozen
class Unknown:
    """The source cannot say. ``because`` is one sentence without personal data; ``until`` is when to ask again."""

    cause: Cause
    claims: Sequence[Claim] = ()
    because: str = ""
    until: datetime | None = None
    candidates: Sequence[Candidate] = ()


Answer = Found | Absent | Unknown
"""What a source answers: one of three."""


class Unanswered(Exception):
    """Raised by ``ctx.ask`` when there is no reply; it ends ``answer`` unless the source catches it."""

    def __init__(self, cause: Cause, because: str = "", until: datetime | None = None) -> None:
        super().__init__(f"{cause}: {because}" if because else str(cause))
        self.cause = cause
        self.because = because
        self.until = until


@frozen(kw_only=True)
class Outcome:
    """What became of one question for one company: the worst subject's state, and how many had each."""

    state: State
    cause: Cause | None = None
    because: str | None = None
    until: datetime | None = None
    stale_since: datetime | None = None
    asked: int = field(default=0)
    found: int = field(default=0)
    absent: int = field(default=0)
    unknown: int = field(default=0)
