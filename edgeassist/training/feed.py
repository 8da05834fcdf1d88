"""Packed homes from a process of their own, so that the generator's work overlaps the arithmetic."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty
from typing import Self

from edgeassist.home import Home

from .packing import Packed, Tokenise, pack
from .tokens import tokeniser


@dataclass(frozen=True)
class Limits:
    """Sizes of one packed sequence; what is longer is cut (turns) or left out (homes)."""

    turns: int = 32
    tokens: int = 2048


def packed_homes(seed: int, tokenise: Tokenise, limits: Limits, own: Home | None = None) -> Iterator[Packed]:
    """Endless packed homes; the same seed gives the same ones. Every second one is the ``own`` home, if any."""
    from .sample import generate

    for sample in generate(seed, own=own):
        turns = [(turn.text, turn.line) for turn in sample.turns[: limits.turns]]
        packed = pack(sample.listing, turns, tokenise)
        if len(packed.tokens) <= limits.tokens and len(packed.answers):
            yield packed


class Feed:
    """Iterates over packed homes that another process makes ahead of time."""

    def __init__(self, seed: int, model: Path, limits: Limits, own: Home | None = None, ahead: int = 32) -> None:
        context = multiprocessing.get_context("spawn")
        self._queue: Queue[Packed] = context.Queue(ahead)
        self._process = context.Process(target=_produce, args=(self._queue, seed, model, limits, own), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    def __next__(self) -> Packed:
        while True:
            try:
                return self._queue.get(timeout=60)
            except Empty:
                if not self._process.is_alive():
                    raise RuntimeError("the data generator stopped; its error is printed above") from None


def _produce(queue: Queue[Packed], seed: int, model: Path, limits: Limits, own: Home | None) -> None:
    os.nice(5)
    for packed in packed_homes(seed, tokeniser(model), limits, own):
        queue.put(packed)
