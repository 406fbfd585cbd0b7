"""The run's state in one SQLite file: the spooled input, what became of each company, each sink's cursor.

Storing a result is the commit point of a company: one transaction, the moment it is finished. The database is
in WAL mode with ``synchronous=NORMAL``: a killed process loses nothing that was committed; after a power cut
the last commits may be missing, together with the cursors that came after them, so sinks still agree with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice, repeat
from pathlib import Path

import orjson

from leadgen_core.engine.entries import Entry, pack, unpack
from leadgen_core.engine.inputs import Row
from leadgen_core.engine.recent import Recent, ResultState, Stored
from leadgen_core.errors import Stopped
from leadgen_core.model.records import frozen

__all__ = ["Entry", "Outbox", "Result", "ResultState", "Stored"]

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE company (
    ordinal INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, subjects TEXT, rows TEXT NOT NULL, columns TEXT,
    repaired TEXT NOT NULL, bad TEXT
);
CREATE TABLE result (
    ordinal INTEGER PRIMARY KEY, revision INTEGER NOT NULL, state TEXT NOT NULL, number TEXT, body BLOB,
    why TEXT, unknowns INTEGER NOT NULL, executives INTEGER NOT NULL
);
CREATE INDEX result_number ON result (number) WHERE number IS NOT NULL;
CREATE TABLE cursor (
    sink TEXT PRIMARY KEY, next INTEGER NOT NULL, checkpoint TEXT, rewrite INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
"""

_FORMAT = 2
"""Of the tables; goes up when they change."""
_SPOOL = """
INSERT INTO company VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
    rows = rows || ',' || excluded.rows,
    repaired = CASE WHEN excluded.repaired = '' THEN repaired WHEN repaired = '' THEN excluded.repaired
                    ELSE repaired || char(10) || excluded.repaired END
"""
"""An ordinal of null is the next one."""

_ENTRY = "SELECT ordinal, key, subjects, rows, columns, repaired, bad FROM company WHERE ordinal = ?"
_PENDING = """
SELECT c.ordinal, c.key, c.subjects, c.rows, c.columns, c.repaired, c.bad
FROM company c LEFT JOIN result r ON r.ordinal = c.ordinal
WHERE c.ordinal > :after
  AND (r.ordinal IS NULL OR (:retry = 'failed' AND r.state = 'failed') OR (:retry = 'unknown' AND r.unknowns > 0))
ORDER BY c.ordinal LIMIT 256
"""

_KNOWN = """
SELECT EXISTS (SELECT 1 FROM result WHERE ordinal IN (SELECT value FROM json_each(?)))
    OR EXISTS (SELECT 1 FROM result WHERE number IN (SELECT value FROM json_each(?)))
"""
_PUT = "INSERT INTO result VALUES (?, 1, ?, ?, ?, ?, ?, ?)"
_PUT_AGAIN = f"""{_PUT} ON CONFLICT (ordinal) DO UPDATE SET
    revision = revision + 1, state = excluded.state, number = excluded.number, body = excluded.body,
    why = excluded.why, unknowns = excluded.unknowns, executives = excluded.executives
"""
_PAGE_BYTES = 16_384
"""Of the database: several lines share a page, and a transaction that stores some is fewer and longer writes."""
_LOG_BYTES = 4_194_304
"""Of the write-ahead log, before it is folded into the file."""

_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}


@frozen(kw_only=True)
class Result:
    """What became of one company. ``body`` is its line, None for a suppressed one."""

    ordinal: int
    state: ResultState
    number: str | None = None
    body: bytes | None = None
    why: str | None = None
    """Why the run's goal was not reached, in a few words that many companies share; None when it was."""
    unanswered: tuple[str, ...] = ()
    """The questions without an answer and their causes."""
    executives: int = 0


