"""The run's state in one SQLite file: the spooled input, what became of each company, each sink's cursor.

Storing a result is the commit point of a company: one transaction, the moment it is finished. The database is
in WAL mode with ``synchronous=NORMAL``: a killed process loses nothing that was committed; after a power cut
the last commits may be missing, together with the cursors that came after them, so sinks still agree with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path

import orjson

from leadgen_core.engine.inputs import Row
from leadgen_core.errors import Stopped
from leadgen_core.model.lead import InputRows
from leadgen_core.model.records import frozen
from leadgen_core.model.subjects import CompanyNumber, Host, NameQuery, Subject, subject_text

__all__ = ["Entry", "Outbox", "Result", "ResultState", "Stored"]

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE company (
    ordinal INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, subjects TEXT NOT NULL, rows TEXT NOT NULL,
    columns TEXT NOT NULL, repaired TEXT NOT NULL, given TEXT NOT NULL, bad TEXT
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

_ENTRY = "SELECT ordinal, subjects, rows, columns, repaired, given, bad FROM company WHERE ordinal = ?"
_PENDING = """
SELECT c.ordinal, c.subjects, c.rows, c.columns, c.repaired, c.given, c.bad
FROM company c LEFT JOIN result r ON r.ordinal = c.ordinal
WHERE c.ordinal > ?1
  AND (r.ordinal IS NULL OR (?2 = 'failed' AND r.state = 'failed') OR (?2 = 'unknown' AND r.unknowns > 0))
ORDER BY c.ordinal LIMIT 64
"""

_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}


class ResultState(StrEnum):
    """What a company has become. All but the first and the last are rejects."""

    LEAD = "lead"
    BAD = "bad"
    ABSENT = "absent"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


@frozen(kw_only=True)
class Entry:
    """One company of the input: its place, its subjects, the rows it came from and what they held."""

    ordinal: int
    subjects: tuple[Subject, ...]
    input: InputRows
    given: Mapping[str, str]
    """The whole first row, for a reject."""
    bad: str | None = None


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


@frozen
class Stored:
    """A result as it lies in the outbox."""

    ordinal: int
    revision: int
    state: ResultState
    body: bytes | None


class Outbox:
    """One file. Every method is one transaction; a disk that is full raises Stopped and changes nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with _storage(path):
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA journal_size_limit=4194304")
            if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name='meta'").fetchone():
                self._db.executescript(f"BEGIN;{_SCHEMA}COMMIT;")

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
        ordinal = 0
        rows = iter(rows)
        while page := list(islice(rows, batch)):
            ordinal = self._spool_page(page, ordinal)

    def _spool_page(self, rows: Iterable[Row], ordinal: int) -> int:
        with self._write() as db:
            for row in rows:
                key = f"bad:{row.line}" if row.bad else _key(row.subjects[0])
                repaired = "\n".join(row.repaired)
                fresh = db.execute(
                    "INSERT INTO company VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                    (
                        ordinal,
                        key,
                        orjson.dumps([_pack(subject) for subject in row.subjects]).decode(),
                        str(row.line),
                        orjson.dumps(row.columns, dict).decode(),
                        repaired,
                        orjson.dumps({**row.columns, **_given(row.subjects)}).decode(),
                        row.bad,
                    ),
                ).rowcount
                if fresh:
                    ordinal += 1
                    continue
                db.execute(
                    "UPDATE company SET rows = rows || ',' || ?1, repaired = CASE WHEN ?2 = '' THEN repaired"
                    " WHEN repaired = '' THEN ?2 ELSE repaired || char(10) || ?2 END WHERE key = ?3",
                    (row.line, repaired, key),
                )
        return ordinal

    def count(self) -> int:
        """How many companies the input holds."""
        return int(self._db.execute("SELECT count(*) FROM company").fetchone()[0])

    def pending(self, retry: str | None = None) -> Iterator[Entry]:
        """The companies that are still to do, in input order, read as they are needed.

        ``retry="failed"`` also takes those that are set aside, ``retry="unknown"`` those with an unanswered question.
        """
        after = -1
        while page := self._db.execute(_PENDING, (after, retry)).fetchall():
            for row in page:
                after = row[0]
                yield _read_entry(row)

    def _entry(self, ordinal: int) -> Entry:
        return _read_entry(self._db.execute(_ENTRY, (ordinal,)).fetchone())

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
            return [self._store(db, result, duplicate) for result in results]

    def _store(self, db: sqlite3.Connection, result: Result, duplicate: Callable[[Entry, Entry], bytes]) -> Result:
        query = "SELECT ordinal FROM result WHERE number = ? AND ordinal <> ?"
        if result.number is not None and (
            others := [other for (other,) in db.execute(query, (result.number, result.ordinal))]
        ):
            keeper = min((result.ordinal, *others))
            for loser in others if keeper == result.ordinal else [result.ordinal]:
                body = duplicate(self._entry(loser), self._entry(keeper))
                lost = Result(ordinal=loser, state=ResultState.DUPLICATE, number=result.number, body=body)
                self._put(db, lost)
                result = lost if loser == result.ordinal else result
        if result.state is not ResultState.DUPLICATE:
            self._put(db, result)
        return result

    @staticmethod
    def _put(db: sqlite3.Connection, result: Result) -> None:
        db.execute(
            "INSERT INTO result VALUES (?, 1, ?, ?, ?, ?, ?, ?) ON CONFLICT (ordinal) DO UPDATE SET"
            " revision = revision + 1, state = excluded.state, number = excluded.number, body = excluded.body,"
            " why = excluded.why, unknowns = excluded.unknowns, executives = excluded.executives",
            (
                result.ordinal,
                str(result.state),
                result.number,
                result.body,
                result.why,
                len(result.unanswered),
                result.executives,
            ),
        )

    def ready(self, start: int, limit: int = 256) -> list[Stored]:
        """The finished companies from ``start`` on, up to the first that is not finished."""
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


