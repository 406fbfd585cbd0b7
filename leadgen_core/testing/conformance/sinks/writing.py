"""What stands in an output when nothing goes wrong."""

from __future__ import annotations

from leadgen_core.contracts.specs import SinkSpec
from leadgen_core.testing.conformance.check import check, require
from leadgen_core.testing.conformance.sinks.outputs import FIRST, NEXT, REST, deliveries, outputs
from leadgen_core.testing.conformance.specimen import Specimen

_UNSORTED = (30_000_001, 10_000_001, 20_000_001, 10_000_002)


@check(
    "leadgen_sinks",
    "sink.batches",
    says="how many are written at a time makes no difference to the output",
    mend="nothing belongs to one call of write: no header, no line between batches",
)
async def batches(specimen: Specimen) -> None:
    """All at once, and one by one."""
    async with outputs(specimen) as out:
        at_once = await out.whole([*FIRST, *NEXT])
        one_by_one = await out.whole(*([each] for each in (*FIRST, *NEXT)))
        require(at_once == one_by_one, "written one by one, the output differs from all written at once")
        require(at_once != await out.whole(FIRST), "two more leads make no difference to the output")


@check(
    "leadgen_sinks",
    "sink.empty",
    says="nothing is a valid output: write([]) gives a checkpoint, from which it goes on",
    mend="expect no deliveries in write, and none at all in a run",
)
async def empty(specimen: Specimen) -> None:
    """As the engine begins each output."""
    async with outputs(specimen) as out:
        target = out.target()
        checkpoint = await out.write(target, [])
        require(isinstance(checkpoint, str), f"write([]) gave {checkpoint!r} for a checkpoint")
        nothing = await out.state(target)
        await out.write(target, [], checkpoint=checkpoint)
        require(await out.state(target) == nothing, "going on from nothing with nothing has changed the output")
        await out.write(target, FIRST, checkpoint=checkpoint)
        require(await out.state(target) == await out.whole(FIRST), "going on from an empty output, it differs")


@check(
    "leadgen_sinks",
    "sink.begins",
    says="open without a checkpoint begins from nothing, whatever stands there",
    mend="empty the output; whether it may be overwritten was asked before",
)
async def begins(specimen: Specimen) -> None:
    """Over the output of an earlier run."""
    async with outputs(specimen) as out:
        target = out.target()
        await out.write(target, FIRST, NEXT)
        await out.write(target, FIRST)
        require(await out.state(target) == await out.whole(FIRST), "what stood there before is in the output")


@check(
    "leadgen_sinks",
    "sink.order",
    says="leads stand in the output in the order in which they were delivered",
    mend="write them as they come; ordinals grow",
)
async def order(specimen: Specimen) -> None:
    """Company numbers that are not sorted."""
    async with outputs(specimen) as out:
        target = out.target()
        await out.write(target, deliveries(_UNSORTED))
        text = await out.text(target)
        places = [text.find(str(number)) for number in _UNSORTED]
        require(-1 not in places, "a company's number is not in the output")
        require(places == sorted(places), "leads do not stand in the order in which they were delivered")


@check(
    "leadgen_sinks",
    "sink.text",
    says="names keep their letters, in whatever script",
    mend="write UTF-8, whatever the machine's locale says",
)
async def text(specimen: Specimen) -> None:
    """A company and a person."""
    async with outputs(specimen) as out:
        target = out.target()
        await out.write(target, FIRST)
        seen = await out.text(target)
        for name in ("ACME T\u00c9NIS \u2603 LTD", "Zo\u00eb \u738b"):
            require(name in seen, f"the name {name} is not in the output as it was delivered")


@check(
    "leadgen_sinks",
    "sink.mode",
    says="an output in the mode append only grows; one in the mode upsert has the last revision of a lead, once",
    mend="say the mode that it has: append, upsert or snapshot",
)
async def mode(specimen: Specimen) -> None:
    """As its spec says."""
    said = specimen.spec.mode if isinstance(specimen.spec, SinkSpec) else ""
    async with outputs(specimen) as out:
        target = out.target()
        if said == "append":
            sink = await out.sink(target)
            await sink.write(FIRST)
            before = out.file(target)
            await sink.write(NEXT)
            require(out.file(target).startswith(before), "it has changed what stood there, and says that it appends")
        elif said == "upsert":
            sink = await out.sink(target)
            await sink.write(FIRST)
            await sink.write(deliveries(range(10_000_001, 10_000_004), revision=2, name="Joan"))
            await out.close(sink)
            seen = await out.text(target)
            require("Joan No10000001" in seen, "it says that it upserts, and the second revision is not there")
            require("Jane No10000001" not in seen, "it says that it upserts, and the first revision is still there")


@check(
    "leadgen_sinks",
    "sink.durable",
    says="what write has returned from stands in the output, also if the process dies before it is closed",
    mend="no buffer of your own across calls: flush and fsync before the checkpoint is returned",
)
async def durable(specimen: Specimen) -> None:
    """Looked at from outside, without closing it."""
    async with outputs(specimen) as out:
        target = out.target()
        sink = await out.sink(target)
        for written in ([FIRST], [FIRST, NEXT], [FIRST, NEXT, REST]):
            await sink.write(written[-1])
            require(
                await out.state(target) == await out.whole(*written),
                "write has returned, and what was written is not in the output until it is closed",
            )


@check(
    "leadgen_sinks",
    "sink.closes",
    says="aclose may be called twice, also when it was never opened",
    mend="remember that it is closed, and return",
)
async def closes(specimen: Specimen) -> None:
    """Made and closed; opened and closed; each twice."""
    async with outputs(specimen) as out:
        for opened in (False, True):
            sink = specimen.make()
            if opened:
                await sink.open(out.target(), None)
            if not hasattr(sink, "aclose"):
                return
            await sink.aclose()
            await sink.aclose()
