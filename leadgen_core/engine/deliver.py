"""Deliver: each output has a courier that reads the outbox with its own cursor, in input order.

Couriers never wait for each other. The cursor and the sink's checkpoint are one row of the outbox, written
after the sink has them; so after a kill the sink goes back to the checkpoint and gets the same again.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Sequence

from leadgen_core.contracts.protocols import Delivery, Sink, Target
from leadgen_core.contracts.specs import SinkSpec
from leadgen_core.engine.encode import decode_lead, encode_lead
from leadgen_core.engine.guard import is_ours, within
from leadgen_core.engine.outbox import Outbox, ResultState, Stored
from leadgen_core.engine.parts import Part, report
from leadgen_core.engine.screening import Screening, SetAside
from leadgen_core.errors import Stopped, UsageError
from leadgen_core.events import Events

__all__ = ["Courier", "disk_full"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LONGEST = 1 << 20
"""Characters of a checkpoint."""
_BEHIND = 1024
"""Finished companies that may wait for a sink that is busy; then no further company is begun."""
_SILENT = {ResultState.LEAD, ResultState.SUPPRESSED}


def disk_full(error: OSError, place: str) -> Stopped | None:
    """The stop that a full disk (or file size limit) means, None for any other error."""
    if error.errno not in _FULL:
        return None
    return Stopped(f"{place}: {error.strerror}; free some space and run again with --resume")


class Courier:
    """Carries leads, or with ``rejects`` the rows that gave none, from the outbox to one sink."""

    def __init__(
        self,
        sink: Part[SinkSpec, Sink],
        target: Target,
        outbox: Outbox,
        *,
        screening: Screening,
        events: Events,
        rejects: bool = False,
        seconds: float = 300.0,
    ) -> None:
        """``seconds`` is how long the sink may take for one batch."""
        self.target = target
        self.broken = False
        self._sink = sink
        self._outbox = outbox
        self._screening = screening
        self._events = events
        self._rejects = rejects
        self._seconds = seconds
        self._key = f"{target.preset or ''}:{target.path.absolute()}"
        self._next = self._noted = 0
        self._checkpoint: str | None = None
        self._rewrite = False
        self._wake = asyncio.Event()
        self._behind = 0
        """Companies that were finished while the sink was busy; one that waits for its turn is none of them."""
        self._room = asyncio.Event()
        self._ending = False
        self._complete = False

    async def open(self) -> None:
        """Begin, or go back to the last checkpoint; an output that must be written anew is left as it is.

        Raises UsageError for an output that cannot be written or is not as the run left it, Stopped for a full
        disk. Any other failure breaks this courier alone.
        """
        self._next, self._checkpoint, self._rewrite = self._outbox.cursor(self._key)
        self._noted = self._next
        if self._rewrite:
            return
        try:
            await within(self._seconds, self._sink.made.open(self.target, self._checkpoint))
            if self._checkpoint is None:
                self._checkpoint = await self._write([])
                self._outbox.advance(self._key, 0, self._checkpoint)
        except (UsageError, Stopped):
            raise
        except OSError as error:
            place = str(self.target.path)
            stopped = disk_full(error, place)
            raise stopped or UsageError(f"{place}: cannot be written: {error.strerror}") from error
        except BaseException as error:
            if is_ours(error):
                raise
            self._break(error, "open")

    def finished(self, companies: int) -> None:
        """So many more are in the outbox; :meth:`wake` follows soon."""
        self._behind += companies

    def wake(self) -> None:
        """Deliver what is ready."""
        self._wake.set()

    @property
    def full(self) -> bool:
        """Whether the sink is so slow that no further company should be begun."""
        return self._behind > _BEHIND and not self._rewrite and not self.broken

    async def room(self) -> None:
        """Wait until the sink has caught up."""
        while self.full:
            self._room.clear()
            await self._room.wait()

    def end(self, *, complete: bool) -> None:
        """Deliver what is ready and finish. ``complete``: every company has its result."""
        self._ending, self._complete = True, complete
        self._wake.set()

    async def run(self) -> None:
        """Until :meth:`end`. A sink that breaks stops here and nobody else; a full disk raises Stopped."""
        try:
            while not self.broken:
                await self._wake.wait()
                self._wake.clear()
                ending, complete = self._ending, self._complete
                if not self._rewrite:
                    await self._deliver()
                elif ending and complete:
                    await self._replace()
                if ending:
                    return
        except OSError as error:
            if (stopped := disk_full(error, str(self.target.path))) is not None:
                raise stopped from error
            self._break(error)
        except Stopped:
            raise
        except SetAside:
            self.broken = True  # a screen is closed, which was told; what it holds back waits in the outbox
        except BaseException as error:
            if is_ours(error):
                raise
            self._break(error)
        finally:
            self._room.set()  # whoever waits for room sees that none is needed any more

    def _break(self, error: BaseException, where: str = "write") -> None:
        self.broken = True
        report(self._events, self._sink, where, error)

    async def _write(self, deliveries: Sequence[Delivery]) -> str:
        return _checkpoint(await within(self._seconds, self._sink.made.write(deliveries)))

    async def _deliver(self) -> None:
        while ready := self._outbox.ready(self._next):
            deliveries = await self._deliveries(ready)
            if deliveries:
                self._checkpoint = await self._write(deliveries)
            self._next = ready[-1].ordinal + 1
            if deliveries:
                self._note()
            self._behind -= len(ready)
            self._room.set()
            await asyncio.sleep(0)
        if self._ending and self._noted != self._next:
            self._note()
        self._behind = 0
        self._room.set()

    def _note(self) -> None:
        """Write the cursor down. Companies that are not this sink's need not be: read again, they are left again."""
        self._outbox.advance(self._key, self._next, self._checkpoint or "")
        self._noted = self._next

    async def _replace(self) -> None:
        reached = 0

        async def everything() -> AsyncIterator[Delivery]:
            nonlocal reached
            while ready := self._outbox.ready(reached):
                for delivery in await self._deliveries(ready):
                    yield delivery
                reached = ready[-1].ordinal + 1

        replaced = self._sink.made.replace(self.target, everything())
        checkpoint = _checkpoint(await within(self._seconds, replaced, lambda: reached))
        self._outbox.advance(self._key, reached, checkpoint)

    async def _deliveries(self, ready: Sequence[Stored]) -> list[Delivery]:
        """Those of the stored ones that are this sink's, as the screens release them now."""
        ours = [
            (stored, stored.body)
            for stored in ready
            if stored.body is not None and (stored.state not in _SILENT) is self._rejects
        ]
        if self._screening and not self._rejects:
            ours = [
                (stored, encode_lead(released))
                for stored, body in ours
                if (released := await self._screening.release(decode_lead(body), self._sink.name)) is not None
            ]
        run = self.target.run
        return [
            Delivery(ordinal=stored.ordinal, revision=stored.revision, key=f"{run}:{stored.ordinal}", line=line)
            for stored, line in ours
        ]


class NoCheckpoint(TypeError):
    """A sink gave a checkpoint that cannot be kept."""


def _checkpoint(given: object) -> str:
    if not isinstance(given, str) or len(given) > _LONGEST:
        raise NoCheckpoint
    return given
