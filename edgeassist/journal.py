"""What became of each intent, across crashes: an id acts once, and what may have acted is not repeated blindly.

The rows live in memory and are written behind, so that nothing here fails to *read*; a full disk or a read-only one
leaves the journal degraded, and the next step that can be written writes everything that waited.

Synchronous: NORMAL, which survives the death of the process, and FULL for the one step that must survive the loss of
power: that a command which must not be repeated is about to be sent. One fsync there instead of five per intent is
some 10 ms and less wear on an SD card; the other rows, lost, cost a repeated idempotent command at worst.

Ages are counted on the monotonic clock. A row of an earlier run is as old as this run at least, and goes when this
run has lasted for the TTL: a Pi without a real-time clock wakes in 1970 and must not forget, or keep for ever.
"""

from __future__ import annotations

import functools
import hashlib
import os
import signal
import threading
import time
import uuid
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path

from .errors import JournalError
from .journal_file import JournalFile, Owed, Row, Step
from .messages import Reply

__all__ = ["MAX_ATTEMPTS", "Admission", "Debt", "Journal", "Kind", "Owed", "Step", "crash_point"]

#: An intent over which the daemon went down this often is answered ``failed`` and acknowledged.
MAX_ATTEMPTS = 2


class Kind(Enum):
    """What to do with an intent that was just received."""

    #: Never seen: do it.
    NEW = auto()
    #: Done before: answer ``duplicate`` with the stored result.
    DUPLICATE = auto()
    #: The same id is being worked on: its own answer will come.
    IN_PROGRESS = auto()
    #: An earlier run died over it before anything that must not be repeated: do it again, up to `MAX_ATTEMPTS`.
    RETRY = auto()
    #: An earlier run died when a command that must not be repeated may have been sent: answer that it is unknown.
    UNCERTAIN = auto()
    #: The id was used for other words: answer ``rejected``.
    CONFLICT = auto()


@dataclass(frozen=True, slots=True)
class Admission:
    """The journal's word on an intent; ``attempts`` is how often work on it has begun before."""

    kind: Kind
    attempts: int = 0
    result: bytes | None = None

    @property
    def exhausted(self) -> bool:
        return self.attempts >= MAX_ATTEMPTS


@dataclass(frozen=True, slots=True)
class Debt:
    """An intent of an earlier run whose answer is still owed.

    ``result`` is the latest that was noted of it, that of a question included. ``acted`` is whether commands may have
    been sent after that.
    """

    id: str
    result: bytes | None
    acted: bool
    reply: Reply


