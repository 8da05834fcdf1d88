"""The values that travel along the pipeline. No behaviour lives here.

source -> Utterance -> prompt -> constrained decode -> Call -> policy -> Publish -> bus -> Result
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

#: One normalised value of a device, in the units of :class:`edgeassist.home.Device`.
Value = str | float | bool | tuple[int, int, int]


class Outcome(StrEnum):
    """How an accepted intent ended; exactly one per intent."""

    DONE = "done"
    PARTIAL = "partial"
    CONFIRM = "confirm"
    DENIED = "denied"
    NOT_UNDERSTOOD = "not_understood"
    FAILED = "failed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    OVERLOADED = "overloaded"
    DUPLICATE = "duplicate"
    DRY_RUN = "dry_run"


class Status(StrEnum):
    """How one call ended."""

    VERIFIED = "verified"
    SENT = "sent"
    TIMEOUT = "timeout"
    CONFIRM = "confirm"
    DENIED = "denied"
    FAILED = "failed"
    DRY_RUN = "dry_run"


@dataclass(frozen=True, slots=True)
class Reply:
    """Where an answer goes besides ``<base>/action``, and what is copied into it verbatim."""

    topic: str | None = None
    correlation: bytes | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that was said or typed, as it entered the pipeline.

    ``deadline`` is an instant of :func:`time.monotonic`, in seconds; so is ``spoken_at``, when speech ended, for what
    was spoken. ``timing_ms`` are the stages that lie behind it already.
    """

    id: str
    text: str
    deadline: float
    room: str | None = None
    source: str = "mqtt"
    dry_run: bool = False
    reply: Reply = field(default_factory=Reply)
    spoken_at: float | None = None
    timing_ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One function call of the public contract: a function and its arguments, the target among them.

    The target is ``arguments["name"]``, or ``["area"]`` or ``["floor"]`` each with an optional ``["kind"]``,
    or ``["kind"]`` alone for everywhere. ``targets`` are the ids of the devices that it means in this home.
    """

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publish:
    """One MQTT message to a device. Commands are never retained."""

    topic: str
    payload: bytes
    qos: int = 1


@dataclass(frozen=True, slots=True)
class CallResult:
    """What became of one call."""

    call: Call
    status: Status
    error: str | None = None
    published: tuple[Publish, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one intent, as published on ``<base>/action``."""

    id: str
    text: str
    outcome: Outcome
    calls: tuple[CallResult, ...] = ()
    say: str = ""
    confidence: float | None = None
    path: str = ""
    timing_ms: Mapping[str, float] = field(default_factory=dict)
