"""Progress on standard error, only when a person is looking."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from leadgen_core.events import CompanyDone, Events

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["progress", "terminal"]


def terminal(*, quiet: bool) -> Console | None:
    """The terminal on standard error, None when nobody is looking or nothing is to be shown."""
    if quiet or not sys.stderr.isatty():
        return None
    from rich.console import Console

    return Console(stderr=True)


@contextmanager
def progress(events: Events, console: Console | None) -> Iterator[Callable[[int, int], None]]:
    """Gives ``started(total, done)``, to be called once the input is known. Log lines go above the bar."""
    if console is None:
        yield lambda _total, _done: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("companies"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("companies", total=None)

        def advance(_event: CompanyDone) -> None:
            bar.advance(task)

        def started(total: int, done: int) -> None:
            bar.update(task, total=total, completed=done)

        events.on(CompanyDone, advance)
        try:
            yield started
        finally:
            events.off(CompanyDone, advance)
