"""Health: something outside that fails is left alone for a while, reported once, then tried by one caller."""

from __future__ import annotations

from leadgen_core.clock import Clock

__all__ = ["Health"]


class Health:
    """Well until :meth:`failed`; then it rests for ``pause`` seconds, and one caller tries it again."""

    def __init__(self, clock: Clock, *, patience: float = 0.5, pause: float = 30.0) -> None:
        self.patience = patience
        """Seconds that a call may take."""
        self._clock = clock
        self._pause = pause
        self._rests_until: float | None = None

    @property
    def ill(self) -> bool:
        """Whether the last that was heard of it is a failure."""
        return self._rests_until is not None

    def resting(self) -> bool:
        """Whether to leave it alone now. Once the pause is over, one caller hears False: that is the trial."""
        if self._rests_until is None:
            return False
        now = self._clock.monotonic()
        if now < self._rests_until:
            return True
        self._rests_until = now + self._pause  # this caller tries; the others wait for what it finds
        return False

    def failed(self, error: Exception) -> str | None:
        """It failed. Why, in a word without the error's text; None when that is no news."""
        known = self.ill
        self._rests_until = self._clock.monotonic() + self._pause
        if known:
            return None
        return f"no answer within {self.patience:g} s" if isinstance(error, TimeoutError) else type(error).__name__

    def well(self) -> None:
        """It works."""
        self._rests_until = None
