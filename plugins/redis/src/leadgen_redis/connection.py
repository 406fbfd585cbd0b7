"""The connection: one client for each configuration and event loop of this process, whoever uses it.

redis-py is imported when the client is made, not before.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from leadgen_redis import Config
from leadgen_redis.gathering import Gatherer

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["Connection", "Script", "deadline"]


_TOGETHER = 64
"""Scripts that one pipeline carries at most."""

Call = tuple[str | bytes | int | float, ...]


class _Shared:
    """A client, the pipeline of its scripts, and how many use it."""

    def __init__(self, config: Config) -> None:
        self.client = _make(config)
        self.users = 0
        self.run: Gatherer[Call, Any] = Gatherer(self._pipeline, limit=_TOGETHER)
        self._deadline = deadline(config)

    async def _pipeline(self, calls: Sequence[Call]) -> Sequence[Any]:
        async with asyncio.timeout(self._deadline):
            pipeline: Any = self.client.pipeline(transaction=False)
            for call in calls:
                pipeline.execute_command(*call)
            results: list[Any] = await pipeline.execute(raise_on_error=False)
        return results


_OPEN: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Config, _Shared]] = WeakKeyDictionary()


def deadline(config: Config) -> float:
    """Seconds within which one command is answered or has failed, connecting included."""
    return config.connect_timeout + config.timeout


class Connection:
    """A share in the client. Close it; the last one to do so closes the client's sockets.

    Every call ends within the configured time-outs. A socket that turns out to be dead (Redis was restarted) is
    replaced and the command sent once more, so **a command may run twice**: make scripts such that this does no
    harm. A time-out is not tried again.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.prefix = config.prefix
        self._shared: _Shared | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def client(self) -> Redis:
        """The client of the running loop; bytes come back as bytes. Nothing connects before the first command.

        Its pool does not queue fairly: with more callers at a time than ``max_connections`` some are starved. Many
        callers go through a :class:`Script` or a :class:`~leadgen_redis.gathering.Gatherer`.
        """
        return self._share().client

    async def run(self, *call: str | bytes | int | float) -> Any:
        """One command. What is run at the same time travels together, in one pipeline on one connection."""
        return await self._share().run(call)

    def _share(self) -> _Shared:
        if self._shared is None:
            self._loop = asyncio.get_running_loop()
            clients = _OPEN.setdefault(self._loop, {})
            shared = clients.get(self.config)
            if shared is None:
                shared = clients[self.config] = _Shared(self.config)
            shared.users += 1
            self._shared = shared
        return self._shared

    async def aclose(self) -> None:
        """Give the share back. Twice does nothing; a later use takes a new one."""
        shared, self._shared = self._shared, None
        if shared is None or self._loop is None:
            return
        shared.users -= 1
        if shared.users == 0:
            _OPEN.get(self._loop, {}).pop(self.config, None)
            await shared.run.aclose()
            pool = shared.client.connection_pool
            await shared.client.aclose()
            await pool.disconnect()


class Script:
    """A Lua script, called by its digest; sent whole when Redis does not know it (restarted, SCRIPT FLUSH).

    A user of Redis with access rules needs ``EVALSHA`` and ``EVAL``.
    """

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection = connection
        self._source = source
        self._digest = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, keys: Sequence[str], arguments: Sequence[str | bytes | int | float] = ()) -> Any:
        """What the script returns. Raises what redis-py raises, and TimeoutError."""
        return await self._call(self._connection.run, keys, arguments)

    async def alone(self, keys: Sequence[str], arguments: Sequence[str | bytes | int | float] = ()) -> Any:
        """The same on a connection of its own, for a large answer that would hold others up."""
        async with asyncio.timeout(deadline(self._connection.config)):
            return await self._call(self._connection.client.execute_command, keys, arguments)

    async def _call(self, run: Any, keys: Sequence[str], arguments: Sequence[str | bytes | int | float]) -> Any:
        from redis.exceptions import NoScriptError

        try:
            return await run("EVALSHA", self._digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return await run("EVAL", self._source, len(keys), *keys, *arguments)


def _make(config: Config) -> Redis:
    from redis.asyncio import BlockingConnectionPool, Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff
    from redis.exceptions import ConnectionError as Lost

    url = config.url.reveal()
    options: dict[str, Any] = {}
    if url.startswith("rediss:"):
        # Said here because older clients do not check the name unless told to.
        options = {"ssl_cert_reqs": "required", "ssl_check_hostname": True}
        if config.ca_file is not None:
            options["ssl_ca_certs"] = str(config.ca_file)
    if not url.startswith("unix:"):
        options |= {"socket_connect_timeout": config.connect_timeout, "socket_keepalive": True}
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=config.max_connections,
        timeout=config.timeout,
        socket_timeout=config.timeout,
        retry=Retry(NoBackoff(), 1, (Lost,)),
        protocol=2,  # every server since 2.8 speaks it, and nothing here needs more
        **options,
    )
    return Redis(connection_pool=pool)
