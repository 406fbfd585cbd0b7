"""What a server said of its quota, overheard: a relay that passes bytes on and reads the heads of the answers.

The sandbox's own count stands in its headers; so what a run says of itself is checked against the other side.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from attrs import define, field

__all__ = ["Overheard", "Period", "relay"]

_HEAD = re.compile(rb"HTTP/1\.[01] (\d{3}) [^\r\n]*\r\n(.*?)\r\n\r\n", re.DOTALL)
_LONGEST = 1 << 16
"""Bytes of a head: a half one is kept for so long."""


@define
class Period:
    """One quota window, by the time of its end."""

    reset: int
    limit: int
    answers: int = 0
    remain: int = 1 << 30

    @property
    def used(self) -> float:
        """The share of the limit that the server has counted."""
        return (self.limit - self.remain) / self.limit


@define
class Overheard:
    """All answers that went by."""

    port: int = 0
    statuses: list[int] = field(factory=list)
    periods: dict[int, Period] = field(factory=dict)

    @property
    def base_url(self) -> str:
        """Where the relay listens."""
        return f"http://127.0.0.1:{self.port}"

    def forget(self) -> None:
        """Begin anew."""
        self.statuses.clear()
        self.periods.clear()

    def head(self, status: bytes, lines: bytes) -> None:
        """Take in the head of one answer."""
        self.statuses.append(int(status))
        headers = dict(re.findall(rb"(?m)^x-ratelimit-(\w+): *(\d+)", lines.lower()))
        if not {b"limit", b"remain", b"reset"} <= headers.keys():
            return
        reset = int(headers[b"reset"])
        period = self.periods.setdefault(reset, Period(reset, int(headers[b"limit"])))
        period.answers += 1
        period.remain = min(period.remain, int(headers[b"remain"]))


@contextmanager
def relay(upstream: str) -> Iterator[Overheard]:
    """A relay to ``http://host:port`` while this is open, in a thread of its own."""
    host, port = upstream.removeprefix("http://").split(":")
    heard, ready = Overheard(), threading.Event()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()

    async def serve() -> None:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, back = await asyncio.open_connection(host, int(port))
            with suppress(ConnectionError):
                await asyncio.gather(_pass(reader, back), _pass(there, writer, heard))

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        heard.port = server.sockets[0].getsockname()[1]
        ready.set()
        await over.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), name="relay", daemon=True)
    thread.start()
    try:
        assert ready.wait(10)
        yield heard
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()


async def _pass(source: asyncio.StreamReader, target: asyncio.StreamWriter, heard: Overheard | None = None) -> None:
    """Pass on until the end, which is passed on too."""
    kept = b""
    try:
        while content := await source.read(1 << 16):
            if heard is not None:
                kept += content
                last = 0
                for head in _HEAD.finditer(kept):
                    heard.head(head[1], head[2])
                    last = head.end()
                kept = kept[last:][-_LONGEST:]
            target.write(content)
            await target.drain()
    finally:
        target.close()