class Journal:
    """One SQLite file, one row per intent id. Safe to use from any thread; ``now`` is time.monotonic in seconds."""

    def __init__(self, path: Path, *, ttl_s: float = 3600.0, max_rows: int = 500, now: float | None = None) -> None:
        """Opens or makes the file. Never raises for the disk's sake: see `degraded`."""
        self._ttl_s = ttl_s
        self._max_rows = max_rows
        self._run = uuid.uuid4().hex
        self._born = time.monotonic() if now is None else now
        self._now = self._born
        self._lock = threading.RLock()
        self._file = JournalFile(path)
        self._file.save(durable=False)

    @property
    def degraded(self) -> str | None:
        """Why nothing can be written at the moment; None while all is well. For health."""
        return self._file.degraded

    def accept(
        self,
        intent_id: str,
        now: float,
        text: str = "",
        *,
        owed: Owed = Owed.UNLESS_REDELIVERED,
        reply: Reply | None = None,
        delivery: str | None = None,
    ) -> Admission:
        """Note that an intent arrived, and say what to do with it. Never raises.

        ``owed`` says who remembers it over a restart, ``reply`` where its answer then goes, ``delivery`` in which
        message it came (see `redelivered`).
        """
        with self._lock:
            self._now = now
            self._prune(now)
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            known = self._file.get(intent_id)
            admission = self._judge(known, digest)
            if admission.kind in (Kind.NEW, Kind.RETRY):
                to = reply or Reply()
                self._file.put(
                    Row(
                        intent_id, self._run, Step.RECEIVED, admission.attempts, digest, True, now, time.time(), None,
                        owed, to.topic, to.correlation, delivery,
                    )
                )  # fmt: skip
                self._file.save(durable=False)
        if admission.kind in (Kind.NEW, Kind.RETRY):
            crash_point(Step.RECEIVED)
        return admission

    def knows(self, intent_id: str) -> bool:
        """Whether an intent of that id was accepted, in this run or one before."""
        with self._lock:
            return self._file.get(intent_id) is not None

    def redelivered(self, delivery: str) -> str | None:
        """The id under which that message was noted: one without an id of its own is else another intent each time."""
        with self._lock:
            return next((row.id for row in reversed(list(self._file.rows())) if row.delivery == delivery), None)

    def begun(self, intent_id: str) -> None:
        """Note that work on it begins: what waits while another one brings the process down is not to blame."""
        with self._lock:
            known = self._file.get(intent_id)
            if known is not None:
                self._file.put(replace(known, attempts=known.attempts + 1))
                self._file.save(durable=False)
        crash_point("begun")

    def started(self, intent_id: str, idempotent: bool) -> None:
        """Note that its commands are about to be sent.

        Raises JournalError when they must not be repeated and this cannot be made to last: then do not send them.
        """
        with self._lock:
            before = self._file.get(intent_id)
            self._advance(intent_id, Step.STARTED, idempotent=idempotent)
            if not self._file.save(durable=not idempotent) and not idempotent:
                if before is not None:
                    self._file.put(before)
                raise JournalError(f"the journal cannot be written ({self.degraded}), and this must not happen twice")
        crash_point(Step.STARTED)

    def published(self, intent_id: str) -> None:
        """Note that its commands went to the broker. Never raises."""
        with self._lock:
            self._advance(intent_id, Step.PUBLISHED)
            self._file.save(durable=False)
        crash_point(Step.PUBLISHED)

    def asked(self, intent_id: str, result: bytes) -> None:
        """Note that it waits for a yes: its message is acknowledged, so that only this row still knows of it."""
        self._finish(intent_id, result, Owed.ANSWER)
        crash_point("asked")

    def finished(self, intent_id: str, result: bytes) -> None:
        """Note its result, for whoever sends the same id again. Never raises."""
        with self._lock:
            known = self._file.get(intent_id)
            # What no message reminds us of is owed until the broker has it: see `paid`.
            asked = known is not None and known.owed is Owed.ANSWER
            self._finish(intent_id, result, Owed.ANSWER if asked else Owed.NOTHING)
        crash_point(Step.FINISHED)

    def paid(self, intent_id: str) -> None:
        """Note that the broker has the last result of an intent that no message would remind us of."""
        with self._lock:
            known = self._file.get(intent_id)
            if known is not None and known.owed is not Owed.NOTHING:
                self._file.put(replace(known, owed=Owed.NOTHING))
                self._file.save(durable=False)

    def debts(self, owed: Owed) -> tuple[Debt, ...]:
        """Intents of earlier runs whose answer is owed in that way."""
        with self._lock:
            rows = [row for row in self._file.rows() if row.run != self._run and row.owed is owed]
        return tuple(
            Debt(
                row.id,
                row.result,
                row.step in (Step.STARTED, Step.PUBLISHED),
                Reply(row.reply, row.correlation),
            )
            for row in rows
        )

    def probe(self) -> str | None:
        """Try again what could not be written; `degraded` as it is then. For the health report."""
        with self._lock:
            self._file.save(durable=False)
            return self.degraded

    def close(self) -> None:
        with self._lock:
            self._file.save(durable=True)
            self._file.close()

    def __len__(self) -> int:
        return len(self._file)

    def _judge(self, known: Row | None, digest: str) -> Admission:
        if known is None:
            return Admission(Kind.NEW)
        if known.text_hash != digest:
            return Admission(Kind.CONFLICT, known.attempts)
        if known.step is Step.FINISHED:
            return Admission(Kind.DUPLICATE, known.attempts, known.result)
        if known.run == self._run:
            return Admission(Kind.IN_PROGRESS, known.attempts)
        if known.idempotent:
            return Admission(Kind.RETRY, known.attempts)
        return Admission(Kind.UNCERTAIN, known.attempts)

    def _finish(self, intent_id: str, result: bytes, owed: Owed) -> None:
        with self._lock:
            self._advance(intent_id, Step.FINISHED, result=result, owed=owed)
            self._file.save(durable=False)

    def _advance(
        self,
        intent_id: str,
        step: Step,
        *,
        idempotent: bool | None = None,
        result: bytes | None = None,
        owed: Owed | None = None,
    ) -> None:
        known = self._file.get(intent_id)
        if known is None:
            # Pruned under a flood while it was worked on: note it anew rather than lose its result.
            known = Row(intent_id, self._run, step, 1, "", True, self._now, time.time())
        self._file.put(
            replace(
                known,
                run=self._run,
                step=step,
                idempotent=known.idempotent if idempotent is None else idempotent,
                # Of a question that was answered, what was asked: if this run dies, that much can be said.
                result=known.result if result is None else result,
                since=known.since if known.run == self._run else self._now,
                owed=known.owed if owed is None else owed,
            )
        )

    def _prune(self, now: float) -> None:
        """Forget what is older than the TTL; beyond the count the oldest that are finished, then the oldest."""
        old_runs_too = now - self._born > self._ttl_s
        stale = [
            row.id
            for row in self._file.rows()
            if (now - row.since > self._ttl_s if row.run == self._run else old_runs_too)
        ]
        surplus = len(self._file) - len(stale) - self._max_rows + 1
        if surplus > 0:
            dropped = set(stale)
            rest = [row for row in self._file.rows() if row.id not in dropped]
            rest.sort(key=lambda row: (row.step is not Step.FINISHED) + (row.owed is Owed.ANSWER))
            stale += [row.id for row in rest[:surplus]]
        for intent_id in stale:
            self._file.drop(intent_id)


def crash_point(step: str) -> None:
    """Die here, as by a loss of power, when ``EDGEASSIST_CRASH_AT`` names this step. For the fault tests."""
    if _crash_step() == step:
        os.kill(os.getpid(), signal.SIGKILL)


@functools.cache
def _crash_step() -> str | None:
    return os.environ.get("EDGEASSIST_CRASH_AT")
