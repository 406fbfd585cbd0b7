"""What is asked of leases: one holder, who says how it ended; a holder that dies keeps nobody waiting."""

from __future__ import annotations

import asyncio
from typing import Any

from leadgen_core.contracts.protocols import Ending
from leadgen_core.testing.conformance.check import check, require
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.stage import Stage, staged

_LONG = 30.0
_SHORT = 1.0
"""Seconds of a lease that is meant to end: long enough for a slow machine to do a few calls in it."""
_SLACK = 3.0
"""Seconds by which a waiter on a slow machine may hear of something late."""
_FAILURE = {"cause": "failed", "because": "503 \u00a3 \u2603", "until": None, "status": 503, "more": [1, {"a": True}]}


async def _waiting(stage: Stage, lease: Any, key: str, seconds: float = _LONG) -> asyncio.Future[Ending | None]:
    """Somebody who waits, and has had the time to begin with it."""
    task: asyncio.Future[Ending | None] = stage.start(lease.wait(key, seconds))
    await stage.advance(0.2)
    return task


async def _heard(stage: Stage, task: asyncio.Future[Ending | None], because: str, within: float = _SLACK) -> Any:
    outcome = await stage.outcome(task, within)
    require(outcome is not None, because)
    return None if outcome is None else outcome[0]


@check(
    "leadgen_leases",
    "lease.one-holder",
    says="of all who take a lease, in one object or in several, one has it",
    mend="take it in one step of the store (SET NX, INSERT ... ON CONFLICT), not by a look and a write",
)
async def one_holder(specimen: Specimen) -> None:
    """One after the other, then fifty at once by two objects."""
    async with staged(specimen) as stage:
        one, other = stage.make(), stage.make()
        key = f"conformance:{stage.token}"
        token = await one.take(key, _LONG)
        require(isinstance(token, str) and token, f"a free lease was not given: {token!r}")
        require(await other.take(key, _LONG) is None, "a second object has taken a lease that is held")
        require(await one.take(key, _LONG) is None, "the object that holds a lease has taken it once more")
        key += ":2"
        tokens = await asyncio.gather(*((one, other)[number % 2].take(key, _LONG) for number in range(50)))
        held = [token for token in tokens if token is not None]
        require(len(held) == 1, f"of fifty who took a lease at once, {len(held)} have it")


@check(
    "leadgen_leases",
    "lease.freed",
    says="a lease that was released can be taken at once, with another token",
    mend="delete the key on release; draw each token anew",
)
async def freed(specimen: Specimen) -> None:
    """Released by one, taken by the other."""
    async with staged(specimen) as stage:
        one, other = stage.make(), stage.make()
        key = f"conformance:{stage.token}"
        first = await one.take(key, _LONG)
        await one.release(key, first, Ending())
        second = await other.take(key, _LONG)
        require(second is not None, "a lease that was released cannot be taken")
        require(second != first, "two holders of a lease had the same token")
        await other.release(key, second, Ending())


@check(
    "leadgen_leases",
    "lease.word",
    says="all who wait hear the ending that release gave, whole, whether it is a failure or not",
    mend="send the ending as JSON to everybody who waits, not to the first",
)
async def word(specimen: Specimen) -> None:
    """Ten who wait at two objects."""
    async with staged(specimen) as stage:
        one, other = stage.make(), stage.make()
        for number, failure in enumerate((_FAILURE, None)):
            key = f"conformance:{stage.token}:{number}"
            token = await one.take(key, _LONG)
            tasks = [stage.start((one, other)[each % 2].wait(key, _LONG)) for each in range(10)]
            await stage.advance(0.2)
            require(not any(task.done() for task in tasks), "somebody who waits heard of an end before it came")
            await one.release(key, token, Ending(failure))
            for task in tasks:
                ending = await _heard(stage, task, f"{_SLACK:g} s after the release somebody still waits")
                require(isinstance(ending, Ending), f"the holder's word was lost: wait gave {ending!r}")
                seen = ending.failure if ending.failure is None else dict(ending.failure)
                require(seen == failure, f"release said {failure!r} and wait heard {seen!r}")


