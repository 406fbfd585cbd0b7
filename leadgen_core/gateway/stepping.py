"""Stepping: a coroutine whose first step is taken by hand, so that one which needs no waiting costs no timer."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from types import coroutine
from typing import Any, TypeVar

T = TypeVar("T")

__all__ = ["rest"]


@coroutine
def rest(work: Coroutine[Any, Any, T], first: Any) -> Generator[Any, Any, T]:
    """Go on with a coroutine whose first step was taken already, as ``yield from`` would."""
    waiting = first
    step: Callable[[Any], Any]
    while True:
        try:
            sent = yield waiting
        except BaseException as error:
            step, value = work.throw, error
        else:
            step, value = work.send, sent
        try:
            waiting = step(value)
        except StopIteration as done:
            given: T = done.value
            return given
