"""Fixtures of the replay server. A ``conftest.py`` imports all three: ``register`` needs ``make_register``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from tests.replay.running import RegisterProcess, RegisterThread

__all__ = ["MakeRegister", "MakeRegisterProcess", "make_register", "register", "register_process"]


class MakeRegister(Protocol):
    """Options as :class:`~tests.replay.server.Options`; closed at the end of the test."""

    def __call__(self, **options: Any) -> RegisterThread: ...


class MakeRegisterProcess(Protocol):
    """The same for a process of its own."""

    def __call__(self, **options: Any) -> RegisterProcess: ...


@pytest.fixture
def make_register() -> Iterator[MakeRegister]:
    """Make registers in threads of this process."""
    with ExitStack() as stack:

        def make(**options: Any) -> RegisterThread:
            return stack.enter_context(RegisterThread(**options))

        yield make


@pytest.fixture
def register(make_register: MakeRegister) -> RegisterThread:
    """One register in a thread of this process, as it comes."""
    return make_register()


@pytest.fixture
def register_process() -> Iterator[MakeRegisterProcess]:
    """Make registers that are processes."""
    with ExitStack() as stack:

        def make(**options: Any) -> RegisterProcess:
            return stack.enter_context(RegisterProcess(**options))

        yield make