@check(
    "leadgen_leases",
    "lease.ends",
    says="a lease whose holder is gone can be taken when its seconds are over, and not before",
    mend="give the key its lifetime in the same step that takes it",
)
async def ends(specimen: Specimen) -> None:
    """Taken for a second, and never released."""
    async with staged(specimen) as stage:
        one, other = stage.make(), stage.make()
        key = f"conformance:{stage.token}"
        await one.take(key, _SHORT)
        require(await other.take(key, _LONG) is None, "a lease was given away within its seconds")
        await stage.advance(_SHORT + 0.3)
        token = await other.take(key, _LONG)
        require(token is not None, f"{_SHORT + 0.3:g} s after it was taken for {_SHORT:g} s, a lease is still held")
        await other.release(key, token, Ending())


@check(
    "leadgen_leases",
    "lease.vanished",
    says="who waits for a holder that vanished gets None soon after the lease's end, however patient he is",
    mend="wait no longer than the lease has left, then look again",
)
async def vanished(specimen: Specimen) -> None:
    """Taken for a second by somebody who never speaks again."""
    async with staged(specimen) as stage:
        one, other = stage.make(), stage.make()
        key = f"conformance:{stage.token}"
        began = stage.clock.monotonic()
        await one.take(key, _SHORT)
        task = await _waiting(stage, other, key)
        ending = await _heard(stage, task, f"{_SLACK:g} s after a lease's end somebody still waits", _SHORT + _SLACK)
        require(ending is None, f"the holder said nothing and wait heard {ending!r}")
        early = stage.clock.monotonic() - began < _SHORT - 0.2
        require(not early, "wait gave a holder up that was within its seconds")


@check(
    "leadgen_leases",
    "lease.nobody",
    says="a wait where nobody holds the lease ends at once: the holder may have ended in between",
    mend="look whether it is held after you began to listen, not before",
)
async def nobody(specimen: Specimen) -> None:
    """A key that was never taken, and one that was released."""
    async with staged(specimen) as stage:
        lease = stage.make()
        key = f"conformance:{stage.token}"
        task = await _waiting(stage, lease, key)
        await _heard(stage, task, "nobody holds the lease, and somebody waits for its end")
        token = await lease.take(key, _LONG)
        await lease.release(key, token, Ending())
        task = await _waiting(stage, lease, key)
        await _heard(stage, task, "the holder has released the lease, and somebody waits for its end")


@check(
    "leadgen_leases",
    "lease.patience",
    says="wait ends with None when its seconds are over, whatever the holder does",
    mend="bound the wait by the lesser of its seconds and what the lease has left",
)
async def patience(specimen: Specimen) -> None:
    """Half a second, while somebody holds it for longer."""
    async with staged(specimen) as stage:
        one, other = stage.make(), stage.make()
        key = f"conformance:{stage.token}"
        token = await one.take(key, _LONG)
        task = await _waiting(stage, other, key, 0.5)
        ending = await _heard(stage, task, "told to wait for 0.5 s, it waits on")
        require(ending is None, f"the holder still holds the lease and wait heard {ending!r}")
        await one.release(key, token, Ending())


@check(
    "leadgen_leases",
    "lease.extend",
    says="extend holds the lease for so much longer from now, and says so",
    mend="set the new lifetime only if the token is still yours, in one step",
)
async def extend(specimen: Specimen) -> None:
    """For a second, then for longer."""
    async with staged(specimen) as stage:
        one, other = stage.make(), stage.make()
        key = f"conformance:{stage.token}"
        token = await one.take(key, _SHORT)
        require(await one.extend(key, token, _LONG) is True, "a lease that is held could not be extended")
        await stage.advance(_SHORT + 0.3)
        require(await other.take(key, _LONG) is None, "a lease that was extended was given to somebody else")
        await one.release(key, token, Ending())


@check(
    "leadgen_leases",
    "lease.lost",
    says="a token that was lost does nothing: the next holder keeps the lease, nobody hears the former's ending",
    mend="compare the token and act in one step of the store; a look and then a delete is two",
)
async def lost(specimen: Specimen) -> None:
    """Its second is over, somebody else holds the lease, and the former holder comes back."""
    async with staged(specimen) as stage:
        one, other = stage.make(), stage.make()
        key = f"conformance:{stage.token}"
        former = await one.take(key, _SHORT)
        await stage.advance(_SHORT + 0.3)
        token = await other.take(key, _LONG)
        if token is None:
            return  # the finding of lease.ends
        task = await _waiting(stage, one, key)
        require(await one.extend(key, former, _LONG) is False, "a lost lease could be extended")
        await one.release(key, former, Ending({"cause": "failed"}))
        await stage.advance(0.3)
        require(not task.done(), "who waits for the present holder heard the ending of the former one")
        require(await one.take(key, _LONG) is None, "a lost token has released the lease of the next holder")
        await other.release(key, token, Ending())
        ending = await _heard(stage, task, "the present holder has released and somebody still waits")
        require(ending == Ending(), f"the present holder's word is not what was heard: {ending!r}")


