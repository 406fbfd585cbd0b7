"""The sinks against a list: whatever is written, broken off, gone back on and replaced, the file is the list."""

from __future__ import annotations

import asyncio
import csv
import errno
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from leadgen_files import PLUGIN, leadgen_sinks
from leadgen_files.sinks import CsvSink, JsonlSink
from leadgen_files.table import Table

from leadgen_core import Delivery, Target, UsageError
from plugins.files.tests.leads import delivery, executive, lead

COLUMNS = ("our_ref",)


def expected(kind: type[CsvSink | JsonlSink], deliveries: list[Delivery]) -> bytes:
    if kind is JsonlSink:
        return b"".join(each.line + b"\n" for each in deliveries)
    table = Table(COLUMNS)
    return table.header() + b"".join(table.rows(each.body) for each in deliveries)


async def given(deliveries: list[Delivery]) -> AsyncIterator[Delivery]:
    for each in deliveries:
        yield each


def some(people: int, name: str, ordinal: int) -> Delivery:
    body = lead(f"{ordinal:08d}", executives=[executive(f"{name}{place}") for place in range(people)])
    return delivery(body, ordinal)


LEADS = st.lists(st.tuples(st.integers(0, 3), st.text(st.sampled_from(list('=a",\r\n +')), max_size=3)), max_size=4)


class SinkModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        self.target = Target(path=self.folder / "leads.out", columns=COLUMNS, run="r-1")
        self.written: list[Delivery] = []
        self.ordinal = 0

    def run(self, call: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(call)

    def made(self, leads: list[tuple[int, str]]) -> list[Delivery]:
        self.ordinal += len(leads)
        return [some(*each, self.ordinal - place) for place, each in enumerate(leads)]

    def note(self, checkpoint: str) -> None:
        self.checkpoints.append((checkpoint, list(self.written)))

    @initialize(kind=st.sampled_from([CsvSink, JsonlSink]), first=st.booleans())
    def open(self, kind: type[CsvSink | JsonlSink], first: bool) -> None:
        self.kind = kind
        self.sink = kind()
        self.checkpoints: list[tuple[str, list[Delivery]]] = []
        if first:
            self.run(self.sink.open(self.target, None))
            self.note(self.run(self.sink.write([])))
        else:
            self.note(self.run(self.sink.replace(self.target, given([]))))

    @rule(leads=LEADS)
    def write(self, leads: list[tuple[int, str]]) -> None:
        deliveries = self.made(leads)
        checkpoint = self.run(self.sink.write(deliveries))
        self.written += deliveries
        self.note(checkpoint)

    @rule(leads=LEADS, room=st.integers(0, 3000))
    def write_to_a_full_disk(self, leads: list[tuple[int, str]], room: int) -> None:
        deliveries = self.made(leads)
        write = os.write

        def full(fd: int, data: memoryview) -> int:
            nonlocal room
            if not room:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            done = write(fd, data[:room])
            room -= done
            return done

        with mock.patch.object(os, "write", full):
            try:
                checkpoint = self.run(self.sink.write(deliveries))
            except OSError:
                return
        self.written += deliveries
        self.note(checkpoint)

    @rule(back=st.integers(0, 3), torn=st.binary(max_size=40), leads=LEADS)
    def crash(self, back: int, torn: bytes, leads: list[tuple[int, str]]) -> None:
        """Killed somewhere in a write; the run knows one of the last checkpoints."""
        self.run(self.sink.write(self.made(leads)))
        with self.target.path.open("ab") as file:
            file.write(torn)
        self.sink = self.kind()
        # What came after it was cut off with the file, so no later checkpoint can be gone back to.
        del self.checkpoints[len(self.checkpoints) - back % len(self.checkpoints) :]
        checkpoint, written = self.checkpoints[-1]
        self.run(self.sink.open(self.target, checkpoint))
        self.written = list(written)
        assert self.run(self.sink.write([])) == checkpoint

    @rule(leads=LEADS, fresh=st.booleans())
    def replace(self, leads: list[tuple[int, str]], fresh: bool) -> None:
        """With other leads, perhaps as the first thing that a new process does."""
        if fresh:
            self.sink = self.kind()
        self.written = self.made(leads)
        self.checkpoints.clear()  # of a file that is no more
        self.note(self.run(self.sink.replace(self.target, given(self.written))))

    @precondition(lambda self: self.written)
    @rule()
    def edited_meanwhile(self) -> None:
        """Somebody has touched the file: it is refused as it stands."""
        content = self.target.path.read_bytes()
        edited = content.replace(b"0", b"1") if b"0" in content else content[:-1]
        self.target.path.write_bytes(edited)
        with pytest.raises(UsageError):
            self.run(self.kind().open(self.target, self.checkpoints[-1][0]))
        assert self.target.path.read_bytes() == edited
        self.target.path.write_bytes(content)

    @invariant()
    def the_file_is_the_list(self) -> None:
        if hasattr(self, "sink"):
            assert self.target.path.read_bytes() == expected(self.kind, self.written)
            assert [entry.name for entry in self.folder.iterdir()] == ["leads.out"]

    def teardown(self) -> None:
        if hasattr(self, "sink"):
            self.run(self.sink.aclose())
        self.run(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self.folder)


SinkModel.TestCase.settings = settings(max_examples=50, stateful_step_count=20, deadline=None)
TestSinkModel = SinkModel.TestCase


async def test_csv_is_a_header_and_whole_leads(tmp_path: Path) -> None:
    sink, target = CsvSink(), Target(path=tmp_path / "leads.csv", columns=COLUMNS)
    await sink.open(target, None)
    assert target.path.read_bytes() == Table(COLUMNS).header(), "a header even when there is no lead"
    await sink.write([some(2, "Jane", 1), some(0, "", 2)])
    await sink.aclose()
    content = target.path.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    assert [row[9] for row in rows[1:]] == ["Jane0", "Jane1", ""]


async def test_a_lead_that_is_no_lead_writes_nothing(tmp_path: Path) -> None:
    for sink in (CsvSink(), JsonlSink()):
        target = Target(path=tmp_path / f"{type(sink).__name__}.out")
        await sink.open(target, None)
        before = target.path.read_bytes()
        broken = Delivery(ordinal=1, revision=1, key="r-1:1", line=b'{"a":\n}')
        with pytest.raises((ValueError, AttributeError)):
            await sink.write([some(1, "Jane", 0), broken])
        assert target.path.read_bytes() == before
        await sink.aclose()


async def test_a_large_replacement_is_written_in_pieces(tmp_path: Path) -> None:
    sink, target = JsonlSink(), Target(path=tmp_path / "leads.jsonl")
    deliveries = [some(3, "Jane", ordinal) for ordinal in range(400)]
    sizes: list[int] = []
    write = os.write

    def counted(fd: int, data: memoryview) -> int:
        sizes.append(len(data))
        return write(fd, data)

    with mock.patch.object(os, "write", counted):
        await sink.replace(target, given(deliveries))
    assert target.path.read_bytes() == expected(JsonlSink, deliveries)
    assert len(sizes) > 2
    assert max(sizes) < 300_000
    await sink.aclose()


async def test_a_sink_that_is_not_open_says_so() -> None:
    sink = JsonlSink()
    await sink.aclose()
    with pytest.raises(RuntimeError, match="not open"):
        await sink.write([])


def test_the_offer_is_cheap() -> None:
    specs = {spec.name: spec for spec in leadgen_sinks()}
    assert {name: spec.endings for name, spec in specs.items()} == {"jsonl": (".jsonl",), "csv": (".csv",)}
    assert all(spec.mode == "append" and spec.guarantee and not spec.presets for spec in specs.values())
    assert isinstance(JsonlSink(PLUGIN.config()), JsonlSink)
    code = (
        "import sys, leadgen_files; list(leadgen_files.leadgen_sinks());"
        "sys.exit(any(name in sys.modules for name in ('leadgen_files.sinks', 'aiohttp', 'cattrs')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
