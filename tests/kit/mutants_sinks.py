"""Sinks that are wrong in one way."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from leadgen_core import Delivery, SinkSpec, Target, UsageError
from tests.kit.mutants import Mutants, SoundPlugins, plugin


class Sound:
    """Lines in a file, which it reads again for each checkpoint: small outputs only."""

    def __init__(self, _config: object) -> None:
        self.path = Path()

    async def open(self, target: Target, checkpoint: str | None) -> None:
        self.path = target.path
        if checkpoint is None:
            self.begin()
            return
        length = self.length(checkpoint)
        content = self.path.read_bytes() if self.path.is_file() else b""
        if not self.same(content, length, checkpoint):
            raise UsageError("the output was changed")
        with self.path.open("r+b") as file:
            file.truncate(self.cut(content, length))

    def begin(self) -> None:
        self.path.write_bytes(b"")

    def length(self, checkpoint: str) -> int:
        length = checkpoint.partition(":")[0]
        if not length.isdecimal():
            raise UsageError("the checkpoint is not of a file")
        return int(length)

    def same(self, content: bytes, length: int, checkpoint: str) -> bool:
        return self.path.is_file() and self.checkpoint(content[:length]) == checkpoint

    def cut(self, content: bytes, length: int) -> int:
        return length

    def checkpoint(self, content: bytes) -> str:
        return f"{len(content)}:{hashlib.sha256(content).hexdigest()}"

    async def write(self, deliveries: Sequence[Delivery]) -> str:
        old = self.path.read_bytes()
        self.put(old, self.added(old, b"".join(map(self.line, deliveries))))
        return self.checkpoint(self.path.read_bytes())

    def added(self, old: bytes, lines: bytes) -> bytes:
        return old + lines

    def put(self, old: bytes, new: bytes) -> None:
        try:
            self.path.write_bytes(new)
        except OSError:
            self.path.write_bytes(old)
            raise

    def line(self, delivery: Delivery) -> bytes:
        return delivery.line + b"\n"

    async def replace(self, target: Target, deliveries: AsyncIterator[Delivery]) -> str:
        content = self.added(b"", b"".join([self.line(delivery) async for delivery in deliveries]))
        self.path = target.path
        beside = target.path.with_suffix(".new")
        beside.write_bytes(content)
        beside.replace(target.path)
        return self.checkpoint(content)

    async def aclose(self) -> None:
        pass


class Parting(Sound):
    """Parts batches by an empty line."""

    def added(self, old: bytes, lines: bytes) -> bytes:
        return old + b"\n" + lines if lines else old


class Last(Sound):
    """Takes it for granted that there is a last delivery."""

    async def write(self, deliveries: Sequence[Delivery]) -> str:
        self.last = deliveries[-1].ordinal
        return await super().write(deliveries)


class Keeping(Sound):
    """Begins after what stands there."""

    def begin(self) -> None:
        self.path.touch()


class Sorting(Sound):
    """Sorts what it writes."""

    async def write(self, deliveries: Sequence[Delivery]) -> str:
        return await super().write(sorted(deliveries, key=lambda delivery: delivery.line))


class Ascii(Sound):
    """Knows no other letters."""

    def line(self, delivery: Delivery) -> bytes:
        return delivery.line.decode().encode("ascii", "replace") + b"\n"


class Summing(Sound):
    """Ends with a line that says how many there are, and says that it appends."""

    def added(self, old: bytes, lines: bytes) -> bytes:
        rows = [line for line in (old + lines).splitlines(keepends=True) if not line.startswith(b"#")]
        return b"".join([*rows, b"# %d\n" % len(rows)])

    def checkpoint(self, content: bytes) -> str:
        return super().checkpoint(content[: content.rfind(b"#")] if b"\n#" in content else content)

    async def open(self, target: Target, checkpoint: str | None) -> None:
        await super().open(target, checkpoint)
        self.path.write_bytes(self.added(self.path.read_bytes(), b""))


class Buffering(Sound):
    """Writes small batches when it is closed."""

    buffer = b""

    async def write(self, deliveries: Sequence[Delivery]) -> str:
        if len(deliveries) > 10:
            self.flush()
            return await super().write(deliveries)
        self.buffer += b"".join(map(self.line, deliveries))
        return self.checkpoint(self.path.read_bytes() + self.buffer)

    def flush(self) -> None:
        if self.buffer:
            self.path.write_bytes(self.path.read_bytes() + self.buffer)
            self.buffer = b""

    async def aclose(self) -> None:
        self.flush()


class Once(Sound):
    """Closes once."""

    closed = False

    async def aclose(self) -> None:
        if self.closed:
            raise RuntimeError("it is closed")
        self.closed = True


class Restarting(Sound):
    """Resumed, it knows only what it has written since."""

    resumed = 0

    async def open(self, target: Target, checkpoint: str | None) -> None:
        await super().open(target, checkpoint)
        self.resumed = self.length(checkpoint) if checkpoint else 0

    async def write(self, deliveries: Sequence[Delivery]) -> str:
        checkpoint = await super().write(deliveries)
        return checkpoint if not (deliveries and self.resumed) else self.checkpoint(self.line(deliveries[0]))


class Lines(Sound):
    """Goes back to the last whole line."""

    def cut(self, content: bytes, length: int) -> int:
        return max(length, content.rfind(b"\n") + 1)


class Shy(Sound):
    """Cuts nothing off that does not end with a line's end."""

    def cut(self, content: bytes, length: int) -> int:
        return length if content.endswith(b"\n") or not content else len(content)


class Trusting(Sound):
    """Looks at the length alone."""

    def same(self, content: bytes, length: int, checkpoint: str) -> bool:
        return self.path.is_file() and len(content) >= length


class Crashing(Sound):
    """Reads any checkpoint as a number."""

    def length(self, checkpoint: str) -> int:
        return int(checkpoint.partition(":")[0])


class Stale(Sound):
    """After replace it gives a checkpoint of what was before."""

    async def replace(self, target: Target, deliveries: AsyncIterator[Delivery]) -> str:
        before = target.path.read_bytes() if target.path.exists() else b""
        await super().replace(target, deliveries)
        return self.checkpoint(before)


class InPlace(Sound):
    """Replaces line by line."""

    async def replace(self, target: Target, deliveries: AsyncIterator[Delivery]) -> str:
        self.path = target.path
        self.begin()
        async for delivery in deliveries:
            await self.write([delivery])
        return self.checkpoint(self.path.read_bytes())


class Halving(Sound):
    """Leaves what fitted on the disk."""

    def put(self, old: bytes, new: bytes) -> None:
        self.path.write_bytes(new)


def _made(kind: type[Sound]) -> tuple[object, None]:
    return plugin(sinks=[SinkSpec(name="lines", factory=f"{__name__}:{kind.__name__}", endings=(".lines",))]), None


MUTANTS: Mutants = {
    "sink.batches": _made(Parting),
    "sink.begins": _made(Keeping),
    "sink.changed-output": _made(Trusting),
    "sink.closes": _made(Once),
    "sink.durable": _made(Buffering),
    "sink.empty": _made(Last),
    "sink.exactly-once": _made(Lines),
    "sink.full-disk": _made(Halving),
    "sink.mode": _made(Summing),
    "sink.order": _made(Sorting),
    "sink.replaces": _made(Stale),
    "sink.replaces-at-one-stroke": _made(InPlace),
    "sink.resumes": _made(Restarting),
    "sink.strange-checkpoint": _made(Crashing),
    "sink.text": _made(Ascii),
    "sink.torn": _made(Shy),
}
SOUND_PLUGINS: SoundPlugins = {"sink": _made(Sound)}