@check(
    "leadgen_leases",
    "lease.old-word",
    says="who waits for the second holder hears the second, not what the first has left",
    mend="keep an ending with its holder's token, or forget it when the lease is taken again",
)
async def old_word(specimen: Specimen) -> None:
    """Two holders in a row."""
    async with staged(specimen) as stage:
        one, other = stage.make(), stage.make()
        key = f"conformance:{stage.token}"
        first = await one.take(key, _LONG)
        await one.release(key, first, Ending({"cause": "failed"}))
        second = await one.take(key, _LONG)
        if second is None:
            return  # the finding of lease.freed
        task = await _waiting(stage, other, key)
        require(not task.done(), "who waits for the second holder has heard the first one's ending")
        await one.release(key, second, Ending({"cause": "timeout"}))
        ending = await _heard(stage, task, "the second holder has released and somebody still waits")
        seen = ending and ending.failure and dict(ending.failure)
        require(seen in (None, {"cause": "timeout"}), f"the second holder said timeout, heard was {seen!r}")


@check(
    "leadgen_leases",
    "lease.keys-apart",
    says="each key is a lease of its own, also where one is the beginning of the other",
    mend="use the whole key; no pattern in subscriptions, no number made of it",
)
async def keys_apart(specimen: Specimen) -> None:
    """`a`, `ab`, `a:`, `a*`, odd ones."""
    async with staged(specimen) as stage:
        one, other = stage.make(), stage.make()
        keys = [f"conformance:{stage.token}:{name}" for name in ("a*", "a", "ab", "a:", "a b", "a%", "A", "\u00e9")]
        tokens = [await one.take(key, _LONG) for key in keys]
        require(None not in tokens, "a lease was refused because one of another key is held")
        tasks = [stage.start(other.wait(key, _LONG)) for key in keys]
        await stage.advance(0.2)
        await one.release(keys[0], tokens[0], Ending())
        await _heard(stage, tasks[0], "the holder has released and somebody still waits")
        await stage.advance(0.3)
        require(not any(task.done() for task in tasks[1:]), "the end of one lease was heard by who waits for another")
        taken = await other.take(keys[1], _LONG)
        require(taken is None, "releasing one lease has released another")
        for key, token in zip(keys[1:], tokens[1:], strict=True):
            await one.release(key, token, Ending())


@check(
    "leadgen_leases",
    "lease.cancelled",
    says="a wait that is cancelled ends at once, and takes nothing from those who wait on",
    mend="let CancelledError through; take only your own listener off",
)
async def cancelled(specimen: Specimen) -> None:
    """One of two at the same object."""
    async with staged(specimen) as stage:
        one, other = stage.make(), stage.make()
        key = f"conformance:{stage.token}"
        token = await one.take(key, _LONG)
        going, staying = await _waiting(stage, other, key), await _waiting(stage, other, key)
        going.cancel()
        await stage.advance(0.3)
        require(going.cancelled(), "a wait that was cancelled goes on, or has swallowed it")
        await one.release(key, token, Ending({"cause": "failed"}))
        ending = await _heard(stage, staying, "one wait was cancelled, and the other no longer hears of the end")
        require(ending is not None, "one wait was cancelled, and the other has lost the holder's word")


@check(
    "leadgen_leases",
    "lease.closes",
    says="aclose may be called twice, also when nothing was ever taken",
    mend="remember that it is closed, and return",
)
async def closes(specimen: Specimen) -> None:
    """Made and closed, used and closed."""
    async with staged(specimen) as stage:
        for used in (False, True):
            lease = specimen.make()
            if used:
                key = f"conformance:{stage.token}"
                await lease.release(key, await lease.take(key, _SHORT) or "", Ending())
            close = getattr(lease, "aclose", None)
            if close is None:
                return
            await close()
            await close()
