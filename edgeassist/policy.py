"""What may happen without asking: a pure function of a call and its context. It stands outside the model.

Whatever was said, and whatever a device calls itself, the risk comes from the function, the device and the household's
own rules.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from enum import IntEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from edgeassist.errors import ConfigError
from edgeassist.functions import Function
from edgeassist.home import Device


class Verdict(IntEnum):
    """Ordered by severity, so that the verdict on several calls is the greatest."""

    ALLOW = 0
    CONFIRM = 1
    DENY = 2


_BY_RISK = {"none": Verdict.ALLOW, "low": Verdict.ALLOW, "confirm": Verdict.CONFIRM, "deny": Verdict.DENY}


class Rule(BaseModel):
    """One rule of the household; every condition that is given must hold, patterns are shell-style.

    ``between`` is a pair of local times, "22:00" and "06:30", and may pass midnight.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    verdict: Literal["allow", "confirm", "deny"]
    functions: tuple[str, ...] = ("*",)
    devices: tuple[str, ...] = ("*",)
    sources: tuple[str, ...] = ("*",)
    rooms: tuple[str, ...] = ("*",)
    between: tuple[time, time] | None = None


class PolicyOptions(BaseModel):
    """``rules`` are read in order and the first that fits decides; without one the risk of function and device does.

    ``pin_hash`` is what :func:`edgeassist.confirmations.hash_pin` makes of a PIN. ``rate_limit`` is how many intents
    one source may have answered within a minute; ``open_questions`` how many of its
    utterances may wait for a yes at once.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[Rule, ...] = ()
    rate_limit: int | None = Field(None, ge=1, le=100_000)
    open_questions: int = Field(5, ge=1, le=20)
    confirm_expires_s: float = Field(30, gt=0, le=600)
    # A PIN itself would be compared with as a hash: every yes would be a wrong PIN, and nobody would know why.
    pin_hash: str | None = Field(None, pattern=r"^[0-9a-f]{16}\$[0-9a-f]{64}$")
    min_confidence: float | None = Field(None, ge=0, le=1)
    min_confidence_risky: float | None = Field(None, ge=0, le=1)


@dataclass(frozen=True)
class Occasion:
    """Who asked, where and when (local time of day)."""

    source: str
    room: str | None
    now: time


RATE_WINDOW_S = 60.0


def within_rate(earlier: Sequence[float], now: float, limit: int) -> tuple[float, ...] | None:
    """The instants of a source's intents of the last minute with this one; None where it is one too many."""
    recent = tuple(instant for instant in earlier if now - instant < RATE_WINDOW_S)
    return (*recent, now) if len(recent) < limit else None


@dataclass(frozen=True)
class Decision:
    verdict: Verdict
    reason: str = ""


def check_rules(options: PolicyOptions, functions: Iterable[str]) -> None:
    """Raises ConfigError for a rule about a function that there is not: it would forbid nothing, silently."""
    names = list(functions)
    for number, rule in enumerate(options.rules, 1):
        for pattern in rule.functions:
            if not any(_matches([pattern], [name]) for name in names):
                close = get_close_matches(pattern, names, 1) or sorted(names)
                hint = f"Did you mean {close[0]!r}?" if len(close) == 1 else f"Known: {', '.join(close)}."
                raise ConfigError(f"policy.rules: rule {number}: functions = {pattern!r}: no such function. {hint}")


def decide(function: Function, targets: Sequence[Device], occasion: Occasion, rules: Iterable[Rule]) -> Decision:
    """The severest verdict over the call's targets (or over the function alone, where it has none)."""
    rules = tuple(rules)
    decisions = [_decide(function, target, occasion, rules) for target in (targets or (None,))]
    return max(decisions, key=lambda decision: decision.verdict)


def _decide(function: Function, device: Device | None, occasion: Occasion, rules: Sequence[Rule]) -> Decision:
    if function.reads:
        return Decision(Verdict.ALLOW)
    for rule in rules:
        if _fits(rule, function, device, occasion):
            return Decision(Verdict[rule.verdict.upper()], "a rule of the household")
    risk = Decision(_BY_RISK[function.risk(device)], f"{function.name} of {device.name if device else 'this'}")
    if device is not None and device.risk is not None and _BY_RISK[device.risk] >= risk.verdict:
        return Decision(_BY_RISK[device.risk], f"{device.name} is marked {device.risk}")
    return risk


def _fits(rule: Rule, function: Function, device: Device | None, occasion: Occasion) -> bool:
    wanted: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
        (rule.functions, (function.name,)),
        (rule.devices, (device.id, device.name, device.kind) if device else ("",)),
        (rule.sources, (occasion.source,)),
        (rule.rooms, (occasion.room or "",)),
    ]
    return all(_matches(patterns, values) for patterns, values in wanted) and _in_time(rule.between, occasion.now)


def _matches(patterns: Iterable[str], values: Iterable[str]) -> bool:
    values = tuple(values)
    return any(fnmatch.fnmatchcase(value.lower(), pattern.lower()) for pattern in patterns for value in values)


def _in_time(between: tuple[time, time] | None, now: time) -> bool:
    if between is None:
        return True
    start, end = between
    return start <= now < end if start <= end else (now >= start or now < end)
