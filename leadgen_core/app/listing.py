"""A list of companies in the form that ``leadgen run`` reads; it is out of sight until it is whole."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, BinaryIO

import orjson

from leadgen_core.app.rundir import check_folder
from leadgen_core.errors import Stopped, UsageError
from leadgen_core.model.claims import Candidate

__all__ = ["COLUMNS", "Listing"]

COLUMNS = ("company_number", "name", "postcode", "status")
"""``run`` goes by the first and carries the last through."""

_IN_MEMORY = 8 * 1024 * 1024
_FORMULA = ("=", "+", "-", "@", "\t")


class Listing:
    """The list on its way: out of sight until it is whole.

    Raises UsageError at once for a file that exists or cannot be written. A context manager.
    """

    def __init__(self, output: str | None, *, overwrite: bool, stdout: BinaryIO) -> None:
        self._path = None if output is None or output == "-" else Path(output)
        self._stdout = stdout
        self._overwrite = overwrite
        self._encode: Callable[[Candidate], bytes] = _csv
        self.count = 0
        if self._path is not None:
            ending = self._path.suffix.lower()
            if ending not in {".csv", ".jsonl"}:
                raise UsageError(f"-o {output}: ends with neither .csv nor .jsonl")
            self._encode = _csv if ending == ".csv" else _json
            check_folder(self._path)
            self._check_new(self._path)
        self._spool: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by __exit__
        if self._encode is _csv:
            self._spool.write(_row(COLUMNS))

    def __enter__(self) -> Listing:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._spool.close()

    def add(self, candidate: Candidate) -> None:
        """One company. Raises Stopped when the disk is full."""
        try:
            self._spool.write(self._encode(candidate))
        except OSError as error:
            raise Stopped(f"the list cannot be kept: {error.strerror}; nothing was written") from error
        self.count += 1

    def publish(self) -> None:
        """The whole list appears at once. Raises Stopped when it cannot be written, and leaves nothing of it."""
        if self._path is None:
            self._pour()
            return
        self._check_new(self._path)
        part = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        try:
            self._spool.seek(0)
            with part.open("wb") as file:
                shutil.copyfileobj(self._spool, file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError as error:
            raise Stopped(f"{self._path}: cannot be written: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)

    def _pour(self) -> None:
        try:
            self._spool.seek(0)
            shutil.copyfileobj(self._spool, self._stdout)
            self._stdout.flush()
        except BrokenPipeError:
            raise  # whoever read it has seen enough
        except OSError as error:
            raise Stopped(f"standard output: cannot be written: {error.strerror}") from error

    def _check_new(self, path: Path) -> None:
        if path.exists() and not self._overwrite:
            raise UsageError(f"{path}: exists; use --overwrite to replace it")


def _cells(candidate: Candidate) -> tuple[str, str, str | None, str | None]:
    name = " ".join(candidate.name.split()).encode("utf-8", "replace").decode()
    return candidate.number.value, name, candidate.postcode, candidate.status


def _csv(candidate: Candidate) -> bytes:
    # A spreadsheet must not take a name for a formula.
    return _row([f"'{cell}" if cell and cell.startswith(_FORMULA) else cell or "" for cell in _cells(candidate)])


def _row(cells: Sequence[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode()


def _json(candidate: Candidate) -> bytes:
    return orjson.dumps(dict(zip(COLUMNS, _cells(candidate), strict=True)), option=orjson.OPT_APPEND_NEWLINE)
