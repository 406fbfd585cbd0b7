"""Fixtures for those who test plugins, there in every pytest run beside an installed leadgen-core.

pytest imports this module whether anybody uses it or not, so it imports nothing itself: each fixture imports what it
gives. All names begin with ``leadgen_``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from leadgen_core.registry import Registry
    from leadgen_core.testing import ScriptedContext, VirtualClock
    from leadgen_core.testing.world import SmallWorld

__all__ = ["leadgen_clock", "leadgen_context", "leadgen_registry", "leadgen_serve", "leadgen_world"]


@pytest.fixture
def leadgen_clock() -> VirtualClock:
    """A clock that stands at 13:14:22 on 30 January 2026 (UTC) until ``await leadgen_clock.advance(seconds)``."""
    from leadgen_core.testing import VirtualClock

    return VirtualClock()


@pytest.fixture
def leadgen_context() -> Callable[..., ScriptedContext]:
    """Makes the context that a source is lent, over a script: ``leadgen_context(lambda request: scripted_reply(...))``.

    See :class:`leadgen_core.testing.ScriptedContext`.
    """
    from leadgen_core.testing import ScriptedContext

    return ScriptedContext


@pytest.fixture
def leadgen_registry() -> Callable[..., Registry]:
    """Makes a registry of the plugins that are named, and of no other: ``leadgen_registry(acme=leadgen_acme)``.

    What is installed has no say in it. The names are those of the plugins, with ``_`` for ``-``.
    """
    from leadgen_core.registry import Registry

    def make(**modules: object) -> Registry:
        names = {name.replace("_", "-"): module for name, module in modules.items()}
        return Registry.of([(name, module, f"leadgen-{name}", "0") for name, module in names.items()])

    return make


@pytest.fixture
def leadgen_world() -> SmallWorld:
    """A dozen invented companies for a simulator: see :func:`leadgen_core.testing.small_world`."""
    from leadgen_core.testing import small_world

    return small_world()


@pytest.fixture
def leadgen_serve() -> Callable[..., AbstractAsyncContextManager[str]]:
    """Serves a simulator on a free port of 127.0.0.1 and gives its base URL.

    ``async with leadgen_serve(simulator, world, api_key="k") as base_url``: the names of the credentials are those of
    ``simulator.credentials``. Its time stands still.
    """
    from leadgen_core.testing import VirtualClock
    from leadgen_core.testing.serving import Desk, served

    def serve(simulator: Any, world: Any, **credentials: str) -> AbstractAsyncContextManager[str]:
        return served(simulator.application(world, Desk(VirtualClock(), credentials)))

    return serve