# --- records in the file ----------------------------------------------------------------------------------


def _read_entry(row: tuple[int, str, str, str, str, str, str | None]) -> Entry:
    ordinal, subjects, rows, columns, repaired, given, bad = row
    return Entry(
        ordinal=ordinal,
        subjects=tuple(_unpack(item) for item in orjson.loads(subjects)),
        input=InputRows(
            rows=tuple(int(line) for line in str(rows).split(",")),
            columns=orjson.loads(columns),
            repaired=tuple(repaired.split("\n")) if repaired else (),
        ),
        given=orjson.loads(given),
        bad=bad,
    )


def _key(subject: Subject) -> str:
    if isinstance(subject, NameQuery):
        return f"name:{subject.name.casefold()}|{subject.postcode or ''}"
    return subject_text(subject)


def _pack(subject: Subject) -> list[str | None]:
    if isinstance(subject, NameQuery):
        return [NameQuery.kind, subject.name, subject.postcode]
    if isinstance(subject, CompanyNumber | Host):
        return [subject.kind, subject.value]
    raise TypeError(f"the input holds no subject of the type {type(subject).__name__}")


def _unpack(item: list[str]) -> Subject:
    kind, *values = item
    if kind == NameQuery.kind:
        return NameQuery(*values)
    return CompanyNumber(*values) if kind == CompanyNumber.kind else Host(*values)


def _given(subjects: Iterable[Subject]) -> dict[str, str]:
    """The known columns as they were read."""
    given: dict[str, str] = {}
    for subject in subjects:
        if isinstance(subject, NameQuery):
            given["name"] = subject.name
            if subject.postcode:
                given["postcode"] = subject.postcode
        elif isinstance(subject, CompanyNumber):
            given["company_number"] = subject.value
        elif isinstance(subject, Host):
            given["domain"] = subject.value
    return given


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
