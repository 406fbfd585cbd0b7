"""Progress on standard error, only when a person is looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from leadgen_core.events import CompanyDone, Events

__all__ = ["progress"]


@contextmanager
def progress(events: Events, *, show: bool) -> Iterator[Callable[[int, int], None]]:
    """Gives ``started(total, done)``, to be called once the input is known."""
    if not show:
        yield lambda _total, _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("companies"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("companies", total=None)
        events.on(CompanyDone, lambda _event: bar.advance(task))

        def started(total: int, done: int) -> None:
            bar.update(task, total=total, completed=done)

        yield started
