"""The static prefix: decoded once for each home, kept in memory, and persisted so that a restart reads none of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from .store import StateStore

#: Behind the prefixes a context holds one utterance and one line, the longest that there are.
UTTERANCE_ROOM = 320
#: What nearly all of them take. Behind a single prefix the model finds more room by itself.
ORDINARY_ROOM = 128


class StatefulModel(Protocol):
    """What keeping a prefix needs of a model (see :class:`edgeassist.engine.llama.LlamaModel`)."""

    def decode(
        self, tokens: Sequence[int], position: int, sequence: int, *, logits_at: Collection[int] | None = None
    ) -> None: ...
    def forget(self, sequence: int, position: int = 0) -> None: ...
    def reserve(self, tokens: int, sequence: int) -> None: ...
    def share(self, source: int, target: int, length: int) -> None: ...
    def save(self, sequence: int, path: Path) -> bool: ...
    def restore(self, sequence: int, path: Path, length: int) -> bool: ...


class Prefix:
    """Two sequences of the context: the prefix in use, and the one being read while a changed home waits.

    ``build`` starts a new prefix and ``advance`` reads one batch of it; utterances are answered with the old one
    meanwhile.
    ``evaluated`` counts the prefix tokens decoded so far.
    """

    def __init__(self, model: StatefulModel, batch: int, store: StateStore | None = None) -> None:
        self._model = model
        self._batch = batch
        self._store = store
        self._tokens: list[int] = []
        self._next: list[int] = []
        self._next_key = ""
        self._done = 0
        self.sequence = 0
        self.evaluated = 0

    @property
    def length(self) -> int:
        """Tokens of the prefix in use; 0 before the first one is ready."""
        return len(self._tokens)

    @property
    def building(self) -> bool:
        return bool(self._next)

    def build(self, tokens: Sequence[int], key: str) -> None:
        """Start a new prefix: from disk where it is, else sharing what it has in common with the one in use.

        Raises ModelError where there is no memory for both, and then nothing has changed.
        """
        new, spare = list(tokens), 1 - self.sequence
        path = self._store.find(key) if self._store else None
        common = _common(self._tokens, new[:-1])
        shared = 0 if path else common
        behind = UTTERANCE_ROOM if self._tokens else ORDINARY_ROOM
        self._model.reserve(len(self._tokens) + len(new) - shared + behind, self.sequence)
        self._next, self._next_key, self._done = new, key, 0
        self._model.forget(spare)
        if path and self._model.restore(spare, path, len(new)):
            self._done = len(new)
            return
        if path and self._store:
            self._store.discard(key, "does not fit this model")
        if common:
            self._model.share(self.sequence, spare, common)
            self._done = common

    def advance(self) -> bool:
        """Read one batch of the prefix being built; True when it has taken the old one's place."""
        spare = 1 - self.sequence
        chunk = self._next[self._done : self._done + self._batch]
        if chunk:
            self._model.decode(chunk, self._done, spare)
            self._done += len(chunk)
            self.evaluated += len(chunk)
        if self._done < len(self._next):
            return False
        if chunk and self._store is not None:
            self._store.save(self._next_key, partial(self._model.save, spare))
        self._model.forget(self.sequence)
        self.sequence, self._tokens, self._next = spare, self._next, []
        return True


def _common(left: Sequence[int], right: Sequence[int]) -> int:
    for i, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return i
    return min(len(left), len(right))
