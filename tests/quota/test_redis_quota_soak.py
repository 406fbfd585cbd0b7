"""Four real processes, a real Redis, and what happens at three in the morning. The server counts.

The scenes mostly wait, so four are played at a time; each test looks at what the server of its scene has counted.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.quota.quota_scene import LENGTH, LIMIT, PACE, Register, Scene

pytestmark = pytest.mark.soak

_PLAY: dict[str, Callable[[Path], Awaitable[Register]]] = {}


def scene(play: Callable[[Path], Awaitable[Register]]) -> Callable[[Path], Awaitable[Register]]:
    _PLAY[play.__name__] = play
    return play


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Register]:
    if shutil.which("redis-server") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("the program redis-server is missing")
        pytest.skip("needs the program redis-server")

    async def main() -> dict[str, Register]:
        stage = asyncio.Semaphore(4)

        async def one(name: str) -> Register:
            async with stage:
                return await _PLAY[name](tmp_path_factory.mktemp(name))

        return dict(zip(_PLAY, await asyncio.gather(*(one(name) for name in _PLAY)), strict=True))

    return asyncio.run(main())


def waits(windows: float = 0.0) -> float:
    """Seconds between windows that are no idleness: so many windows, and what a busy machine takes."""
    return windows * LENGTH + 0.5


@scene
async def undisturbed(path: Path) -> Register:
    async with Scene(path) as scene:
        await scene.until(3, within=40)
    return scene.register


def test_undisturbed_every_window_is_used_to_the_last_call(counted: dict[str, Register]) -> None:
    register = counted["undisturbed"]
    assert register.refused == []
    assert register.windows[:3] == [LIMIT] * 3
    assert max(register.idle) < waits()
    assert len(register.by) == 4, "each has its part"


@scene
async def killed(path: Path) -> Register:
    async with Scene(path) as scene:
        scene.register.at(1, 30, lambda: scene.signal(0, signal.SIGKILL))
        scene.register.at(2, 1, lambda: scene.signal(1, signal.SIGKILL))
        await scene.until(5, within=40)
    return scene.register


def test_killed_processes_waste_no_more_than_what_they_had(counted: dict[str, Register]) -> None:
    register = counted["killed"]
    assert register.refused == []
    # At most ten permits were out in the one that was killed.
    assert all(count >= LIMIT - 10 for count in register.windows[:5])
    assert register.windows[4] == LIMIT
    assert max(register.idle) < PACE["patience"] + waits(), "a pilot that dies is waited for until another goes"


async def _stopped(path: Path, wake: int) -> Register:
    async with Scene(path) as scene:
        scene.register.at(1, 20, lambda: scene.signal(0, signal.SIGSTOP))
        scene.register.at(1, 40, lambda: scene.signal(1, signal.SIGSTOP))
        scene.register.at(2, wake, lambda: scene.signal(1, signal.SIGCONT))
        scene.register.at(3, wake, lambda: scene.signal(0, signal.SIGCONT))
        await scene.until(5, within=40)
    return scene.register


@scene
async def stopped_woken_by_the_pilot(path: Path) -> Register:
    return await _stopped(path, 1)


@scene
async def stopped_woken_in_the_middle(path: Path) -> Register:
    return await _stopped(path, 50)


@scene
async def stopped_woken_near_the_end(path: Path) -> Register:
    return await _stopped(path, 95)


@pytest.mark.parametrize("when", ["by_the_pilot", "in_the_middle", "near_the_end"])
def test_a_stopped_process_does_not_overspend_when_it_wakes(counted: dict[str, Register], when: str) -> None:
    register = counted[f"stopped_woken_{when}"]
    assert register.refused == []
    assert all(count >= LIMIT - 20 for count in register.windows[:5])
    assert register.windows[4] == LIMIT
    assert len(register.by) == 4


@scene
async def restarted(path: Path) -> Register:
    async with Scene(path) as scene:

        async def restart() -> None:
            await scene.redis.kill()
            await asyncio.sleep(0.7)
            await scene.redis.start()

        scene.register.at(1, 40, lambda: scene.soon(restart()))
        await scene.until(5, within=45)
    return scene.register


def test_redis_is_killed_and_comes_back_empty(counted: dict[str, Register]) -> None:
    register = counted["restarted"]
    assert register.refused == []
    assert max(register.idle) < 1.0 + waits(1)
    assert register.windows[4] == LIMIT


@scene
async def lost(path: Path) -> Register:
    async with Scene(path) as scene:
        scene.register.at(1, 40, lambda: scene.soon(scene.redis.kill()))
        await scene.until(5, within=45)
    return scene.register


def test_without_redis_each_has_its_fair_share(counted: dict[str, Register]) -> None:
    register = counted["lost"]
    assert register.refused == []
    assert all(count >= 0.9 * LIMIT for count in register.windows[3:5]), "four fair shares are nearly the whole"


@scene
async def slow(path: Path) -> Register:
    async with Scene(path) as scene:

        async def pause() -> None:
            await scene.redis.say("CLIENT", "PAUSE", "2500")

        scene.register.at(1, 40, lambda: scene.soon(pause()))
        scene.register.at(3, 1, lambda: scene.soon(pause()))
        await scene.until(6, within=45)
    return scene.register


def test_redis_is_slow(counted: dict[str, Register]) -> None:
    register = counted["slow"]
    assert register.refused == []
    assert max(register.idle) < 1.0 + waits(1)
    assert register.windows[5] == LIMIT


@scene
async def flushed(path: Path) -> Register:
    async with Scene(path) as scene:

        async def flush() -> None:
            while True:
                await scene.redis.say("SCRIPT", "FLUSH")
                await asyncio.sleep(0.05)

        scene.soon(flush())
        await scene.until(3, within=40)
    return scene.register


def test_scripts_are_forgotten_again_and_again(counted: dict[str, Register]) -> None:
    register = counted["flushed"]
    assert register.refused == []
    assert register.windows[:3] == [LIMIT] * 3
    assert max(register.idle) < waits()


@scene
async def thrown_away(path: Path) -> Register:
    async with Scene(path) as scene:
        scene.register.at(1, 30, lambda: scene.soon(scene.redis.say("FLUSHALL")))
        scene.register.at(2, 95, lambda: scene.soon(scene.redis.say("FLUSHALL")))
        await scene.until(5, within=40)
    return scene.register


def test_the_state_is_thrown_away_unnoticed(counted: dict[str, Register]) -> None:
    """As FLUSHALL does, or a restart between two steps."""
    register = counted["thrown_away"]
    assert register.refused == []
    assert all(count == LIMIT for count in register.windows[3:5])


@scene
async def silent(path: Path) -> Register:
    async with Scene(path, states=False) as scene:
        scene.register.at(1, 40, lambda: scene.signal(0, signal.SIGSTOP))
        scene.register.at(3, 40, lambda: scene.signal(0, signal.SIGCONT))
        await scene.until(5, within=40)
    return scene.register


def test_a_server_that_says_nothing_is_met_by_the_rule(counted: dict[str, Register]) -> None:
    register = counted["silent"]
    assert register.refused == []
    assert all(count >= LIMIT - 10 for count in register.windows[:5])
