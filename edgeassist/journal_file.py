"""The journal's rows in one SQLite file: read at the start, written behind, set aside when damaged."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path

log = logging.getLogger(__name__)
#: Columns of version 1 that came later, with defaults: an older release reads and writes the file without them.
_LATER = {"owed": "INTEGER NOT NULL DEFAULT 0", "reply": "TEXT", "correlation": "BLOB", "delivery": "TEXT"}
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS intent (
  id TEXT PRIMARY KEY, run TEXT NOT NULL, step TEXT NOT NULL, attempts INTEGER NOT NULL, text_hash TEXT NOT NULL,
  idempotent INTEGER NOT NULL, since REAL NOT NULL, wall REAL NOT NULL, result BLOB,
  {", ".join(f"{name} {kind}" for name, kind in _LATER.items())}
) WITHOUT ROWID
"""
_VERSION = 1
_COLUMNS = (
    "id", "run", "step", "attempts", "text_hash", "idempotent", "since", "wall", "result", "owed", "reply",
    "correlation", "delivery",
)  # fmt: skip
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM intent ORDER BY wall"  # noqa: S608  (constants)
_PLACES = ", ".join("?" * len(_COLUMNS))
_INSERT = f"INSERT OR REPLACE INTO intent ({', '.join(_COLUMNS)}) VALUES ({_PLACES})"  # noqa: S608  (constants)


class Step(StrEnum):
    """How far an intent got; also the names for ``EDGEASSIST_CRASH_AT``."""

    RECEIVED = "received"
    STARTED = "started"
    PUBLISHED = "published"
    FINISHED = "finished"


class Owed(IntEnum):
    """Whether this node owes an answer that no message on the bus will remind it of."""

    #: Answered; or, of a fleet's shared topic, another node's business as well.
    NOTHING = 0
    #: Nobody will say it again: a question that waits for a yes, or speech.
    ANSWER = 1
    #: The broker hands the message over again, unless its session has ended meanwhile.
    UNLESS_REDELIVERED = 2


@dataclass(frozen=True, slots=True)
class Row:
    """``attempts`` is how often work on it has begun; ``since`` an instant of time.monotonic of its run.

    ``delivery`` tells the message that it came in, which the broker may hand over again.
    """

    id: str
    run: str
    step: Step
    attempts: int
    text_hash: str
    idempotent: bool
    since: float
    wall: float
    result: bytes | None = None
    owed: Owed = Owed.NOTHING
    reply: str | None = None
    correlation: bytes | None = None
    delivery: str | None = None


class JournalFile:
    """Rows by id, oldest first, in memory; `save` brings the file up to date. Not thread-safe."""

    def __init__(self, path: Path) -> None:
        self.path = path
        #: Why nothing can be written at the moment; None while all is well.
        self.degraded: str | None = None
        self._rows: dict[str, Row] = {}
        self._dirty: set[str] = set()
        self._gone: set[str] = set()
        self._db: sqlite3.Connection | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, intent_id: str) -> Row | None:
        return self._rows.get(intent_id)

    def rows(self) -> Iterable[Row]:
        return self._rows.values()

    def put(self, row: Row) -> None:
        self._rows.pop(row.id, None)
        self._rows[row.id] = row
        self._dirty.add(row.id)
        self._gone.discard(row.id)

    def drop(self, intent_id: str) -> None:
        del self._rows[intent_id]
        self._dirty.discard(intent_id)
        self._gone.add(intent_id)

    def save(self, *, durable: bool) -> bool:
        """Write all that waits, in one transaction; False, and degraded, when the disk does not let us."""
        for last in (False, True):
            try:
                self._write(self._db or self._open(), durable=durable)
            except (sqlite3.OperationalError, OSError) as error:
                self._fail(error)
                return False
            except sqlite3.DatabaseError as error:
                self._set_aside(error)
                if last:
                    self._fail(error)
                    return False
            else:
                break
        if self.degraded is not None:
            log.warning("journal %s: can be written again", self.path)
            self.degraded = None
        return True

    def close(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            try:
                db.close()
            except sqlite3.Error as error:
                log.debug("journal %s: %s", self.path, error)

    def _open(self) -> sqlite3.Connection:
        """Open the file, make what it lacks, and take in the rows of earlier runs."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = sqlite3.connect(self.path, timeout=1.0, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA wal_autocheckpoint=256")
            _check_file(db)
            db.execute(_SCHEMA)
            there = {str(column[1]) for column in db.execute("PRAGMA table_info(intent)")}
            for name in _LATER.keys() - there:
                db.execute(f"ALTER TABLE intent ADD COLUMN {name} {_LATER[name]}")
            db.execute(f"PRAGMA user_version={_VERSION}")
            for values in db.execute(_SELECT).fetchall():
                self._adopt(*values)
        except BaseException:
            db.close()
            raise
        self._db = db
        return db

    def _adopt(
        self, intent_id: str, run: str, step: str, attempts: int, digest: str, idempotent: int, since: float,
        wall: float, result: bytes | None, owed: int, reply: str | None, correlation: bytes | None,
        delivery: str | None,
    ) -> None:  # fmt: skip
        if intent_id not in self._rows and intent_id not in self._gone:
            self._rows[intent_id] = Row(
                intent_id, run, Step(step), attempts, digest, bool(idempotent), since, wall, result, Owed(owed), reply,
                correlation, delivery,
            )  # fmt: skip

    def _write(self, db: sqlite3.Connection, *, durable: bool) -> None:
        if not self._dirty and not self._gone and self.degraded is None:
            return
        # Not allowed within a transaction, and kept by the connection.
        db.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        db.execute("BEGIN IMMEDIATE")
        try:
            db.executemany("DELETE FROM intent WHERE id = ?", [(i,) for i in self._gone])
            db.executemany(_INSERT, [_values(self._rows[i]) for i in self._dirty])
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        self._dirty.clear()
        self._gone.clear()

    def _fail(self, error: Exception) -> None:
        reason = f"{self.path}: {error}"
        if self.degraded is None:
            log.error("journal %s; commands that must not be repeated are refused until it can be written", reason)
        self.degraded = reason
        self.close()

    def _set_aside(self, error: Exception) -> None:
        """Keep the damaged file for a person, begin a new one with what is known."""
        self.close()
        aside = self.path.with_name(self.path.name + ".corrupt")
        log.error("journal %s is damaged (%s): kept as %s, a new one is begun", self.path, error, aside.name)
        for suffix in ("", "-wal", "-shm"):
            part = self.path.with_name(self.path.name + suffix)
            try:
                part.replace(aside.with_name(aside.name + suffix))
            except FileNotFoundError:
                continue
            except OSError as problem:
                log.error("journal %s cannot be set aside: %s", part, problem)  # noqa: TRY400 - the reason says it all
        self._dirty.update(self._rows)


def _check_file(db: sqlite3.Connection) -> None:
    verdict = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != ("ok",):
        raise sqlite3.DatabaseError(str(verdict))
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version not in (0, _VERSION):
        raise sqlite3.DatabaseError(f"made by another version of edgeassist ({version})")


def _values(row: Row) -> tuple[object, ...]:
    return (
        row.id, row.run, str(row.step), row.attempts, row.text_hash, int(row.idempotent), row.since, row.wall,
        row.result, int(row.owed), row.reply, row.correlation, row.delivery,
    )  # fmt: skip
