"""The run's folder ``<first output>.run``: its lock, its outbox, its audit; and the rules of resume and overwrite."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NoReturn

from leadgen_core.app.outputs import Output, rejects_path
from leadgen_core.engine.inputs import Row, read_rows
from leadgen_core.engine.outbox import Outbox
from leadgen_core.errors import UsageError
from leadgen_core.model.records import define

__all__ = ["RunDir", "check_folder"]

_TOLD = 20


@define
class RunDir:
    """An open run: nobody else has it until :meth:`close`."""

    path: Path
    outbox: Outbox
    columns: tuple[str, ...]
    run_id: str
    _lock: BinaryIO

    @classmethod
    def open(
        cls,
        outputs: Sequence[Output],
        *,
        resume: bool,
        overwrite: bool,
        input_path: str,
        stream: BinaryIO | None,
        encoding: str,
        run_id: str,
    ) -> RunDir:
        """Take the run's folder and have the whole input spooled.

        ``stream`` is the input, None when it cannot be read again (standard input of a resumed run). Raises
        UsageError with nothing changed when the outputs exist, the input is bad or another run has the folder.
        """
        path = outputs[0].path.with_name(outputs[0].path.name + ".run")
        files = [*(output.path for output in outputs), rejects_path(outputs[0])]
        for file in files:
            check_folder(file)
        if not resume and not overwrite:
            for file in files:
                if file.exists():
                    raise UsageError(f"{file}: exists; use --resume to go on with its run or --overwrite to begin anew")
        made = not path.exists()
        try:
            path.mkdir(mode=0o700, exist_ok=True)
            lock = _lock(path)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {error.strerror}") from None
        try:
            state = path / "run.db"
            if state.exists() and not (resume or overwrite):
                _refuse(f"{path}: is a run that was not finished; use --resume or --overwrite")
            place = "standard input" if input_path == "-" else input_path
            if overwrite or not state.exists():
                if stream is None:
                    _refuse(f"{place}: was not read to its end by the run that is to be resumed; use --overwrite")
                _begin(state, files if overwrite else (), stream, place, encoding, run_id)
                digest = None
            else:
                digest = None if stream is None else _digest(stream)
            return cls._opened(path, state, lock, files, place, digest)
        except BaseException:
            lock.close()
            if made:
                shutil.rmtree(path, ignore_errors=True)
            raise

    @classmethod
    def _opened(
        cls, path: Path, state: Path, lock: BinaryIO, files: Sequence[Path], place: str, digest: str | None
    ) -> RunDir:
        outbox = Outbox(state)
        try:
            if not outbox.readable:
                raise UsageError(f"{path}: is a run of another version of leadgen; end it with that or use --overwrite")
            if digest is not None and digest != outbox.meta("input"):
                raise UsageError(f"{place}: is not the input of the run that is resumed ({path}); use --overwrite")
            ours = {name for name in (outbox.meta("outputs") or "").split("\n") if name}
            for file in files:
                if file.exists() and str(file.absolute()) not in ours:
                    raise UsageError(f"{file}: exists and does not belong to the run that is resumed ({path})")
            outbox.note(outputs="\n".join(sorted(ours | {str(file.absolute()) for file in files})))
            columns = tuple(name for name in (outbox.meta("columns") or "").split("\n") if name)
            return cls(path, outbox, columns, outbox.meta("run") or "", lock)
        except BaseException:
            outbox.close()
            raise

    def close(self) -> None:
        """Give the run's folder back."""
        self.outbox.close()
        self._lock.close()


def _begin(state: Path, replaced: Sequence[Path], stream: BinaryIO, place: str, encoding: str, run_id: str) -> None:
    """Spool the whole input, and only then put the new state in the place of the old one and of its outputs."""
    spool = state.with_name("spool.db")
    _remove_database(spool)
    outbox = Outbox(spool)
    try:
        hashing = _Hashing(stream)
        columns, rows = read_rows(hashing, place, encoding)
        outbox.spool(_told(rows, place))
        outbox.note(input=hashing.digest(), columns="\n".join(columns), run=run_id)
    except BaseException:
        outbox.close()
        _remove_database(spool)
        raise
    outbox.close()
    _remove_database(state)
    for file in replaced:
        file.unlink(missing_ok=True)
    (state.parent / "audit.jsonl").unlink(missing_ok=True)
    spool.replace(state)


def _told(rows: Iterator[Row], place: str) -> Iterator[Row]:
    """The rows, and in the log what is wrong with them or was repaired; the first of many are enough."""
    from loguru import logger

    told = 0
    for row in rows:
        if row.bad is None and not row.repaired:
            yield row
            continue
        for level, sentence in [("WARNING", row.bad), *(("INFO", repaired) for repaired in row.repaired)]:
            if sentence is None:
                continue
            told += 1
            if told <= _TOLD:
                logger.log(level, f"{place}: line {row.line}: {sentence}")
        yield row
    if told > _TOLD:
        logger.warning(f"{place}: {told - _TOLD} more rows are bad or were repaired")


def _remove_database(path: Path) -> None:
    for suffix in ("-wal", "-shm", ""):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _refuse(sentence: str) -> NoReturn:
    raise UsageError(sentence)


class _Hashing:
    """A stream whose bytes are digested as they are read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hash = hashlib.blake2b(digest_size=16)

    def readline(self, size: int = -1) -> bytes:
        line = self._stream.readline(size)
        self._hash.update(line)
        return line

    def digest(self) -> str:
        return self._hash.hexdigest()


def _digest(stream: BinaryIO) -> str:
    digest = hashlib.blake2b(digest_size=16)
    while chunk := stream.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def check_folder(file: Path) -> None:
    """Raise UsageError when this output cannot be written."""
    folder = file.parent
    if not folder.is_dir():
        raise UsageError(f"{file}: cannot be written: there is no folder {folder}")
    if file.is_dir():
        raise UsageError(f"{file}: cannot be written: it is a folder")
    if not os.access(file if file.exists() else folder, os.W_OK):
        raise UsageError(f"{file}: cannot be written: permission denied")


def _lock(path: Path) -> BinaryIO:
    """An advisory lock that ends with the process, however it ends."""
    handle = (path / "lock").open("ab")
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        return handle
    except BlockingIOError:
        handle.close()
        raise UsageError(f"{path}: another run is writing this output") from None
    return handle