class Outbox:
    """One file. Every method is one transaction; a disk that is full raises Stopped and changes nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._recent = Recent()
        with _storage(path):
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            try:
                _prepare(self._db)
                self.readable = self._db.execute("PRAGMA user_version").fetchone()[0] == _FORMAT
                """Whether its tables are those of this version; no other method may be used when they are not."""
            except BaseException:
                self._db.close()  # Python 3.13 and later warn of a connection that is only dropped
                raise

    def close(self) -> None:
        """Fold the log into the file; a crash without it loses nothing."""
        self._db.close()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with _storage(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    # --- about the run ------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """What was noted of the run under this key."""
        found = self._db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return None if found is None else str(found[0])

    def note(self, **values: str) -> None:
        """Note something of the run."""
        with self._write() as db:
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    # --- the spooled input --------------------------------------------------------------------------------

    def spool(self, rows: Iterable[Row], batch: int = 1000) -> None:
        """Store the input in place of what was there, joining the rows that are one company.

        An interrupted spool is begun anew: the caller notes when it is complete.
        """
        with self._write() as db:
            for table in ("company", "result", "cursor"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
        self._recent.clear()
        ordinals = chain((0,), repeat(None))
        packed = map(pack, rows)
        while page := [(next(ordinals), *row) for row in islice(packed, batch)]:
            with self._write() as db:
                db.executemany(_SPOOL, page)

    def count(self) -> int:
        """How many companies the input holds."""
        return int(self._db.execute("SELECT count(*) FROM company").fetchone()[0])

    def pending(self, retry: str | None = None) -> Iterator[Entry]:
        """The companies that are still to do, in input order, read as they are needed.

        ``retry="failed"`` also takes those that are set aside, ``retry="unknown"`` those with an unanswered question.
        """
        after = -1
        while page := self._db.execute(_PENDING, {"after": after, "retry": retry}).fetchall():
            for row in page:
                after = row[0]
                yield unpack(row)

    def _entry(self, ordinal: int) -> Entry:
        return unpack(self._db.execute(_ENTRY, (ordinal,)).fetchone())

    # --- results ------------------------------------------------------------------------------------------

    def store(self, result: Result, duplicate: Callable[[Entry, Entry], bytes]) -> Result:
        """Commit what became of a company; a second time it is a new revision. Returns what it became.

        When another row is the same company, the lower ordinal keeps it, whichever finished first; the other
        becomes a reject with ``duplicate(entry, the one that keeps it)`` as its body.
        """
        return self.store_all([result], duplicate)[0]

    def store_all(self, results: Sequence[Result], duplicate: Callable[[Entry, Entry], bytes]) -> list[Result]:
        """:meth:`store` for several in one transaction: all of them or none."""
        with self._write() as db:
            fresh = not self._any_known(db, results)
            if fresh:
                db.executemany(_PUT, [_values(result) for result in results])
                became = list(results)
            else:
                became = [self._store(db, result, duplicate) for result in results]
        if fresh:
            self._recent.add([Stored(each.ordinal, 1, each.state, each.body) for each in results])
        else:
            self._recent.clear()
        return became

    @staticmethod
    def _any_known(db: sqlite3.Connection, results: Sequence[Result]) -> bool:
        """Whether any of these, or a row of one's company, has a result already or is in here twice."""
        ordinals = {result.ordinal for result in results}
        numbers = [result.number for result in results if result.number is not None]
        if len(ordinals) < len(results) or len(set(numbers)) < len(numbers):
            return True
        known = db.execute(_KNOWN, (orjson.dumps([*ordinals]).decode(), orjson.dumps(numbers).decode()))
        return bool(known.fetchone()[0])

    def _store(self, db: sqlite3.Connection, result: Result, duplicate: Callable[[Entry, Entry], bytes]) -> Result:
        query = "SELECT ordinal FROM result WHERE number = ? AND ordinal <> ?"
        if result.number is not None and (
            others := [other for (other,) in db.execute(query, (result.number, result.ordinal))]
        ):
            keeper = min((result.ordinal, *others))
            for loser in others if keeper == result.ordinal else [result.ordinal]:
                body = duplicate(self._entry(loser), self._entry(keeper))
                lost = Result(ordinal=loser, state=ResultState.DUPLICATE, number=result.number, body=body)
                db.execute(_PUT_AGAIN, _values(lost))
                result = lost if loser == result.ordinal else result
        if result.state is not ResultState.DUPLICATE:
            db.execute(_PUT_AGAIN, _values(result))
        return result

    def ready(self, start: int, limit: int = 256) -> list[Stored]:
        """The finished companies from ``start`` on, some of them; none when that one is not finished."""
        if recent := self._recent.following(start, limit):
            return recent
        found = self._db.execute(
            "SELECT ordinal, revision, state, body FROM result WHERE ordinal >= ? ORDER BY ordinal LIMIT ?",
            (start, limit),
        )
        ready: list[Stored] = []
        for ordinal, revision, state, body in found:
            if ordinal != start + len(ready):
                break
            ready.append(Stored(ordinal, revision, ResultState(state), body))
        return ready

    def totals(self) -> dict[ResultState, int]:
        """How many companies have each state."""
        return {
            ResultState(state): count
            for state, count in self._db.execute("SELECT state, count(*) FROM result GROUP BY state")
        }

    def unreached(self) -> dict[str, int]:
        """Why finished companies did not reach the run's goal, and how many each."""
        found = self._db.execute(
            "SELECT why, count(*) FROM result WHERE why IS NOT NULL GROUP BY why ORDER BY 2 DESC, 1"
        )
        return {str(why): int(count) for why, count in found}

    def executives(self) -> int:
        """How many executives the leads hold."""
        return int(self._db.execute("SELECT coalesce(sum(executives), 0) FROM result WHERE state='lead'").fetchone()[0])

    # --- cursors ------------------------------------------------------------------------------------------

    def cursor(self, sink: str) -> tuple[int, str | None, bool]:
        """Where this sink stands: the next ordinal, its checkpoint, whether it must be written anew."""
        found = self._db.execute("SELECT next, checkpoint, rewrite FROM cursor WHERE sink=?", (sink,)).fetchone()
        return (0, None, False) if found is None else (int(found[0]), found[1], bool(found[2]))

    def advance(self, sink: str, following: int, checkpoint: str) -> None:
        """The sink has written everything before the ordinal ``following``, up to this checkpoint."""
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, 0)", (sink, following, checkpoint))

    def rewrite(self) -> None:
        """From now on results get revised: every sink must be written anew before the run is complete."""
        with self._write() as db:
            db.execute("UPDATE cursor SET rewrite = 1")


def _values(result: Result) -> tuple[object, ...]:
    return (
        result.ordinal,
        result.state.value,
        result.number,
        result.body,
        result.why,
        len(result.unanswered),
        result.executives,
    )


def _prepare(db: sqlite3.Connection) -> None:
    db.execute(f"PRAGMA page_size={_PAGE_BYTES}")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute(f"PRAGMA wal_autocheckpoint={_LOG_BYTES // _PAGE_BYTES}")
    db.execute(f"PRAGMA journal_size_limit={_LOG_BYTES}")
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name='meta'").fetchone():
        db.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version={_FORMAT};COMMIT;")


@contextmanager
def _storage(path: Path) -> Iterator[None]:
    """A database that cannot write is a stop that can be resumed, in one sentence."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", 0)
        if code & 0xFF in _FULL:
            raise Stopped(
                f"{path}: the run's state cannot be written ({error}); free some space and --resume"
            ) from None
        raise
    except sqlite3.DatabaseError as error:
        raise Stopped(f"{path}: the run's state cannot be read ({error})") from None
