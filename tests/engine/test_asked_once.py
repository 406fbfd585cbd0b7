"""Sources of one company that ask the same at the same time: one question goes to the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from leadgen_core import ApiSpec, Cause, Clock, Lookup, Provenance, Reply, Unanswered
from leadgen_core.engine.context import Memory, SourceContext
from tests.engine.test_context import API as SPEC

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class _Asker:
    """Answers when it is let go; counts."""

    def __init__(self, answer: Callable[[str], Reply]) -> None:
        self.asked: list[str] = []
        self.go = asyncio.Event()
        self._answer = answer

    async def ask(self, _lookup: Lookup, question: str) -> Reply:
        self.asked.append(question)
        await self.go.wait()
        return self._answer(question)


def _reply(question: str) -> Reply:
    return Reply({"name": "A"}, False, Provenance(question, "http://127.0.0.1/", NOW))


def _three(asker: _Asker, api: ApiSpec) -> list[asyncio.Task[Reply]]:
    memory: Memory = {}
    lookup = Lookup.get(api, next(iter(api.operations)), "/a")
    contexts = [SourceContext(name, asker, Clock(fixed=NOW), memory) for name in ("one", "two", "three")]
    return [asyncio.create_task(ctx.ask(lookup)) for ctx in contexts]


async def _until_asked(asker: _Asker, times: int) -> None:
    while len(asker.asked) < times:  # noqa: ASYNC110 - a few turns of the loop
        await asyncio.sleep(0)


async def test_one_question_and_each_has_its_own_provenance() -> None:
    asker = _Asker(_reply)
    tasks = _three(asker, SPEC)
    await _until_asked(asker, 1)
    asker.go.set()
    replies = await asyncio.gather(*tasks)
    assert asker.asked == ["one"]
    assert [reply.provenance.question for reply in replies] == ["one", "two", "three"]


async def test_who_asks_is_cancelled_and_one_of_the_others_asks_anew() -> None:
    asker = _Asker(_reply)
    tasks = _three(asker, SPEC)
    await _until_asked(asker, 1)
    tasks[0].cancel()
    await _until_asked(asker, 2)
    asker.go.set()
    replies = await asyncio.gather(*tasks[1:])
    assert asker.asked == ["one", "two"]
    assert [reply.provenance.question for reply in replies] == ["two", "three"]
    assert tasks[0].cancelled()


async def test_who_waits_may_be_cancelled() -> None:
    asker = _Asker(_reply)
    tasks = _three(asker, SPEC)
    await _until_asked(asker, 1)
    tasks[1].cancel()
    asker.go.set()
    assert (await tasks[0]).body == (await tasks[2]).body
    assert asker.asked == ["one"]


async def test_no_answer_is_an_answer_to_all() -> None:
    def none(_question: str) -> Reply:
        raise Unanswered(Cause.THROTTLED, "later")

    asker = _Asker(none)
    tasks = _three(asker, SPEC)
    await _until_asked(asker, 1)
    asker.go.set()
    for task in tasks:
        with pytest.raises(Unanswered, match="later"):
            await task
    assert asker.asked == ["one"]
