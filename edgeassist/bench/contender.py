"""One contender in a process of its own, so that its peak memory is its own.

It is started as ``python -m edgeassist.bench.contender SETTINGS``.
It answers JSON lines on its standard input with JSON lines on its standard output.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Protocol, TextIO

from pydantic import BaseModel, ConfigDict

from edgeassist import cpu
from edgeassist.engine.options import EngineOptions

Path_ = Literal["stock", "xllamacpp", "edgeassist"]
#: ``cpu`` counts the processor's seconds of this process, which others on the machine do not lengthen.
Clock = Literal["wall", "cpu"]
CLOCKS: dict[Clock, Callable[[], float]] = {"wall": time.monotonic, "cpu": time.process_time}


class Settings(BaseModel):
    """What a contender is told. ``spawned`` is the instant of time.monotonic() at which its process was started.

    ``steered``: the model's weights mean nothing, so what it is to say is given with each utterance.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path_
    model: Path
    template: str
    devices: int
    options: EngineOptions = EngineOptions()
    #: The context of the stock paths, which hold the whole home in the prompt whatever its size.
    context: int = 4096
    store: Path | None = None
    steered: bool = False
    spawned: float = 0.0
    clock: Clock = "wall"

    def now(self) -> float:
        """Seconds; only differences mean something."""
        return CLOCKS[self.clock]()


class Ask(BaseModel):
    """One utterance, with the compact line that it means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    line: str


class Answered(BaseModel):
    """``seconds`` for the answer; ``evaluated`` prompt tokens read for it; ``steps`` forward passes in all.

    ``free``, ``drafted`` and ``accepted`` are free decisions and tokens of the draft, where the contender has such.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    seconds: float
    answer: str
    steps: int
    evaluated: int
    generated: int
    free: int | None = None
    suffix: int | None = None
    drafted: int = 0
    accepted: int = 0
    phases: dict[str, float] = {}


class Contender(Protocol):
    """``prompt`` is how many tokens are read before the first utterance comes."""

    prompt: int

    def ask(self, ask: Ask) -> Answered: ...
    def floor(self, suffix: int, free: int) -> float: ...


def build(settings: Settings) -> Contender:
    """The contender, ready to answer."""
    module = importlib.import_module(f"edgeassist.bench.{settings.path}_path")
    contender: Contender = module.build(settings)
    return contender


def peak_rss() -> int:
    """The most memory that this process ever held, in bytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def serve(settings: Settings, lines: TextIO, out: TextIO) -> None:
    """Answer until the input ends. Orders: ``{"ask": ..}``, ``{"floor": [suffix, free]}``, ``{"rss": true}``."""

    def say(**value: Any) -> None:
        print(json.dumps(value), file=out, flush=True)

    contender = build(settings)
    ready = settings.now() - (settings.spawned if settings.clock == "wall" else 0.0)
    say(ready=ready, prompt=contender.prompt, rss=peak_rss())
    for line in lines:
        order = json.loads(line)
        if "ask" in order:
            say(answered=contender.ask(Ask.model_validate(order["ask"])).model_dump())
        elif "floor" in order:
            say(seconds=contender.floor(*order["floor"]))
        else:
            say(rss=peak_rss())


def main() -> None:
    # Libraries print where they like: the conversation gets a descriptor of its own.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    # For everyone: where others use the machine as well, whoever spins without end loses by that alone.
    cpu.share_cores()
    serve(Settings.model_validate_json(sys.argv[1]), sys.stdin, out)


if __name__ == "__main__":
    main()
