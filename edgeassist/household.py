"""Timers and lists: the functions that no device has. They survive a restart."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, FiniteFloat

from edgeassist.errors import CommandError
from edgeassist.messages import Call, Utterance

_log = logging.getLogger(__name__)
MAX_TIMERS = 50
MAX_ITEMS = 500


@dataclass(frozen=True)
class Timer:
    """``ends`` is wall-clock time, seconds since the epoch: a timer keeps its hour over a restart.

    While the process runs, the monotonic instant beside it in :class:`Household` counts: a Pi without a real-time clock
    learns the time when it has a network, and that leap must ring nothing.
    """

    label: str
    seconds: int
    ends: FiniteFloat
    source: str


class _Held(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    timers: list[Timer]
    lists: dict[str, list[str]]


class Household:
    """Timers and lists in one small file. ``ring`` is called on the timer thread when one ends."""

    def __init__(
        self, path: Path, ring: Callable[[Timer], None], changed: Callable[[str, list[str]], None] = lambda *_: None
    ) -> None:
        self._path = path
        self._ring = ring
        self._changed = changed
        self._wake = threading.Condition()
        self._timers: list[tuple[float, Timer]] = []
        self._lists: dict[str, list[str]] = {}
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="timers", daemon=True)
        self._load()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._stopped = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def serve(self, call: Call, utterance: Utterance) -> str:
        """Carry out start_timer, cancel_timer, timer_status or add_to_list; raises CommandError."""
        label = str(call.arguments.get("label", ""))
        match call.name:
            case "start_timer":
                return self._start_timer(int(call.arguments["seconds"]), label, utterance.source)
            case "cancel_timer":
                return self._cancel(label)
            case "timer_status":
                return self._status(label)
            case "add_to_list":
                return self._add(str(call.arguments["item"]), str(call.arguments["list"]))
        raise CommandError(f"{call.name} is no function of timers or lists")

    def _start_timer(self, seconds: int, label: str, source: str) -> str:
        with self._wake:
            if len(self._timers) >= MAX_TIMERS:
                raise CommandError(f"{MAX_TIMERS} timers are running; cancel one first")
            timer = Timer(label, seconds, time.time() + seconds, source)
            self._timers.append((time.monotonic() + seconds, timer))
            self._save()
            self._wake.notify()
        return f"{_name(label)} set for {_spoken(seconds)}."

    def _cancel(self, label: str) -> str:
        with self._wake:
            named = self._named(label)
            if not named:
                return "No such timer is running."
            self._timers = [held for held in self._timers if held not in named]
            self._save()
            self._wake.notify()
        return f"{len(named)} timers cancelled." if len(named) > 1 else f"{_name(named[0][1].label)} cancelled."

    def _status(self, label: str) -> str:
        with self._wake:
            named = self._named(label)
        if not named:
            return "No such timer is running." if label else "No timer is running."
        now = time.monotonic()
        return " ".join(f"{_name(timer.label)}: {_spoken(max(0, round(due - now)))} left." for due, timer in named)

    def _named(self, label: str) -> list[tuple[float, Timer]]:
        """The timers of that label, or of that length ("5 minute"); without one, all."""
        called = label.removesuffix(" timer").strip()
        wanted = [held for held in self._timers if held[1].label in {label, called}]
        length = _length(called)
        return wanted or [held for held in self._timers if not label or held[1].seconds == length]

    def _add(self, item: str, name: str) -> str:
        with self._wake:
            items = self._lists.setdefault(name, [])
            if len(items) >= MAX_ITEMS:
                raise CommandError(f"the {name} list already has {MAX_ITEMS} items")
            items.append(item)
            self._save()
            self._changed(name, list(items))
        return f"Added {item} to the {name} list."

    def due(self) -> list[Timer]:
        """The timers that have ended, taken out."""
        with self._wake:
            now = time.monotonic()
            ended = [timer for due, timer in self._timers if due <= now]
            if ended:
                self._timers = [held for held in self._timers if held[0] > now]
                self._save()
            return ended

    def _run(self) -> None:
        with self._wake:
            while not self._stopped:
                for timer in self.due():
                    self._ring(timer)
                left = min((due for due, _ in self._timers), default=time.monotonic() + 3600) - time.monotonic()
                self._wake.wait(timeout=min(max(left, 0), 3600))

    def _load(self) -> None:
        try:
            held = _Held.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return
        except (ValueError, OSError) as error:
            aside = self._path.with_suffix(".corrupt")
            _log.error("timers and lists in %s cannot be read (%s); the file is kept as %s", self._path, error, aside)
            with contextlib.suppress(OSError):
                self._path.replace(aside)
            return
        # A wall clock that went back makes no timer longer than it was.
        left = [(min(timer.ends - time.time(), timer.seconds), timer) for timer in held.timers]
        self._timers = [(time.monotonic() + seconds, timer) for seconds, timer in left]
        self._lists = held.lists

    def _save(self) -> None:
        data = json.dumps({"timers": [asdict(timer) for _, timer in self._timers], "lists": self._lists})
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=self._path.parent, suffix=".tmp", delete=False) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(self._path)
        except OSError as error:
            _log.error("timers and lists cannot be kept in %s: %s", self._path, error)


def _name(label: str) -> str:
    return f"{label.capitalize()} timer" if label else "Timer"


_UNITS = {"hour": 3600, "minute": 60, "second": 1}
_LENGTH = re.compile(r"(\d+) (hour|minute|second)s?")


def _length(words: str) -> int | None:
    """Seconds of "5 minute" or "1 hour and 10 minutes"; None for words that say more or less than a length."""
    found = _LENGTH.findall(words)
    if not found or _LENGTH.sub("", words).replace("and", "").strip():
        return None
    return sum(int(number) * _UNITS[unit] for number, unit in found)


def _spoken(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [(hours, "hour"), (minutes, "minute"), (seconds, "second")]
    return " ".join(f"{n} {unit}{'s' if n != 1 else ''}" for n, unit in parts if n) or "0 seconds"
