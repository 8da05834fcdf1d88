"""The thread that owns the model: it reads the home, and answers one intent after the other."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from edgeassist.errors import EdgeAssistError
from edgeassist.functions import Function
from edgeassist.home import Home
from edgeassist.rereading import Understood
from edgeassist.turns import Turns

_log = logging.getLogger(__name__)
#: How long a change of the home is left to settle before its prefix is read again; discovery comes in bursts.
_SETTLE_S = 0.25
_IDLE_S = 0.1
#: All sources together may have this many times as much waiting as one of them.
SOURCES = 4


class Reader(Protocol):
    """What turns texts into readings, one home at a time (see :class:`edgeassist.understanding.Understanding`)."""

    def prepare(self, home: Home) -> None: ...
    def abandon(self) -> None: ...
    def advance(self) -> bool: ...
    def relearn(self, functions: Mapping[str, Function], progress: Callable[[], None]) -> None: ...
    def understand(self, text: str, deadline: float) -> Understood: ...
    def close(self) -> None: ...


#: A piece of work with the model, None where there is none.
Job = Callable[[Reader | None], None]


class Worker:
    """Runs jobs with a model that knows the latest home: those of one source in order, sources by turns.

    ``limit`` is how many jobs of one source may wait. ``load`` builds the reader on this thread; where it raises, jobs
    are run without one and ``trouble`` says why.
    ``beat`` is the monotonic instant of the last sign of progress, for the watchdog.
    """

    def __init__(self, load: Callable[[], Reader], limit: int = 32) -> None:
        self._load = load
        self._jobs: Turns[Job] = Turns(limit, SOURCES * limit)
        self._home: Home | None = None
        self._latest: Home | None = None
        self._change: Job | None = None
        self._changed_at = 0.0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self.loaded = threading.Event()
        self.ready = threading.Event()
        self.trouble: str | None = None
        self.beat = time.monotonic()

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> bool:
        """Finish the job at hand and end; False where that takes longer than ``timeout`` seconds."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def depth(self) -> int:
        return len(self._jobs)

    def has_room(self, source: str) -> bool:
        """Whether a job of that source would be taken."""
        return self._jobs.has_room(source)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def submit(self, job: Job, source: str = "") -> bool:
        """Queue a job; False when too many of that source, or of all, wait already."""
        return self._jobs.put(source, job)

    def home_changed(self, home: Home) -> None:
        """The home to know from now on; jobs until it is read are answered in the one before."""
        with self._lock:
            if home is not self._latest:
                self._home = self._latest = home
                self._changed_at = time.monotonic()

    def change(self, job: Job) -> None:
        """Run a job before all that waits; a later one takes the place of one that has not begun."""
        with self._lock:
            self._change = job

    def touch(self) -> None:
        """A sign of progress, from a job that takes long."""
        self.beat = time.monotonic()

    def _run(self) -> None:
        reader = self._loaded()
        self.loaded.set()
        while not self._stopping.is_set():
            self.touch()
            self._apply_change(reader)
            reading = reader is not None and self._read_home(reader)
            try:
                job = self._jobs.get(timeout=0.001 if reading else _IDLE_S)
            except queue.Empty:
                continue
            if self.ready.is_set() or self._await_home(reader):
                self._apply_change(reader)
                self._do(job, reader)
        if reader is not None:
            reader.close()

    def _loaded(self) -> Reader | None:
        try:
            return self._load()
        except EdgeAssistError as error:
            self.trouble = str(error)
            _log.error("the model cannot be used: %s", error)
        except Exception as error:  # noqa: BLE001  (the thread's boundary: without it nobody would ever get an answer)
            self.trouble = f"{type(error).__name__}: {error}"
            _log.exception("the model cannot be used")
        return None

    def _apply_change(self, reader: Reader | None) -> None:
        with self._lock:
            change, self._change = self._change, None
        if change is not None:
            self._do(change, reader)

    def _do(self, job: Job, reader: Reader | None) -> None:
        try:
            job(reader)
        except Exception:  # noqa: BLE001  (the thread's boundary)
            _log.exception("a job failed unexpectedly")

    def _read_home(self, reader: Reader) -> bool:
        """Read a batch of a changed home; True while there is more to read."""
        with self._lock:
            settled = time.monotonic() - self._changed_at >= _SETTLE_S
            home = self._home if settled else None
            if home is not None:
                self._home = None
        try:
            if home is not None:
                reader.prepare(home)
                self.trouble = None
            done = reader.advance()
        except Exception as error:  # noqa: BLE001  (the thread's boundary: what is announced is of anyone's making)
            _log.exception("the home cannot be read; utterances are answered in the one before")
            self.trouble = f"the home cannot be read: {error}"
            reader.abandon()
            done = True
        if done and self._home is None and self._changed_at:
            self.ready.set()
        return not done

    def _await_home(self, reader: Reader | None) -> bool:
        """Wait for the first home, without which nothing is understood rightly; False when stopping."""
        while reader is not None and not self.ready.is_set() and not self._stopping.is_set():
            self.touch()
            if not self._read_home(reader):
                self.ready.wait(_IDLE_S)
        return not self._stopping.is_set()
