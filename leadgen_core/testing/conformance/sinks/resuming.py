"""Going back to a checkpoint, and beginning anew."""

from __future__ import annotations

from collections.abc import AsyncIterator

from leadgen_core.contracts.protocols import Delivery
from leadgen_core.errors import UsageError
from leadgen_core.testing.conformance.check import Broken, check, require
from leadgen_core.testing.conformance.sinks.outputs import FIRST, NEXT, REST, outputs, stream
from leadgen_core.testing.conformance.specimen import Specimen


@check(
    "leadgen_sinks",
    "sink.resumes",
    says="opened at its last checkpoint by another process, it goes on as if nothing had been",
    mend="everything that it must know is in the checkpoint or in the output",
)
async def resumes(specimen: Specimen) -> None:
    """Twice in a row."""
    async with outputs(specimen) as out:
        target = out.target()
        checkpoint = await out.write(target, FIRST)
        checkpoint = await out.write(target, NEXT, checkpoint=checkpoint)
        await out.write(target, REST, checkpoint=checkpoint)
        whole = await out.whole(FIRST, NEXT, REST)
        require(await out.state(target) == whole, "resumed twice, the output is not that of one run")


@check(
    "leadgen_sinks",
    "sink.exactly-once",
    says="killed between a write and its checkpoint, it has each lead once after the retry",
    mend="open goes back to exactly the checkpoint: what was written after it goes, whole leads too",
)
async def exactly_once(specimen: Specimen) -> None:
    """The same deliveries a second time, and a third."""
    async with outputs(specimen) as out:
        target = out.target()
        checkpoint = await out.write(target, FIRST)
        await out.write(target, NEXT, checkpoint=checkpoint)
        await out.write(target, NEXT, REST, checkpoint=checkpoint)
        await out.write(target, NEXT, checkpoint=checkpoint)
        whole = await out.whole(FIRST, NEXT)
        require(await out.state(target) == whole, "after a retry the output is not that of one run without a kill")


@check(
    "leadgen_sinks",
    "sink.torn",
    says="half a lead at the end, left by a write that was killed, is gone after open",
    mend="cut the file to the length in the checkpoint",
)
async def torn(specimen: Specimen) -> None:
    """Half of the next lead, and half of a letter."""
    async with outputs(specimen) as out:
        for rest in (NEXT[0].line[: len(NEXT[0].line) // 2], "\u2603".encode()[:2]):
            target = out.target()
            checkpoint = await out.write(target, FIRST)
            before = out.file(target)
            with target.path.open("ab") as file:
                file.write(rest)
            await out.close(await out.sink(target, checkpoint))
            require(out.file(target) == before, "opened at a checkpoint, the output is not what it was there")


@check(
    "leadgen_sinks",
    "sink.changed-output",
    says="an output that somebody has changed since the checkpoint is refused with UsageError, and left as it is",
    mend="keep a digest of what stands there in the checkpoint, and compare before anything is cut",
)
async def changed_output(specimen: Specimen) -> None:
    """A letter, a shorter file, none."""
    async with outputs(specimen) as out:
        for what in ("changed", "cut short", "removed"):
            target = out.target()
            checkpoint = await out.write(target, FIRST)
            content = bytearray(out.file(target))
            content[len(content) // 3] ^= 1
            if what == "changed":
                target.path.write_bytes(content)
            elif what == "cut short":
                target.path.write_bytes(content[:-5])
            else:
                target.path.unlink()
            before = target.path.read_bytes() if target.path.exists() else None
            try:
                await out.sink(target, checkpoint)
            except UsageError:
                pass
            except Exception as error:
                raise Broken(f"an output that was {what} gave {type(error).__name__}, not UsageError") from error
            else:
                raise Broken(f"an output that was {what} since the checkpoint was taken for the run's own")
            after = target.path.read_bytes() if target.path.exists() else None
            require(after == before, f"an output that was {what} was refused, and changed")


@check(
    "leadgen_sinks",
    "sink.strange-checkpoint",
    says="a checkpoint that is not one of its own is refused with UsageError, and nothing is changed",
    mend="parse the checkpoint strictly, before anything is opened",
)
async def strange_checkpoint(specimen: Specimen) -> None:
    """Of another sink, perhaps."""
    async with outputs(specimen) as out:
        target = out.target()
        await out.write(target, FIRST)
        before = await out.state(target)
        try:
            await out.sink(target, "no checkpoint of yours \u2603")
        except UsageError:
            pass
        except Exception as error:
            raise Broken(f"a strange checkpoint gave {type(error).__name__}, not UsageError") from error
        else:
            raise Broken("a strange checkpoint was taken for one of its own")
        require(await out.state(target) == before, "a strange checkpoint was refused, and the output changed")


@check(
    "leadgen_sinks",
    "sink.replaces",
    says="replace may be the first call; then it stands at the checkpoint that it returns, and goes on from there",
    mend="replace opens what it needs; its checkpoint is one like those of write",
)
async def replaces(specimen: Specimen) -> None:
    """Where nothing is, over an output, and from its checkpoint."""
    async with outputs(specimen) as out:
        for before in (False, True):
            target = out.target()
            if before:
                await out.write(target, REST)
            sink = out.make()
            checkpoint = await sink.replace(target, stream([*FIRST, *NEXT]))
            await out.close(sink)
            whole = await out.whole([*FIRST, *NEXT])
            require(await out.state(target) == whole, "what replace has written is not what write would have")
            await out.write(target, REST, checkpoint=checkpoint)
            whole = await out.whole([*FIRST, *NEXT], REST)
            require(await out.state(target) == whole, "resumed after replace, the output is not that of one run")
        sink = out.make()
        await sink.replace(target, stream(FIRST))
        await sink.write(NEXT)
        await out.close(sink)
        require(await out.state(target) == await out.whole(FIRST, NEXT), "written on after replace, the output differs")
        await out.write(target)
        sink = out.make()
        await sink.replace(target, stream([]))
        await out.close(sink)
        require(await out.state(target) == await out.whole(), "replaced by nothing, the output is not an empty one")


@check(
    "leadgen_sinks",
    "sink.replaces-at-one-stroke",
    says="until replace has all of the new output, whoever looks sees the old one, also if it fails",
    mend="write beside it, then rename; remove what is beside it when that fails",
)
async def replaces_at_one_stroke(specimen: Specimen) -> None:
    """Looked at while the leads come, of which many have come; then they break off."""
    async with outputs(specimen) as out:
        target = out.target()
        await out.write(target, FIRST)
        before, beside = await out.state(target), sorted(out.folder.iterdir())
        seen = []

        async def breaking() -> AsyncIterator[Delivery]:
            for _ in range(100):
                for delivery in NEXT:
                    yield delivery
                seen.append(await out.state(target) == before)
            raise ConnectionError("the leads break off")

        sink = out.make()
        try:
            await sink.replace(target, breaking())
        except ConnectionError:
            pass
        else:
            raise Broken("the leads broke off, and replace raised nothing")
        await out.close(sink)
        require(all(seen), "while replace is at work, the old output is gone")
        require(await out.state(target) == before, "replace has failed, and the old output is not what it was")
        require(sorted(out.folder.iterdir()) == beside, "replace has failed, and left something beside the output")
