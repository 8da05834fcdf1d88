"""The configuration that a release runs with: kept beside it, and put back when it is gone back to.

A new release comes with configuration and a unit of its own, which the one before may refuse. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path

KEPT = "kept.tar"
#: Below the system's root.
PATHS = (
    "etc/edgeassist",
    "etc/systemd/system/edgeassist.service",
    "etc/systemd/system/edgeassist.service.d",
)


def keep(release: Path, system: Path) -> None:
    """Note what is there now. Only root can read it: the broker's password is in it."""
    part = release / f".{KEPT}"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            for path in PATHS:
                if (system / path).exists():
                    tar.add(system / path, arcname=path)
        file.flush()
        os.fsync(file.fileno())
    part.replace(release / KEPT)


def restore(release: Path, system: Path) -> bool:
    """Put back what was noted, file by file, and remove what was not there then. False where nothing differs."""
    archive = release / KEPT
    if not archive.exists():
        return False
    changed = False
    with tarfile.open(archive) as tar:
        members = tar.getmembers()
        for member in members:
            target = system / member.name
            if member.isdir():
                target.mkdir(parents=True, exist_ok=True)
            elif (file := tar.extractfile(member)) is not None:
                changed |= _write(target, file.read(), member)
    known = {member.name for member in members}
    for path in PATHS:
        top = system / path
        for found in [*sorted(top.rglob("*"), reverse=True), top]:
            if found.relative_to(system).as_posix() not in known and (found.exists() or found.is_symlink()):
                changed = True
                found.rmdir() if found.is_dir() and not found.is_symlink() else found.unlink()
    return changed


def _write(target: Path, data: bytes, member: tarfile.TarInfo) -> bool:
    if target.is_file() and target.read_bytes() == data:
        return False
    fresh = target.with_name(f".{target.name}.new")
    fresh.touch(0o600)
    fresh.write_bytes(data)
    fresh.chmod(member.mode)
    shutil.chown(fresh, member.uid, member.gid)
    fresh.replace(target)
    return True
