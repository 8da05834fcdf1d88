"""What a model worked out, kept on disk so that a restart need not work it out again."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

_log = logging.getLogger(__name__)
_DIGEST_BYTES = 32
_CHUNK_BYTES = 1 << 18
#: What was written to so long ago was left by a power loss.
_STALE_S = 3600.0


class StateStore:
    """Files of one kind in a folder, one for each key, the least recently used dropped past ``limit_bytes``.

    A file is what its writer wrote, with the SHA-256 of that behind. Storage trouble costs time, never an answer: it is
    logged, and what would have been kept is worked out again.
    """

    def __init__(self, folder: Path, suffix: str = ".kv", limit_bytes: int = 256 << 20) -> None:
        self._folder = folder
        self._suffix = suffix
        self._limit = limit_bytes

    def beside(self, suffix: str) -> StateStore:
        """The store of another kind in the same folder."""
        return StateStore(self._folder, suffix, self._limit)

    def find(self, key: str) -> Path | None:
        """The file saved under the key; a damaged one is removed and counts as none."""
        path = self._path(key)
        try:
            with path.open("rb") as file:
                whole = _digest(file, os.fstat(file.fileno()).st_size - _DIGEST_BYTES) == file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("state %s cannot be read: %s", path, error)
            return None
        if not whole:
            self.discard(key, "is damaged")
            return None
        # What is on a read-only disk is used as well.
        with contextlib.suppress(OSError):
            os.utime(path)
        return path

    def read(self, key: str) -> bytes | None:
        """What the file saved under the key holds; None where there is none."""
        path = self.find(key)
        return path.read_bytes()[:-_DIGEST_BYTES] if path else None

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
                    _log.warning("state %s could not be written; is the disk full?", self._path(key))
            self._prune()
        except OSError as error:
            _log.warning("no state can be kept in %s: %s", self._folder, error)
        finally:
            if part is not None:
                with contextlib.suppress(OSError):
                    part.unlink(missing_ok=True)

    def discard(self, key: str, why: str) -> None:
        _log.warning("state %s %s and is discarded", self._path(key), why)
        with contextlib.suppress(OSError):
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{self._suffix}"

    def _prune(self) -> None:
        for part in self._folder.glob("*.tmp"):
            # A younger one may be what another process writes.
            if time.time() - part.stat().st_mtime > _STALE_S:
                part.unlink(missing_ok=True)
        held = sorted(self._folder.glob(f"*{self._suffix}"), key=lambda path: path.stat().st_mtime, reverse=True)
        total = 0
        for i, path in enumerate(held):
            total += path.stat().st_size
            if i > 0 and total > self._limit:
                path.unlink()


def _digest(file: IO[bytes], size: int) -> bytes:
    """The SHA-256 of the next ``size`` bytes, or of those that there are."""
    digest = hashlib.sha256()
    while size > 0 and (chunk := file.read(min(size, _CHUNK_BYTES))):
        digest.update(chunk)
        size -= len(chunk)
    return digest.digest()
