"""What a source is lent while it answers. Its questions go through the gateway; waiting there is not its own time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import Protocol

from leadgen_core.clock import Clock
from leadgen_core.contracts.lookup import Lookup, Reply
from leadgen_core.engine.patience import Stopwatch
from leadgen_core.errors import Stopped
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.model.claims import Claim, Provenance

__all__ = ["MAX_ASKS", "Asker", "Memory", "NotItsApiError", "SourceContext"]


class Asker(Protocol):
    """The gateway, as far as the engine needs it."""

    async def ask(self, lookup: Lookup, question: str) -> Reply:
        """The reply, or Unanswered."""
        ...


MAX_ASKS = 1000
"""Questions that a source may ask about one subject: paging by hand ends too."""
_MAX_KEPT = 10_001


class NotItsApiError(TypeError):
    """A source asked an API that its spec does not name."""


Memory = dict[tuple[str, str, str], "Reply | Unanswered | list[asyncio.Future[None]]"]
"""What was already asked for this company: asked once, answered once, also when the answer was none.

While it is being asked, those who wait for it stand there.
"""


class SourceContext:
    """One question about one subject; the contract is :class:`leadgen_core.Context`."""

    __slots__ = (
        "_api",
        "_asker",
        "_asks",
        "_clock",
        "_memory",
        "_most",
        "_stamps",
        "kept",
        "question",
        "stopped",
        "watch",
    )

    def __init__(
        self,
        question: str,
        asker: Asker,
        clock: Clock,
        memory: Memory,
        *,
        api: str | None = None,
        most: int | None = None,
    ) -> None:
        """``api`` is the only one that may be asked (empty: none; None: any); ``most``: so many questions."""
        self.question = question
        self.kept: list[Claim] = []
        self.watch = Stopwatch()
        """Waiting for a quota can take minutes and is bounded by the gateway, so it stands still meanwhile."""
        self.stopped: Stopped | None = None
        self._api = api
        self._most = most
        self._asks = 0
        self._stamps: dict[int, Provenance] = {}
        self._asker = asker
        self._clock = clock
        self._memory = memory

    def now(self) -> datetime:
        return self._clock.now()

    async def ask(self, lookup: Lookup) -> Reply:
        if self._api is not None and lookup.api.name != self._api:
            raise NotItsApiError(f"{self.question} asked an API that its spec does not name")
        self._asks += 1
        if self._most is not None and self._asks > self._most:
            raise Unanswered(Cause.MALFORMED, f"more than {self._most} questions about one subject")
        place = (lookup.api.name, lookup.operation, lookup.key)
        while isinstance(known := self._memory.get(place), list):
            # Another source of this company asks the same: its answer will do. None when it was cancelled.
            turn = asyncio.get_running_loop().create_future()
            known.append(turn)
            self.watch.pause()
            try:
                await turn
            finally:
                self.watch.resume()
        if known is None:
            known = await self._asked(place, lookup)
        if isinstance(known, Unanswered):
            raise Unanswered(known.cause, known.because, known.until)
        seen = known.provenance
        if seen.question != self.question:
            # Built by hand: evolve looks at all members of two classes, for each reply of each source.
            seen = Provenance(self.question, seen.url, seen.retrieved_at, seen.good_until, seen.stale_since)
            known = Reply(known.body, known.nothing, seen)
        if self._api is not None:
            self._stamps[id(seen)] = seen
        return known

    async def _asked(self, place: tuple[str, str, str], lookup: Lookup) -> Reply | Unanswered:
        """Ask, while the company's other sources that want to know the same wait."""
        waiting: list[asyncio.Future[None]] = []
        self._memory[place] = waiting
        self.watch.pause()
        known: Reply | Unanswered | None = None
        try:
            known = await self._asker.ask(lookup, self.question)
        except Unanswered as unanswered:
            known = unanswered
        except Stopped as stopped:
            self.stopped = stopped  # the run's, to be told from one that the source makes up
            raise
        finally:
            self.watch.resume()
            if known is None:
                self._memory.pop(place, None)
            else:
                self._memory[place] = known
            for turn in waiting:
                if not turn.done():
                    turn.set_result(None)
        return known

    def stamped(self, provenance: Provenance) -> bool:
        """Whether a reply of this context carried it."""
        return id(provenance) in self._stamps or provenance in self._stamps.values()

    def pages(
        self, first: Lookup, following: Callable[[Reply], Lookup | None] | None = None, *, limit: int = 200
    ) -> AsyncIterator[Reply]:
        return _Pages(self, first, following, limit)

    def keep(self, claims: Claim | Iterable[Claim]) -> None:
        if isinstance(claims, Claim):
            claims = (claims,)
        self.kept.extend(islice(claims, max(0, _MAX_KEPT - len(self.kept))))  # there may be no end of them


class _Pages:
    """The replies of :meth:`SourceContext.pages`: an iterator, since a generator costs the loop its bookkeeping."""

    __slots__ = ("_ctx", "_following", "_left", "_limit", "_lookup", "_reply")

    def __init__(
        self, ctx: SourceContext, first: Lookup, following: Callable[[Reply], Lookup | None] | None, limit: int
    ) -> None:
        self._ctx = ctx
        self._lookup: Lookup | None = first
        self._following = following
        self._limit = self._left = limit
        self._reply: Reply | None = None

    def __aiter__(self) -> _Pages:
        return self

    async def __anext__(self) -> Reply:
        if self._reply is not None:
            following = self._following or self._lookup.following  # type: ignore[union-attr]
            self._lookup, self._reply = following(self._reply), None
        if self._lookup is None:
            raise StopAsyncIteration
        if self._left == 0:
            raise Unanswered(Cause.MALFORMED, f"the list goes on after {self._limit} pages")
        self._left -= 1
        self._reply = await self._ctx.ask(self._lookup)
        return self._reply
