"""What the sandbox lends a simulator: credentials drawn by seed, a clock that goes on, the length of windows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

from attrs import field, frozen

__all__ = ["Desk", "drawn_credentials"]


def drawn_credentials(seed: int, api: str, names: Sequence[str]) -> dict[str, str]:
    """A value for each name: 40 hex digits, the same for the same seed, different for every API and name."""
    return {
        name: blake2b(f"{seed}/{api}/{name}".encode(), digest_size=20, person=b"sandbox-key").hexdigest()
        for name in names
    }


@frozen(kw_only=True)
class Desk:
    """A ``SimulatorDesk`` of the contracts. ``start`` is what ``now`` says at first; None: the time of day."""

    credentials: Mapping[str, str] = field(repr=False)
    window: float | None = None
    phase: float = 0.0
    start: datetime | None = None
    monotonic: Callable[[], float] = time.monotonic
    _wall: Callable[[], float] = time.time
    _offset: float = field(init=False)

    @_offset.default
    def _how_far_off(self) -> float:
        return 0.0 if self.start is None else self.start.timestamp() - self._wall()

    def now(self) -> float:
        """Epoch seconds by this server's clock."""
        return self._wall() + self._offset
