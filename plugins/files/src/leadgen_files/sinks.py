"""The sinks: what a lead is in each format. What makes them safe is in :mod:`leadgen_files.appending`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing

from leadgen_core import Delivery, NoConfig, Target
from leadgen_files.appending import AppendFile
from leadgen_files.table import Table

__all__ = ["CsvSink", "JsonlSink"]

_BUFFER = 1 << 18
"""Bytes that are gathered before they are written when a file is replaced."""


class _FileSink:
    """Appends what :meth:`_encode` makes of each delivery after what :meth:`_start` makes of the target."""

    def __init__(self, _config: NoConfig | None = None) -> None:
        self._file: AppendFile | None = None

    def _start(self, target: Target) -> bytes:
        raise NotImplementedError

    def _encode(self, delivery: Delivery) -> bytes:
        raise NotImplementedError

    async def open(self, target: Target, checkpoint: str | None) -> None:
        """Begin anew or go back.

        Raises OSError when the file cannot be written, and UsageError when it is not what the run had left.
        """
        start = self._start(target)
        file = self._at(target)
        if checkpoint is None:
            file.begin()
            await file.append(start)
        else:
            file.resume(checkpoint)

    async def write(self, deliveries: Sequence[Delivery]) -> str:
        """All of them or, with the OSError, none."""
        if self._file is None:
            raise RuntimeError("the sink is not open")
        return await self._file.append(b"".join(map(self._encode, deliveries)))

    async def replace(self, target: Target, deliveries: AsyncIterator[Delivery]) -> str:
        """Write the file anew beside the old one, and put it in its place when it is whole."""
        start = self._start(target)

        async def pieces() -> AsyncGenerator[bytes, None]:
            buffer = bytearray(start)
            async for delivery in deliveries:
                buffer += self._encode(delivery)
                if len(buffer) >= _BUFFER:
                    yield bytes(buffer)
                    buffer.clear()
            yield bytes(buffer)

        async with aclosing(pieces()) as stream:
            return await self._at(target).replace(stream)

    async def aclose(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _at(self, target: Target) -> AppendFile:
        if self._file is not None:
            self._file.close()
        self._file = AppendFile(target.path)
        return self._file


class JsonlSink(_FileSink):
    """One lead a line, as it is delivered."""

    def _start(self, _target: Target) -> bytes:
        return b""

    def _encode(self, delivery: Delivery) -> bytes:
        if b"\n" in delivery.line:
            raise ValueError("a delivery must be one line")
        return delivery.line + b"\n"


class CsvSink(_FileSink):
    """One executive a row, under a header. The rows of one lead are written together or not at all."""

    def __init__(self, config: NoConfig | None = None) -> None:
        super().__init__(config)
        self._table = Table(())

    def _start(self, target: Target) -> bytes:
        self._table = Table(target.columns)
        return self._table.header()

    def _encode(self, delivery: Delivery) -> bytes:
        return self._table.rows(delivery.body)
