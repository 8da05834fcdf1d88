"""Answers that an earlier run of the daemon still owes, and that no message on the bus would remind us of.

A question that waits for a yes was acknowledged when it was asked, and speech never was a message: killed meanwhile,
only the journal knows of them. What the broker would hand over again is waited for first.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from edgeassist.bus.values import PublishHandle
from edgeassist.journal import Debt, Journal, Owed
from edgeassist.messages import Outcome, Reply, Result, Status
from edgeassist.text import sanitise

_log = logging.getLogger(__name__)
#: A session that is there hands its messages over at once; after this long there was none.
REDELIVERY_S = 15.0
_NOT_DONE = "Not done: it was interrupted by a restart. Please say it again."
_UNKNOWN = "Interrupted by a restart; it may have been done, and doing it twice would not be the same."

Render = Callable[[Result], bytes]
#: Publishes a result, counted as that outcome.
Send = Callable[[Outcome, bytes, Reply], PublishHandle]


class Debts:
    """Owned by the main thread, apart from `watch`."""

    def __init__(self, journal: Journal, render: Render, send: Send) -> None:
        self._journal = journal
        self._render = render
        self._send = send
        self._unproved: dict[str, PublishHandle] = {}
        self._due: float | None = None
        self._begun = False

    def watch(self, intent_id: str, handle: PublishHandle) -> None:
        """The last result of an intent that nobody says again is on its way: owed until the broker has it."""
        self._unproved[intent_id] = handle

    def tick(self, *, ready: bool) -> None:
        """Called now and then; ``ready`` is whether the bus is connected and subscribed."""
        for intent_id, handle in list(self._unproved.items()):
            if handle.settled:
                del self._unproved[intent_id]
                if handle.failure is None:
                    self._journal.paid(intent_id)
        if not ready:
            return
        if not self._begun:
            self._begun = True
            self._due = time.monotonic() + REDELIVERY_S
            self._pay(Owed.ANSWER)
        if self._due is not None and time.monotonic() >= self._due:
            self._due = None
            self._pay(Owed.UNLESS_REDELIVERED)

    def _pay(self, owed: Owed) -> None:
        for debt in self._journal.debts(owed):
            outcome, payload = self._answer(debt)
            _log.warning("intent %s was cut off by a restart: %s", sanitise(debt.id), outcome)
            self._journal.finished(debt.id, payload)
            self.watch(debt.id, self._send(outcome, payload, debt.reply))

    def _answer(self, debt: Debt) -> tuple[Outcome, bytes]:
        known = None if debt.result is None else json.loads(debt.result)
        if known is not None and known.get("outcome") != Outcome.CONFIRM:
            return Outcome.DUPLICATE, _again(known, Outcome.DUPLICATE)
        outcome, say = (Outcome.FAILED, _UNKNOWN) if debt.acted else (Outcome.EXPIRED, _NOT_DONE)
        if known is None:
            return outcome, self._render(Result(debt.id, "", outcome, say=say))
        status = Status.FAILED if debt.acted else Status.DENIED
        calls = [{**call, "status": str(status)} for call in known["calls"]]
        return outcome, _again({**known, "calls": calls, "say": say}, outcome)


def again(stored: bytes | None) -> bytes:
    """A result that was given before, marked as a duplicate."""
    return _again(json.loads(stored or b"{}"), Outcome.DUPLICATE)


def _again(known: Mapping[str, Any], outcome: Outcome) -> bytes:
    return json.dumps({**known, "outcome": str(outcome)}, ensure_ascii=False).encode()
