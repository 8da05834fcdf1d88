"""The folder of model files: what lies there, whether it is whole, and how a file gets in.

A model is ``<name>-<first 12 digits of its sha256>.gguf`` with a record beside it. A file gets its final name by an
atomic rename when it is complete and checked, so a daemon that has the old file mapped is never disturbed, and nothing
under a final name is ever half a file.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from edgeassist.errors import ModelError
from edgeassist.models import catalogue, records
from edgeassist.models.records import Progress, Record

_SPARE_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file comes from, the digest that it must have, and what no catalogue says of a model added by hand."""

    source: str
    sha256: str | None = None
    template: catalogue.Template | None = None
    context: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A model file that is there. ``verified``: its digest is the one that the catalogue gives."""

    name: str
    path: Path
    sha256: str
    size: int
    verified: bool
    source: str
    template: catalogue.Template | None
    context: int | None


def default_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """``$EDGEASSIST_PATHS__MODELS``; else below the service's state folder; else where this user's data lives."""
    if configured := environ.get("EDGEASSIST_PATHS__MODELS"):
        return Path(configured).expanduser()
    if state := environ.get("STATE_DIRECTORY"):  # set by systemd
        return Path(state.partition(":")[0]) / "models"
    if os.geteuid() == 0:
        return Path("/var/lib/edgeassist/models")
    share = environ.get("XDG_DATA_HOME") or Path(environ.get("HOME") or Path.home()) / ".local/share"
    return Path(share) / "edgeassist/models"


class Store:
    """The model files in ``folder``, which need not exist yet."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or default_folder()

    def names(self) -> list[str]:
        return sorted({name for name in map(records.model_name, self._listing()) if name})

    def find(self, name: str) -> Stored | None:
        """The newest file of that name, unread: its record is believed."""
        paths = [self.folder / file for file in self._listing() if records.model_name(file) == name]
        if not paths:
            return None
        path = max(paths, key=lambda candidate: candidate.stat().st_mtime_ns)
        record, entry = records.read(path), catalogue.find(name)
        return Stored(
            name=name,
            path=path,
            sha256=record.sha256,
            size=record.size,
            verified=entry is not None and entry.sha256 == record.sha256,
            source=record.source,
            template=entry.template if entry else record.template,
            context=entry.context if entry else record.context,
        )

    def check(self, name: str) -> Stored:
        """The file, known to be whole; it is read only if it changed since it was last found whole."""
        stored = self._of_right_size(name)
        if records.read(stored.path).mtime_ns != stored.path.stat().st_mtime_ns:
            self._hash(stored, None)
        return stored

    def verify(self, name: str, progress: Progress | None = None) -> Stored:
        """The same, read from its first byte to its last in any case."""
        stored = self._of_right_size(name)
        self._hash(stored, progress)
        return stored

    def add(
        self, file: Path, name: str, template: catalogue.Template | None = None, context: int | None = None
    ) -> Stored:
        """Copy ``file`` here as the model ``name``; refused if the catalogue knows the name with another digest."""
        if not re.fullmatch(catalogue.NAME, name):
            raise ModelError(f"{name!r} cannot be a model's name: use a-z, 0-9, '.', '_' and '-', at most 64")
        if not file.is_file():
            raise ModelError(f"{file} is not a file")
        self.make_folder()
        self.need_space(file.stat().st_size)
        descriptor, scratch = tempfile.mkstemp(dir=self.folder, prefix=f".{name}-", suffix=".part")
        os.close(descriptor)
        part = Path(scratch)
        try:
            shutil.copyfile(file, part)
            entry = catalogue.find(name)
            origin = Origin(str(file.resolve()), entry.sha256 if entry else None, template, context)
            return self.accept(part, name, origin)
        finally:
            part.unlink(missing_ok=True)

    def accept(self, part: Path, name: str, origin: Origin, progress: Progress | None = None) -> Stored:
        """Turn ``part``, a complete file in this folder, into the model ``name``; it is deleted if it is refused."""
        digest = records.sha256_of(part, progress)
        if problem := _refusal(part, origin, digest):
            part.unlink()
            raise ModelError(f"{name}: {problem}. Nothing was kept")
        part.chmod(0o644)
        records.sync(part)
        stat = part.stat()
        final = self.folder / records.file_name(name, digest)
        record = Record(
            name=name,
            sha256=digest,
            size=stat.st_size,
            mtime_ns=stat.st_mtime_ns,
            source=origin.source,
            template=origin.template,
            context=origin.context,
        )
        records.write(final, record)
        part.replace(final)
        records.sync(self.folder)
        self._remove_older(name, final)
        stored = self.find(name)
        assert stored is not None
        return stored

    def make_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ModelError(f"cannot make {self.folder}: {error.strerror}; choose another with --dir") from error
        if not os.access(self.folder, os.W_OK):
            raise ModelError(f"{self.folder} cannot be written by this user; choose another with --dir, or use sudo")

    def need_space(self, size: int) -> None:
        """A :class:`ModelError` unless ``size`` bytes and some to spare fit on the disk."""
        free = shutil.disk_usage(self.folder).free
        if free < size + _SPARE_BYTES:
            raise ModelError(
                f"{self.folder} has {free / 1e6:.0f} MB free, but {(size + _SPARE_BYTES) / 1e6:.0f} MB are needed"
            )

    def _listing(self) -> list[str]:
        try:
            return [path.name for path in self.folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _of_right_size(self, name: str) -> Stored:
        stored = self.find(name)
        if stored is None:
            raise ModelError(
                f"the model {name} is not in {self.folder}; get it with: edgeassist models pull {name}"
                f" (or, from a file: edgeassist models add FILE --name {name})"
            )
        size = stored.path.stat().st_size
        if size != stored.size:
            raise _damaged(stored, f"it has {size} bytes instead of {stored.size}")
        return stored

    def _hash(self, stored: Stored, progress: Progress | None) -> None:
        mtime_ns = stored.path.stat().st_mtime_ns
        digest = records.sha256_of(stored.path, progress)
        if digest != stored.sha256:
            raise _damaged(stored, f"its sha256 is {digest} instead of {stored.sha256}")
        record = records.read(stored.path)
        if record.mtime_ns != mtime_ns and os.access(self.folder, os.W_OK):
            records.write(stored.path, record.model_copy(update={"mtime_ns": mtime_ns}))

    def _remove_older(self, name: str, kept: Path) -> None:
        """A daemon that has an older file mapped keeps it until it loads anew."""
        for file in self._listing():
            if records.model_name(file) == name and file != kept.name:
                (self.folder / file).unlink(missing_ok=True)
                records.path_of(self.folder / file).unlink(missing_ok=True)


def _refusal(part: Path, origin: Origin, digest: str) -> str | None:
    if origin.sha256 not in {None, digest}:
        return f"the file's sha256 is {digest}, the catalogue says {origin.sha256}"
    with part.open("rb") as file:
        return None if file.read(4) == b"GGUF" else "the file is no GGUF model"


def _damaged(stored: Stored, how: str) -> ModelError:
    return ModelError(f"{stored.path} is damaged: {how}; get it again with: edgeassist models pull {stored.name}")
