"""Everything that is said while something is tried: log lines, warnings, standard output."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator

from loguru import logger

__all__ = ["Heard", "hearing"]


class Heard:
    """What was said so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.printed = io.StringIO()

    def __str__(self) -> str:
        return "\n".join((*self.lines, self.printed.getvalue()))


class _Handler(logging.Handler):
    def __init__(self, heard: Heard) -> None:
        super().__init__(level=0)
        self._heard = heard
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.lines.append(self.format(record))


@contextlib.contextmanager
def hearing() -> Iterator[Heard]:
    """Listen to loguru and logging at every level, and to what is printed.

    Tracebacks are heard without the values of variables: those are not what the plugin said.
    """
    heard = Heard()
    sink = logger.add(lambda line: heard.lines.append(str(line)), level=0, backtrace=False, diagnose=False)
    root, handler = logging.getLogger(), _Handler(heard)
    level = root.level
    root.addHandler(handler)
    root.setLevel(1)
    try:
        with contextlib.redirect_stdout(heard.printed), contextlib.redirect_stderr(heard.printed):
            yield heard
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
        logger.remove(sink)
