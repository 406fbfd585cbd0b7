"""Rate limiters that are wrong in one way."""

from __future__ import annotations

from attrs import evolve

from leadgen_core import Meter, RateLimiterSpec, Window, Wish
from leadgen_core.testing import Samples
from tests.kit.mutants import Mutants, SoundPlugins, plugin
from tests.kit.sound_limiters import Gauge, Sound, Turn


class _Overtaken(Gauge):
    def take(self, window: Window, server_time: float) -> None:
        super().take(window, server_time)
        self.left = (window.remaining or 0) + self.flying


class Overtaken(Sound):
    """Takes what an answer says of what is left, and forgets those in flight."""

    GAUGE = _Overtaken


class _Late(Gauge):
    def take(self, window: Window, server_time: float) -> None:
        ends = self.ends
        super().take(window, server_time)
        if self.ends != ends:
            self.ends += 10


class Late(Sound):
    """Waits another ten seconds after the end of a window."""

    GAUGE = _Late


class _Rule(Gauge):
    def take(self, window: Window, server_time: float) -> None:
        lower = window.limit < self.rule.limit
        super().take(evolve(window, remaining=self.rule.limit - 1) if lower else window, server_time)


class Hopeful(Sound):
    """Believes its rule where the server says less."""

    GAUGE = _Rule


class _Low(Gauge):
    def take(self, window: Window, server_time: float) -> None:
        higher = window.limit > self.rule.limit
        super().take(evolve(window, remaining=self.rule.limit - 1) if higher else window, server_time)


class Timid(Sound):
    """Believes its rule where the server says more."""

    GAUGE = _Low


class _Uncapped(Gauge):
    def capped(self) -> int:
        return 1_000_000


class Uncapped(Sound):
    """Knows no cap."""

    GAUGE = _Uncapped


class _Deaf(Gauge):
    def pause(self, seconds: float) -> None:
        super().pause(min(seconds, 1.0))


class Deaf(Sound):
    """Takes a pause of a second, whatever the server says."""

    GAUGE = _Deaf


class _Silent(Gauge):
    def status(self) -> Window | None:
        window = super().status()
        return None if window is None else evolve(window, remaining=window.limit)


class Silent(Sound):
    """Says that all of the quota is left."""

    GAUGE = _Silent


class _Leaking(Gauge):
    def leave(self, wish: Wish, turn: Turn) -> None:
        if not turn.done() or turn.cancelled():
            super().leave(wish, turn)


class Leaking(Sound):
    """Loses the permit of who is cancelled in the moment of its turn."""

    GAUGE = _Leaking


class _Doubling(Gauge):
    def back(self, *, spent: bool) -> None:
        self.flying -= not spent
        super().back(spent=spent)


class Doubling(Sound):
    """Has two places for one that was given back."""

    GAUGE = _Doubling


class _Lavish(Gauge):
    def back(self, *, spent: bool) -> None:
        super().back(spent=False)


class Lavish(Sound):
    """Gives the place of a lost request to another."""

    GAUGE = _Lavish


class Common(Sound):
    """One quota for all credentials of an API."""

    def key(self, meter: Meter) -> object:
        return meter.api, meter.quota


class Mixed(Sound):
    """One quota for all endpoints of an API."""

    def key(self, meter: Meter) -> object:
        return meter.api, meter.credential


class _Plain(Gauge):
    def turn(self) -> int:
        return 0


class Plain(Sound):
    """First come, first served."""

    GAUGE = _Plain


class _Strict(Gauge):
    def turn(self) -> int:
        return min(range(len(self.queue)), key=lambda n: self.queue[n][0].priority)


class Strict(Sound):
    """Whoever is urgent goes first, always."""

    GAUGE = _Strict


class _Abandoning(Gauge):
    async def close(self) -> None:
        self.queue.clear()
        await super().close()


class Abandoning(Sound):
    """Closes, and lets those wait who wait."""

    GAUGE = _Abandoning


def _made(kind: type[Sound], samples: Samples | None = None) -> tuple[object, Samples | None]:
    spec = RateLimiterSpec(name="limiter", factory=f"{kind.__module__}:{kind.__name__}")
    return plugin(rate_limiters=[spec]), samples


MUTANTS: Mutants = {
    "limiter.cancelled": _made(Leaking),
    "limiter.cap": _made(Uncapped),
    "limiter.closes": _made(Abandoning),
    "limiter.given-back": _made(Doubling),
    "limiter.higher-limit": _made(Timid),
    "limiter.interactive-first": _made(Plain),
    "limiter.lower-limit": _made(Hopeful),
    "limiter.meters-apart": _made(Common),
    "limiter.never-idle": _made(Late),
    "limiter.never-over": _made(Overtaken),
    "limiter.nobody-starved": _made(Strict),
    "limiter.quotas-apart": _made(Mixed),
    "limiter.refused": _made(Deaf),
    "limiter.sent-counts": _made(Lavish),
    "limiter.status": _made(Silent),
}
SOUND_PLUGINS: SoundPlugins = {"limiter": _made(Sound)}
