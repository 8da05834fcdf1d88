"""Bundles: folders of wheels and models with a manifest of what they need and of their digests.

Standard library only, as all that ``python3 -m edgeassist.release`` imports.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

MANIFEST = "manifest.json"
_CHUNK = 1 << 20


class Refused(Exception):
    """The bundle or the release cannot be used; the text says why."""


@dataclass(frozen=True)
class Bundle:
    """An unpacked bundle. ``files`` are sha256 digests by path below ``folder``, ``models`` by name."""

    folder: Path
    version: str
    machine: str
    python: str
    features: frozenset[str]
    files: dict[str, str]
    models: dict[str, str]
    digest: str

    @property
    def name(self) -> str:
        return f"{self.version}-{self.digest[:8]}"


def write(
    folder: Path,
    version: str,
    machine: str,
    python: str,
    features: Iterable[str],
    models: dict[str, str],
    **more: object,
) -> None:
    """The manifest of what lies in ``folder`` now; ``more`` is for people."""
    files = {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    manifest = {
        "version": version,
        "machine": machine,
        "python": python,
        "features": sorted(features),
        "models": models,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest | more | {"files": files}, indent=1))


def read(folder: Path) -> Bundle:
    try:
        text = (folder / MANIFEST).read_bytes()
        data: dict[str, Any] = json.loads(text)
        return Bundle(
            folder,
            str(data["version"]),
            str(data["machine"]),
            str(data["python"]),
            frozenset(data["features"]),
            dict(data["files"]),
            dict(data["models"]),
            hashlib.sha256(text).hexdigest(),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"{folder / MANIFEST} is no manifest of a bundle: {error!r}") from error


def check(bundle: Bundle, machine: str, features: frozenset[str], python: tuple[int, int]) -> None:
    """Whether the bundle is whole and made for such a machine. Raises Refused."""
    if machine != bundle.machine:
        raise Refused(f"the bundle is for {bundle.machine}, this machine is {machine}")
    if missing := sorted(bundle.features - features):
        raise Refused(
            f"the bundle needs {', '.join(missing)}, which this CPU has not: it would die of SIGILL; use the bundle of"
            " another board class"
        )
    if ".".join(map(str, python)) != bundle.python:
        raise Refused(f"the bundle is for Python {bundle.python}, this is {python[0]}.{python[1]}")
    for name, digest in bundle.files.items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise Refused(f"{name!r} in the manifest points out of the bundle")
        path = bundle.folder / name
        if not path.is_file():
            raise Refused(f"{path} is missing; copy the bundle again")
        if (found := sha256_of(path)) != digest:
            raise Refused(f"{path} is damaged: its sha256 is {found} instead of {digest}; copy the bundle again")


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
