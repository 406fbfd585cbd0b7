"""A disk that is full."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from leadgen_core.testing.conformance.check import Broken, NotChecked, check, require
from leadgen_core.testing.conformance.sinks.outputs import FIRST, deliveries, outputs
from leadgen_core.testing.conformance.specimen import Specimen

_MANY = deliveries(range(40_000_000, 40_000_050), start=len(FIRST))


@contextmanager
def _no_file_beyond(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes: the system writes what fits, then says EFBIG."""
    try:
        import resource
    except ImportError:
        raise NotChecked("this system cannot bound the size of a file") from None
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Python ignores SIGXFSZ, so that write raises.
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@check(
    "leadgen_sinks",
    "sink.full-disk",
    says="a full disk is an OSError from write, nothing is left half written, and with room again it goes on",
    mend="cut the output back to where it was before you let the error out",
)
async def full_disk(specimen: Specimen) -> None:
    """Room for half of what is to be written; then for all."""
    async with outputs(specimen) as out:
        target, other = out.target(), out.target()
        await out.write(other, FIRST, _MANY)
        whole = out.file(other)
        sink = await out.sink(target)
        await sink.write(FIRST)
        before = await out.whole(FIRST)
        try:
            with _no_file_beyond((len(before) + len(whole)) // 2):
                await sink.write(_MANY)
        except OSError:
            pass
        else:
            raise Broken("there was room for half of what was written, and write raised no OSError")
        require(out.file(target) == before, "the disk was full, and something half written is left")
        await sink.write(_MANY)
        await out.close(sink)
        require(out.file(target) == whole, "there is room again, and the output is not what it would have been")
