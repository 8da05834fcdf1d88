"""The static prefix: decoded once for each home, kept in memory, and persisted so that a restart reads none of it."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Protocol

_log = logging.getLogger(__name__)
_DIGEST_BYTES = 32
_CHUNK_BYTES = 1 << 18
#: What was written to so long ago was left by a power loss.
_STALE_S = 3600.0
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


class PrefixStore:
    """KV states on disk, one file for each key, the least recently used dropped past ``limit_bytes``.

    A file is what the model wrote, with its SHA-256 behind. Storage trouble costs time, never an answer: it is logged
    and the prefix is decoded instead.
    """

    def __init__(self, folder: Path, limit_bytes: int = 256 << 20) -> None:
        self._folder = folder
        self._limit = limit_bytes

    def find(self, key: str) -> Path | None:
        """The file saved under the key; a damaged one is removed and counts as none."""
        path = self._path(key)
        try:
            with path.open("rb") as file:
                whole = _digest(file, os.fstat(file.fileno()).st_size - _DIGEST_BYTES) == file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("prefix state %s cannot be read: %s", path, error)
            return None
        if not whole:
            self.discard(key, "is damaged")
            return None
        # What is on a read-only disk is used as well.
        with contextlib.suppress(OSError):
            os.utime(path)
        return path

    def save(self, key: str, write: Callable[[Path], bool]) -> None:
        """Keep what ``write`` writes to the file that it is given; it returns whether it could."""
        part: Path | None = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".tmp", delete=False) as file:
                part = Path(file.name)
                if write(part):
                    file.write(_digest(file, os.fstat(file.fileno()).st_size))
                    file.flush()
                    os.fsync(file.fileno())
                    part.replace(self._path(key))
                else:
                    _log.warning("prefix state %s could not be written; is the disk full?", self._path(key))
            self._prune()
        except OSError as error:
            _log.warning("prefix state cannot be kept in %s: %s", self._folder, error)
        finally:
            if part is not None:
                with contextlib.suppress(OSError):
                    part.unlink(missing_ok=True)

    def discard(self, key: str, why: str) -> None:
        _log.warning("prefix state %s %s and is discarded", self._path(key), why)
        with contextlib.suppress(OSError):
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.kv"

    def _prune(self) -> None:
        for part in self._folder.glob("*.tmp"):
            # A younger one may be what another process writes.
            if time.time() - part.stat().st_mtime > _STALE_S:
                part.unlink(missing_ok=True)
        held = sorted(self._folder.glob("*.kv"), key=lambda path: path.stat().st_mtime, reverse=True)
        total = 0
        for i, path in enumerate(held):
            total += path.stat().st_size
            if i > 0 and total > self._limit:
                path.unlink()


class Prefix:
    """Two sequences of the context: the prefix in use, and the one being read while a changed home waits.

    ``build`` starts a new prefix and ``advance`` reads one batch of it; utterances are answered with the old one
    meanwhile.
    ``evaluated`` counts the prefix tokens decoded so far.
    """

    def __init__(self, model: StatefulModel, batch: int, store: PrefixStore | None = None) -> None:
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


def _digest(file: IO[bytes], size: int) -> bytes:
    """The SHA-256 of the next ``size`` bytes, or of those that there are."""
    digest = hashlib.sha256()
    while size > 0 and (chunk := file.read(min(size, _CHUNK_BYTES))):
        digest.update(chunk)
        size -= len(chunk)
    return digest.digest()


def _common(left: Sequence[int], right: Sequence[int]) -> int:
    for i, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return i
    return min(len(left), len(right))
