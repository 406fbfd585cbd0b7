"""Leases between processes: one asks upstream, the others wait for how it ended. Redis's clock rules alone.

Under the prefix: ``lease:<key>`` holds the token of the holder until its end, ``ending:<token>`` how that holder
ended, ``failed:<key>`` the token of a holder that failed a moment ago.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from typing import Any

import orjson

from leadgen_core import Clock, Ending
from leadgen_redis import Config
from leadgen_redis.connection import Connection, Script

__all__ = ["RedisLease"]

_KEPT = 30_000
"""Milliseconds for which an ending can be read: longer than anybody is late who has waited."""
_REMEMBERED = 2_000
"""Milliseconds for which a failure is shared with those who come after it."""
_LONGEST_ENDING = 16 * 1024
"""Bytes."""
_SEEN = 4096
"""Holders that are remembered between a take that was refused and the wait that follows it."""
_SHARE = 0.1
"""Of the time that it has waited, a waiter pauses between two looks: so it is late by a tenth at most ..."""
_SOONEST, _LATEST = 0.005, 0.1
"""... but by no less and no more than these, in seconds."""

# Scripts may run twice when a connection is lost between the call and its answer.
_TAKE = """
local holder = redis.call('GET', KEYS[1])
if not holder then
  local failed = redis.call('GET', KEYS[2])
  if failed then return failed end
end
if not holder or holder == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return ARGV[1]
end
return holder
"""
_EXTEND = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
if ARGV[4] ~= '0' then redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[4]) end
return 1
"""
_HOLDER = "return redis.call('GET', KEYS[1]) or redis.call('GET', KEYS[2])"
# Nothing: the holder is gone. A number: milliseconds that it still has. A text: how it ended.
_LOOK = """
local ending = redis.call('GET', KEYS[2])
if ending then return ending end
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PTTL', KEYS[1]) end
return false
"""


class RedisLease:
    """A :class:`~leadgen_core.Lease`. Whoever waits looks again after a tenth of the time that it has waited.

    All calls of a process travel together over one connection, so a thousand waiters cost one. A holder that is
    gone is noticed when its lease ends. A failure is shared for two seconds: a process that arrives in that time
    is refused the lease, and its wait returns that failure at once.
    """

    def __init__(self, config: Config | None = None, *, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._connection = Connection(config or Config())
        self._prefix = f"{self._connection.prefix}:"
        self._take = Script(self._connection, _TAKE)
        self._extend = Script(self._connection, _EXTEND)
        self._release = Script(self._connection, _RELEASE)
        self._holder = Script(self._connection, _HOLDER)
        self._look = Script(self._connection, _LOOK)
        self._seen: OrderedDict[str, str] = OrderedDict()

    async def take(self, key: str, seconds: float) -> str | None:
        """A token if the lease is ours for so long; None when somebody holds it, or failed a moment ago."""
        token = secrets.token_hex(12)
        keys = (f"{self._prefix}lease:{key}", f"{self._prefix}failed:{key}")
        holder = (await self._take(keys, (token, _milliseconds(seconds)))).decode()
        if holder == token:
            self._seen.pop(key, None)
            return token
        self._seen[key] = holder
        self._seen.move_to_end(key)
        if len(self._seen) > _SEEN:
            self._seen.popitem(last=False)
        return None

    async def extend(self, key: str, token: str, seconds: float) -> bool:
        """Hold it for so much longer from now. False: it was lost."""
        return bool(await self._extend((f"{self._prefix}lease:{key}",), (token, _milliseconds(seconds))))

    async def release(self, key: str, token: str, ending: Ending) -> None:
        """Give it up and leave word of how. Without effect when it was lost.

        Raises ``ValueError`` for a failure that is too large or no JSON; the lease then ends by itself.
        """
        word = _write(ending)
        keys = (f"{self._prefix}lease:{key}", f"{self._prefix}ending:{token}", f"{self._prefix}failed:{key}")
        await self._release(keys, (token, word, _KEPT, 0 if ending.failure is None else _REMEMBERED))

    async def wait(self, key: str, seconds: float) -> Ending | None:
        """How the holder ended that the last take met, or the present one.

        None: it vanished without a word, or ``seconds`` are over.
        """
        began = self._clock.monotonic()
        token = self._seen.pop(key, None)
        lease = f"{self._prefix}lease:{key}"
        if token is None:
            found = await self._holder((lease, f"{self._prefix}failed:{key}"))
            if found is None:
                return None
            token = found.decode()
        while True:
            seen = await self._look((lease, f"{self._prefix}ending:{token}"), (token,))
            if not isinstance(seen, int):
                return None if seen is None else _read(seen)
            waited = self._clock.monotonic() - began
            if waited >= seconds:
                return None
            pause = min(max(waited * _SHARE, _SOONEST), _LATEST) * self._clock.rng.uniform(0.8, 1.2)
            await self._clock.sleep(min(pause, seconds - waited, max(seen, 1) / 1000))

    async def aclose(self) -> None:
        """Give the connection back. Leases that are held end by themselves."""
        await self._connection.aclose()


def _milliseconds(seconds: float) -> int:
    if not 0 < seconds < 86_400:
        raise ValueError("a lease lasts more than 0 seconds and less than a day")
    return max(1, int(seconds * 1000))


def _write(ending: Ending) -> bytes:
    try:
        word = orjson.dumps({"v": 1, "failure": None if ending.failure is None else dict(ending.failure)})
    except TypeError:
        raise ValueError("the failure of a lease is no JSON") from None
    if len(word) > _LONGEST_ENDING:
        raise ValueError(f"the failure of a lease has more than {_LONGEST_ENDING} bytes")
    return word


def _read(word: bytes) -> Ending | None:
    """What another process wrote; of an unknown form it is no word at all."""
    try:
        said: Any = orjson.loads(word)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(said, dict) or said.get("v") != 1 or "failure" not in said:
        return None
    failure = said["failure"]
    return Ending(failure) if failure is None or isinstance(failure, dict) else None
