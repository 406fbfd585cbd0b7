"""What an engineer must see at 3 a.m.: events as log lines, each kind of trouble once, repeats in the summary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from leadgen_core.clock import Clock
from leadgen_core.events import BreakerMoved, CredentialEvent, Events, LeaseDown, PluginBroke, Throttled, TierDown

__all__ = ["telling"]

_AGAIN = 60.0
"""Seconds before the same trouble is told again."""
_NOTABLE = 1.0
"""Seconds that a request waits for its quota before that is worth a line."""


@contextmanager
def telling(events: Events, clock: Clock) -> Iterator[None]:
    """Log what happens inside."""
    from loguru import logger

    last: dict[object, float] = {}

    def tell(key: object, level: str, sentence: str) -> None:
        now = clock.monotonic()
        if now - last.get(key, -_AGAIN) >= _AGAIN:
            last[key] = now
            logger.log(level, sentence)

    def broke(event: PluginBroke) -> None:
        who = f"{event.plugin} ({event.distribution} {event.version})"
        key = (event.plugin, event.where, event.error)
        ending = "" if event.where == "aclose" else "; the run goes on without it"
        tell(key, "WARNING", f"the plugin {who} broke in {event.where}: {event.error}{ending}")

    def breaker(event: BreakerMoved) -> None:
        tell(event, "WARNING", f"{event.api}: the circuit breaker is {event.state}")

    def tier(event: TierDown) -> None:
        tell(event.tier, "WARNING", f"the cache tier {event.tier} is skipped for a while: {event.error}")

    def lease(event: LeaseDown) -> None:
        tell("lease", "WARNING", f"the run goes on without leases between processes for a while: {event.error}")

    def throttled(event: Throttled) -> None:
        if event.seconds >= _NOTABLE:
            which = f"quota {event.quota}" if event.quota else "quota"
            sentence = f"{event.api}: requests wait for the {which}, one {event.seconds:.0f} s"
            tell(("quota", event.api, event.quota), "INFO", sentence)

    def credential(event: CredentialEvent) -> None:
        if event.what == "refused":
            tell(event, "WARNING", f"{event.api}: the credential {event.credential} of {event.plugin} was refused")

    listeners: list[tuple[type[Any], Callable[[Any], None]]] = [
        (PluginBroke, broke),
        (BreakerMoved, breaker),
        (TierDown, tier),
        (LeaseDown, lease),
        (Throttled, throttled),
        (CredentialEvent, credential),
    ]
    for kind, listener in listeners:
        events.on(kind, listener)
    try:
        yield
    finally:
        for kind, listener in listeners:
            events.off(kind, listener)
