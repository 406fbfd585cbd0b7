"""The standard streams while plugins run: what one prints becomes a log line; standard error shows no secret."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from leadgen_core.logs.scrub import Scrubber

__all__ = ["plugin_output"]

_LONGEST = 2000
"""Characters of a line; a longer one is cut."""


@contextmanager
def plugin_output(scrubber: Scrubber) -> Iterator[None]:
    """``print`` and tracebacks of plugins (and of their threads) come out scrubbed, and not on standard output.

    What goes around ``sys.stdout`` and ``sys.stderr`` (a file descriptor, ``sys.__stderr__``) cannot be seen. When
    the command fails, standard error stays as it is here, so that its traceback is scrubbed too.
    """
    out, err = sys.stdout, sys.stderr
    scrubbed = _Scrubbed(err, scrubber)
    sys.stdout, sys.stderr = _Printed(), scrubbed
    try:
        yield
        if sys.stderr is scrubbed:
            sys.stderr = err
    finally:
        sys.stdout = out


class _Printed(io.TextIOBase):
    """Standard output of a plugin: whole lines become entries of the log."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        from loguru import logger

        *lines, self._begun = (self._begun + text)[-100 * _LONGEST :].split("\n")
        for line in lines:
            if line.strip():
                logger.info("a plugin printed: {}", line[:_LONGEST])
        return len(text)

    def close(self) -> None:
        """A plugin does not close what is not its own."""


class _Scrubbed(io.TextIOBase):
    """Standard error without known secrets. It stays open, whoever closes it."""

    def __init__(self, under: TextIO, scrubber: Scrubber) -> None:
        super().__init__()
        self._under = under
        self._scrubber = scrubber

    def write(self, text: str) -> int:
        with suppress(ValueError):  # closed by somebody all the same
            self._under.write(self._scrubber.known(text))
        return len(text)

    def flush(self) -> None:
        with suppress(ValueError):
            self._under.flush()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._under.isatty()

    def fileno(self) -> int:
        return self._under.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._under.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        return self._under.errors

    @property
    def buffer(self) -> Any:
        return getattr(self._under, "buffer", None)

    def close(self) -> None:
        """See :class:`_Printed`."""
