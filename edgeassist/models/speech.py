"""Models of recognisers: fetched as a zip, unpacked with suspicion, and put in place whole or not at all."""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from edgeassist.errors import ModelError
from edgeassist.models import records
from edgeassist.models.catalogue import Speech
from edgeassist.models.hub import Wait, download, sleep
from edgeassist.models.records import Progress
from edgeassist.models.store import Store

#: Beside the model's files: the digest of the zip that they came from.
_DIGEST = ".sha256"
_MAX_FILES = 1000
_MAX_BYTES = 1 << 30


def pull_speech(entry: Speech, store: Store, progress: Progress | None = None, wait: Wait = sleep) -> Path:
    """The folder of the model, fetched if it is not there. Raises ModelError, and then leaves what was there."""
    folder = store.folder / entry.name
    if (present := _digest_of(folder)) is not None and entry.sha256 in {None, present}:
        return folder
    store.make_folder()
    part = download(entry, entry.source, store, progress, wait)
    try:
        digest = records.sha256_of(part)
        if entry.sha256 not in {None, digest}:
            raise ModelError(f"{entry.name}: the file's sha256 is {digest}, the catalogue says {entry.sha256}")
        with tempfile.TemporaryDirectory(dir=store.folder, prefix=f".{entry.name}-") as scratch:
            found = _unpack(part, Path(scratch, "model"), entry.name, store)
            (found / _DIGEST).write_text(digest)
            shutil.rmtree(folder, ignore_errors=True)
            found.rename(folder)
    finally:
        part.unlink(missing_ok=True)
    return folder


def _digest_of(folder: Path) -> str | None:
    try:
        return (folder / _DIGEST).read_text().strip()
    except OSError:
        return None


def _unpack(file: Path, target: Path, name: str, store: Store) -> Path:
    """Where the model is: a zip often holds one folder, and the model in it."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            if len(members) > _MAX_FILES or size > _MAX_BYTES:
                raise ModelError(f"{name}: {len(members)} files with {size} bytes are in the zip, too much for a model")
            store.need_space(size)
            for member in members:
                _refuse(member, name)
            # zipfile gives no more bytes of a member than its header says, so the sum above holds.
            archive.extractall(target)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise ModelError(f"{name}: the zip cannot be unpacked: {error}") from None
    inside = list(target.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else target


def _refuse(member: zipfile.ZipInfo, name: str) -> None:
    """Raise for what a model has no need of: a path that leads elsewhere, a link, a device."""
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename:
        raise ModelError(f"{name}: the zip wants to write to {member.filename!r}. Nothing was kept")
    mode = member.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise ModelError(f"{name}: {member.filename!r} in the zip is no plain file. Nothing was kept")
