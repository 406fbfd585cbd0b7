"""``leadgen discover``: the companies that a discoverer lists, all of them or none."""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, NoReturn

from leadgen_core.app.assembly import close_all, make_part
from leadgen_core.app.eventlog import telling
from leadgen_core.app.listing import Listing
from leadgen_core.app.summary import Summary
from leadgen_core.clock import Clock
from leadgen_core.contracts.protocols import Discoverer, DiscoveryQuery
from leadgen_core.contracts.specs import DiscovererSpec
from leadgen_core.engine.context import Asker, Memory, SourceContext
from leadgen_core.engine.guard import cause_name, is_ours
from leadgen_core.engine.parts import Part, report
from leadgen_core.engine.patience import Patience
from leadgen_core.engine.watchdog import Watchdog
from leadgen_core.errors import Stopped, UsageError
from leadgen_core.events import Events
from leadgen_core.model.answers import Unanswered
from leadgen_core.model.claims import Candidate
from leadgen_core.model.records import frozen
from leadgen_core.registry import Offer, Plugins
from leadgen_core.settings import RunSettings

__all__ = ["DiscoverRequest", "Discovered", "choose_discoverer", "discover"]


@frozen(kw_only=True)
class DiscoverRequest:
    """One listing. ``output`` ends with ``.csv`` or ``.jsonl``; None and ``-`` are standard output, as CSV."""

    query: DiscoveryQuery
    output: str | None = None
    overwrite: bool = False


@frozen(kw_only=True)
class Discovered:
    """What came of it: by which discoverer, how many companies, and what was asked. Stopped: nothing was written."""

    question: str
    companies: int
    summary: Summary


def choose_discoverer(plugins: Plugins) -> Offer[DiscovererSpec]:
    """The first that is loaded. Raises UsageError with a command line that works when there is none, or no limiter."""
    if not plugins.discoverers:
        wanted = [*plugins.versions, *(name for name in ("companies-house", "quota") if name not in plugins.versions)]
        raise UsageError(f"no loaded plugin lists companies. This would work: {_line(wanted)}")
    offer = plugins.discoverers[0]
    if offer.spec.api is not None and offer.spec.api.limited and not plugins.rate_limiters:
        raise UsageError(
            f"{offer.question} has a quota and no rate limiter is loaded. This would work: "
            + _line([*plugins.versions, "quota"])
        )
    return offer


def _line(plugins: list[str]) -> str:
    return f"leadgen discover --plugins {','.join(plugins)}"


async def discover(
    offer: Offer[DiscovererSpec],
    query: DiscoveryQuery,
    listing: Listing,
    asker: Asker,
    plugins: Plugins,
    settings: RunSettings,
    clock: Clock,
    events: Events,
    listed: Callable[[int], None] | None = None,
) -> Discovered:
    """List and publish; see :meth:`Workspace.discover`."""
    summary = Summary()
    part: Part[DiscovererSpec, Discoverer] = make_part(offer)
    with summary.listening(events):
        try:
            with telling(events, clock), Watchdog(settings.block_seconds, plugins.modules(), _blocked):
                async with aclosing(_candidates(part, query, asker, clock, settings.answer_timeout)) as stream:
                    async for found in stream:
                        listing.add(found)
                        if listed is not None:
                            listed(listing.count)
                listing.publish()
        except _BrokeError as broke:
            report(events, part, "discover", broke.error)
            summary.stopped = str(broke)
        except Stopped as stopped:
            summary.stopped = str(stopped)
        finally:
            await close_all([part], events)
    return Discovered(question=part.name, companies=listing.count, summary=summary)


class _BrokeError(Stopped):
    """The discoverer raised what is none of its contract's."""

    def __init__(self, part: Part[DiscovererSpec, Discoverer], error: BaseException) -> None:
        owner = part.owner
        super().__init__(
            f"{part.name} ({owner.distribution} {owner.version}) broke: {cause_name(error)}; nothing was written"
        )
        self.error = error


class _NoMemory(Memory):
    """A listing asks nothing twice, and its answers are large."""

    def __setitem__(self, key: tuple[str, str, str], value: object) -> None:
        pass


async def _candidates(
    part: Part[DiscovererSpec, Discoverer], query: DiscoveryQuery, asker: Asker, clock: Clock, seconds: float
) -> AsyncGenerator[Candidate]:
    """What the discoverer lists, at most ``query.limit``.

    ``seconds``: of its own time between two companies; waiting for answers does not count. Raises UsageError,
    and Stopped when the list cannot be had to its end.
    """
    ctx = SourceContext(part.name, asker, clock, _NoMemory())
    patience = Patience(seconds)
    stream: AsyncIterator[Candidate] | None = None
    count = 0
    try:
        stream = _iterator(part.made.discover(query, ctx))
        while query.limit is None or count < query.limit:
            late = False
            patience.begin(ctx.watch)
            try:
                try:
                    found = await anext(stream)
                finally:
                    late = patience.end(ctx.watch)
            except StopAsyncIteration:
                return
            except asyncio.CancelledError:
                if late:
                    raise Stopped(f"{part.name} took more than {seconds:g} s; nothing was written") from None
                raise
            if not isinstance(found, Candidate):
                raise TypeError("no Candidate")
            count += 1
            yield found
    except Unanswered as none:
        _stop(part.name, none)
    except (Stopped, UsageError, GeneratorExit):
        raise
    except BaseException as error:
        if is_ours(error):
            raise
        # Whatever a plugin raises, the command ends in an orderly way.
        raise _BrokeError(part, error) from error
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()


def _iterator(made: Any) -> AsyncIterator[Candidate]:
    if inspect.iscoroutine(made):
        made.close()  # an async def without a yield
    if not isinstance(made, AsyncIterator):
        raise TypeError("no async iterator")
    return made


def _stop(name: str, none: Unanswered) -> NoReturn:
    until = f" (ask again after {none.until:%Y-%m-%dT%H:%M:%SZ})" if none.until is not None else ""
    raise Stopped(f"{name}: {none}{until}; nothing was written") from None


def _blocked(who: str, stack: str) -> None:
    """What the watchdog does: nothing is written yet, so the process can end as it stands."""
    sys.stderr.write(f"leadgen: {who} has blocked the event loop; nothing was written\n{stack}")
    sys.stderr.flush()
    os._exit(3)
